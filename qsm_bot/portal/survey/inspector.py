"""The inspector: on a walk through the portal, it says what of the selector pack is there."""

from collections.abc import Iterable, Iterator
from typing import Literal

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.findings import (
    ElementCount,
    ElementFinding,
    FoundTexts,
    PageFindings,
    judged_elements,
    judged_texts,
)
from qsm_bot.portal.selectors.pack import Pack, PageNeeds, PortalPage
from qsm_bot.portal.sign_in.session import PortalSession
from qsm_bot.portal.survey.walk import Visit

_log = get_logger(__name__)
_REASON_MS = 5000
_WITH_COUNTERS = (PortalPage.HOME, PortalPage.CLAIMS)


def names_of(elements: Elements, place: PortalPage) -> PlaceNames:
    """Read the names that the page shows now, as the place's part of the page contract.

    Raises:
        PortalError, BrowserLost: the page could not be read.
    """
    texts = elements.pack.texts
    order = {
        "counters": place in _WITH_COUNTERS,
        "buttons": [same(label) for label in (texts.refuse_button, *texts.neighbours)],
    }
    keys = ("grid", "by_state_tab", "by_search_tab")
    (said,) = elements.ask_all(
        Question("names", order, keys, in_details=place is PortalPage.DETAILS)
    )
    return {kind: tuple(names) for kind, names in said.items()}


def unseen(pack: Pack) -> tuple[ElementFinding, ...]:
    """Return the findings about a portal that could not be visited at all."""
    return tuple(finding for place in PortalPage for finding in _findings(pack, place, {}, None))


class Inspector:
    """Looks at each place of a walk; reads only."""

    def __init__(self, session: PortalSession) -> None:
        self._elements = session.elements
        self._claims = session.claims
        self._camera = session.camera
        self._traffic = session.traffic

    def findings(self, visits: Iterable[Visit]) -> Iterator[PageFindings]:
        """Give what is found at each place; on the sign-in page, what was when it was left last."""
        pack, remembered = self._elements.pack, self._elements.remembered
        yield PageFindings(
            place=PortalPage.SIGN_IN, findings=_findings(pack, PortalPage.SIGN_IN, remembered, None)
        )
        self._traffic.called.clear()
        for visit in visits:
            yield self._at(visit)

    def _at(self, visit: Visit) -> PageFindings:
        trouble = visit.trouble
        try:
            if trouble is None:
                return self._reached(visit.place)
        except QsmBotError as error:
            trouble = error
        counts: dict[str, ElementCount] = {}
        if isinstance(trouble, SelectorDrift) and trouble.facts["element"] in _keys(visit.place):
            # It was reached, and what it lacks is told; what it has can be told, too.
            counts = self._counts(visit.place)
        return PageFindings(
            place=visit.place,
            findings=_findings(self._elements.pack, visit.place, counts, None),
            trouble=trouble,
            picture=self._picture(visit.place),
        )

    def _reached(self, place: PortalPage) -> PageFindings:
        names = names_of(self._elements, place)
        counts, texts = self._counts(place), self._texts(place)
        picture = self._picture(place)
        called = tuple(sorted(self._traffic.called))
        self._traffic.called.clear()
        return PageFindings(
            place=place,
            findings=_findings(self._elements.pack, place, counts, texts),
            names={**names, "services": called},
            picture=picture,
        )

    def _counts(self, place: PortalPage) -> dict[str, ElementCount]:
        labels = self._elements.pack.texts.counters.model_dump().values()
        keys = [key for key in _keys(place) if key != "counter"]
        counters = (
            {f"counter {label}": label for label in labels} if place is PortalPage.CLAIMS else {}
        )
        in_details = place is PortalPage.DETAILS
        return self._elements.count(*keys, counters=counters, in_details=in_details)

    def _texts(self, place: PortalPage) -> FoundTexts:
        if place is PortalPage.LIST:
            return FoundTexts(headings=self._claims.grid.headings)
        if place is not PortalPage.DETAILS:
            return FoundTexts()
        # Pages may fill in the reasons late.
        wanted = same(self._elements.pack.texts.reasons.shipped)
        question = Question(
            "form",
            {"wanted": wanted, "limit": _REASON_MS},
            ("reason", "reason_text", "refuse_button"),
            in_details=True,
        )
        (form,) = self._elements.ask_all(question)
        reasons = [each["label"] for select in form["selects"] for each in select]
        return FoundTexts(reasons=reasons, buttons=form["buttons"])

    def _picture(self, place: PortalPage) -> bytes | None:
        try:
            about: Literal["form", "list"] = "form" if place is PortalPage.DETAILS else "list"
            return self._camera.picture(about, self._claims.details.window)
        except QsmBotError as error:
            _log.warning("picture_missing", place=place, error=error.message.en)
            return None


def _keys(place: PortalPage) -> list[str]:
    return [need.key for need in _needs(place)]


def _needs(place: PortalPage) -> list[PageNeeds]:
    return [need for need in NEEDS if need.place is place]


def _findings(
    pack: Pack, place: PortalPage, counts: dict[str, ElementCount], texts: FoundTexts | None
) -> tuple[ElementFinding, ...]:
    elements = judged_elements(pack, _needs(place), counts)
    return (*elements, *judged_texts(pack, place, texts))
