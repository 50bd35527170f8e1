"""Unattended rounds by the installed program: of one shop, and of all."""

from pathlib import Path

from tests.acceptance.conftest import Shop

FIRST, SECOND = "762544202", "762544206"
RULES = f"""
schema = 1
[[rule]]
name = "posted"
reason = "shipped"
orders = ["{FIRST}"]
[[rule]]
name = "packed"
reason = "ready"
orders = ["{SECOND}"]
"""
SHOPS = """
[shops.tokyo]
portal_url = "{QSM_PORTAL_URL}"
login_id = "{QSM_LOGIN_ID}"
password = "{QSM_PASSWORD}"
shop_name = "{QSM_SHOP_NAME}"
[shops.osaka]
portal_url = "http://127.0.0.1:9"
login_id = "osaka"
password = "osaka"
shop_name = "大阪の店"
"""


def test_rounds_do_what_was_let_through_and_a_shop_in_trouble_stops_no_other(shop: Shop) -> None:
    shop.write_rules(RULES)
    settings = SHOPS.format(**shop.portal)
    Path(shop.folder / "qsm-bot.toml").write_text(settings, encoding="utf-8")
    shop.portal = {}  # the file says it all
    tokyo = ("--shop", "tokyo")
    limits = ("--max-run", "1", "--max-day", "1", "--until", "2099-12-31")

    given = shop.run("standing-order", "new", "--rules", "posted", *limits, *tokyo, "--json")
    both = shop.run("run", "--all-shops", "--jobs", "2", "--json")
    assert given.code == 0, given.err
    first, second = both.json["shops"]
    assert (both.code, both.json["exit_code"]) == (50, 50), both.out + both.err
    assert (second["name"], second["error"]["code"]) == ("osaka", "PortalUnreachable")
    assert (first["name"], first["exit_code"], first.get("error")) == ("tokyo", 30, None)
    assert [(o["order_no"], o["outcome"]) for o in first["outcomes"]] == [(FIRST, "refused")]
    assert [effect["order"] for effect in shop.effects("refuse")] == [FIRST]

    approved = shop.run("approve", first["waiting"], *tokyo, "--by", "Sato", "--json")
    one = shop.run("run", *tokyo, "--json")
    assert approved.code == 0, approved.err
    assert (one.code, one.outcomes) == (0, {SECOND: "refused"}), one.out + one.err
    assert set(one.json) == {"schema", "shop", "run_id", "plan", "outcomes", "exit_code"}
    assert [effect["order"] for effect in shop.effects("refuse")] == [FIRST, SECOND]
    books = ("--journal", str(shop.journal), "--requests", str(shop.requests))
    check = shop.run("portal", "check", *books, *tokyo, "--json")
    assert check.json["agrees"], check.out
