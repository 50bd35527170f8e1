"""One play of the fault lab: a named fault, one order, what must come out.

A play refuses the first order, reconciles, and may refuse it again; the lab's judge then
compares the portal's journal of requests and effects with the ledger.
"""

from dataclasses import dataclass

from qsm_bot.domain.request import RefusalReason
from tests.faults.conftest import OpenLab
from tests.patience import patient

DONE = "already_refused"
LATE = "late-effect:"


def late_by(fault: str) -> float:
    """Return by how many seconds the effect is late."""
    return float(fault.removeprefix(LATE))


def stretched(fault: str) -> str:
    """Return the fault with an effect so late that the first command has ended by then."""
    return f"{LATE}{patient(late_by(fault))}" if fault.startswith(LATE) else fault


@dataclass(frozen=True)
class Play:
    """One row: what goes wrong, how the three commands end, and what reached the portal.

    `first` and `again` are outcomes, or names of errors; `then` is what reconcile makes of
    it ("" = there was nothing to settle); without `again` it is not tried again. `sent` and
    `done` count refusal requests that reached the server and refusals that took effect,
    after the first command. `settle` is the settle window in seconds, beyond what the faults make
    late.
    """

    row: str
    faults: str
    first: str
    code: int
    sent: int
    done: int
    then: str = ""
    again: str = ""
    text: str | None = None
    others: bool = False
    fuse: str = "strict"
    broken: str = ""
    settle: float = 2

    @property
    def played(self) -> list[str]:
        """The faults; what is late is later still on a slow machine."""
        return [stretched(each) for each in self.faults.split()]

    @property
    def settled(self) -> float:
        """The settle window: on a slow machine, too, it is longer than anything is late."""
        longer = [late_by(each) for each in self.played if each.startswith(LATE)]
        return self.settle + max(longer, default=0)

    @property
    def id(self) -> str:
        """The row's number and the fault, as pytest shows it."""
        return f"{self.row}-{self.faults.replace(' ', '+')}" + (
            "" if self.fuse == "strict" else f"-{self.fuse}"
        )


def run_play(play: Play, open_lab: OpenLab) -> None:
    """Play the row and compare."""
    lab = open_lab(*play.played, fuse=play.fuse, settle_seconds=play.settled)
    order = lab.orders[0]
    lab.broken = set(play.broken.split())
    if play.others:
        lab.others = {order}
    reason = RefusalReason.OTHER if play.text else RefusalReason.SHIPPED

    first = lab.refuse(order, reason, play.text)
    seen = (lab.sent(), len(lab.refused()))
    then = lab.reconcile()

    assert (first.outcomes.get(order, first.error), first.code) == (play.first, play.code)
    assert seen == (play.sent, play.done)
    assert then.outcomes.get(order, then.error or "") == play.then
    if play.again:
        again = lab.refuse(order, reason, play.text)
        assert again.outcomes.get(order, again.error) == play.again
