"""A plan that stands on the shop's own file, and a person who vouches where the file is gone."""

import csv

import pytest

from tests.acceptance.conftest import Shop

FIRST = "762544202"
RULES = """\
schema = 1
[[rule]]
name = "handed over"
reason = "shipped"
evidence = { tracking_no = true }
"""
SETTINGS = '[[evidence]]\nkind = "file"\npath = "出荷.csv"\n'
SHIPPED = f"注文番号,配送会社,送り状番号\n{FIRST},ヤマト運輸,1234-5678-9013\n"


def test_the_plan_stands_on_the_shop_s_file_and_the_rest_is_written_for_people(
    shop: Shop,
) -> None:
    shop.write_rules(RULES)
    (shop.folder / "qsm-bot.toml").write_text(SETTINGS, encoding="utf-8")
    (shop.folder / "出荷.csv").write_bytes(SHIPPED.encode("cp932"))

    plan = shop.run("plan", "--json", "--rest", "rest.csv")
    (shop.folder / "出荷.csv").unlink()
    by_hand = shop.run("refuse", FIRST, "--reason", "shipped", "--yes", "--json")

    assert [row["order_no"] for row in plan.json["refuse"]] == [FIRST]
    assert plan.json["refuse"][0]["because"] == [
        "✓ tracking number (ヤマト運輸 123456789013, 出荷.csv row 2)"
    ]
    rows = list(csv.reader((shop.folder / "rest.csv").read_text("utf-8-sig").splitlines()))
    assert {row[0] for row in rows[1:]} == {row["order_no"] for row in plan.json["leave"]}
    assert by_hand.outcomes == {FIRST: "refused"}
    assert "! evidence from 出荷.csv cannot be used" in by_hand.err


ROW = SHIPPED.splitlines()[1]
HEAD = SHIPPED.splitlines()[0]


@pytest.mark.by_day(2)
@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param(SHIPPED.replace(ROW, f"{FIRST},,"), "changed", id="no number any more"),
        pytest.param(SHIPPED.replace("9013", "9024"), "changed", id="another number"),
        pytest.param(f"{HEAD}\n762544999,ヤマト運輸,\n", "changed", id="row deleted"),
        pytest.param(f"{SHIPPED}{FIRST},佐川急便,1234-5678-9013\n", "changed", id="in doubt"),
        pytest.param(f"{HEAD}\n762544999,ヤマト運輸,\n{ROW}\n", "refused", id="only moved"),
    ],
)
def test_an_approved_refusal_needs_its_facts_at_the_press(
    shop: Shop, now: str, outcome: str
) -> None:
    shop.write_rules(RULES)
    (shop.folder / "qsm-bot.toml").write_text(SETTINGS, encoding="utf-8")
    file = shop.folder / "出荷.csv"
    file.write_bytes(SHIPPED.encode("cp932"))
    digest = shop.run("plan", "--json").json["plan"]
    shop.run("approve", digest)
    file.write_bytes(now.encode("cp932"))

    applied = shop.run("apply", digest, "--json")

    assert applied.outcomes == {FIRST: outcome}
    assert len(shop.effects("refuse")) == (outcome == "refused")


def test_what_was_left_out_at_the_approval_stays_left_out(shop: Shop) -> None:
    orders = "762544202", "762544206"
    shop.write_rules(
        f'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = {[*orders]}\n'
    )
    whole = shop.run("plan", "--json").json["plan"]
    shop.run("approve", whole)
    less = shop.run("approve", whole, "--without", orders[0], "--json").json["plan"]

    applied_whole, approved_whole = shop.run("apply", whole), shop.run("approve", whole)
    again = shop.run("approve", whole, "--without", orders[0], "--json").json["plan"]
    applied = shop.run("apply", less, "--json")

    assert (applied_whole.code, approved_whole.code) == (60, 60)
    assert "PlanReplaced" in applied_whole.err
    assert less[:12] in applied_whole.err
    assert again == less
    assert applied.outcomes == {orders[1]: "refused"}
    assert [effect["order"] for effect in shop.effects("refuse")] == [orders[1]]


def test_what_was_left_out_later_is_not_refused_by_an_older_plan(shop: Shop) -> None:
    """The person's last word counts, whichever plan they said it about."""
    orders = "762544202", "762544206"
    rule = f'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = {[*orders]}\n'
    shop.write_rules(rule)
    older = shop.run("plan", "--json").json["plan"]
    shop.run("approve", older)
    newer = shop.run("plan", "--json").json["plan"]
    shop.run("approve", newer, "--without", orders[0], "--by", "Sato")

    applied = shop.run("apply", older, "--json")
    shop.run("approve", older)
    after_all = shop.run("apply", older, "--json")

    assert newer != older
    assert applied.outcomes == {orders[0]: "changed", orders[1]: "refused"}
    assert "Sato" in str(applied.json["outcomes"][0]["detail"])
    assert after_all.outcomes[orders[0]] == "refused"
    page = shop.run("report", "--out", "r.html", "--json")
    told = (shop.folder / "r.html").read_text("utf-8")
    assert page.code == 0
    assert "not started" not in told
    assert "already refused" in told


def test_who_approved_before_is_told_and_that_no_order_is_left(shop: Shop) -> None:
    shop.write_rules(
        f'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = ["{FIRST}"]\n'
    )
    digest = shop.run("plan", "--json").json["plan"]

    said = [shop.run("approve", digest, "--by", who) for who in ("Sato", "Sato", "Suzuki")]
    nothing = shop.run("approve", digest, "--by", "Sato", "--without", FIRST)
    applied = shop.run("apply", digest)

    assert ["Sato had approved it before" in each.err for each in said] == [False, False, True]
    assert (nothing.code, applied.code) == (10, 60)
    assert "No order is left in" in nothing.out
    assert shop.effects("refuse") == []


def test_what_is_left_out_too_late_is_told(shop: Shop) -> None:
    shop.write_rules(RULES.replace("evidence = { tracking_no = true }", f'orders = ["{FIRST}"]'))
    digest = shop.run("plan", "--json").json["plan"]
    shop.run("approve", digest)
    (order,) = shop.run("apply", digest, "--json").outcomes

    late = shop.run("approve", digest, "--without", order)

    assert late.code == 30
    assert f"Too late to leave out {order}" in late.err


def test_a_plan_of_other_rules_is_not_approved(shop: Shop) -> None:
    shop.write_rules(RULES)
    digest = shop.run("plan", "--json").json["plan"]
    shop.write_rules(RULES.replace("handed over", "given away"))

    approved = shop.run("approve", digest)

    assert approved.code == 60
    assert "PlanStale" in approved.err
