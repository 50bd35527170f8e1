"""The page contract: the names that the portal's pages show, and what has changed in them.

Names are headings, section titles, labels, options, buttons, tabs, labels of counters,
services and dialogs; never values. What a run relies on stands among them, so a change is a
warning.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from qsm_bot.base.words import Words

SCHEMA = 1
PlaceNames = Mapping[str, tuple[str, ...]]
"""The names that one place shows, by their kind, in the page's order."""

KINDS: Mapping[str, Words] = {
    "headings": Words("heading of the list", "一覧の見出し"),
    "sections": Words("section", "区画"),
    "labels": Words("label", "項目名"),
    "options": Words("option", "選択肢"),
    "buttons": Words("button", "ボタン"),
    "tabs": Words("tab", "タブ"),
    "counters": Words("counter", "件数"),
    "services": Words("service", "サービス"),
    "dialogs": Words("dialog", "ダイアログ"),
}
PLACES: Mapping[str, Words] = {
    "sign_in": Words("sign-in page", "ログイン画面"),
    "home": Words("home page", "ホーム"),
    "claims": Words("claim page", "クレーム画面"),
    "list": Words("list of requests", "要請一覧"),
    "search": Words("search", "選択条件照会"),
    "details": Words("order opened", "取引情報"),
    "refusal": Words("refusal", "拒否"),
}
# Services are called in whatever order the network brings.
_UNORDERED = ("services",)

_ADDED = Words("{place}: new {kind} “{new}”", "{place}: {kind}「{new}」が増えました")
_REMOVED = Words("{place}: {kind} “{old}” is gone", "{place}: {kind}「{old}」がなくなりました")
_REPLACED = Words(
    "{place}: {kind} was “{old}”, is “{new}”",
    "{place}: {kind}が「{old}」から「{new}」に変わりました",
)
_MOVED = Words(
    "{place}: {kind}, another order: was {old}, is {new}",
    "{place}: {kind}の順番が変わりました。前回「{old}」 今回「{new}」",
)
_MOST = 4
_MANY = Words(
    "{place}: {count} changes of kind “{kind}”; `qsm-bot doctor --portal -v` shows each",
    "{place}: {kind}の変更 {count} 件（詳細は `qsm-bot doctor --portal -v`）",
)
_FALLBACK = Words(
    "elements.{key} was found by a fallback selector only",
    "elements.{key} は予備のセレクタでのみ見つかりました",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: a name that is new (`old` is None), gone (`new` is None) or another.

    With `moved` the names are the same, and `old` and `new` tell the order of those that
    do not stand where they stood.
    """

    place: str
    kind: str
    old: str | None
    new: str | None
    moved: bool = False

    @property
    def words(self) -> Words:
        """The change as a sentence, old and new side by side."""
        if self.moved:
            sentence = _MOVED
        elif self.old is None:
            sentence = _ADDED
        else:
            sentence = _REMOVED if self.new is None else _REPLACED
        return sentence.filled(
            place=PLACES[self.place], kind=KINDS[self.kind], old=self.old, new=self.new
        )


@dataclass(frozen=True, slots=True)
class PageFingerprint:
    """The names of each place that was visited, and when (an aware time)."""

    places: Mapping[str, PlaceNames]
    read_at: datetime | None = None

    def renewed(self, newer: "PageFingerprint") -> "PageFingerprint":
        """Return the newer contract; what it did not visit stays as it was."""
        return PageFingerprint({**self.places, **newer.places}, newer.read_at)

    def to_text(self) -> str:
        """Return the contract as the JSON text in which it is kept."""
        document = {
            "schema": SCHEMA,
            "read_at": self.read_at.isoformat() if self.read_at else None,
            "places": self.places,
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "PageFingerprint":
        """Read what `to_text` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            document = json.loads(text)
            if document["schema"] != SCHEMA:
                raise ValueError(f"schema {document['schema']}")
            places: dict[str, PlaceNames] = {
                place: {kind: tuple(map(str, names)) for kind, names in kinds.items()}
                for place, kinds in document["places"].items()
            }
            read_at = document["read_at"]
            return cls(places, datetime.fromisoformat(read_at) if read_at else None)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(repr(error)) from error


@dataclass(frozen=True, slots=True)
class Drift:
    """What a run met that is not as known: elements read by a fallback, changed names."""

    fallbacks: tuple[str, ...] = ()
    changes: tuple[Change, ...] = field(default=())

    @property
    def warnings(self) -> tuple[Words, ...]:
        """A sentence for each; one for all, where a page has become quite another."""
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in self.changes:
            groups.setdefault((change.place, change.kind), []).append(change)
        told: list[Words] = []
        for (place, kind), changes in groups.items():
            if len(changes) > _MOST:
                many = _MANY.filled(count=len(changes), place=PLACES[place], kind=KINDS[kind])
                told.append(many)
            else:
                told += [change.words for change in changes]
        return (*(_FALLBACK.filled(key=key) for key in self.fallbacks), *told)

    def to_dict(self) -> dict[str, Any]:
        """Return the body of the ledger's entry."""
        return {
            "fallbacks": list(self.fallbacks),
            "changes": [
                {name: getattr(each, name) for name in ("place", "kind", "old", "new", "moved")}
                for each in self.changes
            ],
            "warnings": [words.to_dict() for words in self.warnings],
        }


def compare(old: PageFingerprint, new: PageFingerprint) -> tuple[Change, ...]:
    """Return what has changed in the places, and the kinds of names, that both know.

    Places of one page show the same names: each change is told once, at the first of them.
    """
    told: dict[tuple[str, str | None, str | None], Change] = {}
    for place in PLACES:
        before, after = old.places.get(place), new.places.get(place)
        if before is None or after is None:
            continue
        for kind in KINDS:
            if kind in before and kind in after:
                for change in _changes(place, kind, before[kind], after[kind]):
                    told.setdefault((kind, change.old, change.new), change)
    return tuple(told.values())


def _changes(
    place: str, kind: str, before: Sequence[str], after: Sequence[str]
) -> Iterator[Change]:
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    if kind in _UNORDERED:
        old, new = sorted(old), sorted(new)
    both = set(old) & set(new)
    for step, start, end, first, last in _steps(old, new):
        if step == "equal":
            continue
        gone = [name for name in old[start:end] if name not in both]
        come = [name for name in new[first:last] if name not in both]
        for index in range(max(len(gone), len(come))):
            yield Change(place, kind, _at(gone, index), _at(come, index))
    kept = [name for name in old if name in both]
    now = [name for name in new if name in both]
    if kept != now:
        yield Change(place, kind, *_differing(kept, now), moved=True)


def _differing(old: list[str], new: list[str]) -> tuple[str, str]:
    """Return both orders of the same names without what begins and what ends them alike."""
    apart = [index for index, name in enumerate(old) if name != new[index]]
    span = slice(apart[0], apart[-1] + 1)
    return " | ".join(old[span]), " | ".join(new[span])


def _steps(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _at(names: list[str], index: int) -> str | None:
    return names[index] if index < len(names) else None
