"""Commands on what must be shipped: duty, duty done, duty reopen."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import moment_given, now
from qsm_bot.base.errors.inputs import FileUnwritable, UsageInvalid
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job, raise_if_lost
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup

if TYPE_CHECKING:
    from qsm_bot.render.duty import DutyTable

OrderArgument = Annotated[
    str, typer.Argument(metavar="ORDER", help=t("order number (注文番号)", "注文番号"))
]
NoteOption = Annotated[str, typer.Option("--note", help=t("why", "理由・備考"))]
ByOption = Annotated[
    str | None, typer.Option("--by", help=t("who; default: the user", "担当者（既定: ログイン名）"))
]

_HELP = Words(
    "Show the refused orders that must be shipped.", "拒否後の発送が必要な注文と期限を表示"
)
_DONE = Words(
    "{order}: nothing is left to ship, says {who}.", "{order}: {who} が発送済みと記録しました。"
)
_AGAIN = Words(
    "{order}: must be shipped by {due:%Y-%m-%d %H:%M} JST, says {who}.",
    "{order}: {who} が未発送に戻しました（期限 {due:%Y-%m-%d %H:%M} 日本時間）。",
)
_WRITTEN = Words("Packing list: {path}", "発送リスト: {path}")
_NO_MOMENT = Words(
    "--now {given}: a time such as 2026-01-05T20:00 is expected (JST), or one with its zone",
    "--now {given}: 2026-01-05T20:00（日本時間）のように指定してください",
)
_NO_LIST = Words(
    "--out {path}: a file that ends in {suffixes} is expected",
    "--out {path}: {suffixes} のいずれかを指定してください",
)
_NO_NOTE = Words(
    "--note: write what was done, as the tracking number",
    "--note には、行ったこと（送り状番号など）を書いてください",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    # `command` makes the runner with the common options; here it is the group's own action.
    maker = typer.Typer()
    command(maker, "duty", help=_HELP, over_shops="if asked")(duty)
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t(_HELP.en, _HELP.ja),
        callback=maker.registered_commands[0].callback,
        invoke_without_command=True,
    )
    app.add_typer(group, name="duty")
    command(
        group,
        "done",
        help=Words("Vouch that an order was shipped.", "発送済み（または不要）と記録"),
    )(done)
    command(group, "reopen", help=Words("Take that back.", "発送済みの記録を取り消す"))(reopen)


def duty(
    job: Job,
    ctx: typer.Context,
    moment: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="TIME",
            help=t(
                "2026-01-05T20:00 (JST): as if it were then; records nothing",
                "指定時刻での表示（例: 2026-01-05T20:00、記録しない）",
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=t("packing list: .csv, .xlsx, .html", "発送リスト（.csv .xlsx .html）")),
    ] = None,
) -> int:
    """Show the open duties, unless a command of the group was named."""
    if ctx.invoked_subcommand is not None:
        raise_if_lost(ctx)
        return 0
    if out is not None:
        return _of_shop(job, moment, out)
    return job.for_each_shop(lambda call: _of_shop(call, moment, None))


def _of_shop(job: Job, moment: str | None, out: Path | None) -> int:
    from qsm_bot.cli.wiring.announce import announce_duties
    from qsm_bot.render.duty import closed_lines, duty_document, duty_table

    board = _board(job, _moment(moment), out)
    file = None if out is None else str(out)
    for words in closed_lines(board.closed):
        job.tell(words)
    job.show(duty_document(board, job.lang, file), lambda: duty_table(board, job.lang))
    if out is not None:
        job.say(_WRITTEN.filled(path=out))
    if moment is None:
        announce_duties(job, board.at_risk)
    return board.exit_code


def done(job: Job, order: OrderArgument, note: NoteOption, by: ByOption = None) -> int:
    """Close a duty on a person's word."""
    import flows.duty
    from qsm_bot.cli.wiring.stores import open_whole_ledger

    who = by or getpass.getuser()
    with open_whole_ledger(job.settings) as ledger:
        flows.duty.done(ledger, job.settings.shop, order, who=who, note=_noted(note))
    document = {"order_no": order, "state": "closed", "by": who, "note": note}
    job.show(document, lambda: _DONE.filled(order=order, who=who).say(job.lang))
    return 0


def reopen(job: Job, order: OrderArgument, note: NoteOption, by: ByOption = None) -> int:
    """Open a closed duty again; after that only a person closes it."""
    from qsm_bot.cli.wiring.stores import open_whole_ledger

    who = by or getpass.getuser()
    with open_whole_ledger(job.settings) as ledger:
        found = ledger.reopen_duty(job.settings.shop, order, who=who, why=_noted(note))
    document = {
        "order_no": order,
        "state": found.state(now(), job.settings.duty_warn_hour).value,
        "by": who,
        "note": note,
    }
    job.show(document, lambda: _AGAIN.filled(order=order, who=who, due=found.due).say(job.lang))
    return 0


def _board(job: Job, moment: datetime | None, out: Path | None) -> "DutyTable":
    from flows.duty import duties_now
    from qsm_bot.cli.wiring.stores import load_evidence, open_ledger
    from qsm_bot.domain.duty import EvidenceShipments
    from qsm_bot.render.duty import board_of
    from qsm_bot.render.goods import goods_of
    from qsm_bot.render.packing import SUFFIXES, packing_list

    if out is not None and out.suffix.casefold() not in SUFFIXES:
        raise UsageInvalid(detail=_NO_LIST.filled(path=out, suffixes=" ".join(SUFFIXES)))
    settings, at = job.settings, moment or now()
    evidence = load_evidence(settings)
    sources = (EvidenceShipments(evidence, at),)
    with open_ledger(settings) as ledger:
        duties = duties_now(ledger, settings.shop, sources, write=moment is None)
        goods = goods_of(ledger, settings.shop, (duty.order_no for duty in duties[0]))
    board = board_of(
        settings.shop, duties, evidence, goods, now=at, warn_hour=settings.duty_warn_hour
    )
    if out is not None:
        _write(out, packing_list(board, out.suffix.casefold(), job.lang))
    return board


def _moment(given: str | None) -> datetime | None:
    """Read a time.

    Raises:
        UsageInvalid: it is none.
    """
    try:
        return None if given is None else moment_given(given)
    except ValueError as error:
        raise UsageInvalid(detail=_NO_MOMENT.filled(given=given)) from error


def _noted(note: str) -> str:
    # A line of the inbox, pasted as it is printed, says nothing of what was done.
    if not note.strip(" 　.…・"):
        raise UsageInvalid(detail=_NO_NOTE)
    return note


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileUnwritable(file=path, detail=os_words(error)) from error
