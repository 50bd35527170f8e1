"""Plans: one digest for all they say, limits, an end, and files that cannot be touched up."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.base.errors.plans import (
    PlanExpired,
    PlanRowUnknown,
    PlanTampered,
    PlanUnreadable,
)
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import (
    ApprovalKind,
    Limits,
    PermitKind,
    Plan,
    PlannedRest,
)
from qsm_bot.domain.plan_file import plan_from_dict, plan_from_file_text
from qsm_bot.domain.request import AskPerson, Decision, Leave, RefusalReason, Refuse
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.mock_portal.testing.builders import NOW, approval, permit, plan, planned

REST = PlannedRest(order_no="700000009", why=Words("no rule takes it", "該当なし"))
LATER = datetime(2026, 1, 5, 12, 0, tzinfo=NOW.tzinfo)
MINUTE = timedelta(minutes=1)

SEEN = SeenRequest(item_name="タンブラー", quantity=1, amount=1280, buyer_reason="色違い")

PLAN_CHANGES: dict[str, object] = {
    "shop": "別の商店",
    "portal": "http://127.0.0.1:9000",
    "rules": "c" * 64,
    "pack": "c" * 64,
    "created_at": NOW - MINUTE,
    "expires_at": LATER,
    "total": 2,
    "limits": Limits(max_count=1),
    "refuse": (),
    "leave": (REST,),
    "ask": (REST,),
    "instead_of": "e" * 64,
}
REFUSAL_CHANGES: dict[str, object] = {
    "order_no": "700000002",
    "cart_no": "200000002",
    "fingerprint": "d" * 64,
    "facts": "e" * 64,
    "reason": RefusalReason.READY,
    "text": "あ" * 30,
    "rule": "another",
    "because": (),
    "seen": SEEN,
}


def full_plan() -> Plan:
    return plan(
        total=4,
        refuse=(planned(), planned(order_no="700000002", reason=RefusalReason.OTHER, text="文")),
        leave=(REST,),
        ask=(replace(REST, order_no="700000008", seen=SEEN),),
    )


def plan_of(count: int, *, total: int, **limits: Any) -> Plan:
    rows = tuple(planned(order_no=str(number)) for number in range(count))
    return plan(refuse=rows, total=total, limits=Limits(**limits))


def has_plan_and_digest(text: str) -> bool:
    try:
        document = json.loads(text)
    except ValueError:
        return False
    return {"plan", "digest"} <= set(document)


class TestDigest:
    """The digest stands for everything in the plan."""

    def test_the_same_plan_has_the_same_digest(self) -> None:
        assert plan().digest == plan().digest
        assert len(plan().digest) == 64

    def test_every_field_of_a_plan_is_tried(self) -> None:
        assert set(PLAN_CHANGES) == set(Plan.__dataclass_fields__)
        assert set(REFUSAL_CHANGES) == set(type(planned()).__dataclass_fields__)

    @pytest.mark.parametrize("name", PLAN_CHANGES)
    def test_it_changes_with_every_field(self, name: str) -> None:
        assert plan(**{name: PLAN_CHANGES[name]}).digest != plan().digest

    @pytest.mark.parametrize("name", REFUSAL_CHANGES)
    def test_it_changes_with_every_field_of_a_refusal(self, name: str) -> None:
        row = planned(**{name: REFUSAL_CHANGES[name]})
        assert plan(refuse=(row,)).digest != plan().digest

    @pytest.mark.parametrize("name", ["max_count", "max_share", "share_from"])
    def test_it_changes_with_every_limit(self, name: str) -> None:
        assert plan(limits=Limits(**{name: 1})).digest != plan().digest

    @pytest.mark.parametrize("part", ["leave", "ask"])
    def test_it_changes_with_the_reason_for_leaving(self, part: str) -> None:
        other = replace(REST, why=Words("no rule takes it", "別の理由"))
        assert plan(**{part: (REST,)}).digest != plan(**{part: (other,)}).digest

    def test_the_order_in_which_rows_came_does_not_matter(self) -> None:
        rows = (planned(order_no="3"), planned(order_no="1"), planned(order_no="2"))
        made = plan(refuse=rows)
        assert [row.order_no for row in made.refuse] == ["1", "2", "3"]
        assert made.digest == plan(refuse=rows[::-1]).digest

    @pytest.mark.parametrize("part", ["leave", "ask"])
    def test_the_rest_is_sorted_too(self, part: str) -> None:
        made = plan(**{part: (REST, replace(REST, order_no="1"))})
        assert [row.order_no for row in getattr(made, part)] == ["1", "700000009"]

    def test_times_in_another_zone_make_the_same_plan(self) -> None:
        elsewhere = plan(created_at=NOW.astimezone(UTC))
        assert elsewhere.digest == plan().digest
        assert elsewhere.to_dict()["created_at"] == "2026-01-05T10:00:00+09:00"

    @pytest.mark.parametrize("name", ["created_at", "expires_at"])
    def test_times_without_a_zone_are_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="without a zone"):
            plan(**{name: NOW.replace(tzinfo=None)})


class TestFile:
    """A plan file is the plan and its digest."""

    def test_a_plan_comes_back_from_its_file_as_it_was(self, tmp_path: Path) -> None:
        file = tmp_path / "plan.json"
        file.write_text(full_plan().to_file_text(), encoding="utf-8")
        read = plan_from_file_text(file.read_text(encoding="utf-8"), name=file.name)
        assert read == full_plan()
        assert read.digest == full_plan().digest

    def test_a_plan_comes_back_from_plain_values(self) -> None:
        assert plan_from_dict(json.loads(json.dumps(full_plan().to_dict()))) == full_plan()

    def test_the_file_names_the_digest_first_and_ends_with_a_new_line(self) -> None:
        text = plan().to_file_text()
        assert text.splitlines()[1] == f'  "digest": "{plan().digest}",'
        assert text.endswith("}\n")

    @settings(deadline=None)
    @given(st.data())
    def test_no_changed_byte_changes_what_the_plan_says(self, data: st.DataObject) -> None:
        """Either it is found, or it is one that JSON lets stand for the same."""
        text = full_plan().to_file_text()
        at = data.draw(st.integers(0, len(text) - 1))
        char = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
        changed = text[:at] + char + text[at + 1 :]
        try:
            read = plan_from_file_text(changed, name="plan.json")
        except PlanUnreadable:
            assert not has_plan_and_digest(changed)
        except PlanTampered:
            assert has_plan_and_digest(changed)
            assert json.loads(changed) != json.loads(text)
        else:
            assert json.loads(changed) == json.loads(text)
            assert read == full_plan()

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("700000001", "700000003"),
            ('"shipped"', '"skipped"'),
            ('"shop"', '"shep"'),
            ('"total": 4', '"total": 5'),
            ('"digest": "', '"digest": "0'),
            ("2026-01-05T11", "2026-01-05T12"),
            ('"text": null', '"text": 0'),
            ("no rule", "no role"),
            ("2026-01-05T11", "2026-01-05 11"),
            ('"schema": 1', '"schema": 1, "note": ""'),
            ('"rule": ', '"note": "", "rule": '),
            ('"max_count": ', '"note": "", "max_count": '),
            ('"en": ', '"fr": "", "en": '),
            ("みほん商店", "\\ud83d"),
            ("2026-01-05T10:00:00+09:00", "9999-12-31T23:00:00+00:00"),
            ('"refuse": [', '"refuse": [[], '),
        ],
    )
    def test_a_touched_up_file_is_refused(self, before: str, after: str) -> None:
        text = full_plan().to_file_text()
        changed = text.replace(before, after, 1)
        assert changed != text
        with pytest.raises(PlanTampered) as caught:
            plan_from_file_text(changed, name="plan.json")
        assert caught.value.facts == {"plan": "plan.json"}

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no JSON",
            "[]",
            "null",
            "{}",
            "3",
            '"plan"',
            '{"plan": {}}',
            '{"digest": ""}',
            '[{"plan": {}, "digest": ""}]',
            '{"plan": {}, "digest": ""',
        ],
    )
    def test_what_is_no_plan_file_is_refused_by_name(self, text: str) -> None:
        with pytest.raises(PlanUnreadable) as caught:
            plan_from_file_text(text, name="notes.json")
        assert caught.value.facts == {"plan": "notes.json"}

    @pytest.mark.parametrize("content", ["{}", "[]", "null", "3", '"plan"', "[[]]"])
    def test_a_file_with_another_content_than_a_plan_s_is_refused_as_changed(
        self, content: str
    ) -> None:
        with pytest.raises(PlanTampered) as caught:
            plan_from_file_text(f'{{"plan": {content}, "digest": ""}}', name="notes.json")
        assert caught.value.facts == {"plan": "notes.json"}

    def test_what_utf8_cannot_hold_is_refused_beside_any_digest(self) -> None:
        document = {"digest": full_plan().digest, "plan": full_plan().to_dict()}
        document["plan"]["refuse"][1]["text"] = "\ud83d"  # type: ignore[index]
        with pytest.raises(PlanTampered) as caught:
            plan_from_file_text(json.dumps(document), name="notes.json")
        assert caught.value.facts == {"plan": "notes.json"}

    def test_a_plan_beside_another_digest_is_refused(self) -> None:
        document = {"digest": "0" * 64, "plan": plan().to_dict()}
        with pytest.raises(PlanTampered):
            plan_from_file_text(json.dumps(document), name="plan.json")

    @pytest.mark.parametrize(
        "change",
        [
            {"schema": 2},
            {"created_at": "yesterday"},
            {"created_at": "2026-01-05T10:00:00"},
            {"expires_at": None},
            {"limits": {"max": 3}},
            {"limits": None},
            {"refuse": [{}]},
            {"refuse": None},
            {"refuse": ["700000001"]},
            {"refuse": [planned().order_no]},
            {"leave": [{"order_no": "1", "why": {"en": "only"}}]},
            {"ask": [{"order_no": "1", "why": None}]},
            {"expires_at": "9999-12-31T23:00:00+00:00"},
            {"created_at": "2026-01-05T01:00:00+00:00"},
            {"note": "a key that no plan has"},
            {"limits": {"max_count": 20}},
            {"ask": [{"order_no": "1", "why": {"en": "a", "ja": "b", "fr": "c"}}]},
            {"ask": [{"order_no": "1", "why": {"en": "a", "ja": "b"}, "note": ""}]},
        ],
    )
    def test_plain_values_of_another_form_are_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(PlanTampered, match="みほん商店"):
            plan_from_dict(plan().to_dict() | change)

    def test_an_unknown_reason_is_refused(self) -> None:
        document = plan().to_dict()
        document["refuse"][0]["reason"] = "bored"
        with pytest.raises(PlanTampered):
            plan_from_dict(document)

    @pytest.mark.parametrize("document", [{}, [], None, "plan"])
    def test_a_document_without_a_shop_is_refused_too(self, document: Any) -> None:
        with pytest.raises(PlanTampered) as caught:
            plan_from_dict(document)
        assert caught.value.facts == {"plan": "?"}


class TestLimits:
    """A plan refuses itself when it would refuse too many."""

    def test_without_a_word_the_limits_are_twenty_and_half_from_ten_on(self) -> None:
        assert Limits() == Limits(max_count=20, max_share=0.5, share_from=10)

    @pytest.mark.parametrize(
        ("count", "total", "limits"),
        [
            (0, 0, {}),
            (20, 40, {}),
            (9, 9, {}),
            (5, 10, {}),
            (3, 3, {"max_count": 3, "share_from": 4}),
            (0, 10, {"max_count": 0}),
            (10, 10, {"max_share": 1}),
            (0, 10, {"max_share": 0}),
        ],
    )
    def test_up_to_its_limits_a_plan_is_safe(
        self, count: int, total: int, limits: dict[str, Any]
    ) -> None:
        plan_of(count, total=total, **limits).raise_if_unsafe()

    @pytest.mark.parametrize(
        ("count", "total", "limits", "limit"),
        [
            (21, 100, {}, 20),
            (1, 100, {"max_count": 0}, 0),
            (6, 10, {}, "50%"),
            (3, 3, {"share_from": 3}, "50%"),
            (1, 10, {"max_share": 0}, "0%"),
            (21, 21, {}, 20),
        ],
    )
    def test_past_a_limit_it_tells_how_many_of_how_many_and_the_limit(
        self, count: int, total: int, limits: dict[str, Any], limit: object
    ) -> None:
        with pytest.raises(LimitExceeded) as caught:
            plan_of(count, total=total, **limits).raise_if_unsafe()
        facts = caught.value.facts
        assert (facts["count"], facts["total"], facts["limit"]) == (count, total, limit)
        assert str(facts["orders"]).startswith("0")


class TestEnd:
    """Plans and approvals end; their last moment is no longer theirs."""

    def test_a_plan_is_good_until_just_before_its_end(self) -> None:
        made = plan()
        made.raise_if_expired(made.expires_at - timedelta(microseconds=1))

    @pytest.mark.parametrize("late", [timedelta(0), MINUTE])
    def test_a_plan_is_too_old_from_its_end_on(self, late: timedelta) -> None:
        made = plan()
        with pytest.raises(PlanExpired) as caught:
            made.raise_if_expired(made.expires_at + late)
        assert caught.value.facts == {"plan": made.digest[:12], "at": "2026-01-05 11:00 JST"}

    def test_an_approval_is_good_until_just_before_its_end(self) -> None:
        let = approval()
        let.raise_if_expired(let.until - timedelta(microseconds=1))

    @pytest.mark.parametrize("late", [timedelta(0), MINUTE])
    def test_an_approval_is_too_old_from_its_end_on_told_in_jst(self, late: timedelta) -> None:
        let = approval(until=datetime(2026, 1, 5, 2, 0, tzinfo=UTC), kind=ApprovalKind.STANDING)
        with pytest.raises(PlanExpired) as caught:
            let.raise_if_expired(let.until + late)
        assert caught.value.facts == {"plan": let.plan[:12], "at": "2026-01-05 11:00 JST"}


@pytest.mark.parametrize(("kind", "budget"), [(PermitKind.REFUSAL, 1), (PermitKind.REHEARSAL, 0)])
def test_a_permit_lets_one_request_out_and_a_rehearsal_none(kind: PermitKind, budget: int) -> None:
    assert permit(kind=kind).budget == budget


class TestLeftOut:
    """Who leaves an order out approves another plan."""

    def test_the_order_goes_to_what_is_left_and_the_digest_is_another(self) -> None:
        made = plan(total=4, refuse=(planned(seen=SEEN), planned(order_no="700000002")))

        less = made.without([made.refuse[0].order_no])

        assert [row.order_no for row in less.refuse] == ["700000002"]
        assert [(row.order_no, row.seen) for row in less.leave] == [(made.refuse[0].order_no, SEEN)]
        assert less.digest != made.digest

    def test_the_same_orders_give_the_same_plan_whatever_their_order(self) -> None:
        made = full_plan()
        orders = [row.order_no for row in made.refuse]

        assert made.without(orders).digest == made.without(orders[::-1]).digest
        assert made.without(orders).refuse == ()

    def test_what_is_warned_of_stays_with_the_order(self) -> None:
        because = (Words("✓ packed", "✓ 梱包済み"), Words("! 4 days", "! 4日超過"))
        made = plan(total=4, refuse=(planned(because=because),))
        (row,) = made.refuse

        (left,) = made.without([row.order_no]).leave

        assert row.grounds == because[:1]
        assert left.advice == row.warnings == (Words("4 days", "4日超過"),)

    def test_an_order_that_is_not_refused_cannot_be_left_out(self) -> None:
        with pytest.raises(PlanRowUnknown):
            full_plan().without([REST.order_no])


@pytest.mark.parametrize(
    ("planned_on", "now", "same"),
    [
        ("f" * 64, {}, True),
        # Plans of before the facts were kept have none.
        ("", {}, True),
        ("e" * 64, {}, False),
        ("f" * 64, {"reason": RefusalReason.READY}, False),
        ("f" * 64, {"text": "あ" * 30}, False),
        ("f" * 64, {"rule": "another"}, False),
    ],
)
def test_a_decision_of_now_is_the_planned_one_if_it_stands_on_the_same(
    planned_on: str, now: dict[str, Any], *, same: bool
) -> None:
    row = planned(facts=planned_on)
    decision = {"reason": row.reason, "text": row.text, "rule": row.rule, "facts": "f" * 64} | now

    assert row.is_decided_by(Refuse(because=(), **decision)) is same


@pytest.mark.parametrize(
    "decision", [Leave(why=REST.why), AskPerson(why=REST.why)], ids=["leave", "ask"]
)
def test_what_is_no_longer_to_be_refused_is_not_the_planned_refusal(decision: Decision) -> None:
    assert not planned().is_decided_by(decision)


def test_a_plan_file_that_hides_something_is_none_of_ours() -> None:
    hidden = plan(refuse=(planned(rule="packed\u202e"),))

    with pytest.raises(PlanTampered):
        plan_from_file_text(hidden.to_file_text(), name="plan.json")
