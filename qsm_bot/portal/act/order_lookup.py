"""Looks at one order on the claim page, without touching it: is it open, is it refused?"""

from contextlib import suppress

from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.orders import RowGone
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same
from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.navigation import Navigation
from qsm_bot.portal.pages.rows import parse_rows
from qsm_bot.portal.protocol import OrderStatus
from qsm_bot.portal.selectors.pack import Pack

_log = get_logger(__name__)


class OrderLookup:
    """Looks as the selector pack says: by 選択条件照会, or by the lists behind the counters.

    A search without rows proves nothing, since its period may be short, nor does a state that
    is not known: the lists decide then.
    """

    def __init__(self, claims: ClaimPage, navigation: Navigation, pack: Pack, clock: Clock) -> None:
        self._claims = claims
        self._navigation = navigation
        self._pack = pack
        self._clock = clock
        self._searches = pack.look == "search"

    def look(self, order_no: str) -> OrderStatus:
        """Look at one order from the claim page: see `Portal.look`."""
        if self._searches:
            try:
                found = self._look_by_search(order_no)
            except SelectorDrift as error:
                # What a page at rest does not have, it will not have for the next order either.
                self._searches = False
                _log.warning("search_not_as_known", detail=error.message.en)
            else:
                if found.open or found.refused:
                    return found
        return self._look_by_lists(order_no)

    def _look_by_search(self, order_no: str) -> OrderStatus:
        # Before the reading: what is seen is at least as new as it claims to be.
        at = self._clock()
        self._claims.search_order(order_no)
        table, counters = self._claims.rows_and_counters(*self._pack.texts.counted)
        rows, unreadable = parse_rows(table, self._pack)
        if unreadable or any(row.order_no != order_no for row in rows):
            raise SelectorDrift(element="選択条件照会", detail="it shows other orders")
        states = [row.status for row in rows]
        texts = self._pack.texts
        return OrderStatus(
            order_no=order_no,
            open=any(same(state) in map(same, texts.open_status) for state in states),
            refused=any(same(state) in map(same, texts.refused_status) for state in states),
            status=" / ".join(states),
            counters=counters,
            at=at,
        )

    def _look_by_lists(self, order_no: str) -> OrderStatus:
        at = self._clock()
        self._navigation.open_claims()
        counters = self._claims.counters(*self._pack.texts.counted)
        labels = self._pack.texts.counters
        found: dict[str, bool | None] = {
            label: self._is_listed(label, order_no, count)
            for label, count in counters.items()
            if count
        }
        return OrderStatus(
            order_no=order_no,
            open=found.get(labels.requests, False),
            refused=found.get(labels.refused, False),
            status="",
            counters=counters,
            at=at,
        )

    def _is_listed(self, label: str, order_no: str, counted: int) -> bool | None:
        self._claims.show_list(label)
        if label == self._pack.texts.counters.refused:
            # It may be long: what is in it is found without reading all of it.
            with suppress(RowGone):
                return self._claims.grid.holds(order_no)
        rows, unreadable = parse_rows(self._claims.grid.read(), self._pack)
        listed = any(row.order_no == order_no for row in rows)
        # A row that is missing or unreadable may be the one that is looked for.
        whole = not unreadable and len(rows) == counted
        return listed if listed or whole else None
