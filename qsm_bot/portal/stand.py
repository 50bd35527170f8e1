"""What stands at the places of the portal beside what the selector pack names: judged, no browser.

A finding is about one name of the pack: an element, a heading, a reason, the button's label.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qsm_bot.errors import QsmBotError
from qsm_bot.page_contract import PlaceNames
from qsm_bot.portal.pack import Needs, Pack, Place
from qsm_bot.words import same


class State(StrEnum):
    """How a name of the pack stands to the page."""

    FOUND = "found"
    FALLBACK = "fallback"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    NOT_SHOWN = "not shown"
    NOT_VISITED = "not visited"


@dataclass(frozen=True, slots=True)
class Glance:
    """How often one element is on the page, how often usable, and by which of its selectors.

    `used` is None if none of them matches.
    """

    matches: int
    usable: int
    used: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One name of the pack: where it was looked for and what is there.

    `label` is the text that was looked for, where it is one; `selector` the selector that
    matched, or the first that did not; `matches` None if nobody looked.
    """

    key: str
    place: Place
    state: State
    label: str | None = None
    selector: str | None = None
    matches: int | None = None
    sure: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """One place as it was found: see `Portal.inspect`. `names` is None if it was not reached."""

    place: Place
    findings: tuple[Finding, ...]
    trouble: QsmBotError | None = None
    names: PlaceNames | None = None
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """Texts of a place that the pack names: headings in the list, reasons, the button's labels."""

    headings: Sequence[str] = ()
    reasons: Sequence[str] = ()
    buttons: Sequence[str] = ()


def state_of(need: Needs, glance: Glance) -> State:
    """Judge one element of a page that was reached."""
    if not glance.matches:
        return State.NOT_SHOWN if need.may_lack else State.MISSING
    several = glance.usable != 1 if need.acts else need.single
    if glance.matches > 1 and several:
        return State.AMBIGUOUS
    return State.FALLBACK if glance.used else State.FOUND


def judged_elements(
    pack: Pack, needs: Sequence[Needs], glances: Mapping[str, Glance]
) -> Iterator[Finding]:
    """Judge the elements of one place; what has no glance was not looked for.

    Args:
        pack: the selector pack.
        needs: the elements of the place.
        glances: by key; that of a counter by its key and label.
    """
    for need in needs:
        element = pack.elements[need.key]
        for name, label in _names_of(pack, need):
            glance = glances.get(name)
            used = (glance.used if glance else None) or 0
            yield Finding(
                key=need.key,
                place=need.place,
                state=state_of(need, glance) if glance else State.NOT_VISITED,
                label=label,
                selector=element.at[used].replace("{label}", label or ""),
                matches=glance.matches if glance else None,
                sure=element.sure,
            )


def judged_texts(pack: Pack, place: Place, texts: Texts | None) -> Iterator[Finding]:
    """Judge the texts of one place; without `texts` it was not reached."""
    if place is Place.LIST:
        seen = texts.headings if texts else None
        for name, heading in pack.columns.model_dump().items():
            yield _text_finding(f"columns.{name}", place, heading, seen)
        for name, heading in pack.optional_columns.model_dump(exclude_none=True).items():
            yield _text_finding(
                f"optional_columns.{name}", place, heading, seen, lacking=State.NOT_SHOWN
            )
    if place is Place.DETAILS:
        seen = texts.reasons if texts else None
        for name, label in pack.texts.reasons.model_dump().items():
            yield _text_finding(f"texts.reasons.{name}", place, label, seen)
        # A button may wait for a reason before it can be pressed: then its label is unknown.
        buttons = texts.buttons or None if texts else None
        wanted = pack.texts.refuse_button
        finding = _text_finding("texts.refuse_button", place, wanted, buttons)
        if buttons and len(buttons) > 1:
            finding = _text_finding("texts.refuse_button", place, wanted, [wanted, *buttons])
        yield finding


def _text_finding(
    key: str,
    place: Place,
    label: str,
    seen: Sequence[str] | None,
    lacking: State = State.MISSING,
) -> Finding:
    if seen is None:
        return Finding(key=key, place=place, state=State.NOT_VISITED, label=label)
    matches = [same(each) for each in seen].count(same(label))
    states = {0: lacking, 1: State.FOUND}
    state = states.get(matches, State.AMBIGUOUS)
    return Finding(key=key, place=place, state=state, label=label, matches=matches)


def _names_of(pack: Pack, need: Needs) -> list[tuple[str, str | None]]:
    if need.key != "counter":
        return [(need.key, None)]
    labels = pack.texts.counters.model_dump().values()
    return [(f"counter {label}", label) for label in labels]
