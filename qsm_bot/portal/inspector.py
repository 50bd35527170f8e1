"""The inspector: on a walk through the portal, it says what of the selector pack is there."""

from collections.abc import Iterable, Iterator
from typing import Literal

from qsm_bot.errors import QsmBotError, SelectorDrift
from qsm_bot.log import get_logger
from qsm_bot.page_contract import PlaceNames
from qsm_bot.portal.elements import Elements, Question
from qsm_bot.portal.pack import Needs, Pack, Place
from qsm_bot.portal.pages import NEEDS, ClaimPage
from qsm_bot.portal.pictures import Camera
from qsm_bot.portal.stand import Finding, Glance, Stand, Texts, judged_elements, judged_texts
from qsm_bot.portal.traffic import Traffic
from qsm_bot.portal.walk import Visit
from qsm_bot.words import same

_log = get_logger(__name__)
_REASON_MS = 5000
_WITH_COUNTERS = (Place.HOME, Place.CLAIMS)


def names_of(elements: Elements, place: Place) -> PlaceNames:
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
    (said,) = elements.ask_all(Question("names", order, keys, in_pane=place is Place.DETAILS))
    return {kind: tuple(names) for kind, names in said.items()}


def unseen(pack: Pack) -> tuple[Finding, ...]:
    """Return the findings about a portal that could not be visited at all."""
    return tuple(finding for place in Place for finding in _findings(pack, place, {}, None))


class Inspector:
    """Looks at each place of a walk; reads only."""

    def __init__(
        self, elements: Elements, claims: ClaimPage, camera: Camera, traffic: Traffic
    ) -> None:
        self._elements = elements
        self._claims = claims
        self._camera = camera
        self._traffic = traffic

    def stands(self, visits: Iterable[Visit]) -> Iterator[Stand]:
        """Give what stands at each place; the sign-in page as it was when it was last left."""
        pack, remembered = self._elements.pack, self._elements.remembered
        yield Stand(place=Place.SIGN_IN, findings=_findings(pack, Place.SIGN_IN, remembered, None))
        self._traffic.called.clear()
        for visit in visits:
            yield self._stand(visit)

    def _stand(self, visit: Visit) -> Stand:
        trouble = visit.trouble
        try:
            if trouble is None:
                return self._reached(visit.place)
        except QsmBotError as error:
            trouble = error
        glances: dict[str, Glance] = {}
        if isinstance(trouble, SelectorDrift) and trouble.facts["element"] in _keys(visit.place):
            # It was reached, and what it lacks is told; what it has can be told, too.
            glances = self._glances(visit.place)
        return Stand(
            place=visit.place,
            findings=_findings(self._elements.pack, visit.place, glances, None),
            trouble=trouble,
            picture=self._picture(visit.place),
        )

    def _reached(self, place: Place) -> Stand:
        names = names_of(self._elements, place)
        glances, texts = self._glances(place), self._texts(place)
        picture = self._picture(place)
        called = tuple(sorted(self._traffic.called))
        self._traffic.called.clear()
        return Stand(
            place=place,
            findings=_findings(self._elements.pack, place, glances, texts),
            names={**names, "services": called},
            picture=picture,
        )

    def _glances(self, place: Place) -> dict[str, Glance]:
        labels = self._elements.pack.texts.counters.model_dump().values()
        keys = [key for key in _keys(place) if key != "counter"]
        counters = {f"counter {label}": label for label in labels} if place is Place.CLAIMS else {}
        in_pane = place is Place.DETAILS
        return self._elements.glance(*keys, counters=counters, in_pane=in_pane)

    def _texts(self, place: Place) -> Texts:
        if place is Place.LIST:
            return Texts(headings=self._claims.grid.headings)
        if place is not Place.DETAILS:
            return Texts()
        # Pages may fill in the reasons late.
        wanted = same(self._elements.pack.texts.reasons.shipped)
        question = Question(
            "form",
            {"wanted": wanted, "limit": _REASON_MS},
            ("reason", "reason_text", "refuse_button"),
            in_pane=True,
        )
        (form,) = self._elements.ask_all(question)
        reasons = [each["label"] for select in form["selects"] for each in select]
        return Texts(reasons=reasons, buttons=form["buttons"])

    def _picture(self, place: Place) -> bytes | None:
        try:
            about: Literal["form", "list"] = "form" if place is Place.DETAILS else "list"
            return self._camera.picture(about, self._claims.pane.window)
        except QsmBotError as error:
            _log.warning("picture_missing", place=place, error=error.message.en)
            return None


def _keys(place: Place) -> list[str]:
    return [need.key for need in _needs(place)]


def _needs(place: Place) -> list[Needs]:
    return [need for need in NEEDS if need.place is place]


def _findings(
    pack: Pack, place: Place, glances: dict[str, Glance], texts: Texts | None
) -> tuple[Finding, ...]:
    elements = judged_elements(pack, _needs(place), glances)
    return (*elements, *judged_texts(pack, place, texts))
