"""Commands that only look: list, plan, show, approve."""

import getpass
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.cli.command import Job, command, writable
from qsm_bot.cli.lang import t
from qsm_bot.clock import now
from qsm_bot.model import CancelRequest
from qsm_bot.plan import Plan
from qsm_bot.words import Words

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
_REST = Words("for people", "要対応")
_NO_REFUSAL = Words("The rules take none of them.", "ルールに該当する要請はありません。")
_APPROVED = Words(
    "{who} approved {plan} until {until:%Y-%m-%d %H:%M} JST. Next: qsm-bot apply {plan}",
    "{who} が {plan} を承認しました（{until:%Y-%m-%d %H:%M} JST まで）。次: qsm-bot apply {plan}",
)
_NOTHING_TO_DO = 10


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
        announces=True,
    )(plan)
    command(app, "show", help=Words("Show a plan.", "計画を表示"))(show)
    command(app, "approve", help=Words("Let a plan through.", "計画を承認"))(approve)


_Found = tuple[Sequence[CancelRequest], int, Sequence[Words]]
"""The requests, how many the source counts, and what was not as known."""


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
    requests, counted, warnings = _by_qapi(job) if by is By.QAPI else _by_portal(job)
    job.show(
        list_document(shop, requests, warnings, job.lang),
        lambda: request_table(shop, requests, job.lang),
    )
    if not counted:
        job.say(_NOTHING)
        return _NOTHING_TO_DO
    return 0


def _by_portal(job: Job) -> _Found:
    from flows.collect import collect
    from flows.context import note_drift
    from flows.sign_in import sign_in
    from qsm_bot.cli.parts import open_run

    with open_run(job.settings, job.tell, acts=False, alone=False, whole=False) as context:
        sign_in(context)
        listing = collect(context)
        warnings = note_drift(context)
    return listing.requests, listing.counted, warnings


def _by_qapi(job: Job) -> _Found:
    from flows.detect import detect
    from qsm_bot.cli.qapi import open_qapi

    with open_qapi(job.settings, job.tell) as api:
        requests = detect(api, now().date())
    return requests, len(requests), ()


def plan(
    job: Job,
    out: Annotated[
        Path | None, typer.Option(help=t("also write the plan to a file", "計画をファイルにも書く"))
    ] = None,
    rest: Annotated[
        Path | None,
        typer.Option(
            help=t(
                "write what is not refused to FILE.csv or FILE.xlsx", "対象外・要確認の一覧を書く"
            )
        ),
    ] = None,
) -> int:
    """Collect, decide and record a plan."""
    from flows.collect import collect
    from flows.context import note_drift
    from flows.propose import propose
    from flows.sign_in import sign_in
    from qsm_bot.cli.announce import announce
    from qsm_bot.cli.parts import load_evidence, open_run
    from qsm_bot.render.rules import rest_rows
    from qsm_bot.rules import load_rules
    from qsm_bot.spreadsheet import write_table

    rulebook = load_rules(job.settings.rules)
    evidence = load_evidence(job.settings)
    with open_run(job.settings, job.tell, acts=False, alone=False) as context:
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
    job.say(_NEXT.filled(plan=made.digest[:12]) if made.refuse else _NO_REFUSAL)
    announce(job, made)
    return 0 if made.refuse else _NOTHING_TO_DO


def show(job: Job, wanted: PlanArgument) -> int:
    """Show a recorded plan, or one in a file."""
    from qsm_bot.cli.parts import find_plan, open_ledger

    with open_ledger(job.settings) as ledger:
        _show_plan(job, find_plan(ledger, wanted))
    return 0


def approve(
    job: Job,
    wanted: PlanArgument,
    by: Annotated[
        str | None,
        typer.Option(help=t("who approves; default: the user", "承認者（既定: ログイン名）")),
    ] = None,
) -> int:
    """Record the approval of a plan."""
    import flows.approve
    from qsm_bot.cli.parts import find_plan, open_whole_ledger

    with open_whole_ledger(job.settings) as ledger:
        approval = flows.approve.approve(
            ledger, find_plan(ledger, wanted), who=by or getpass.getuser(), now=now()
        )
    document = {
        "schema": 1,
        "plan": approval.plan,
        "approved_by": approval.who,
        "until": approval.until.isoformat(),
    }
    said = _APPROVED.filled(who=approval.who, plan=approval.plan[:12], until=approval.until)
    job.show(document, lambda: said.say(job.lang))
    return 0


def _show_plan(job: Job, made: Plan, warnings: Sequence[Words] = ()) -> None:
    from qsm_bot.render.documents import plan_document
    from qsm_bot.render.tables import plan_table

    job.show(plan_document(made, job.lang, warnings), lambda: plan_table(made, job.lang))
