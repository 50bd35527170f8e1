"""The command watch: rounds by the clock, in the foreground or called by a timer."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.command import Job, command
from qsm_bot.cli.lang import t
from qsm_bot.clock import now
from qsm_bot.errors import ShopBusy, UsageInvalid
from qsm_bot.words import Words

if TYPE_CHECKING:
    from rich.live import Live

    from flows.rounds import Look, Rounds
    from qsm_bot.rounds import Page, RoundBook
    from qsm_bot.stopping import StopSign

AllShopsOption = Annotated[
    bool, typer.Option("--all-shops", help=t("rounds of all shops", "全ショップの回"))
]
ALL_SHOPS = "all shops"

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


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "watch",
        help=Words(
            "Rounds by the clock until Ctrl-C; a round is `qsm-bot run`.",
            "予定の時刻ごとに `qsm-bot run` を実行（Ctrl-C で終了）",
        ),
        announces=True,
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
    from qsm_bot.shop_lock import shop_lock
    from qsm_bot.stopping import STOP_FILE, StopSign

    folder = job.settings.data_dir
    pause = Pause()
    stop = StopSign(folder / STOP_FILE)
    rounds = _rounds(job, _step(every), stop if once else _never, all_shops=all_shops)
    try:
        with (
            shop_lock(folder / "schedule", shop_of(job, all_shops=all_shops)),
            stop.heeding_signals(lambda: pause.stopping.say(job.lang)),
        ):
            if once:
                return _once(job, rounds)
            return _watch(job, rounds, stop, pause, all_shops=all_shops)
    except ShopBusy as busy:
        if not once:
            raise
        job.show({"schema": 1, "busy": busy.facts["holder"]}, lambda: _HELD.say(job.lang))
        return _NOTHING


def shop_of(job: Job, *, all_shops: bool) -> str:
    """Return under which name the rounds are kept."""
    return ALL_SHOPS if all_shops else job.settings.shop


def book_of(job: Job, *, all_shops: bool) -> "RoundBook":
    """Return where the rounds are kept."""
    from qsm_bot.cli.parts import data_folder
    from qsm_bot.rounds import RoundBook

    folder = data_folder(job.settings) / "schedule"
    return RoundBook(folder, shop_of(job, all_shops=all_shops))


def _rounds(
    job: Job, step: timedelta | None, end_early: Callable[[], bool], *, all_shops: bool
) -> "Rounds":
    from flows.rounds import Rounds
    from qsm_bot.cli.rounds import longest_round
    from qsm_bot.round_process import RoundProcess

    book = book_of(job, all_shops=all_shops)
    words = [*job.same_settings(), *(["--all-shops"] if all_shops else [])]
    call = (sys.executable, "-m", "qsm_bot", "run", "--json", *words)
    return Rounds(
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


def _once(job: Job, rounds: "Rounds") -> int:
    from qsm_bot.render.rounds import line_words, next_words, rounds_document

    look = rounds.look()
    coming = rounds.schedule.after(now())
    _report(job, look)
    shop = job.settings.shop
    document = rounds_document(shop, look.lines, coming, job.lang) | {"exit_code": look.exit_code}
    lines = [line_words(line).say(job.lang) for line in look.lines]
    none_due = _NONE_DUE.filled(next=next_words(coming)).say(job.lang)
    job.show(document, lambda: "\n".join(lines) or none_due)
    return look.exit_code


def _watch(job: Job, rounds: "Rounds", stop: "StopSign", pause: "Pause", *, all_shops: bool) -> int:
    from flows.rounds import NEEDS_PERSON
    from qsm_bot.render.rounds import line_words, rounds_document, rounds_table

    shop = shop_of(job, all_shops=all_shops)
    with _live(job) as live:

        def show(page: "Page", coming: datetime | None) -> None:
            if live is not None:
                live.update(rounds_table(shop, page, coming, job.lang), refresh=True)

        def report(look: "Look") -> None:
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

    with Live(console=Console(highlight=False), auto_refresh=False) as live:
        yield live


def _report(job: Job, look: "Look") -> None:
    from qsm_bot.cli.announce import announce_missed_rounds

    missed = look.missed
    if missed:
        count = sum(line.count for line in missed)
        announce_missed_rounds(job, count=count, first=missed[0].first, last=missed[-1].last)


def _step(every: str | None) -> timedelta | None:
    from qsm_bot.schedule import span_given

    try:
        return span_given(every)
    except ValueError as error:
        raise UsageInvalid(detail=f"--every {every}: {error}") from None


class Pause:
    """Lets time pass between two looks, and knows that no round is at hand then."""

    def __init__(self) -> None:
        self._lasts = False

    @property
    def stopping(self) -> Words:
        """What to say of a wish to stop that comes now."""
        return _STOPPING_IDLE if self._lasts else _STOPPING

    def __call__(self, span: timedelta) -> None:
        """Let that much time pass."""
        self._lasts = True
        # A second Ctrl-C while no round is at hand has nothing to end early.
        with suppress(KeyboardInterrupt):
            time.sleep(span.total_seconds())
        self._lasts = False


def _never() -> bool:
    return False
