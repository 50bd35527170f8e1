"""What was judged: a verdict for each statement, with what was expected and what was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qsm_bot.acceptance.manual import SECTIONS
from qsm_bot.acceptance.statements import STATEMENTS, Statement
from qsm_bot.errors import PortalUnreachable, QsmBotError
from qsm_bot.page_contract import Change, PageContract, PlaceNames
from qsm_bot.words import Lang, Words

if TYPE_CHECKING:
    from qsm_bot.acceptance.load import LoadResult

SCHEMA = 1
Fact = Words | str
"""A sentence in both languages, or what the page itself says."""


class Verdict(StrEnum):
    """What became of a statement."""

    HELD = "held"
    DID_NOT_HOLD = "did not hold"
    NOT_JUDGED = "not judged"


VERDICT_WORDS = {
    Verdict.HELD: Words("held", "成立"),
    Verdict.DID_NOT_HOLD: Words("did not hold", "不成立"),
    Verdict.NOT_JUDGED: Words("not judged", "判定不能"),
}

# Of several judgements of one statement, as in several browsers, the first of these counts.
_GRAVITY = (Verdict.DID_NOT_HOLD, Verdict.NOT_JUDGED, Verdict.HELD)
_HELD, _SOME, _BROKEN = 0, 20, 30
_LEFT = Words("Not every statement could be judged.", "判定できない項目があります。")
_IS_IT_UP = Words(
    "See whether the clone is up and the address is right, then start again.",
    "クローンが動いているか、URLが正しいかを確かめてから、もう一度実行してください。",
)
_ENDED = Words("the run ended before it", "その前に実行が終わりました")


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison of a statement."""

    what: Words
    expected: Fact
    seen: Fact
    held: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A dialog of the page: its kind, its text, and whether OK was pressed."""

    kind: str
    text: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A masked picture of one step (JPEG)."""

    caption: Words
    data: bytes


@dataclass
class Record:
    """One statement: its verdict, None until it is judged, and the evidence."""

    statement: Statement
    verdict: Verdict | None = None
    why: Fact = ""
    checks: list[Check] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    dialogs: list[Said] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    seconds: float = 0

    def judge(self, verdict: Verdict, why: Fact = "") -> None:
        """Give the verdict; of several the gravest stays."""
        if self.verdict is None or _GRAVITY.index(verdict) < _GRAVITY.index(self.verdict):
            self.verdict, self.why = verdict, why


@dataclass
class Run:
    """One run of the kit.

    `asked` are the statements that were to be judged; `trouble` is what kept the run from judging,
    such as a sign-in that failed; `places` and `changes` are those of the page contract; `turned`
    are the verdicts of the run before, where they have changed.
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
    load: "LoadResult | None" = None

    def ask(self, ids: Iterable[str]) -> None:
        """Say which statements are to be judged."""
        asked = set(ids)
        for id_ in STATEMENTS:
            if id_ in asked:
                self.records.setdefault(id_, Record(STATEMENTS[id_]))

    def close(self) -> None:
        """Give a verdict to what the run did not come to."""
        for record in self.records.values():
            if record.verdict is None:
                why = self.trouble.message if self.trouble else _ENDED
                record.judge(Verdict.NOT_JUDGED, why)

    def note_names(self, place: str, names: PlaceNames) -> None:
        """Keep the names that a place shows; services and dialogs are added to, not replaced."""
        kept = self.places.setdefault(place, {})
        for kind, those in names.items():
            before = kept.get(kind, ()) if kind in ("services", "dialogs") else ()
            kept[kind] = tuple(dict.fromkeys((*before, *those)))

    @property
    def contract(self) -> PageContract:
        """The page contract that the run read."""
        return PageContract(self.places, self.started)

    @property
    def exit_code(self) -> int:
        """The run's code of the contract."""
        verdicts = {record.verdict for record in self.records.values()}
        if self.trouble is not None:
            return self.trouble.exit_code
        if Verdict.DID_NOT_HOLD in verdicts or (self.load and self.load.is_broken):
            return _BROKEN
        whole = verdicts == {Verdict.HELD} and not (self.load and self.load.trouble)
        return _HELD if whole else _SOME

    def counts(self) -> dict[str, int]:
        """Return how many statements have each verdict."""
        verdicts = [record.verdict for record in self.records.values()]
        return {each.value: verdicts.count(each) for each in Verdict}


def run_document(run: Run, lang: Lang) -> dict[str, Any]:
    """Return the run for programs; the next run can be compared with it."""
    trouble = run.trouble
    return {
        "schema": SCHEMA,
        "portal": run.portal,
        "pack": run.pack,
        "started_at": run.started.isoformat(),
        "counts": run.counts(),
        "statements": [_statement(record, lang) for record in run.records.values()],
        "contract": {place: dict(names) for place, names in run.places.items()},
        "compared_with": run.compared_with.isoformat() if run.compared_with else None,
        "changes": [_change(each, lang) for each in run.changes],
        "turned": dict(run.turned),
        "load": run.load.document(lang) if run.load else None,
        "error": _error(trouble, lang) if trouble else None,
        "exit_code": run.exit_code,
    }


def said(fact: Fact, lang: Lang) -> str:
    """Return a fact in one language."""
    return fact.say(lang) if isinstance(fact, Words) else fact


def _statement(record: Record, lang: Lang) -> dict[str, Any]:
    statement = record.statement
    return {
        "id": statement.id,
        "words": statement.words.say(lang),
        "manual": [SECTIONS[each].title.say(lang) for each in statement.sections],
        "destructive": statement.destructive,
        "verdict": record.verdict,
        "why": said(record.why, lang),
        "checks": [
            {
                "what": check.what.say(lang),
                "expected": said(check.expected, lang),
                "seen": said(check.seen, lang),
                "held": check.held,
            }
            for check in record.checks
        ],
        "dialogs": [
            {"kind": each.kind, "text": each.text, "accepted": each.accepted}
            for each in record.dialogs
        ],
        "services": record.services,
        "seconds": round(record.seconds, 2),
    }


def _error(trouble: QsmBotError, lang: Lang) -> dict[str, str]:
    next_words = _IS_IT_UP if isinstance(trouble, PortalUnreachable) else trouble.next_words
    words = {"message": trouble.message, "meaning": _LEFT, "next": next_words}
    return {"code": trouble.code, **{name: each.say(lang) for name, each in words.items()}}


def _change(change: Change, lang: Lang) -> dict[str, Any]:
    facts = {name: getattr(change, name) for name in ("place", "kind", "old", "new", "moved")}
    return {**facts, "words": change.words.say(lang)}
