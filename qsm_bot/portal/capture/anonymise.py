"""Pages of a real shop become pages of an invented one, all of them together.

What the portal itself says may stay: texts that the selector pack knows, and what stands at a
label's place and does not look like data. Everything else is replaced.
"""

import random
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from qsm_bot.portal.capture.attributes import Attributes
from qsm_bot.portal.capture.invent import Inventor
from qsm_bot.portal.capture.kinds import (
    NUMBERS,
    DataKind,
    digits_of,
    is_telling,
    key_of,
    kind_of,
)
from qsm_bot.portal.capture.spots import Spot, Spots, Vocabulary
from qsm_bot.portal.capture.tree import Node

_PERSONAL = frozenset(
    {
        DataKind.NAME,
        DataKind.KANA,
        DataKind.PHONE,
        DataKind.MAIL,
        DataKind.ADDRESS,
        DataKind.ORDER_NO,
        DataKind.CART_NO,
        DataKind.TRACKING,
        DataKind.SHOP,
        DataKind.LOGIN,
        DataKind.SECRET,
    }
)
_LONG_NUMBER = 7
_LONG_TEXT = 8
_LONG_SECRET = 8
_SAMPLES = 3
_PARTS = re.compile(r"([\s:：/／()（）「」【】,、]+)")
# Stands beside a value and says nothing about it.
_BESIDE = frozenset({"様", "件", "個", "円", "点", "回"})


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What came of it.

    Args:
        roots: the pages, in the order given.
        replaced: how many different values of each kind were replaced.
        samples: some invented values of each kind, to be shown.
        originals: what must not stand in any file, by its key.
        shift: how far the days were moved.
    """

    roots: tuple[Node, ...]
    replaced: Mapping[DataKind, int]
    samples: Mapping[DataKind, tuple[str, ...]]
    originals: Mapping[str, DataKind]
    shift: timedelta


class Anonymiser:
    """Replaces what is anybody's, the same value by the same one on all pages.

    Args:
        words: what the portal itself says.
        known: values that are known to be secret or somebody's, with their kind.
        dice: for tests; by default nobody can throw it again.
    """

    def __init__(
        self,
        words: Vocabulary,
        known: Mapping[str, DataKind],
        dice: random.Random | None = None,
    ) -> None:
        self._words = words
        self._kinds: dict[str, DataKind] = {}
        self._own_words = "\n".join(map(key_of, words.known))
        self._names: tuple[str, ...] = ()
        self._invented: dict[DataKind, dict[str, str]] = {}
        self._inventor = Inventor(self._kinds, dice or secrets.SystemRandom())
        for text, kind in known.items():
            self._learn(text, kind)
        self._given = frozenset(self._kinds)

    def shown_as(self, text: str) -> str:
        """Return what stands for a value now, if it is one of those known from the start."""
        kind = self._kinds.get(key_of(text))
        return self._invent(text, kind) if kind else text

    def run(self, roots: Iterable[Node]) -> Anonymised:
        """Change the pages, all at once: a value of one may stand in another's label."""
        pages = tuple(roots)
        spots = [spot for page in pages for spot in Spots(self._words).of(page)]
        parts_of_names: set[str] = set()
        for page in pages:
            self._learn_hidden(page)
        for spot in spots:
            if not spot.label and not self._words.knows(spot.text):
                kind = kind_of(spot.text, spot.hint)
                self._learn(spot.text, kind)
                if kind in (DataKind.NAME, DataKind.KANA) and kind is spot.hint:
                    # Known by its label: what only looks like a name may be two of the portal's.
                    parts_of_names |= {key_of(part) for part in spot.text.split() if len(part) > 1}
        self._names = (*self._originals(), *parts_of_names)
        for spot in spots:
            spot.put(self._replaced(spot))
        cleaner = Attributes(
            knows=self._words.knows,
            originals=self._names,
            number=lambda number: self._invent(number, DataKind.NUMBER),
        )
        for page in pages:
            for node in page.walk():
                cleaner.clean(node)
        return self._result(pages)

    def _learn(self, text: str, kind: DataKind | None) -> None:
        if kind is None or kind is DataKind.DATE:
            return
        for key in {key_of(text), digits_of(text) if kind in NUMBERS else ""} - {""}:
            # What is known from the start, or by a label, is known better than by its shape.
            if self._kinds.get(key, DataKind.TEXT) in (
                DataKind.TEXT,
                DataKind.NUMBER,
                DataKind.CODE,
            ):
                self._kinds[key] = kind

    def _learn_hidden(self, page: Node) -> None:
        for node in page.walk():
            if node.attrs.get("type", "").lower() in ("hidden", "password"):
                value = node.attrs.get("value", "")
                self._learn(value, DataKind.SECRET if len(value) >= _LONG_SECRET else None)

    def _originals(self) -> dict[str, DataKind]:
        """Return what may stand nowhere, not even as a part of a label or an id."""
        return {
            key: kind
            for key, kind in self._kinds.items()
            if key in self._given or (_is_secret(key, kind) and key not in self._own_words)
        }

    def _replaced(self, spot: Spot) -> str:
        if self._words.knows(spot.text):
            return spot.text
        if spot.label and not self._tells(spot.text):
            return spot.text
        hint = self._kinds.get(key_of(spot.text), spot.hint)
        whole = self._kinds.get(key_of(spot.text)) or kind_of(spot.text, hint)
        if whole is None:
            return spot.text
        parts = (
            self._by_parts(spot.text)
            if whole in (DataKind.TEXT, DataKind.CODE, DataKind.NAME)
            else None
        )
        if parts is not None:
            return parts
        text = spot.text.strip()
        return spot.text.replace(text, self._invent(text, whole))

    def _tells(self, text: str) -> bool:
        key = key_of(text).casefold()
        return is_telling(text) or any(name.casefold() in key for name in self._names)

    def _by_parts(self, text: str) -> str | None:
        """Replace the values in a text of values and the portal's words; None if it is more."""
        said: list[str] = []
        for part in _PARTS.split(text):
            kind = self._kinds.get(key_of(part)) or kind_of(part, None)
            if kind is None or part in _BESIDE or self._words.knows(part):
                said.append(part)
            elif kind in _PERSONAL or kind in NUMBERS or kind is DataKind.DATE:
                said.append(self._invent(part, kind))
            else:
                return None
        return "".join(said)

    def _invent(self, text: str, kind: DataKind) -> str:
        made = self._inventor.invent(text, kind)
        key = digits_of(text) if kind in NUMBERS else key_of(text)
        self._invented.setdefault(self._kinds.get(key, kind), {})[key] = made
        return made

    def _result(self, pages: tuple[Node, ...]) -> Anonymised:
        made = {kind: tuple(values.values()) for kind, values in sorted(self._invented.items())}
        return Anonymised(
            roots=pages,
            replaced={kind: len(values) for kind, values in made.items()},
            samples={kind: values[:_SAMPLES] for kind, values in made.items()},
            originals=self._originals(),
            shift=self._inventor.shift,
        )


def _is_secret(key: str, kind: DataKind) -> bool:
    """Whether a value tells who or what it belongs to, wherever it stands."""
    if kind in _PERSONAL:
        return len(key) > 1
    if kind in (DataKind.NUMBER, DataKind.ITEM_CODE):
        return key.isdigit() and len(key) >= _LONG_NUMBER
    return kind is DataKind.ITEM and len(key) >= _LONG_TEXT
