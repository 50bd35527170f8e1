"""Commands that refuse one order, go up to the act, and settle what is unknown.

refuse, rehearse, reconcile.
"""

import getpass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.endings import EvenLateOption, finish
from qsm_bot.cli.program.asking import ask
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.streams import person_is_there
from qsm_bot.cli.wiring.announce import announce
from qsm_bot.domain.request import (
    CancelRequest,
    RefusalReason,
    Refuse,
)

if TYPE_CHECKING:
    from flows.single_refusal import Confirm, SingleRefusal
    from qsm_bot.base.errors.base import QsmBotError
    from qsm_bot.domain.plan import PermitKind

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


_READS = Words("the buyer reads: 「{text}」 ({count})", "お客様への表示:「{text}」（{count}文字）")
_ASK = Words(
    "Refuse {order} for good? The buyer reads the reason at once.",
    "{order} を拒否しますか？取り消せません。理由は直ちにお客様に通知されます。",
)
_ABOUT = Words("Shop: {shop}   Order: {order}", "ショップ: {shop}　注文番号: {order}")
_ITEM = Words("Item: {item}", "商品: {item}")
_WISHES = Words("The buyer's reason: {reason}", "お客様のキャンセル理由: {reason}")
_SENT = Words("The buyer will read: {reason}{text}", "拒否理由（お客様に届きます）: {reason}{text}")
_MEANS = Words("That is true if: {means}", "この理由の条件: {means}")
_ADD_YES = Words("add --yes to refuse {order}", "{order} を拒否するには --yes を付けてください")
_LATE = Words("{trouble} Refuse all the same? {question}", "{trouble} {question}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(
        app, "refuse", help=Words("Refuse one order, by hand.", "1件を拒否"), announces=announce
    )(refuse)
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
        announces=announce,
    )(reconcile)


def refuse(
    job: Job,
    order: OrderArgument,
    reason: ReasonOption,
    text: TextOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=t("do not ask", "確認を省く"))] = False,
    even_late: EvenLateOption = False,
) -> int:
    """Plan, approve and apply the refusal of one order."""
    from qsm_bot.domain.plan import PermitKind

    wish = _wish(job, order, reason, text)
    if not yes:
        if job.as_json or not person_is_there():
            raise UsageInvalid(detail=_ADD_YES.filled(order=order))
        trouble = _too_late(job)
        late = even_late or trouble is not None
        confirm = partial(_ask_about, job, trouble)
        return _by_hand(job, wish, PermitKind.REFUSAL, even_late=late, confirm=confirm)
    return _by_hand(job, wish, PermitKind.REFUSAL, even_late=even_late)


def _ask_about(
    job: Job, trouble: "QsmBotError | None", request: CancelRequest, decision: Refuse
) -> None:
    """Ask, with what the list shows of the order now and what the buyer will read."""
    reason = decision.reason.words
    for words in (
        _ABOUT.filled(shop=job.settings.shop, order=request.order_no),
        _ITEM.filled(item=" ".join(filter(None, (request.item_name, request.option))) or "–"),
        _WISHES.filled(reason=request.buyer_reason or "–"),
        _SENT.filled(reason=reason, text=f" 「{decision.text}」" if decision.text else ""),
        _MEANS.filled(means=decision.reason.means),
    ):
        job.say(words)
    question = _ASK.filled(order=request.order_no)
    if trouble is not None:
        question = _LATE.filled(trouble=trouble.message, question=question)
    ask(question, job.lang)


def rehearse(job: Job, order: OrderArgument, reason: ReasonOption, text: TextOption = None) -> int:
    """Go the whole way for one order, up to the confirm."""
    from qsm_bot.domain.plan import PermitKind

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
    from qsm_bot.cli.wiring.run import open_portal_run

    with open_portal_run(job.settings, job, acts=False) as context:
        result = flows.reconcile.reconcile(context, wait=wait)
        duties = left_by(context, result)
    return finish(job, result, duties)


def _too_late(job: Job) -> "QsmBotError | None":
    """Return why no refusal should be begun now, if anything says so."""
    from flows.duty import in_the_way
    from qsm_bot.cli.wiring.stores import load_shipments, open_ledger

    settings = job.settings
    with open_ledger(settings) as ledger:
        return in_the_way(
            ledger,
            settings.shop,
            hours=settings.shipping_hours,
            now=now(),
            shipments=lambda: load_shipments(settings),
        )


def _wish(job: Job, order: str, reason: RefusalReason, text: str | None) -> "SingleRefusal":
    """Check the text and show what is known: the person vouches for the rest."""
    from flows.single_refusal import SingleRefusal
    from qsm_bot.cli.wiring.stores import load_evidence, text_table
    from qsm_bot.domain.reason_text import page_length
    from qsm_bot.rules.decide import support_lines, text_by_hand

    evidence = load_evidence(job.settings).of(order)
    texts = text_table(job.settings)
    checked = text_by_hand(reason, text, texts, evidence=evidence)
    for words in support_lines(reason, evidence):
        job.tell(words)
    if checked is not None:
        job.tell(_READS.filled(text=checked, count=page_length(checked)))
    return SingleRefusal(
        order_no=order,
        reason=reason,
        text=checked,
        who=getpass.getuser(),
        valid_for=timedelta(minutes=job.settings.plan_minutes),
        evidence=evidence,
        texts=texts,
    )


def _by_hand(
    job: Job,
    wish: "SingleRefusal",
    kind: "PermitKind",
    *,
    even_late: bool = False,
    confirm: "Confirm | None" = None,
) -> int:
    from flows.duty import left_by
    from flows.single_refusal import refuse_single
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.domain.plan import PermitKind

    # A rehearsal sends nothing, which the strict fuse sees to: it needs no consent for the host.
    harmless = kind is PermitKind.REHEARSAL and job.settings.fuse == "strict"
    with open_portal_run(job.settings, job, acts=not harmless, even_late=even_late) as context:
        result = refuse_single(context, wish, kind, confirm)
        duties = left_by(context, result)
    return finish(job, result, duties)
