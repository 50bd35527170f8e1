"""What every source of evidence is, and how several of them become one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import NO_EVIDENCE, Evidence

_IN_ERROR = Words("evidence from {name} cannot be used: {why}", "{name} を使えません: {why}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReport:
    """How reading one source went; with `error`, nothing of it was taken.

    `rows` are the rows with an order number, `orders` the different numbers among them.
    `read` says what was read, as 出荷データ.xlsx「出荷」. `notes` are harmless; `columns`
    say what each column is taken for.
    """

    name: str
    read: Words | None = None
    rows: int = 0
    orders: int = 0
    notes: tuple[Words, ...] = ()
    columns: tuple[Words, ...] = ()
    error: QsmBotError | None = None

    @property
    def problem(self) -> Words | None:
        """Why nothing of the source was taken."""
        if self.error is None:
            return None
        return _IN_ERROR.filled(name=self.name, why=self.error.message)


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceSet:
    """The evidence of one or several sources.

    `by_order` may be lazy; an order that it lacks is one of which the sources know nothing.
    """

    reports: tuple[SourceReport, ...] = ()
    by_order: Mapping[str, Evidence] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[QsmBotError, ...]:
        """What keeps sources from being used."""
        return tuple(report.error for report in self.reports if report.error is not None)

    @property
    def problems(self) -> tuple[Words, ...]:
        """The same as sentences; they stand in the evidence of every order."""
        return tuple(report.problem for report in self.reports if report.problem is not None)

    def of(self, order_no: str) -> Evidence:
        """Return what is known of an order, with the problems that may hide more."""
        known = self.by_order.get(order_no, NO_EVIDENCE)
        return known.merged(Evidence(problems=self.problems)) if self.problems else known


class EvidenceSource(Protocol):
    """Something that knows facts about orders: a file, a folder, a service."""

    @property
    def name(self) -> str:
        """What the source is called in tables and messages."""

    def load(self, now: datetime) -> EvidenceSet:
        """Read the source as it is at this moment.

        Raises:
            QsmBotError: it cannot be used; nothing of it may be taken then.
        """


class _Together(Mapping[str, Evidence]):
    """The orders of several sources, merged when asked for."""

    def __init__(self, parts: Sequence[Mapping[str, Evidence]]) -> None:
        self._parts = parts

    def __getitem__(self, order_no: str) -> Evidence:
        found = [part[order_no] for part in self._parts if order_no in part]
        if not found:
            raise KeyError(order_no)
        merged = found[0]
        for each in found[1:]:
            merged = merged.merged(each)
        return merged

    def __contains__(self, order_no: object) -> bool:
        return any(order_no in part for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(order for part in self._parts for order in part))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def load_all(sources: Sequence[EvidenceSource], now: datetime) -> EvidenceSet:
    """Read all sources; one in error does not stop the others, and is told, never left out."""
    return together([_loaded(source, now) for source in sources])


def together(sets: Sequence[EvidenceSet]) -> EvidenceSet:
    """Return several sets as one: facts keep their sources, contradictions stay visible."""
    parts = [each.by_order for each in sets]
    return EvidenceSet(
        reports=tuple(report for each in sets for report in each.reports),
        by_order=parts[0] if len(parts) == 1 else _Together(parts),
    )


def _loaded(source: EvidenceSource, now: datetime) -> EvidenceSet:
    try:
        return source.load(now)
    except QsmBotError as error:
        return EvidenceSet(reports=(SourceReport(name=source.name, error=error),))
