"""Commands that let a plan through and carry it out: approve, apply."""

import getpass
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.endings import EvenLateOption, finish
from qsm_bot.cli.commands.plan import PlanArgument, warn_if_foreign
from qsm_bot.cli.program.asking import ask, ask_for_name, name_of, named_in
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.streams import person_reads_and_types
from qsm_bot.cli.wiring.announce import announce

if TYPE_CHECKING:
    from qsm_bot.domain.plan import Approval, Plan
    from qsm_bot.rules import RuleBook

_APPROVED = Words(
    "{who} approved {plan} until {until:%Y-%m-%d %H:%M} JST. Next: qsm-bot apply {plan}",
    "{who} が {plan} を承認しました（{until:%Y-%m-%d %H:%M} JST まで）。次: qsm-bot apply {plan}",
)
_NOTHING_LEFT = Words(
    "No order is left in {plan}, so there is nothing to refuse.",
    "{plan} に拒否する注文は残っていません。何も送信しません。",
)
_EARLIER = Words(
    "{who} had approved it before, on {at:%Y-%m-%d %H:%M} JST; the newest name counts.",
    "先に {who} が承認しています（{at:%Y-%m-%d %H:%M} JST）。新しい方のお名前で記録します。",
)

_ROW = Words(
    "{order}  {item}\n    the buyer's reason: {wish}\n    the buyer will read: {reason}{text}\n"
    "    that is true if: {means}",
    "{order}  {item}\n    お客様のキャンセル理由: {wish}\n"
    "    拒否理由（お客様に届きます）: {reason}{text}\n    この理由の条件: {means}",
)
_WHY = Words("    why: {why}", "    根拠: {why}")
_WARNING = Words("    note: {why}", "    注意: {why}")
_NOT_SHOWN = Words("not shown; see QSM", "表示していません（QSMでご確認ください）")
_NO_NAME = Words("--by is no name.", "--by には承認する方のお名前を入れてください。")
_ASK_WHO = Words("Who approves", "承認する方のお名前")
_ASK = Words(
    "{shop}: approve these {count} refusals? `qsm-bot apply` then sends them, and none can be "
    "taken back.",
    "{shop}: この{count}件の拒否を承認しますか？ `qsm-bot apply` で送信され、取り消せません。",
)
_BEGUN = Words(
    "Too late to leave out {orders}: its refusal has begun already or is done. "
    "See `qsm-bot history`.",
    "注文 {orders} は拒否がすでに始まっているか完了しているため、外せませんでした。"
    "`qsm-bot history` で確認してください。",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "approve", help=Words("Let a plan through.", "計画を承認"))(approve)
    command(
        app,
        "apply",
        help=Words("Refuse what an approved plan says.", "承認済みの計画を実行"),
        announces=announce,
    )(apply)


def approve(
    job: Job,
    wanted: PlanArgument,
    by: Annotated[
        str | None,
        typer.Option(
            help=t(
                "who approves; asked for on a terminal, else the user",
                "承認者（端末では質問、それ以外はログイン名）",
            )
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORDER",
            help=t(
                "leave this order out, which makes another plan; may be repeated",
                "この注文を外して別の計画として承認（複数指定可）",
            ),
        ),
    ] = None,
) -> int:
    """Record the approval of a plan."""
    import flows.approve
    from qsm_bot.cli.wiring.stores import find_plan, open_whole_ledger
    from qsm_bot.rules.decide import raise_if_plan_over

    leave = named_in(without)
    with open_whole_ledger(job.settings) as ledger:
        plan, made_here = find_plan(ledger, wanted)
        ledger.raise_if_replaced((plan.without(leave) if leave else plan).digest)
    warn_if_foreign(job, made_here=made_here)
    book = _rules_for(job, plan)
    who = None if by is None else name_of(by)
    if who == "":
        raise UsageInvalid(detail=_NO_NAME)
    plan.raise_if_other_rules(book.digest)
    raise_if_plan_over(book, plan)
    left = flows.approve.to_approve(plan, now=now(), without=leave)
    if left.refuse and person_reads_and_types() and not job.as_json:
        # Nothing is held open while a person thinks.
        who = _asked(job, left, who)
    with open_whole_ledger(job.settings) as ledger:
        ledger.record_plan(plan)
        earlier = ledger.approval(left.digest)
        approval = flows.approve.approve(
            ledger, plan, who=who or getpass.getuser(), now=now(), without=leave
        )
        # Read after it is written: of a run that is at it, one of the two sees the other.
        taken = ledger.taken_orders(plan.shop) if leave else {}
    begun = sorted(taken.keys() & set(leave))
    if begun:
        job.tell(_BEGUN.filled(orders=" ".join(begun)))
    if earlier and earlier.who != approval.who:
        job.tell(_EARLIER.filled(who=earlier.who, at=earlier.at))
    _show(job, left, approval)
    if begun:
        return ExitCode.PERSON_NEEDED
    return ExitCode.OK if left.refuse else ExitCode.NOTHING_TO_DO


