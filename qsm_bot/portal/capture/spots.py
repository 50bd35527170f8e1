"""Where text stands on a page: at a label's place, or where the portal puts its data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from qsm_bot.portal.capture.kinds import DataKind, even, kind_by_label
from qsm_bot.portal.capture.tree import Node, names

_LABELS = names("th dt label legend caption button h1 h2 h3 h4 h5 h6")
_FORMATTING = names("b strong font nobr u i br")
_MENU = re.compile(r"(^|[-_ ])(menu|nav|[a-z]nb|lang|tabs?)($|[-_ ])", re.IGNORECASE)
_BUTTONS = ("button", "submit", "reset")
NO_TEXT = ("hidden", "password", "checkbox", "radio", "file", "image")
"""Kinds of input whose value nobody reads on the page."""
_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the selector pack says about the portal's words.

    Args:
        known: texts of the portal itself, with white space and width made even.
        headings: what stands under a heading of the list.
    """

    known: frozenset[str] = frozenset()
    headings: Mapping[str, DataKind] = field(default_factory=dict)

    def knows(self, text: str) -> bool:
        """Whether the portal itself says this."""
        return even(text) in self.known


@dataclass(frozen=True, slots=True)
class Spot:
    """One text: the child `index` of `node`, or its attribute `value` if there is no index."""

    node: Node
    index: int | None
    text: str
    label: bool
    hint: DataKind | None

    def put(self, text: str) -> None:
        """Replace the text in the tree."""
        if self.index is None:
            self.node.attrs["value"] = text
        else:
            self.node.children[self.index] = text


@dataclass(frozen=True, slots=True)
class _Around:
    label: bool = False
    hint: DataKind | None = None
    menu: bool = False


def _own(node: Node, around: _Around) -> Iterator[Spot]:
    """Yield what stands in the element itself."""
    value, kind = node.attrs.get("value", ""), node.attrs.get("type", "text").lower()
    if node.tag == "input" and value.strip() and kind not in NO_TEXT:
        yield Spot(node, None, value, label=kind in _BUTTONS, hint=around.hint)
    for index, child in enumerate(node.children):
        if isinstance(child, str) and child.strip():
            yield Spot(node, index, child, label=around.label, hint=around.hint)


class Spots:
    """Goes through one page; what it knows of a list's headings counts until the next ones."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._columns: list[DataKind | None] = []

    def of(self, root: Node) -> Iterator[Spot]:
        """Yield all texts and all values of form fields that are not empty."""
        yield from self._inside(root, _Around())

    def _inside(self, node: Node, around: _Around) -> Iterator[Spot]:
        yield from _own(node, around)
        before = ""
        for child in node.elements:
            inner = self._around(node, child, around, before)
            if child.tag == "tr":
                yield from self._row(child, around)
            else:
                yield from self._inside(child, inner)
            before = child.text if child.tag == "dt" else before

    def _around(self, node: Node, child: Node, around: _Around, before: str) -> _Around:
        tag = child.tag
        if tag == "nav" or _MENU.search(
            f"{child.attrs.get('id', '')} {child.attrs.get('class', '')}"
        ):
            around = replace(around, menu=True)
        if tag in ("td", "table", "textarea", "title"):
            return _Around(hint=around.hint)
        if tag == "dd":
            return replace(around, label=False, hint=kind_by_label(before, self._words.headings))
        return replace(around, label=self._is_label(node, child, around))

    def _is_label(self, node: Node, child: Node, around: _Around) -> bool:
        if child.tag in _LABELS or (child.tag == "a" and around.menu):
            return True
        if child.tag == "option":
            return sum(self._words.knows(option.text) for option in node.elements) > 1
        if not around.label or child.tag in _FORMATTING:
            return around.label
        # A label may be wrapped once more; beside other text it is a value.
        return not node.own_text.strip() and sum(bool(e.text.strip()) for e in node.elements) == 1

    def _row(self, row: Node, around: _Around) -> Iterator[Spot]:
        yield from _own(row, _Around())
        cells = row.elements
        if self._is_heading(cells):
            self._columns = [kind_by_label(c.text, self._words.headings) for c in cells]
            for cell in cells:
                yield from self._inside(cell, _Around(label=True))
            return
        before = ""
        for index, cell in enumerate(cells):
            hint = kind_by_label(before, self._words.headings) if before else None
            if hint is None and len(cells) == len(self._columns):
                hint = self._columns[index]
            label = cell.tag == "th"
            yield from self._inside(cell, _Around(label=label, hint=hint or around.hint))
            before = cell.text if label or self._words.knows(cell.text) else ""

    def _is_heading(self, cells: list[Node]) -> bool:
        if all(cell.tag == "th" for cell in cells):
            return len(cells) > 1 and any(cell.text.strip() for cell in cells)
        if any(cell.tag == "th" for cell in cells):
            return False
        # Beside each other: where labels and values take turns, they never are.
        known = [even(cell.text) in self._words.headings for cell in cells]
        side_by_side = any(one and two for one, two in pairwise(known))
        filled = sum(bool(cell.text.strip()) for cell in cells)
        return side_by_side and sum(known) >= _HEADINGS and 2 * sum(known) > filled
