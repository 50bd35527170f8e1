"""Commands that only look: list, plan, show."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job, writable
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.wiring.announce import announce

if TYPE_CHECKING:
    from qsm_bot.domain.plan import Plan
    from qsm_bot.domain.request import Listing

    _Found = tuple[Listing, Sequence[Words]]
    """What the source lists, and what was not as known."""

PlanArgument = Annotated[
    str,
    typer.Argument(
        metavar="PLAN",
        help=t(
            "the plan's digest (8 or more hex digits) or file", "計画の番号（8桁以上）かファイル"
        ),
    ),
]

_NOTHING = Words("There are no cancel requests.", "キャンセル要請はありません。")
_NEXT = Words(
    "Nothing was refused. To let this plan through: qsm-bot approve {plan}",
    "まだ何も拒否していません。承認するには: qsm-bot approve {plan}",
)
_REST = Words("for people", "拒否しない要請")
NOT_MADE_HERE = Words(
    "This plan was not made here: the ledger does not know it. Look at each line of it.",
    "この計画はここで作られたものではありません（台帳に記録なし）。1行ずつ確認してください。",
)
_ONLY_ASK = Words(
    "None can be refused; {count} need a person to look at them.",
    "拒否できる要請は0件、確認が必要な要請は{count}件です。",
)
_NO_REFUSAL = Words("The rules take none of them.", "ルールで拒否できる要請はありません。")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "list", help=Words("Show the open cancel requests.", "キャンセル要請の一覧"))(
        list_
    )
    command(
        app,
        "plan",
        help=Words(
            "Decide by the rules and record a plan; nothing is refused.",
            "ルールで判定し計画を作る（拒否はしない）",
        ),
        announces=announce,
    )(plan)
    command(app, "show", help=Words("Show a plan.", "計画を表示"))(show)


class By(StrEnum):
    """Who is asked for the list."""

    PORTAL = "portal"
    QAPI = "qapi"


def list_(
    job: Job,
    by: Annotated[
        By,
        typer.Option(help=t("qapi needs no browser", "qapi はブラウザ不要")),
    ] = By.PORTAL,
) -> int:
    """Read and show the open cancel requests."""
    from qsm_bot.render.documents import list_document
    from qsm_bot.render.tables import request_table

    shop = job.settings.shop
    listing, warnings = _by_qapi(job) if by is By.QAPI else _by_portal(job)
    job.show(
        list_document(shop, listing.requests, warnings, job.lang, unreadable=listing.unreadable),
        lambda: request_table(shop, listing.requests, job.lang),
    )
    if not listing.counted:
        job.say(_NOTHING)
        return ExitCode.NOTHING_TO_DO
    return 0


def _by_portal(job: Job) -> "_Found":
    from flows._parts.shop_run import note_drift
    from flows.collect import collect
    from flows.sign_in import sign_in
    from qsm_bot.cli.wiring.run import open_portal_run

    with open_portal_run(job.settings, job, acts=False, alone=False, whole=False) as context:
        sign_in(context)
        listing = collect(context)
        warnings = note_drift(context)
    return listing, warnings


def _by_qapi(job: Job) -> "_Found":
    from flows.detect import detect
    from qsm_bot.cli.wiring.qapi import open_qapi
    from qsm_bot.domain.request import Listing

    with open_qapi(job.settings, job.tell) as api:
        requests = detect(api, now().date())
    listing = Listing(requests=requests, unreadable=(), counted=len(requests), read_at=now())
    return listing, ()


def plan(
    job: Job,
    out: Annotated[
        Path | None, typer.Option(help=t("also write the plan to a file", "計画をファイルにも書く"))
    ] = None,
    rest: Annotated[
        Path | None,
        typer.Option(
            help=t(
                "write what is not refused to FILE.csv or FILE.xlsx",
                "拒否しない要請と、確認が必要な要請の一覧を書く",
            )
        ),
    ] = None,
) -> int:
    """Collect, decide and record a plan."""
    from flows._parts.shop_run import note_drift
    from flows.collect import collect
    from flows.propose import propose
    from flows.sign_in import sign_in
    from qsm_bot.base.tables import write_table
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.cli.wiring.stores import load_evidence
    from qsm_bot.render.rules import rest_rows
    from qsm_bot.rules import load_rules

    rulebook = load_rules(job.settings.rules)
    evidence = load_evidence(job.settings)
    with open_portal_run(job.settings, job, acts=False, alone=False) as context:
        sign_in(context)
        made = propose(
            collect(context),
            rulebook,
            shop=context.shop,
            portal_url=context.portal_url,
            pack=context.pack,
            attempted=context.ledger.taken_orders(context.shop),
            now=now(),
            valid_for=timedelta(minutes=job.settings.plan_minutes),
            evidence_of=evidence.of,
        )
        if out is not None:
            with writable(out) as file:
                file.write(made.to_file_text())
        context.ledger.record_plan(made)
        warnings = note_drift(context)
    if rest is not None:
        write_table(rest, rest_rows(made, job.lang), sheet=_REST.say(job.lang))
    _show_plan(job, made, warnings)
    if made.refuse:
        job.say(_NEXT.filled(plan=made.digest[:12]))
    elif made.ask:
        job.say(_ONLY_ASK.filled(count=len(made.ask)))
    else:
        job.say(_NO_REFUSAL)
    announce(job, made)
    if made.refuse:
        return 0
    return ExitCode.PERSON_NEEDED if made.ask else ExitCode.NOTHING_TO_DO


def show(job: Job, wanted: PlanArgument) -> int:
    """Show a recorded plan, or one in a file."""
    from qsm_bot.cli.wiring.stores import find_plan, open_ledger

    with open_ledger(job.settings) as ledger:
        found, made_here = find_plan(ledger, wanted)
    warn_if_foreign(job, made_here=made_here)
    _show_plan(job, found, () if made_here else (NOT_MADE_HERE,))
    return 0


def warn_if_foreign(job: Job, *, made_here: bool) -> None:
    """Say that a plan does not come from this ledger, if so."""
    if not made_here:
        job.tell(NOT_MADE_HERE)


def _show_plan(job: Job, made: "Plan", warnings: Sequence[Words] = ()) -> None:
    from qsm_bot.render.documents import plan_document
    from qsm_bot.render.tables import plan_table

    job.show(plan_document(made, job.lang, warnings), lambda: plan_table(made, job.lang))
