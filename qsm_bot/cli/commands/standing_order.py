"""Commands on standing orders: new, list, end."""

import getpass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup

if TYPE_CHECKING:
    from qsm_bot.domain.pre_approval import ApprovalHours, PreApproval
    from qsm_bot.rules import RuleBook

ByOption = Annotated[
    str | None, typer.Option("--by", help=t("who; default: the user", "担当者（既定: ログイン名）"))
]

_HELP = Words("What `run` may do without asking, and until when.", "run の事前承認（範囲と期限）")
_NO_RULE = Words(
    "--rules: there is no rule “{name}”{hint}", "--rules: ルール「{name}」がありません{hint}"
)
_NO_HOURS = Words(
    "--hours {given}: {detail}", "--hours {given}: 09:00-16:00 のように指定してください"
)
_PAST = Words("--until {until}: that day is over", "--until {until}: 過ぎた日付です")
_LESS = Words(
    "--max-day {day} is less than --max-run {run}",
    "--max-day {day} が --max-run {run} より小さいです",
)
_GIVEN = Words(
    "Standing order {number} of {who} holds until {until} 23:59 JST{before}.",
    "事前承認 {number}（{who}）を登録しました。{until} まで有効{before}。",
)
_BEFORE = Words("; the one before is over", "（以前のものは終了）")
_NONE = Words("There is no standing order.", "事前承認はありません。")
_ENDED = Words(
    "Standing order {number} ended, says {who}.", "事前承認 {number} を終了しました（{who}）。"
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup, rich_markup_mode=None, help=t(_HELP.en, _HELP.ja), no_args_is_help=True
    )
    app.add_typer(group, name="standing-order")
    command(
        group,
        "new",
        help=Words("Let the plans of some rules through, within limits.", "ルールと上限を登録"),
    )(new)
    command(group, "list", help=Words("Show all of them, newest first.", "一覧"))(list_)
    command(group, "end", help=Words("End the one that holds.", "有効な事前承認を終了"))(end)


def new(
    job: Job,
    rules: Annotated[
        list[str],
        typer.Option(
            metavar="NAME,…",
            help=t("names of rules; may be repeated", "ルール名（カンマ区切り、複数可）"),
        ),
    ],
    max_run: Annotated[int, typer.Option(min=1, help=t("orders per run", "1回の上限件数"))],
    max_day: Annotated[int, typer.Option(min=1, help=t("orders per day", "1日の上限件数"))],
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help=t("its last day (JST)", "有効期限（当日を含む）")),
    ],
    max_yen: Annotated[
        int | None, typer.Option(min=0, help=t("yen per day", "1日の上限金額（円）"))
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(metavar="HH:MM-HH:MM", help=t("only then (JST)", "有効な時間帯（日本時間）")),
    ] = None,
    by: ByOption = None,
) -> int:
    """Record a standing order."""
    from qsm_bot.cli.wiring.stores import open_whole_ledger
    from qsm_bot.domain.pre_approval import PreApproval
    from qsm_bot.rules import load_rules

    book = load_rules(job.settings.rules)
    if max_day < max_run:
        raise UsageInvalid(detail=_LESS.filled(day=max_day, run=max_run))
    order = PreApproval(
        shop=job.settings.shop,
        rules=_names(rules, book),
        rules_digest=book.digest,
        max_run=max_run,
        max_day=max_day,
        max_yen=max_yen,
        hours=_hours(hours),
        until=_last_day(until.date()),
        who=by or getpass.getuser(),
    )
    with open_whole_ledger(job.settings) as ledger:
        held = any(each.is_live(now()) for each in ledger.standing_orders(order.shop))
        order = ledger.give_standing_order(order)
    before = _BEFORE if held else ""
    said = _GIVEN.filled(number=order.number, who=order.who, until=order.until, before=before)
    _show_one(job, order, said)
    return 0


def list_(job: Job) -> int:
    """Show the shop's standing orders."""
    from qsm_bot.cli.wiring.stores import open_ledger
    from qsm_bot.render.pre_approvals import standing_orders_document, standing_orders_table

    shop = job.settings.shop
    with open_ledger(job.settings) as ledger:
        orders, today = ledger.standing_orders(shop), ledger.let_through_today(shop)
    job.show(
        standing_orders_document(shop, orders, today, now()),
        lambda: (
            standing_orders_table(shop, orders, today, now(), job.lang)
            if orders
            else _NONE.say(job.lang)
        ),
    )
    return 0


def end(job: Job, by: ByOption = None) -> int:
    """End the shop's standing order."""
    from qsm_bot.cli.wiring.stores import open_whole_ledger

    who = by or getpass.getuser()
    with open_whole_ledger(job.settings) as ledger:
        order = ledger.end_standing_order(job.settings.shop, who=who)
    _show_one(job, order, _ENDED.filled(number=order.number, who=who))
    return 0


def _show_one(job: Job, order: "PreApproval", said: Words) -> None:
    from qsm_bot.render.pre_approvals import standing_order_document

    document = {"shop": order.shop} | standing_order_document(order, now())
    job.show(document, lambda: said.say(job.lang))


def _names(given: list[str], book: "RuleBook") -> tuple[str, ...]:
    """Return the rules that were named; a name with a comma in it is given by itself.

    Raises:
        UsageInvalid: there is no such rule.
    """
    from qsm_bot.base.toml import did_you_mean

    known = [rule.name for rule in book.rules]
    names = [n.strip() for each in given for n in ([each] if each in known else each.split(","))]
    for name in names:
        if name not in known:
            raise UsageInvalid(detail=_NO_RULE.filled(name=name, hint=did_you_mean(name, known)))
    return tuple(dict.fromkeys(names))


def _hours(given: str | None) -> "ApprovalHours | None":
    from qsm_bot.domain.pre_approval import ApprovalHours

    try:
        return None if given is None else ApprovalHours.parse(given)
    except ValueError as error:
        raise UsageInvalid(detail=_NO_HOURS.filled(given=given, detail=error)) from None


def _last_day(day: date) -> date:
    if day < now().astimezone(JST).date():
        raise UsageInvalid(detail=_PAST.filled(until=day))
    return day
