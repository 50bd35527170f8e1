"""The command watch: rounds by the clock, in the foreground or called by a timer."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.wiring.announce import ALL_SHOPS, announce

if TYPE_CHECKING:
    from rich.live import Live

    from flows.watch import RoundsByClock, RoundsLook
    from qsm_bot.base.stopping import StopSign
    from qsm_bot.schedule.history import Page, RoundHistory

AllShopsOption = Annotated[
    bool, typer.Option("--all-shops", help=t("rounds of all shops", "全ショップの回"))
]
_STOPPING = Words(
    "asked to stop: the round at hand is finished first (Ctrl-C again asks it to end early)",
    "停止の指示を受けました。実行中の回が終わってから止まります（もう一度 Ctrl-C で早めに終了）",
)
_STOPPING_IDLE = Words(
    "asked to stop: no round is at hand", "停止の指示を受けました（実行中の回はありません）"
)
_HELD = Words(
    "Another watch is at it; nothing was begun.", "別の watch が動作中のため何もしません。"
)
_NONE_DUE = Words("No round is due. {next}", "実行する回はありません。{next}")
_ENDED = Words(
    "The last round ended with {code}; the next would end alike. See to it, then start again.",
    "終了コード {code} のため停止しました。原因を解決してから再開してください。",
)
_NOTHING, _STOPPED = 10, 20
_MEANWHILE_EVERY = timedelta(minutes=1)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "watch",
        help=Words(
            "Rounds by the clock until Ctrl-C; a round is `qsm-bot run`.",
            "予定の時刻ごとに `qsm-bot run` を実行（Ctrl-C で終了）",
        ),
        announces=announce,
    )(watch)


def watch(
    job: Job,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="STEP", help=t("such as 15m; else by the settings", "間隔（例: 15m）")
        ),
    ] = None,
    once: Annotated[
        bool,
        typer.Option("--once", help=t("only the round that is due; for timers", "今の回だけ実行")),
    ] = False,
    all_shops: AllShopsOption = False,
) -> int:
    """Run rounds when they are due."""
    from qsm_bot.base.shop_lock import shop_lock
    from qsm_bot.base.stopping import STOP_FILE, StopSign

    folder = job.settings.data_dir
    pause = Pause(partial(_raise_duty_alarms, job))
    stop = StopSign(folder / STOP_FILE)
    rounds = _rounds(job, _step(every), stop if once else _never, all_shops=all_shops)
    try:
        with (
            shop_lock(
                folder / "schedule",
                _key_of(job, all_shops=all_shops),
                called=shop_of(job, all_shops=all_shops),
            ),
            stop.heeding_signals(lambda: pause.stopping.say(job.lang)),
        ):
            if once:
                return _once(job, rounds, all_shops=all_shops)
            return _watch(job, rounds, stop, pause, all_shops=all_shops)
    except ShopBusy as busy:
        if not once:
            raise
        job.show({"busy": busy.facts["holder"]}, lambda: _HELD.say(job.lang))
        return _NOTHING


def shop_of(job: Job, *, all_shops: bool) -> str:
    """Return what people call those whose rounds they are."""
    return ALL_SHOPS if all_shops else job.settings.shop


def book_of(job: Job, *, all_shops: bool) -> "RoundHistory":
    """Return where the rounds are kept."""
    from qsm_bot.cli.wiring.stores import data_folder
    from qsm_bot.schedule.history import RoundHistory

    folder = data_folder(job.settings) / "schedule"
    return RoundHistory(folder, _key_of(job, all_shops=all_shops))


def _key_of(job: Job, *, all_shops: bool) -> str:
    return ALL_SHOPS if all_shops else job.settings.identity.key


def _rounds(
    job: Job, step: timedelta | None, end_early: Callable[[], bool], *, all_shops: bool
) -> "RoundsByClock":
    from flows.watch import RoundsByClock
    from qsm_bot.cli.commands.run import longest_round
    from qsm_bot.schedule.round_process import RoundProcess

    book = book_of(job, all_shops=all_shops)
    words = [*job.same_settings(), *(["--all-shops"] if all_shops else [])]
    call = (sys.executable, "-m", "qsm_bot", "run", "--json", *words)
    return RoundsByClock(
        schedule=job.settings.schedule(step),
        book=book,
        run=RoundProcess(
            call,
            book.log,
            seconds=longest_round(job, all_shops=all_shops),
            end_early=end_early,
        ),
        clock=now,
    )


def _once(job: Job, rounds: "RoundsByClock", *, all_shops: bool) -> int:
    from qsm_bot.render.rounds import line_words, next_words, rounds_document, trouble_lines

    look = rounds.look()
    _raise_duty_alarms(job)
    coming = rounds.schedule.after(now())
    _report(job, look)
    shop = shop_of(job, all_shops=all_shops)
    document = rounds_document(shop, look.lines, coming, job.lang) | {"exit_code": look.exit_code}
    # Where nobody looks, as under cron, this is what is mailed; a good round is silent there.
    for words in trouble_lines(shop, rounds.book.read(), look.run, coming) if look.run else ():
        job.tell(words)
    lines = [line_words(line).say(job.lang) for line in look.lines]
    none_due = _NONE_DUE.filled(next=next_words(coming)).say(job.lang)
    job.show(document, lambda: "\n".join(lines) or none_due)
    return look.exit_code


def _watch(
    job: Job, rounds: "RoundsByClock", stop: "StopSign", pause: "Pause", *, all_shops: bool
) -> int:
    from flows.watch import NEEDS_PERSON
    from qsm_bot.render.rounds import line_words, rounds_document, rounds_table

    shop = shop_of(job, all_shops=all_shops)
    with _live(job) as live:

        def show(page: "Page", coming: datetime | None) -> None:
            if live is not None:
                live.update(rounds_table(shop, page, coming, job.lang), refresh=True)

        def report(look: "RoundsLook") -> None:
            _report(job, look)
            for line in look.lines if live is None else ():
                job.tell(line_words(line))

        code = rounds.watch(
            stop=stop,
            wait=pause,
            show=show,
            report=report,
            # One shop's trouble does not end the others' rounds.
            ends_on=() if all_shops else NEEDS_PERSON,
        )
    ended = _STOPPED if code is None else code
    lines, coming = rounds.book.read().lines, rounds.schedule.after(now())
    if job.as_json:
        job.show(rounds_document(shop, lines, coming, job.lang) | {"exit_code": ended}, str)
    if code is not None:
        job.tell(_ENDED.filled(code=code))
    return ended


@contextmanager
def _live(job: Job) -> "Iterator[Live | None]":
    if job.as_json or not sys.stdout.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(highlight=False, markup=False), auto_refresh=False) as live:
        yield live


def _report(job: Job, look: "RoundsLook") -> None:
    from qsm_bot.cli.wiring.announce import announce_missed_rounds

    missed = look.missed
    if missed:
        count = sum(line.count for line in missed)
        announce_missed_rounds(job, count=count, first=missed[0].first, last=missed[-1].last)


def _raise_duty_alarms(job: Job) -> None:
    """Tell of duties at risk in each shop, also when no round is due."""
    from qsm_bot.cli.wiring.duty_alarms import raise_duty_alarms
    from qsm_bot.config.settings_file import load_settings

    names = job.settings.shops_left_open
    for settings in [load_settings(job.config, name) for name in names] or [job.settings]:
        raise_duty_alarms(settings, job.lang, job.tell)


def _step(every: str | None) -> timedelta | None:
    from qsm_bot.domain.schedule import span_given

    try:
        return span_given(every)
    except ValueError as error:
        raise UsageInvalid(detail=f"--every {every}: {error}") from None


class Pause:
    """Lets time pass between two looks, and knows that no round is at hand then."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._lasts = False
        self._meanwhile = meanwhile
        self._done_at = now()

    @property
    def stopping(self) -> Words:
        """What to say of a wish to stop that comes now."""
        return _STOPPING_IDLE if self._lasts else _STOPPING

    def __call__(self, span: timedelta) -> None:
        """Let that much time pass; what is to be done meanwhile is done every minute."""
        if now() - self._done_at >= _MEANWHILE_EVERY:
            self._done_at = now()
            self._meanwhile()
        self._lasts = True
        # A second Ctrl-C while no round is at hand has nothing to end early.
        with suppress(KeyboardInterrupt):
            # Between rounds there is no page to wait at, and nothing to wait for but the time.
            time.sleep(span.total_seconds())
        self._lasts = False


def _never() -> bool:
    return False