def _show(job: Job, plan: "Plan", approval: "Approval") -> None:
    document: dict[str, object] = {
        "plan": approval.plan,
        "approved_by": approval.who,
        "until": approval.until.isoformat(),
    }
    words = _APPROVED if plan.refuse else _NOTHING_LEFT
    said = words.filled(who=approval.who, plan=approval.plan[:12], until=approval.until)
    job.show(document, lambda: said.say(job.lang))


def _asked(job: Job, plan: "Plan", who: str | None) -> str:
    """Show a person what would be refused and what its buyers would read, and return their name.

    Raises:
        PersonDeclined: they said no, or nothing.
    """
    from qsm_bot.domain.shipping_hours import little_time

    for row in plan.refuse:
        seen = row.seen
        count = f" ×{seen.quantity}" if seen and seen.quantity else ""
        job.say(
            _ROW.filled(
                order=row.order_no,
                item=_one_line(seen.item_name) + count if seen else "–",
                wish=_one_line(seen.buyer_reason if seen else "") or _NOT_SHOWN,
                reason=row.reason.words,
                means=row.reason.means,
                text=f" 「{_one_line(row.text)}」" if row.text else "",
            )
        )
        for words, lines in ((_WHY, row.grounds), (_WARNING, row.warnings)):
            for line in lines:
                job.say(words.filled(why=line))
    job.say(little_time(now()))
    who = who or ask_for_name(_ASK_WHO.say(job.lang))
    ask(_ASK.filled(shop=plan.shop, count=len(plan.refuse)), job.lang)
    return who


def _one_line(text: str) -> str:
    """Return a text that cannot pass for further orders; a plan's file may be anybody's."""
    return " ".join(text.split())


def apply(job: Job, wanted: PlanArgument, even_late: EvenLateOption = False) -> int:
    """Carry out an approved plan."""
    from flows.duty import left_by
    from flows.propose import decider
    from flows.refuse import apply_plan
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.cli.wiring.stores import find_plan, load_evidence, open_whole_ledger
    from qsm_bot.rules.decide import raise_if_plan_over

    with open_whole_ledger(job.settings) as ledger:
        plan, made_here = find_plan(ledger, wanted)
    warn_if_foreign(job, made_here=made_here)
    book = _rules_for(job, plan)
    raise_if_plan_over(book, plan)
    rules = book.digest if plan.rules else ""
    decide = decider(book, load_evidence(job.settings).of, now) if plan.rules else None
    with open_portal_run(job.settings, job, acts=True, even_late=even_late) as opened:
        context = replace(opened, decide=decide)
        result = apply_plan(context, plan, rules=rules)
        duties = left_by(context, result)
    return finish(job, result, duties)


def _rules_for(job: Job, plan: "Plan") -> "RuleBook":
    """Return the rules whose limits hold for a plan; one by hand needs no file of them."""
    from qsm_bot.rules import RuleBook, load_rules

    file = job.settings.rules
    return (
        load_rules(file) if plan.rules or file.exists() else RuleBook.model_validate({"schema": 1})
    )
