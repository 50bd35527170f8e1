"""Plans, approvals, leases, runs and entries on both databases."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import RunNotFound
from qsm_bot.base.errors.ledger import LedgerCorrupt, LedgerRuleBroken
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.base.errors.plans import PlanAmbiguous, PlanNotFound, PlanTampered
from qsm_bot.domain.plan import Approval, ApprovalKind
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import ActState, Ledger, entries
from tests.integration.ledger.parts import (
    SHOP,
    START,
    Time,
    outcome,
    permit,
    plan,
    raw,
    walk_to,
)


def approval(digest: str, who: str = "hanako") -> Approval:
    until = START + timedelta(hours=1)
    return Approval(plan=digest, who=who, kind=ApprovalKind.PERSON, at=START, until=until)


def test_a_plan_is_kept_once_and_found_by_its_first_digits(ledger: Ledger) -> None:
    wanted = plan()
    ledger.record_plan(wanted)
    ledger.record_plan(wanted)
    ledger.record_plan(plan("shop-b"))
    assert ledger.plan(wanted.digest[:8].upper()) == wanted
    assert [event.kind for event in ledger.events()] == ["plan.recorded"] * 2


def test_a_plan_that_is_not_there_is_not_found(ledger: Ledger) -> None:
    for prefix in ("0" * 8, "no-digits"):
        with pytest.raises(PlanNotFound):
            ledger.plan(prefix)


def test_too_few_digits_or_several_plans_are_ambiguous(ledger: Ledger, ledger_url: str) -> None:
    ledger.record_plan(plan())
    digest = plan().digest
    with pytest.raises(PlanAmbiguous) as caught:
        ledger.plan(digest[:7])
    assert caught.value.facts["count"] == 1
    twin = digest[:8] + "0" * 56
    with raw(ledger_url) as connection:
        connection.execute(
            text("INSERT INTO plans SELECT :twin, shop, recorded_at, body FROM plans"),
            {"twin": twin},
        )
    with pytest.raises(PlanAmbiguous):
        ledger.plan(digest[:8])


def test_a_plan_changed_behind_the_ledger_is_tampered(ledger: Ledger, ledger_url: str) -> None:
    ledger.record_plan(plan())
    with raw(ledger_url) as connection:
        change = text("UPDATE plans SET body = replace(body, '762544202', '762544203')")
        connection.execute(change)
    with pytest.raises(PlanTampered):
        ledger.plan(plan().digest)


def test_what_cannot_be_read_is_corrupt(ledger: Ledger, ledger_url: str) -> None:
    ledger.record_plan(plan())
    with raw(ledger_url) as connection:
        connection.execute(text("UPDATE plans SET body = 'no json'"))
    with pytest.raises(LedgerCorrupt):
        ledger.plan(plan().digest)


def test_the_newest_approval_counts(ledger: Ledger) -> None:
    digest = plan().digest
    ledger.record_plan(plan())
    assert ledger.approval(digest) is None
    ledger.approve(approval(digest))
    ledger.approve(approval(digest, "taro"))
    assert ledger.approval(digest) == approval(digest, "taro")


def test_only_a_recorded_plan_can_be_approved(ledger: Ledger) -> None:
    with pytest.raises(PlanNotFound):
        ledger.approve(approval(plan().digest))


def test_a_second_holder_finds_the_shop_busy_until_the_first_lets_go(ledger: Ledger) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60):
        with pytest.raises(ShopBusy) as caught, ledger.lease(SHOP, "pc-2", seconds=60):
            pytest.fail("two holders")
        with ledger.lease("shop-b", "pc-2", seconds=60):
            pass
    assert caught.value.facts == {"shop": SHOP, "holder": "pc-1"}
    with ledger.lease(SHOP, "pc-2", seconds=60) as lease:
        assert lease.holder == "pc-2"


def test_an_expired_lease_is_taken_over_and_cannot_be_renewed(ledger: Ledger, time: Time) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60) as first:
        time.passes(59)
        first.renew()
        time.passes(59)
        with pytest.raises(ShopBusy), ledger.lease(SHOP, "pc-2", seconds=60):
            pytest.fail("two holders")
        time.passes(1)
        with ledger.lease(SHOP, "pc-2", seconds=60):
            with pytest.raises(ShopBusy) as caught:
                first.renew()
            assert caught.value.facts["holder"] == "pc-2"
        with pytest.raises(ShopBusy) as caught:
            first.renew()
        assert caught.value.facts["holder"] == "-"
    kinds = [event.kind for event in ledger.events()]
    assert kinds == ["lease.taken", "lease.taken", "lease.released"]


def test_the_same_holder_may_take_its_shop_again(ledger: Ledger) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60), ledger.lease(SHOP, "pc-1", seconds=60) as lease:
        lease.renew()


@pytest.mark.parametrize("known", ["", "pc-1 pid 9", "pc-2"])
def test_a_live_lease_is_left_alone_unless_its_holder_is_known_as_dead(
    ledger: Ledger, known: str
) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60) as first:
        second = ledger.lease(SHOP, "pc-2", seconds=60, is_dead=known.__eq__)
        with pytest.raises(ShopBusy), second:
            pytest.fail("two holders")
        first.renew()


def test_the_lease_of_a_dead_holder_is_taken_over_at_once(ledger: Ledger) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60) as first:
        with ledger.lease(SHOP, "pc-2", seconds=60, is_dead="pc-1".__eq__) as second:
            with pytest.raises(ShopBusy) as caught:
                first.renew()
            second.renew()
        assert caught.value.facts["holder"] == "pc-2"
    taken = [event.body for event in ledger.events() if event.kind == "lease.taken"]
    assert taken[1] == {"holder": "pc-2", "seconds": 60, "taken_over_from": "pc-1"}


def test_without_a_lease_nobody_is_asked_about(ledger: Ledger) -> None:
    asked: list[str] = []
    with ledger.lease(SHOP, "pc-1", seconds=60, is_dead=asked.append):  # type: ignore[arg-type]
        pass
    assert asked == []


def test_what_a_killed_run_left_is_open_once_its_lease_is_taken_over(ledger: Ledger) -> None:
    with ledger.lease(SHOP, "pc-1", seconds=60):
        left = permit(ledger)
        before = ledger.open_attempts(SHOP)
        with ledger.lease(SHOP, "pc-2", seconds=60, is_dead="pc-1".__eq__):
            after = [attempt.permit for attempt in ledger.open_attempts(SHOP)]
    assert (before, after) == ([], [left])


def test_the_error_of_the_block_is_not_hidden_by_a_failing_release(
    ledger: Ledger, ledger_url: str
) -> None:
    def fail_with_a_headless_book() -> None:
        with raw(ledger_url) as connection:
            connection.execute(text("DELETE FROM chain"))
        raise RuntimeError("first")

    with pytest.raises(RuntimeError, match="first"), ledger.lease(SHOP, "pc-1", seconds=60):
        fail_with_a_headless_book()


def test_open_attempts_are_the_unknown_and_those_of_dead_runs(ledger: Ledger, time: Time) -> None:
    without_lease = permit(ledger, "1")
    with ledger.lease(SHOP, "pc-1", seconds=60):
        run_id = ledger.begin_run(SHOP, "apply", None)
        under_way = permit(ledger, "2", run_id=run_id)
        unknown = permit(ledger, "3", run_id=run_id)
        walk_to(ledger.act(unknown), ActState.UNKNOWN)
        walk_to(ledger.act(permit(ledger, "4", run_id=run_id)), ActState.SETTLED)
        alive = [attempt.permit for attempt in ledger.open_attempts(SHOP)]
        time.passes(60)
        expired = [attempt.permit for attempt in ledger.open_attempts(SHOP)]
    assert alive == [without_lease, unknown]
    assert expired == [without_lease, under_way, unknown]
    with ledger.lease(SHOP, "pc-2", seconds=60):
        later = ledger.begin_run(SHOP, "apply", None)
        last = permit(ledger, "5", run_id=later)
        assert last not in [attempt.permit for attempt in ledger.open_attempts(SHOP)]
        ledger.end_run(later, 80)
        assert last in [attempt.permit for attempt in ledger.open_attempts(SHOP)]
    for attempt in ledger.open_attempts(SHOP):
        ledger.settle(attempt.id, outcome(OutcomeKind.NEEDS_PERSON), run_id=later)
    assert ledger.open_attempts(SHOP) == []


def test_a_run_is_kept_from_begin_to_end(ledger: Ledger, time: Time) -> None:
    run_id = ledger.begin_run(SHOP, "apply", "d" * 64)
    assert run_id.startswith("20260105-203000-")
    assert ledger.run(run_id).ended_at is None
    time.passes(5)
    ledger.end_run(run_id, 90, {"code": "ButtonAmbiguous"})
    run = ledger.run("latest")
    assert (run.id, run.shop, run.command, run.plan) == (run_id, SHOP, "apply", "d" * 64)
    assert (run.started_at, run.ended_at) == (START, time.at)
    assert (run.exit_code, run.error) == (90, {"code": "ButtonAmbiguous"})


def test_a_run_ends_once(ledger: Ledger) -> None:
    run_id = ledger.begin_run(SHOP, "apply", None)
    ledger.end_run(run_id, 0)
    with pytest.raises(LedgerRuleBroken):
        ledger.end_run(run_id, 0)
    with pytest.raises(RunNotFound):
        ledger.end_run("never", 0)


def test_runs_are_listed_newest_first_and_found_by_their_beginning(
    ledger: Ledger, time: Time
) -> None:
    first = ledger.begin_run(SHOP, "apply", None)
    time.passes(60)
    second = ledger.begin_run("shop-b", "apply", None)
    third = ledger.begin_run(SHOP, "apply", None)
    assert [run.id for run in ledger.runs()] == [third, second, first]
    assert [run.id for run in ledger.runs(shop=SHOP)] == [third, first]
    assert [run.id for run in ledger.runs(limit=1)] == [third]
    assert ledger.run("20260105-2030").id == first
    for wanted in ("20260105-2031", "2027", "%", ""):
        with pytest.raises(RunNotFound):
            ledger.run(wanted)


def test_no_run_is_the_latest_of_an_empty_book(ledger: Ledger) -> None:
    with pytest.raises(RunNotFound):
        ledger.run("latest")


def test_entries_are_read_page_by_page_in_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "PAGE", 2)
    for number in range(5):
        ledger.note("seen", {"number": number}, shop=SHOP, run_id="r", order_no=str(number % 2))
    assert [event.body["number"] for event in ledger.events()] == [0, 1, 2, 3, 4]
    assert [event.seq for event in ledger.events(run_id="r", order_no="1")] == [2, 4]


def test_times_are_read_in_japan_time(ledger: Ledger) -> None:
    ledger.note("seen", {})
    (event,) = ledger.events()
    assert (event.at, event.at.tzinfo) == (START, JST)


def test_the_export_goes_on_over_the_pages(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "PAGE", 2)
    for number in range(5):
        ledger.note("seen", {"number": number})
    out = io.StringIO()
    assert ledger.export(out) == 5
    numbers = [json.loads(line)["body"]["number"] for line in out.getvalue().splitlines()]
    assert numbers == [0, 1, 2, 3, 4]


def test_an_output_that_cannot_take_the_text_is_no_fault_of_the_ledger(ledger: Ledger) -> None:
    ledger.note("seen", {"text": "拒否"})
    with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as out, pytest.raises(UnicodeEncodeError):
        ledger.export(out)


def test_a_third_party_verifies_the_export_with_sha256_alone(ledger: Ledger) -> None:
    walk_to(ledger.act(permit(ledger)), ActState.SETTLED)
    out = io.StringIO()
    count = ledger.export(out)
    lines = out.getvalue().splitlines()
    prev = "0" * 64
    for seq, line in enumerate(lines, 1):
        entry = json.loads(line)
        digest = entry.pop("hash")
        spelled = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(spelled.encode()).hexdigest() == digest
        assert (entry["seq"], entry["prev"]) == (seq, prev)
        prev = digest
    report = ledger.verify()
    assert (count, report.entries, report.head) == (len(lines), len(lines), prev)


def test_what_may_wait_for_a_person_and_the_runs_of_today_are_found(
    ledger: Ledger, time: Time
) -> None:
    for shop, total in ((SHOP, 1), (SHOP, 2), ("shop-b", 3)):
        ledger.record_plan(plan(shop, total))
        time.passes(1)
    for order_no in ("1", "2"):
        ledger.act(permit(ledger, order_no)).settle(outcome(OutcomeKind.NEEDS_PERSON))
    time.passes(3600)
    today = time()
    newest = permit(ledger, "2").run_id
    found = ledger.pending(SHOP)
    assert [each.total for each in found.plans] == [2, 1]
    assert [each.order_no for each in found.needing_person] == ["1"]
    assert [each.id for each in ledger.runs(since=today)] == [newest]
