"""A page as a tree: as the snapshot script hands it over, and as HTML again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any


def names(words: str) -> frozenset[str]:
    """Return the words as a set: tags or attributes."""
    return frozenset(words.split())


VOID = names("area br col hr img input wbr")
"""Elements without content or end tag, as the HTML standard lists them."""


@dataclass(slots=True)
class Node:
    """One element. An `iframe` holds the document inside it as its only child."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def elements(self) -> list["Node"]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def own_text(self) -> str:
        """The text that stands directly in this element."""
        return "".join(child for child in self.children if isinstance(child, str))

    @property
    def text(self) -> str:
        """All text in this element."""
        return "".join(
            child if isinstance(child, str) else "" if child.tag == "html" else child.text
            for child in self.children
        )

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it."""
        yield self
        for child in self.elements:
            yield from child.walk()


def from_json(text: str) -> Node:
    """Build a tree from the snapshot: `[tag, {attributes}, [children]]`, a text is a string."""
    return _node(json.loads(text))


def _node(item: Any) -> Node:
    tag, attrs, children = item
    return Node(
        tag, attrs, [child if isinstance(child, str) else _node(child) for child in children]
    )


def to_html(root: Node) -> str:
    """Return the whole document."""
    return "<!DOCTYPE html>\n" + "".join(_html(root)) + "\n"


def _html(node: Node) -> Iterator[str]:
    attrs = dict(node.attrs)
    children = node.children
    if node.tag == "iframe":
        inner = node.elements
        attrs |= {"srcdoc": to_html(inner[0])} if inner else {}
        children = []
    said = "".join(f' {name}="{escape(value)}"' for name, value in attrs.items())
    yield f"<{node.tag}{said}>"
    if node.tag in VOID:
        return
    for child in children:
        if isinstance(child, str):
            yield escape(child, quote=False)
        else:
            yield from _html(child)
    yield f"</{node.tag}>"
