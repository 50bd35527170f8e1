"""What was judged: a verdict for each statement, with what was expected and what was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qsm_bot.acceptance.clone.dialog import DialogSeen
from qsm_bot.acceptance.report.load_result import LoadResult
from qsm_bot.acceptance.statements import STATEMENTS, Statement
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.page_fingerprint import Change, PageFingerprint, PlaceNames

Fact = Words | str
"""A sentence in both languages, or what the page itself says."""


class StatementVerdict(StrEnum):
    """What became of a statement."""

    HELD = "held"
    DID_NOT_HOLD = "did not hold"
    NOT_JUDGED = "not judged"


VERDICT_WORDS = {
    StatementVerdict.HELD: Words("held", "成立"),
    StatementVerdict.DID_NOT_HOLD: Words("did not hold", "不成立"),
    StatementVerdict.NOT_JUDGED: Words("not judged", "判定不能"),
}

# Of several judgements of one statement, as in several browsers, the first of these counts.
_GRAVITY = (StatementVerdict.DID_NOT_HOLD, StatementVerdict.NOT_JUDGED, StatementVerdict.HELD)
_HELD, _SOME, _BROKEN = 0, 20, 30
_ENDED = Words("the run ended before it", "その前に実行が終わりました")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a statement."""

    what: Words
    expected: Fact
    seen: Fact
    held: bool


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A masked picture of one step (JPEG)."""

    caption: Words
    data: bytes


@dataclass
class Record:
    """One statement: its verdict, None until it is judged, and the evidence."""

    statement: Statement
    verdict: StatementVerdict | None = None
    why: Fact = ""
    checks: list[Comparison] = field(default_factory=list)
    pictures: list[ReportPicture] = field(default_factory=list)
    dialogs: list[DialogSeen] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    seconds: float = 0

    def judge(self, verdict: StatementVerdict, why: Fact = "") -> None:
        """Give the verdict; of several the gravest stays."""
        if self.verdict is None or _GRAVITY.index(verdict) < _GRAVITY.index(self.verdict):
            self.verdict, self.why = verdict, why


@dataclass
class Run:
    """One run of the kit.

    `records` are the statements that are to be judged; `trouble` is what kept the run from
    judging, such as a sign-in that failed; `places` and `changes` are those of the page contract;
    `turned` are the verdicts of the run before, where they have changed.
    """

    portal: str
    pack: str
    started: datetime
    records: dict[str, Record] = field(default_factory=dict)
    trouble: QsmBotError | None = None
    places: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    compared_with: datetime | None = None
    changes: tuple[Change, ...] = ()
    turned: Mapping[str, str] = field(default_factory=dict)
    load: LoadResult | None = None

    def select(self, ids: Iterable[str]) -> None:
        """Add the statements that are to be judged."""
        selected = set(ids)
        for id_ in STATEMENTS:
            if id_ in selected:
                self.records.setdefault(id_, Record(STATEMENTS[id_]))

    def close(self) -> None:
        """Give a verdict to what the run did not come to."""
        for record in self.records.values():
            if record.verdict is None:
                why = self.trouble.message if self.trouble else _ENDED
                record.judge(StatementVerdict.NOT_JUDGED, why)

    def note_names(self, place: str, names: PlaceNames) -> None:
        """Keep the names that a place shows; services and dialogs are added to, not replaced."""
        kept = self.places.setdefault(place, {})
        for kind, those in names.items():
            before = kept.get(kind, ()) if kind in ("services", "dialogs") else ()
            kept[kind] = tuple(dict.fromkeys((*before, *those)))

    @property
    def contract(self) -> PageFingerprint:
        """The page contract that the run read."""
        return PageFingerprint(self.places, self.started)

    @property
    def exit_code(self) -> int:
        """The run's code of the contract."""
        verdicts = {record.verdict for record in self.records.values()}
        if self.trouble is not None:
            return self.trouble.exit_code
        if StatementVerdict.DID_NOT_HOLD in verdicts or (self.load and self.load.is_broken):
            return _BROKEN
        whole = verdicts == {StatementVerdict.HELD} and not (self.load and self.load.trouble)
        return _HELD if whole else _SOME

    def counts(self) -> dict[str, int]:
        """Return how many statements have each verdict."""
        verdicts = [record.verdict for record in self.records.values()]
        return {each.value: verdicts.count(each) for each in StatementVerdict}


def say(fact: Fact, lang: Lang) -> str:
    """Return a fact in one language."""
    return fact.say(lang) if isinstance(fact, Words) else fact
