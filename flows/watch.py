"""Rounds by the clock: each is begun once, in its window, and never beside another."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qsm_bot.base.clock import JST, Clock
from qsm_bot.domain.schedule import TO_RUN, Fate, Schedule, begins_anew
from qsm_bot.schedule.history import Ending, Line, Page, RoundHistory, lines_of

# The next round would end alike until a person has done something: sign-in, settings, safety.
NEEDS_PERSON = (40, 60, 90)
_NOTHING_DUE, _PERSON = 10, 30
# So often the clock is asked whether the machine has slept meanwhile.
_TICK = timedelta(seconds=1)

Run = Callable[[], Ending]
Wait = Callable[[timedelta], None]
Show = Callable[[Page, datetime | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundsLook:
    """What one look found: every round since the last look, and the one that was run."""

    lines: tuple[Line, ...] = ()

    @property
    def run(self) -> Line | None:
        """The round that was run."""
        return next((line for line in self.lines if line.began is not None), None)

    @property
    def missed(self) -> tuple[Line, ...]:
        """What was missed, if no later round stands for it; else nothing."""
        if self.run is not None:
            return ()
        return tuple(line for line in self.lines if line.fate is Fate.MISSED)

    @property
    def exit_code(self) -> int:
        """The round's; else 30 if rounds were missed, 10 if none was due."""
        ending = self.run.ending if self.run else None
        return ending.exit_code if ending else _PERSON if self.missed else _NOTHING_DUE


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundsByClock:
    """The parts of a watch over one shop's schedule."""

    schedule: Schedule
    book: RoundHistory
    run: Run
    clock: Clock

    def look(self, show: Show | None = None) -> RoundsLook:
        """Judge all rounds since the last look, and run the one that is due, if one is.

        A round is written down before it is begun: if this process is killed, it is not begun
        a second time.

        Args:
            show: called with the page when a round begins.

        Raises:
            EvidenceUnwritable: the page cannot be kept; nothing is begun then.
        """
        now = self.clock().astimezone(JST)
        page = self.book.read()
        slots = self.schedule.judge(since=page.seen, now=now, busy=page.busy)
        lines = lines_of(slots)
        if not lines:
            if begins_anew(page.seen, now):
                self.book.write(page.told((), now))
            return RoundsLook()
        due = next((line for line in lines if line.fate in TO_RUN), None)
        if due is None:
            self.book.write(page.told(lines, now))
            return RoundsLook(lines=lines)
        begun = replace(due, began=now)
        rest = tuple(line for line in lines if line is not due)
        page = page.told((*rest, begun), now)
        self.book.write(page)
        if show is not None:
            show(page, self.schedule.after(now))
        return RoundsLook(lines=(*rest, self._run(page, begun)))

    def _run(self, page: Page, begun: Line) -> Line:
        ending = self.run()
        done = replace(begun, ended=self.clock().astimezone(JST), ending=ending)
        self.book.write(page.ended(done))
        return done

    def watch(
        self,
        *,
        stop: Callable[[], bool],
        wait: Wait,
        show: Show,
        report: Callable[[RoundsLook], None],
        ends_on: Collection[int] = NEEDS_PERSON,
    ) -> int | None:
        """Look again and again until asked to stop, or until only a person can help.

        Args:
            stop: whether to end; asked between two looks.
            wait: lets that much time pass.
            show: shows the newest page and the next round.
            report: takes each look that found something.
            ends_on: exit codes of a round after which there is no other.

        Returns:
            The exit code of the round that was the last; None = asked to stop.

        Raises:
            EvidenceUnwritable: the page cannot be kept.
        """
        looked: datetime | None = None
        coming: datetime | None = None
        while not stop():
            # However long the machine has slept, its clock says it now.
            now = self.clock()
            if begins_anew(looked, now) or (coming is not None and now >= coming):
                look = self.look(show)
                if look.lines:
                    report(look)
                looked = self.clock()
                coming = self.schedule.after(looked)
                show(self.book.read(), coming)
                ending = look.run.ending if look.run else None
                if ending and ending.exit_code in ends_on:
                    return ending.exit_code
            wait(_TICK)
        return None
