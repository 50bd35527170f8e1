"""The JSON documents of the public contract, key by key."""

import json
from datetime import date
from typing import Any

import pytest

from qsm_bot.base.errors.plans import PlanExpired
from qsm_bot.base.errors.safety import ConfirmTextChanged
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.plan import PlannedRest
from qsm_bot.domain.request import (
    Outcome,
    OutcomeKind,
    ProofKind,
    Receipt,
    RefusalReason,
    RunResult,
)
from qsm_bot.mock_portal.testing.builders import plan, planned, proof, request
from qsm_bot.render.documents import (
    OUTCOME_WORDS,
    error_document,
    list_document,
    plan_document,
    run_document,
)

SHOP = "みほん商店"
CHANGED = ConfirmTextChanged(expected="拒否しますか", seen="削除しますか")


def as_json(document: dict[str, Any]) -> Any:
    """Return the document as a reader of the JSON gets it."""
    return json.loads(json.dumps(document))


def result(*receipts: Receipt, **changes: Any) -> RunResult:
    fields: dict[str, Any] = {"shop": SHOP, "run_id": "r1", "plan": "a" * 64}
    return RunResult(**(fields | {"receipts": receipts} | changes))


class TestList:
    """`list`."""

    def test_a_request_is_told_with_the_keys_of_the_contract(self) -> None:
        row = request(requested_on=date(2022, 8, 15), ordered_on=date(2022, 8, 14))
        assert as_json(list_document(SHOP, [row])) == {
            "schema": 1,
            "shop": SHOP,
            "requests": [
                {
                    "order_no": "700000001",
                    "cart_no": "200000001",
                    "item_code": "900000001",
                    "status": "キャンセル・処理要請",
                    "buyer_reason": "間違えて注文した",
                    "requested_on": "2022-08-15",
                    "ordered_on": "2022-08-14",
                }
            ],
        }

    def test_dates_that_the_portal_left_empty_are_null(self) -> None:
        document = list_document(SHOP, [request(requested_on=None, ordered_on=None)])
        row = document["requests"][0]
        assert (row["requested_on"], row["ordered_on"]) == (None, None)

    def test_without_requests_the_list_is_empty_and_requests_keep_their_order(self) -> None:
        assert list_document(SHOP, [])["requests"] == []
        rows = [request(order_no="2"), request(order_no="1")]
        numbers = [row["order_no"] for row in list_document(SHOP, rows)["requests"]]
        assert numbers == ["2", "1"]


class TestPlan:
    """`plan` and `show`."""

    @pytest.mark.parametrize(
        ("lang", "because", "left", "asked"),
        [
            ("en", "it is packed", "no rule", "rules disagree"),
            ("ja", "梱包済み", "ルールなし", "食い違い"),
        ],
    )
    def test_a_plan_is_told_with_the_keys_of_the_contract(
        self, lang: Lang, because: str, left: str, asked: str
    ) -> None:
        made = plan(
            leave=(PlannedRest(order_no="2", why=Words("no rule", "ルールなし")),),
            ask=(PlannedRest(order_no="3", why=Words("rules disagree", "食い違い")),),
        )
        assert as_json(plan_document(made, lang)) == {
            "schema": 1,
            "shop": SHOP,
            "plan": made.digest,
            "expires_at": "2026-01-05T11:00:00+09:00",
            "refuse": [
                {
                    "order_no": "700000001",
                    "reason": "shipped",
                    "text": None,
                    "rule": "packed",
                    "because": [because],
                }
            ],
            "leave": [{"order_no": "2", "why": left}],
            "ask": [{"order_no": "3", "why": asked}],
        }

    def test_the_text_for_other_is_told(self) -> None:
        row = planned(reason=RefusalReason.OTHER, text="あ" * 30)
        told = plan_document(plan(refuse=(row,)), "en")["refuse"][0]
        assert (told["reason"], told["text"]) == ("other", "あ" * 30)

    def test_a_plan_that_refuses_nothing_has_empty_lists(self) -> None:
        document = plan_document(plan(refuse=()), "en")
        assert (document["refuse"], document["leave"], document["ask"]) == ([], [], [])


class TestRun:
    """`apply`, `refuse`, `rehearse` and `reconcile`."""

    def test_outcomes_are_told_with_the_keys_of_the_contract(self) -> None:
        proofs = (proof(), proof(kind=ProofKind.LIST_ABSENT), proof())
        refused = Outcome(kind=OutcomeKind.REFUSED, proofs=proofs)
        gone = Outcome(kind=OutcomeKind.GONE, detail=Words("withdrawn", "取り下げ"))
        document = run_document(
            result(Receipt(order_no="1", outcome=refused), Receipt(order_no="2", outcome=gone)),
            "ja",
        )
        assert as_json(document) == {
            "schema": 1,
            "shop": SHOP,
            "run_id": "r1",
            "plan": "a" * 64,
            "outcomes": [
                {
                    "order_no": "1",
                    "outcome": "refused",
                    "proofs": ["alert", "list_absent"],
                    "detail": None,
                },
                {"order_no": "2", "outcome": "gone", "proofs": [], "detail": "取り下げ"},
            ],
            "exit_code": 20,
        }

    def test_a_run_without_a_plan_says_null(self) -> None:
        document = run_document(result(plan=None), "en")
        assert (document["plan"], document["outcomes"], document["exit_code"]) == (None, [], 10)

    def test_an_error_that_ended_a_run_stands_beside_its_outcomes(self) -> None:
        done = Receipt(order_no="1", outcome=Outcome(kind=OutcomeKind.REFUSED))
        document = run_document(result(done, error=CHANGED), "en")
        assert list(document) == [
            "schema",
            "shop",
            "run_id",
            "plan",
            "outcomes",
            "error",
            "exit_code",
        ]
        assert document["error"] == error_document(CHANGED, "en")["error"]
        assert [row["order_no"] for row in document["outcomes"]] == ["1"]
        assert document["exit_code"] == 90


class TestError:
    """A command that ended with an error."""

    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_it_is_told_with_the_keys_of_the_contract(self, lang: Lang) -> None:
        assert as_json(error_document(CHANGED, lang)) == {
            "schema": 1,
            "error": {
                "code": "ConfirmTextChanged",
                "message": CHANGED.message.say(lang),
                "meaning": ConfirmTextChanged.means.say(lang),
                "next": ConfirmTextChanged.next_step.say(lang),
            },
            "exit_code": 90,
        }

    def test_the_message_holds_what_was_seen(self) -> None:
        message = error_document(PlanExpired(plan="abc", at="noon"), "en")["error"]["message"]
        assert message == "The plan abc expired at noon."


def test_every_outcome_has_words_in_both_languages() -> None:
    assert set(OUTCOME_WORDS) == {kind.value for kind in OutcomeKind}
    assert [name for name, words in OUTCOME_WORDS.items() if not (words.en and words.ja)] == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_warnings_stand_in_a_document_only_if_there_are_any(lang: Lang) -> None:
    warning = Words("it moved", "位置が変わりました")
    warned = [
        list_document(SHOP, [], [warning], lang),
        plan_document(plan(), lang, [warning]),
        run_document(result(warnings=(warning,)), lang),
    ]

    assert [each["warnings"] for each in warned] == [[warning.say(lang)]] * 3
    for quiet in (
        list_document(SHOP, []),
        plan_document(plan(), lang),
        run_document(result(), lang),
    ):
        assert "warnings" not in quiet
