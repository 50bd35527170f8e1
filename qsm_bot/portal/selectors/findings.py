"""What the portal's places show of what the selector pack names: judged, without a browser.

A finding is about one name of the pack: an element, a heading, a reason, the button's label.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import same
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.portal.selectors.pack import Pack, PageNeeds, PortalPage


class MatchState(StrEnum):
    """How a name of the pack matches the page."""

    FOUND = "found"
    FALLBACK = "fallback"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    NOT_SHOWN = "not shown"
    NOT_VISITED = "not visited"


@dataclass(frozen=True, slots=True)
class ElementCount:
    """How often one element is on the page, how often usable, and by which of its selectors.

    `used` is None if none of them matches.
    """

    matches: int
    usable: int
    used: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ElementFinding:
    """One name of the pack: where it was looked for and what is there.

    `label` is the text that was looked for, where it is one; `selector` the selector that
    matched, or the first that did not; `matches` None if nobody looked.
    """

    key: str
    place: PortalPage
    state: MatchState
    label: str | None = None
    selector: str | None = None
    matches: int | None = None
    sure: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFindings:
    """One place as it was found: see `Portal.inspect`. `names` is None if it was not reached."""

    place: PortalPage
    findings: tuple[ElementFinding, ...]
    trouble: QsmBotError | None = None
    names: PlaceNames | None = None
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundTexts:
    """Texts of a place that the pack names: headings in the list, reasons, the button's labels."""

    headings: Sequence[str] = ()
    reasons: Sequence[str] = ()
    buttons: Sequence[str] = ()


def state_of(need: PageNeeds, count: ElementCount) -> MatchState:
    """Judge one element of a page that was reached."""
    if not count.matches:
        return MatchState.NOT_SHOWN if need.may_lack else MatchState.MISSING
    several = count.usable != 1 if need.acts else need.single
    if count.matches > 1 and several:
        return MatchState.AMBIGUOUS
    return MatchState.FALLBACK if count.used else MatchState.FOUND


def judged_elements(
    pack: Pack, needs: Sequence[PageNeeds], counts: Mapping[str, ElementCount]
) -> Iterator[ElementFinding]:
    """Judge the elements of one place; what has no count was not looked for.

    Args:
        pack: the selector pack.
        needs: the elements of the place.
        counts: by key; that of a counter by its key and label.
    """
    for need in needs:
        element = pack.elements[need.key]
        for name, label in _names_of(pack, need):
            count = counts.get(name)
            used = (count.used if count else None) or 0
            yield ElementFinding(
                key=need.key,
                place=need.place,
                state=state_of(need, count) if count else MatchState.NOT_VISITED,
                label=label,
                selector=element.at[used].replace("{label}", label or ""),
                matches=count.matches if count else None,
                sure=element.sure,
            )


def judged_texts(
    pack: Pack, place: PortalPage, texts: FoundTexts | None
) -> Iterator[ElementFinding]:
    """Judge the texts of one place; without `texts` it was not reached."""
    if place is PortalPage.LIST:
        seen = texts.headings if texts else None
        for name, heading in pack.columns.model_dump().items():
            yield _text_finding(f"columns.{name}", place, heading, seen)
        for name, heading in pack.optional_columns.model_dump(exclude_none=True).items():
            yield _text_finding(
                f"optional_columns.{name}", place, heading, seen, lacking=MatchState.NOT_SHOWN
            )
    if place is PortalPage.DETAILS:
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
    place: PortalPage,
    label: str,
    seen: Sequence[str] | None,
    lacking: MatchState = MatchState.MISSING,
) -> ElementFinding:
    if seen is None:
        return ElementFinding(key=key, place=place, state=MatchState.NOT_VISITED, label=label)
    matches = [same(each) for each in seen].count(same(label))
    states = {0: lacking, 1: MatchState.FOUND}
    state = states.get(matches, MatchState.AMBIGUOUS)
    return ElementFinding(key=key, place=place, state=state, label=label, matches=matches)


def _names_of(pack: Pack, need: PageNeeds) -> list[tuple[str, str | None]]:
    if need.key != "counter":
        return [(need.key, None)]
    labels = pack.texts.counters.model_dump().values()
    return [(f"counter {label}", label) for label in labels]
