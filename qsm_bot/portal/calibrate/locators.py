"""Selectors for an element that a person pointed at: which could name it, the steadiest first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# Numbers that a server or a library counts up, hashes, and the places of ASP.NET's controls.
_GENERATED = re.compile(
    r"\d{3,}|[0-9a-f]{8,}|^ctl\d+|[:.]|^(ember|ext-|yui|ui-id-|jqg|mui-|react)", re.IGNORECASE
)
# ASP.NET puts the places before a control's own name: ctl00_Main_name, ctl00$Main$name.
_PLACED = re.compile(r"^ctl\d+(?:[_$].*)?([_$][A-Za-z]\w*?)$")
_LABEL = "{label}"


@dataclass(frozen=True, slots=True)
class LocatorStep:
    """One element on the way up: its tag, its place among its sisters of that tag, its id."""

    tag: str
    place: int
    id: str


@dataclass(frozen=True, slots=True)
class Way:
    """A text in the page, and the XPath steps from the element that says it to the thing."""

    tag: str
    text: str
    steps: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """What the page told about one element.

    `text` is what it says and `says` by what: its content, its value, its alternative text, or
    that of a picture in it; `seen` is what of it can be seen. `options` are a pull-down's labels
    and `headings` a grid's; None for anything else. `listed` is true inside a grid's rows,
    `framed` inside a frame. `chain` begins with the element itself. `labels` are texts beside
    it, `ways` those from the text that it must stand beside.
    """

    tag: str
    type: str = ""
    id: str = ""
    name: str = ""
    role: str = ""
    text: str = ""
    says: Literal["text", "value", "alt", "picture"] = "text"
    seen: str = ""
    clickable: bool = False
    visible: bool = True
    options: tuple[str, ...] | None = None
    box: bool = False
    number: bool = False
    listed: bool = False
    framed: bool = False
    headings: tuple[str, ...] | None = None
    chain: tuple[LocatorStep, ...] = ()
    labels: tuple[Way, ...] = ()
    ways: tuple[Way, ...] = ()

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> "Thing":
        """Build from the answer of the page's script."""
        lists = {key: None if said[key] is None else tuple(said[key]) for key in _LISTS}
        ways = {key: tuple(Way(**each) for each in said[key]) for key in ("labels", "ways")}
        chain = tuple(LocatorStep(**each) for each in said["chain"])
        return cls(**{**said, **lists, **ways, "chain": chain})


_LISTS = ("options", "headings")


def candidates(thing: Thing, *, guarded: bool, named_by_text: bool) -> list[str]:
    """Return selectors that could name the element, the steadiest first.

    In this order: id, name, the last part of an id or name that ASP.NET made, the text, a label
    beside it, the way down from the nearest element with an id. Which of them match exactly
    that element only the page can tell.

    Args:
        thing: the element.
        guarded: each selector demands the element's text besides, so that it can never match
            a neighbour that stands in its place one day.
        named_by_text: whether what it says is its name, and not a value that changes.
    """
    guard = f"[{_says(thing)}]" if guarded else ""
    found = [f"{each}{guard}" for each in _by_attribute(thing)]
    if named_by_text and thing.text:
        found += _by_text(thing)
    found += [f"{each}{guard}" for each in (*_by_label(thing), *_by_place(thing))]
    return [f"xpath={each}" for each in dict.fromkeys(found)]


def beside_label(thing: Thing) -> list[str]:
    """Return selectors for a thing beside a text, with `{label}` where that text stands."""
    text = f"text()[{_even('.')}='{_LABEL}']"
    return [f"xpath=//{way.tag}[{text}]{way.steps}" for way in thing.ways]


def literal(text: str) -> str:
    """Return `text` as an XPath string, whatever quotes it holds."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = [f"'{part}'" for part in text.split("'")]
    between = """, "'", """
    return f"concat({between.join(parts)})"


def looks_generated(name: str) -> bool:
    """Whether an id or name seems to be made anew by each page, release or place."""
    return _GENERATED.search(name) is not None


def _by_attribute(thing: Thing) -> list[str]:
    given = (("id", thing.id), ("name", thing.name))
    steady = [is_it for key, value in given for is_it in _is(key, value)]
    placed = [ends for key, value in given for ends in _ends(key, value)]
    return [f"//{thing.tag}[{each}]" for each in (*steady, *placed)]


def _is(key: str, value: str) -> list[str]:
    return [f"@{key}={literal(value)}"] if value and not looks_generated(value) else []


def _ends(key: str, value: str) -> list[str]:
    placed = _PLACED.match(value)
    if not placed or looks_generated(placed[1][1:]):
        return []
    ending = placed[1]
    start = f"string-length(@{key}) - {len(ending) - 1}"
    return [f"substring(@{key}, {start})={literal(ending)}"]


def _by_text(thing: Thing) -> list[str]:
    roles = ["", f"[@role={literal(thing.role)}]"] if thing.role else [""]
    return [f"//{thing.tag}{role}[{_says(thing)}]" for role in roles]


def _by_label(thing: Thing) -> list[str]:
    ways = (*thing.labels, *thing.ways)
    return [f"//{way.tag}[{_even('.')}={literal(way.text)}]{way.steps}" for way in ways]


def _by_place(thing: Thing) -> Iterator[str]:
    down = ""
    for step in thing.chain:
        if down:
            yield from (
                f"//{step.tag}[{each}]{down}"
                for each in (*_is("id", step.id), *_ends("id", step.id))
            )
        down = f"/{step.tag}[{step.place}]{down}"
    if down:
        yield down


def _even(what: str) -> str:
    return f"normalize-space(translate({what}, '\u3000', ' '))"


def _says(thing: Thing) -> str:
    said = literal(thing.text)
    if thing.says == "picture":
        return f".//img[{_even('@alt')}={said}]"
    return f"{_even({'alt': '@alt', 'value': '@value', 'text': '.'}[thing.says])}={said}"
