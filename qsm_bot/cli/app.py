"""The program's commands, and the one door through which every call comes in and goes out."""

from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from qsm_bot import __version__
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.cli.commands import (
    accept,
    approve,
    board,
    calibrate,
    capture,
    demo,
    doctor,
    duty,
    evidence,
    history,
    inbox,
    init,
    ledger,
    metrics,
    notify,
    plan,
    portal,
    purge,
    refuse,
    rules,
    schedule,
    ship,
    sign_in,
    standing_order,
    watch,
)
from qsm_bot.cli.commands import run as rounds
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup, call_of, usage_words

app = typer.Typer(
    name="qsm-bot",
    add_completion=False,
    cls=OurGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=t(
        "Refuses cancel requests on a J·QSM seller portal: at most once, proven, with evidence.",
        "J・QSM のキャンセル要請を拒否します。1件につき送信は最大1回、証拠付き。",
    ),
)


def _show_version(value: bool) -> None:  # Typer calls it with the flag
    if value:
        typer.echo(f"qsm-bot {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: bool = typer.Option(  # a flag is what it is
        False,
        "--version",
        callback=_show_version,
        is_eager=True,
        help=t("print the version", "版を表示"),
    ),
) -> None:
    """Nothing of its own: the commands take all options."""


board.register(app)
demo.register(app)
init.register(app)
doctor.register(app)
sign_in.register(app)
calibrate.register(app)
plan.register(app)
approve.register(app)
refuse.register(app)
rounds.register(app)
standing_order.register(app)
watch.register(app)
schedule.register(app)
ship.register(app)
history.register(app)
duty.register(app)
rules.register(app)
inbox.register(app)
notify.register(app)
ledger.register(app)
purge.register(app)
metrics.register(app)
evidence.register(app)
capture.register(app)
portal.register(app)
accept.register(app)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return the exit code; no error leaves as a traceback."""
    as_json = "--json" in argv
    try:
        code = app(list(argv) or ["--help"], standalone_mode=False)
    except TyperException as error:
        detail = error.format_message() if hasattr(error, "format_message") else str(error)
        wrong = UsageInvalid(detail=usage_words(detail))
        return Job(as_json=as_json).fail(wrong.of_call(call_of(getattr(error, "ctx", None))))
    except (KeyboardInterrupt, typer.Abort):
        return Job(as_json=as_json).fail(QsmBotError(detail="interrupted"))
    except QsmBotError as error:
        return Job(as_json=as_json).fail(error)
    except Exception as error:  # noqa: BLE001  # the last border: a person gets a sentence
        return _internal(error, as_json=as_json)
    return int(code or 0)


def _internal(error: Exception, *, as_json: bool) -> int:
    from qsm_bot.base.log import get_logger

    # The traceback is for whoever asked for it with --verbose.
    get_logger(__name__).info("internal_error", exc_info=error)
    return Job(as_json=as_json).fail(QsmBotError(detail=f"{type(error).__name__}: {error}"))
