"""What a person sees on a page, read once: texts and controls by their places. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from qsm_bot.base.words import same

_NUMBER = re.compile(r"[(]?([0-9,]+)[)]?件?")
_AROUND = " ()[]:"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, in CSS px from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def is_beside(self, other: "Box") -> bool:
        """Whether both stand in one line: they overlap by half of the lower one's height."""
        common = min(self.bottom, other.bottom) - max(self.top, other.top)
        return common >= min(self.height, other.height) / 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A text or control; `index` finds its element again, `heading` tells one of the page's."""

    text: str
    box: Box
    index: int
    heading: bool = False

    def says(self, label: str) -> bool:
        """Whether it is this label; a number's brackets may stand around it."""
        wanted = same(label)
        return self.text == wanted or self.text.strip(_AROUND) == wanted

    @property
    def number(self) -> int | None:
        """The number, if it is one."""
        found = _NUMBER.fullmatch(self.text)
        return int(found[1].replace(",", "")) if found else None


@dataclass(frozen=True, slots=True)
class Screen:
    """A page: texts and controls in its own order, and where each sentence stands."""

    texts: tuple[Piece, ...]
    controls: tuple[Piece, ...] = ()
    sentences: Mapping[str, tuple[Box, ...]] | None = None

    @classmethod
    def from_script(cls, answer: Mapping[str, Any], sentences: Sequence[str]) -> Self:
        """Build from the answer of `screen.js`."""
        places = [tuple(Box(*box) for box in boxes) for boxes in answer["sentences"]]
        return cls(
            tuple(_pieces(answer["texts"])),
            tuple(_pieces(answer["controls"])),
            dict(zip(sentences, places, strict=True)),
        )

    def saying(self, label: str) -> tuple[Piece, ...]:
        """Return the texts that are this label."""
        return tuple(piece for piece in self.texts if piece.says(label))

    def places(self, sentence: str) -> tuple[Box, ...]:
        """Return where a sentence stands that was asked for."""
        return (self.sentences or {})[sentence]

    def beside(self, piece: Piece) -> tuple[Piece, ...]:
        """Return the texts to the right in the same line, from left to right."""
        line = (
            each
            for each in self.texts
            if each is not piece
            and each.box.is_beside(piece.box)
            and each.box.left >= piece.box.left + min(piece.box.width, 1)
        )
        return tuple(sorted(line, key=lambda each: each.box.left))

    def number_after(self, piece: Piece) -> Piece | None:
        """Return the text that follows a label in the page, if it is a number."""
        rest = [each for each in self.texts if each.index > piece.index]
        return rest[0] if rest and rest[0].number is not None else None

    def entry_of(self, group: str, entry: str) -> Piece | None:
        """Return the entry of a menu's group: it follows it, with no heading in between."""
        for index, piece in enumerate(self.texts):
            if not piece.says(group):
                continue
            for each in self.texts[index + 1 :]:
                if each.heading and not piece.heading:
                    break
                if each.says(entry):
                    return each
        return None


def _pieces(given: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    for each in given:
        yield Piece(each["text"], Box(*each["box"]), each["index"], each["heading"])
