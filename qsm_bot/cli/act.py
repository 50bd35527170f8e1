"""Commands that act, or go up to the act: apply, refuse, rehearse, reconcile."""

import getpass
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.command import Job, ask, command
from qsm_bot.cli.lang import t
from qsm_bot.cli.look import PlanArgument
from qsm_bot.cli.streams import person_is_there
from qsm_bot.clock import now
from qsm_bot.errors import UsageInvalid
from qsm_bot.model import RefusalReason, RunResult
from qsm_bot.words import Words

if TYPE_CHECKING:
    from flows.by_hand import ByHand
    from qsm_bot.duty import Duty
    from qsm_bot.errors import QsmBotError
    from qsm_bot.plan import PermitKind

OrderArgument = Annotated[
    str, typer.Argument(metavar="ORDER", help=t("order number (注文番号)", "注文番号"))
]
ReasonOption = Annotated[
    RefusalReason,
    typer.Option(
        "--reason",
        help=t(
            "商品発送完了 · 発送準備完了 · 注文制作商品 · その他",
            "商品発送完了・発送準備完了・注文制作商品・その他",
        ),
    ),
]
TextOption = Annotated[
    str | None,
    typer.Option(
        "--text", help=t("text for other, 30 characters or more", "その他の理由文（30文字以上）")
    ),
]

EvenLateOption = Annotated[
    bool,
    typer.Option(
        "--even-late",
        help=t(
            "past the cut-off, or while orders are overdue for shipping",
            "受付締切の後や、期限切れの未発送があっても実行する",
        ),
    ),
]

_READS = Words("the buyer reads: 「{text}」 ({count})", "お客様への表示:「{text}」（{count}文字）")
_NOTHING = Words("There was nothing to do.", "対象はありません。")
_ASK = Words(
    "Refuse {order} for good? The buyer reads the reason at once.",
    "{order} を拒否しますか？取り消せません。理由は直ちにお客様に通知されます。",
)
_ADD_YES = Words("add --yes to refuse {order}", "{order} を拒否するには --yes を付けてください")
_LATE = Words("{trouble} Refuse all the same? {question}", "{trouble} {question}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(
        app,
        "apply",
        help=Words("Refuse what an approved plan says.", "承認済みの計画を実行"),
        announces=True,
    )(apply)
    command(app, "refuse", help=Words("Refuse one order, by hand.", "1件を拒否"), announces=True)(
        refuse
    )
    command(
        app,
        "rehearse",
        help=Words(
            "Every step up to the confirm, which is dismissed.", "確認の直前まで予行（送信しない）"
        ),
    )(rehearse)
    command(
        app,
        "reconcile",
        help=Words("Settle unknown outcomes by looking.", "結果不明を照合で確定"),
        announces=True,
    )(reconcile)


def apply(job: Job, wanted: PlanArgument, even_late: EvenLateOption = False) -> int:
    """Carry out an approved plan."""
    from flows.duty import left_by
    from flows.refuse import apply_plan
    from qsm_bot.cli.parts import find_plan, open_run, open_whole_ledger
    from qsm_bot.rules import load_rules

    with open_whole_ledger(job.settings) as ledger:
        plan = find_plan(ledger, wanted)
    rules = load_rules(job.settings.rules).digest if plan.rules else ""
    with open_run(job.settings, job.tell, acts=True, even_late=even_late, lang=job.lang) as context:
        result = apply_plan(context, plan, rules=rules)
        duties = left_by(context, result)
    return finish(job, result, duties)


def refuse(
    job: Job,
    order: OrderArgument,
    reason: ReasonOption,
    text: TextOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=t("do not ask", "確認を省く"))] = False,
    even_late: EvenLateOption = False,
) -> int:
    """Plan, approve and apply the refusal of one order."""
    from qsm_bot.plan import PermitKind

    wish = _wish(job, order, reason, text)
    if not yes:
        if job.as_json or not person_is_there():
            raise UsageInvalid(detail=_ADD_YES.filled(order=order))
        question, trouble = _ASK.filled(order=order), _too_late(job)
        if trouble is not None:
            question = _LATE.filled(trouble=trouble.message, question=question)
        ask(question.say(job.lang))
        even_late = even_late or trouble is not None
    return _by_hand(job, wish, PermitKind.REFUSAL, even_late=even_late)


