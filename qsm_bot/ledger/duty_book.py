"""What the book says of duties, and how their ends are written."""

from qsm_bot.domain.duty import Closing, Duty
from qsm_bot.ledger import duties
from qsm_bot.ledger.reader import Reader


class DutyBook(Reader):
    """The part of an open book that is about shipping what was refused."""

    def duties(
        self, shop: str, *, order_no: str | None = None, only_open: bool = False
    ) -> list[Duty]:
        """Return what the shop's refusals oblige it to ship, the first that is due in front."""
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
            return duties.listed(connection, wanted, order_no=order_no, only_open=only_open)

    def overdue(self, shop: str) -> list[Duty]:
        """Return the open duties of the shop's own refusals whose day is over."""
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
            return duties.overdue(connection, wanted, self._database.clock())

    def close_duty(self, shop: str, order_no: str, closing: Closing) -> Duty:
        """Write why an order needs no shipping any more, and return its duty.

        Raises:
            DutyNotOpen: it has no open duty.
        """
        with self._database.writing() as pen:
            return duties.close(pen, self._shop(pen.connection, shop), order_no, closing)

    def reopen_duty(self, shop: str, order_no: str, *, who: str, why: str) -> Duty:
        """Write that an order must be shipped after all, and return its duty.

        Raises:
            DutyNotOpen: it has no closed duty.
        """
        with self._database.writing() as pen:
            wanted = self._shop(pen.connection, shop)
            return duties.reopen(pen, wanted, order_no, who=who, why=why)
