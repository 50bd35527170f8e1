"""Looks at one order on the claim page, without touching it: is it open, is it refused?"""

from qsm_bot.clock import Clock
from qsm_bot.errors import SelectorDrift
from qsm_bot.log import get_logger
from qsm_bot.portal.door import Door
from qsm_bot.portal.grid import parse_rows
from qsm_bot.portal.pack import Pack
from qsm_bot.portal.pages import ClaimPage
from qsm_bot.portal.protocol import Sighting
from qsm_bot.words import same

_log = get_logger(__name__)


class Lookout:
    """Looks as the selector pack says: by 選択条件照会, or by the lists behind the counters."""

    def __init__(self, claims: ClaimPage, door: Door, pack: Pack, clock: Clock) -> None:
        self._claims = claims
        self._door = door
        self._pack = pack
        self._clock = clock

    def look(self, order_no: str) -> Sighting:
        """Look at one order from the claim page: see `Portal.look`."""
        if self._pack.look == "search":
            try:
                return self._look_by_search(order_no)
            except SelectorDrift as error:
                _log.warning("search_not_as_known", detail=error.message.en)
        return self._look_by_lists(order_no)

    def _look_by_search(self, order_no: str) -> Sighting:
        # Before the reading: what is seen is at least as new as it claims to be.
        at = self._clock()
        self._claims.search_order(order_no)
        table, counters = self._claims.rows_and_counters(*self._pack.texts.counted)
        rows, unreadable = parse_rows(table, self._pack)
        if unreadable or any(row.order_no != order_no for row in rows):
            raise SelectorDrift(element="選択条件照会", detail="it shows other orders")
        states = [row.status for row in rows]
        texts = self._pack.texts
        return Sighting(
            order_no=order_no,
            open=any(same(state) in map(same, texts.open_status) for state in states),
            refused=any(same(state) in map(same, texts.refused_status) for state in states),
            status=" / ".join(states),
            counters=counters,
            at=at,
        )

    def _look_by_lists(self, order_no: str) -> Sighting:
        at = self._clock()
        self._door.open_claims()
        counters = self._claims.counters(*self._pack.texts.counted)
        labels = self._pack.texts.counters
        found: dict[str, bool | None] = {
            label: self._is_listed(label, order_no, count)
            for label, count in counters.items()
            if count
        }
        return Sighting(
            order_no=order_no,
            open=found.get(labels.requests, False),
            refused=found.get(labels.refused, False),
            status="",
            counters=counters,
            at=at,
        )

    def _is_listed(self, label: str, order_no: str, counted: int) -> bool | None:
        self._claims.show_list(label)
        rows, unreadable = parse_rows(self._claims.grid.read(), self._pack)
        listed = any(row.order_no == order_no for row in rows)
        # A row that is missing or unreadable may be the one that is looked for.
        whole = not unreadable and len(rows) == counted
        return listed if listed or whole else None