def rehearse(job: Job, order: OrderArgument, reason: ReasonOption, text: TextOption = None) -> int:
    """Go the whole way for one order, up to the confirm."""
    from qsm_bot.plan import PermitKind

    return _by_hand(job, _wish(job, order, reason, text), PermitKind.REHEARSAL)


def reconcile(
    job: Job,
    wait: Annotated[
        bool,
        typer.Option(
            help=t(
                "look again once a slow server can no longer act",
                "サーバーの遅れを待って再照合する",
            )
        ),
    ] = True,
) -> int:
    """Settle what is unknown."""
    import flows.reconcile
    from flows.duty import left_by
    from qsm_bot.cli.parts import open_run

    with open_run(job.settings, job.tell, acts=False, lang=job.lang) as context:
        result = flows.reconcile.reconcile(context, wait=wait)
        duties = left_by(context, result)
    return finish(job, result, duties)


def _too_late(job: Job) -> "QsmBotError | None":
    """Return why no refusal should be begun now, if anything says so."""
    from flows.duty import in_the_way
    from qsm_bot.cli.parts import load_shipments, open_ledger

    settings = job.settings
    with open_ledger(settings) as ledger:
        return in_the_way(
            ledger,
            settings.shop,
            hours=settings.shipping_hours,
            now=now(),
            shipments=lambda: load_shipments(settings),
        )


def _wish(job: Job, order: str, reason: RefusalReason, text: str | None) -> "ByHand":
    """Check the text and show what is known: the person vouches for the rest."""
    from flows.by_hand import ByHand
    from qsm_bot.cli.parts import load_evidence, text_table
    from qsm_bot.policy import support_lines, text_by_hand
    from qsm_bot.reason_text import page_length

    evidence = load_evidence(job.settings).of(order)
    texts = text_table(job.settings)
    checked = text_by_hand(reason, text, texts, evidence=evidence)
    for words in support_lines(reason, evidence):
        job.tell(words)
    if checked is not None:
        job.tell(_READS.filled(text=checked, count=page_length(checked)))
    return ByHand(
        order_no=order,
        reason=reason,
        text=checked,
        who=getpass.getuser(),
        valid_for=timedelta(minutes=job.settings.plan_minutes),
        evidence=evidence,
        texts=texts,
    )


def _by_hand(job: Job, wish: "ByHand", kind: "PermitKind", *, even_late: bool = False) -> int:
    from flows.by_hand import refuse_by_hand
    from flows.duty import left_by
    from qsm_bot.cli.parts import open_run
    from qsm_bot.plan import PermitKind

    # A rehearsal sends nothing, which the strict fuse sees to: it needs no consent for the host.
    harmless = kind is PermitKind.REHEARSAL and job.settings.fuse == "strict"
    with open_run(
        job.settings, job.tell, acts=not harmless, even_late=even_late, lang=job.lang
    ) as context:
        result = refuse_by_hand(context, wish, kind)
        duties = left_by(context, result)
    return finish(job, result, duties)


def finish(job: Job, result: RunResult, duties: "Sequence[Duty]") -> int:
    """Show and announce how a run ended, and return its exit code."""
    from qsm_bot.cli.announce import announce
    from qsm_bot.render.documents import run_document
    from qsm_bot.render.duty import ship_lines
    from qsm_bot.render.tables import run_table

    job.show(run_document(result, job.lang), lambda: run_table(result, job.lang))
    if result.error is not None and not job.as_json:
        job.show_error(result.error)
    if not (result.receipts or result.error or result.waiting):
        job.say(_NOTHING)
    for words in ship_lines(duties, now()):
        job.say(words)
    announce(job, result)
    return result.exit_code
