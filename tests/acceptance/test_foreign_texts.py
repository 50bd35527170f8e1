"""Texts and plans that were made elsewhere: shown for what they are."""

import hashlib
import json
from datetime import timedelta

from qsm_bot.base.clock import now
from qsm_bot.domain.request import canonical_json
from qsm_bot.mock_portal.testing.builders import plan, planned
from tests.acceptance.conftest import Shop

ORDERS = ("762544202", "762544206", "762544276")


def made_by_hand(shop: Shop) -> str:
    rows = tuple(planned(order_no=order) for order in ORDERS)
    made = plan(
        portal=shop.portal.get("QSM_PORTAL_URL", ""),
        rules="",
        created_at=now(),
        expires_at=now() + timedelta(hours=1),
        total=9999,
        refuse=rows,
    ).to_dict()
    made["limits"] = {"max_count": 9999, "max_share": 1.0, "share_from": 10}
    digest = hashlib.sha256(canonical_json(made).encode()).hexdigest()
    (shop.folder / "plan.json").write_text(
        json.dumps({"digest": digest, "plan": made}), encoding="utf-8"
    )
    return digest


def test_row_17_a_plan_that_was_not_made_here_is_told_as_such(shop: Shop) -> None:
    digest = made_by_hand(shop)

    shown = shop.run("show", "plan.json", "--json")
    again = shop.run("show", "plan.json", "--lang", "ja")
    by_number = shop.run("show", digest)

    assert shown.json["warnings"]
    assert "ここで作られたものではありません" in again.err
    assert by_number.code == 60


def test_row_17_the_limits_of_the_rules_file_hold_for_it(shop: Shop) -> None:
    made_by_hand(shop)
    shop.write_rules("schema = 1\n[limits]\nmax_count = 2\n")

    approved = shop.run("approve", "plan.json", "--json")
    applied = shop.run("apply", "plan.json", "--json")

    assert (approved.code, approved.json["error"]["code"]) == (90, "LimitExceeded")
    assert (applied.code, applied.json["error"]["code"]) == (90, "LimitExceeded")
    assert shop.effects("refuse") == []
