"""Several sources: what they know is put together, and what one lacks by an error is told."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.evidence import EvidenceMissing
from qsm_bot.domain.evidence import NO_EVIDENCE, Evidence, Fact, FactName, Known, Source
from qsm_bot.evidence.protocol import EvidenceSet, SourceReport, load_all, together
from tests.unit.evidence.parts import HEADINGS, NOW, ORDER, OTHER, TRACKING, source, write_csv

ELSEWHERE = "762544999"


@dataclass(frozen=True)
class Service:
    """A source that is no file."""

    answer: EvidenceSet | QsmBotError
    name: str = "service"

    def load(self, now: datetime) -> EvidenceSet:
        if isinstance(self.answer, QsmBotError):
            raise self.answer
        return self.answer


def known(value: str, file: str) -> Evidence:
    fact = Fact(value=value, source=Source(file=file))
    return Evidence(tracking_no=Known(facts=(fact,)))


def answer(**orders: Evidence) -> EvidenceSet:
    by_order = {order.removeprefix("_"): evidence for order, evidence in orders.items()}
    return EvidenceSet(
        reports=(SourceReport(name="service", orders=len(orders)),), by_order=by_order
    )


def test_facts_of_several_sources_stand_side_by_side_with_their_places(tmp_path: Path) -> None:
    file = source(write_csv(tmp_path / "a.csv", HEADINGS, (ORDER, TRACKING)))
    service = Service(answer(_762544202=known(TRACKING, "QAPI"), _762544206=known("1", "QAPI")))
    found = load_all([file, service], NOW)
    assert found.of(ORDER).tracking_no.value == TRACKING
    assert [each.file for each in found.of(ORDER).sources] == ["a.csv", "QAPI"]
    assert found.of(OTHER).tracking_no.value == "1"
    assert found.of(ELSEWHERE) == NO_EVIDENCE
    assert list(found.by_order) == [ORDER, OTHER]
    assert len(found.by_order) == 2
    assert [report.orders for report in found.reports] == [1, 2]


def test_sources_that_contradict_each_other_keep_both_and_say_so() -> None:
    both = together([answer(_1=known("12345678", "A")), answer(_1=known("87654321", "B"))]).of("1")
    assert both.tracking_no.values == ("12345678", "87654321")
    assert both.tracking_no.value is None
    assert both.doubts(FactName.TRACKING_NO)[0].en == (
        "tracking number: the sources differ: “12345678” (A), “87654321” (B)"
    )


def test_a_source_in_error_stops_no_other_and_stands_in_every_order(tmp_path: Path) -> None:
    gone = source(tmp_path / "gone.csv", name="倉庫")
    found = load_all([gone, Service(answer(_1=known("12345678", "QAPI")))], NOW)
    assert found.of("1").tracking_no.value == "12345678"
    for order in ("1", ELSEWHERE):
        [problem] = found.of(order).doubts(FactName.TRACKING_NO)
        assert problem.en.startswith("evidence from 倉庫 cannot be used: ")
        assert problem.ja.startswith("倉庫 を使えません: ")
    assert [type(error) for error in found.errors] == [EvidenceMissing]


def test_any_error_of_the_program_s_own_is_a_problem_of_its_source() -> None:
    found = load_all([Service(QsmBotError(detail="down"))], NOW)
    assert (len(found.problems), found.reports[0].name) == (1, "service")


def test_no_sources_know_nothing_and_have_no_problems() -> None:
    assert load_all([], NOW).of(ORDER) == NO_EVIDENCE
