"""The words of the trade as values."""

import hashlib
from dataclasses import FrozenInstanceError, fields
from datetime import date, datetime

import pytest

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.errors.people import RunStopped, TooManyUnknown
from qsm_bot.domain.request import (
    CancelRequest,
    Outcome,
    OutcomeKind,
    Proof,
    ProofKind,
    Receipt,
    RefusalReason,
    RunResult,
    canonical_json,
    exit_code_of,
    kinds_of,
    sha256,
)
from qsm_bot.mock_portal.testing.builders import NOW, proof, request

OTHER_VALUES: dict[str, object] = {
    "order_no": "700000002",
    "cart_no": "200000002",
    "item_code": "900000002",
    "status": "別の状態",
    "buyer_reason": "別の理由",
    "requested_on": None,
    "ordered_on": date(2026, 1, 3),
    "item_name": "みほん大皿",
    "option": "色:赤",
    "quantity": 2,
    "amount": None,
}


def receipts(*kinds: OutcomeKind) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(order_no=str(number), outcome=Outcome(kind=kind))
        for number, kind in enumerate(kinds)
    )


def test_canonical_json_has_one_spelling_whatever_the_order_of_keys() -> None:
    assert canonical_json({"b": ["あ", None], "a": 1}) == '{"a":1,"b":["あ",null]}'


def test_sha256_is_of_the_utf8_text() -> None:
    assert sha256("あ") == hashlib.sha256("あ".encode()).hexdigest()


def test_the_reasons_are_the_four_of_the_contract() -> None:
    assert [str(reason) for reason in RefusalReason] == [
        "shipped",
        "ready",
        "made_to_order",
        "other",
    ]


def test_equal_requests_have_equal_fingerprints() -> None:
    assert request().fingerprint == request().fingerprint


@pytest.mark.parametrize("name", [field.name for field in fields(CancelRequest)])
def test_the_fingerprint_changes_with_every_field(name: str) -> None:
    assert request(**{name: OTHER_VALUES[name]}).fingerprint != request().fingerprint


def test_a_request_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        request().order_no = "1"  # type: ignore[misc]  # what is refused


def test_a_proof_needs_a_time_with_a_zone() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Proof(kind=ProofKind.ALERT, seen="", at=datetime(2026, 1, 5))  # noqa: DTZ001


def test_kinds_of_gives_each_kind_once_in_order_of_appearance() -> None:
    proofs = [
        proof(kind=ProofKind.COUNTER),
        proof(kind=ProofKind.ALERT),
        proof(kind=ProofKind.COUNTER, at=NOW),
    ]
    assert kinds_of(proofs) == (ProofKind.COUNTER, ProofKind.ALERT)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([], 10),
        (["refused"], 0),
        (["refused", "rehearsed"], 0),
        (["refused", "already_refused"], 20),
        (["refused", "rejected"], 20),
        (["not_sent"], 20),
        (["gone"], 20),
        (["changed"], 20),
        (["refused", "gone", "unknown"], 30),
        (["needs_person"], 30),
    ],
)
def test_outcomes_give_the_exit_code_of_the_contract(kinds: list[str], code: int) -> None:
    assert exit_code_of(receipts(*map(OutcomeKind, kinds))) == code


def test_a_run_without_an_error_ends_with_the_code_of_its_outcomes() -> None:
    result = RunResult(shop="s", run_id="r", plan=None, receipts=receipts(OutcomeKind.UNKNOWN))
    assert result.exit_code == 30


@pytest.mark.parametrize(
    ("error", "kinds", "code"),
    [
        (PortalSlow(seconds=20, what="the list"), ["refused"], 50),
        (PortalSlow(seconds=20, what="the list"), ["unknown"], 50),
        (RunStopped(), [], 20),
        (RunStopped(), ["refused"], 20),
        (RunStopped(), ["refused", "not_sent"], 20),
        (RunStopped(), ["refused", "unknown"], 30),
        (RunStopped(), ["needs_person"], 30),
        (TooManyUnknown(count=2, limit=1, orders="1 2"), ["unknown", "unknown"], 30),
    ],
)
def test_the_error_that_ended_a_run_gives_its_exit_code_unless_the_outcomes_are_worse(
    error: QsmBotError, kinds: list[str], code: int
) -> None:
    ended = receipts(*map(OutcomeKind, kinds))
    result = RunResult(shop="s", run_id="r", plan=None, receipts=ended, error=error)
    assert result.exit_code == code
