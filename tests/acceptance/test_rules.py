"""A plan that stands on the shop's own file, and a person who vouches where the file is gone."""

import csv

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
