"""A password that the portal turned down is tried once, whatever is called afterwards."""

from pathlib import Path

from tests.acceptance.conftest import Shop

RULES = 'schema = 1\n[[rule]]\nname = "none"\nreason = "shipped"\norders = ["999999999"]\n'
BAD = {"QSM_PASSWORD": "not the password"}


def tries(shop: Shop) -> int:
    lines = shop.requests.read_text(encoding="utf-8").splitlines()
    return sum("Login.aspx" in line and '"POST"' in line for line in lines)


def test_row_19_a_wrong_password_is_tried_once_until_it_changes(shop: Shop, tmp_path: Path) -> None:
    shop.write_rules(RULES)
    every_day = {**BAD, "QSM_SCHEDULE_EVERY": "1m", "QSM_METRICS_FILE": str(tmp_path / "metrics")}
    refuse = ("refuse", "762544202", "--reason", "shipped", "--yes")

    first = shop.run("run", "--json", **every_day)
    others = [
        shop.run(*words, "--json", **every_day)
        for words in (("run",), ("list",), ("plan",), refuse, ("doctor", "--portal"))
    ]
    inbox = shop.run("inbox", "--json", **every_day)
    status = shop.run("schedule", "status", "--for", "systemd", "--json", **every_day)

    assert (first.code, first.json["error"]["code"]) == (40, "SignInFailed")
    assert [said.code for said in others] == [40] * 5
    assert others[0].json["error"]["code"] == "SignInHeld"
    assert tries(shop) == 1
    (waits,) = [item for item in inbox.json["items"] if item["kind"] == "sign_in"]
    assert waits["type"] == ["qsm-bot secret set", "qsm-bot login"]
    assert "not tried again" in status.out
    assert "qsm_bot_sign_in_held{" in (tmp_path / "metrics").read_text()
    assert "not the password" not in "".join(said.out + said.err for said in (*others, inbox))

    # Another wrong one is another try; the right one lets it in, and is not forgotten.
    assert shop.run("list", QSM_PASSWORD="nor this").code == 40
    assert tries(shop) == 2
    assert shop.run("list").code == 0
    assert tries(shop) == 3
    assert shop.run("inbox", "--json").json["items"] == []


def test_a_person_who_signs_in_ends_the_hold(shop: Shop, tmp_path: Path) -> None:
    key = tmp_path / "key"
    with_key = {"QSM_SESSION_KEY_FILE": str(key)}
    assert shop.run("secret", "key", str(key)).code == 0
    assert shop.run("list", **BAD, **with_key).code == 40

    assert shop.run("login", "--no-window", **with_key).code == 0

    assert shop.run("list", **BAD, **with_key).code == 0
    assert tries(shop) == 2


def test_two_tables_that_mean_one_shop_stop_with_both_names(shop: Shop) -> None:
    portal = shop.portal["QSM_PORTAL_URL"]
    (shop.folder / "qsm-bot.toml").write_text(
        f'portal_url = "{portal}"\n'
        '[shops.a]\nlogin_id = "mihon"\nshop_name = "みほん商店"\n'
        '[shops.b]\nlogin_id = "ＭＩＨＯＮ "\nshop_name = "別の名前"\n',
        encoding="utf-8",
    )
    for words in (("list", "--shop", "a"), ("inbox", "--shop", "b"), ("run", "--all-shops")):
        said = shop.run(*words, QSM_LOGIN_ID="", QSM_SHOP_NAME="", QSM_PORTAL_URL="")
        assert said.code == 60
        assert "[shops.a] and [shops.b]" in said.err
