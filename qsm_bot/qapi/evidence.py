"""What QAPI knows of shipments, as a source of evidence."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.evidence.protocol import EvidenceSet, SourceReport
from qsm_bot.qapi.answers import ShipmentRow
from qsm_bot.qapi.client import QapiClient

_READ = Words("orders of the last {days} days", "直近 {days} 日の注文")


class QapiEvidence:
    """Orders that are on their way or delivered; the API says nothing of the others here.

    Args:
        name: of the source, for people.
        days: how far back the orders were made, 1 to 89.
        open_client: opens the client.
        words: what the API's values mean; `sent` are the shipping states that are asked for.
    """

    def __init__(
        self,
        name: str,
        days: int,
        open_client: Callable[[], AbstractContextManager[QapiClient]],
        words: ClaimWords,
    ) -> None:
        self._name = name
        self._days = days
        self._open_client = open_client
        self._words = words

    @property
    def name(self) -> str:
        """What the source is called."""
        return self._name

    def load(self, now: datetime) -> EvidenceSet:
        """Ask the API: see `EvidenceSource.load`."""
        today = now.astimezone(JST).date()
        first = today - timedelta(days=self._days - 1)
        with self._open_client() as client:
            rows = [
                row for state in self._words.sent for row in client.shipments(state, first, today)
            ]
        found: dict[str, Evidence] = {}
        for row in rows:
            facts = self._facts(row)
            known = found.get(row.order_no)
            found[row.order_no] = known.merged(facts) if known else facts
        report = SourceReport(
            name=self._name, read=_READ.filled(days=self._days), rows=len(rows), orders=len(found)
        )
        return EvidenceSet(reports=(report,), by_order=found)

    def _facts(self, row: ShipmentRow) -> Evidence:
        source = Source(file=self._name)

        def text(value: str) -> Known[str]:
            return Known(facts=(Fact(value=value, source=source),) if value else ())

        day = row.shipped_on
        return Evidence(
            tracking_no=text(row.tracking),
            carrier=text(row.carrier),
            shipping_status=text(row.shipping),
            shipped_on=Known(facts=(Fact(value=day, source=source),) if day else ()),
        )
