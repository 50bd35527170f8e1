"""Drift: what a run meets that is not as the selector pack and the last walk knew it."""

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.log import get_logger
from qsm_bot.domain.page_fingerprint import Change, Drift, PageFingerprint, PlaceNames, compare
from qsm_bot.portal.protocol import Portal
from qsm_bot.portal.selectors.pack import PortalPage

_log = get_logger(__name__)


class DriftWatch:
    """Compares each place with the page contract of the last walk, once.

    Without a contract (`known` is None) nothing is read.
    """

    def __init__(self, known: PageFingerprint | None = None) -> None:
        self._known = known
        self._seen: dict[str, PlaceNames] = {}

    def look(self, portal: Portal, place: PortalPage) -> None:
        """Read the names of the place that stands open, if they were not read before."""
        if self._known is None or place in self._seen or place not in self._known.places:
            return
        try:
            self._seen[place] = portal.names(place)
        except QsmBotError as error:
            # A warning less: what the run itself needs of the page, it checks itself.
            _log.warning("names_not_read", place=place, error=error.message.en)

    def found(self, portal: Portal) -> Drift:
        """Return what there is to warn of so far."""
        changes: tuple[Change, ...] = ()
        if self._known is not None:
            changes = compare(self._known, PageFingerprint(self._seen))
        return Drift(tuple(sorted(portal.fallbacks())), changes)
