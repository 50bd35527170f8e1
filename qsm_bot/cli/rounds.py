"""The command run: one unattended round of a shop, or of all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.act import finish
from qsm_bot.cli.command import Job, command
from qsm_bot.cli.lang import t
from qsm_bot.clock import now
from qsm_bot.errors import SettingsInvalid, UsageInvalid
from qsm_bot.words import Words

if TYPE_CHECKING:
    from flows.context import RunContext
    from flows.run import Desk
    from qsm_bot.fleet import Call
    from qsm_bot.model import Listing
    from qsm_bot.plan import Plan
    from qsm_bot.rules import RuleBook
    from qsm_bot.settings import Settings

_NOT_BOTH = Words("--shop and --all-shops: one of them", "--shop と --all-shops は併用できません")
_NO_SHOPS = Words(
    "--all-shops: the settings file has no [shops.NAME]",
    "--all-shops: 設定ファイルに [shops.NAME] がありません",
)
_NEXT = Words("Waits for a person: qsm-bot show {plan}", "人の確認待ちです: qsm-bot show {plan}")
_APPROVE = Words("To let it through: qsm-bot approve {plan}", "承認: qsm-bot approve {plan}")
_STARTED = Words("{shop}: started", "{shop}: 開始")
_ENDED = Words("{shop}: exit code {code}", "{shop}: 終了コード {code}")
_DIGITS = 12
_LAST_ORDER_SECONDS = 300
"""What a run may still take once its time is up: the order at hand, its looks and its report."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "run",
        help=Words(
            "One unattended round: read, decide, do what was let through before.",
            "無人で1回処理（承認済みの範囲のみ拒否）",
        ),
        announces=True,
    )(run)


def run(
    job: Job,
    all_shops: Annotated[
        bool,
        typer.Option(
            "--all-shops",
            help=t("each [shops.NAME], in a process of its own", "全ショップを個別の処理で実行"),
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=t("shops at the same time; default QSM_JOBS", "同時に処理するショップ数"),
            show_default=False,
        ),
    ] = None,
) -> int:
    """Run one round."""
    if all_shops:
        return _all_shops(job, jobs)
    from flows.duty import left_by
    from flows.run import run_round
    from qsm_bot.cli.announce import announce, announce_day

    with _open_desk(job) as desk:
        done = run_round(desk)
        duties = left_by(desk, done.result)
    code = finish(job, done.result, duties)
    announce_day(job)
    if done.waiting is not None:
        digits = done.waiting.digest[:_DIGITS]
        job.say(_NEXT.filled(plan=digits))
        if done.waiting.refuse:
            job.say(_APPROVE.filled(plan=digits))
        announce(job, done.waiting)
    return code


@contextmanager
def _open_desk(job: Job) -> "Iterator[Desk]":
    from flows.run import Desk
    from qsm_bot.cli.house import open_house, open_seat
    from qsm_bot.cli.qapi import has_key
    from qsm_bot.rules import load_rules

    settings = job.settings
    rulebook = load_rules(settings.rules)
    with open_house(settings, lang=job.lang) as house:
        yield Desk(
            shop=settings.shop,
            ledger=house.ledger,
            clock=now,
            tell=job.tell,
            lease=house.lease,
            count=partial(_count, job) if has_key(settings) else None,
            is_idle=partial(_is_idle, settings),
            seat=partial(open_seat, settings, house, job.tell),
            propose=partial(_propose, settings, rulebook),
            rules=rulebook.digest,
            raise_if_not_live=settings.raise_if_not_live,
        )


def _count(job: Job) -> int:
    from flows.detect import detect
    from qsm_bot.cli.qapi import open_qapi

    with open_qapi(job.settings, job.tell) as api:
        return len(detect(api, now().date()))


def _is_idle(settings: "Settings") -> bool:
    from qsm_bot.cli.seat import sessions_of

    if not (settings.keep_session and settings.keep_alive_minutes):
        return False
    age = sessions_of(settings).age(now())
    return age is not None and age >= timedelta(minutes=settings.keep_alive_minutes)


def _propose(
    settings: "Settings", rulebook: "RuleBook", context: "RunContext", listing: "Listing"
) -> "Plan":
    from flows.propose import propose
    from qsm_bot.cli.parts import load_evidence
    from qsm_bot.cli.qapi import resting

    return propose(
        listing,
        rulebook,
        shop=context.shop,
        portal_url=context.portal_url,
        pack=context.pack,
        attempted=context.ledger.taken_orders(context.shop),
        now=now(),
        valid_for=timedelta(minutes=settings.plan_minutes),
        evidence_of=load_evidence(settings, resting(context.portal)).of,
    )


def longest_round(job: Job, *, all_shops: bool) -> float:
    """Return after how many seconds a round has certainly gone wrong."""
    if not all_shops:
        return _longest(job.settings.run_minutes)
    return sum(call.seconds for call in _calls(job)) + _LAST_ORDER_SECONDS


def _all_shops(job: Job, jobs: int | None) -> int:
    from qsm_bot.fleet import run_each
    from qsm_bot.render.shops import shop_document, shops_document, shops_table

    done = run_each(
        _calls(job),
        jobs=jobs or job.settings.jobs,
        began=lambda name: job.tell(_STARTED.filled(shop=name)),
        ended=lambda each: job.tell(_ENDED.filled(shop=each.name, code=each.code)),
    )
    document = shops_document([shop_document(each, job.lang) for each in done])
    job.show(document, lambda: shops_table(document["shops"], job.lang))
    return int(document["exit_code"])


def _calls(job: Job) -> "list[Call]":
    from qsm_bot.settings import shop_names

    if job.shop is not None:
        raise UsageInvalid(detail=_NOT_BOTH)
    names = shop_names(job.config)
    if not names:
        raise UsageInvalid(detail=_NO_SHOPS)
    return [_call(job, name) for name in names]


def _call(job: Job, name: str) -> "Call":
    from qsm_bot.fleet import Call
    from qsm_bot.settings import Settings, load_settings

    words = [sys.executable, "-m", "qsm_bot", "run", "--json", *job.same_settings(name)]
    words += ["--lang", job.lang] if job.lang_given else []
    words += ["--verbose"] if job.verbose else []
    try:
        minutes = load_settings(job.config, name).run_minutes
    except SettingsInvalid:
        # Its own process tells what is wrong.
        minutes = Settings.model_fields["run_minutes"].default
    return Call(name=name, command=words, seconds=_longest(minutes))


def _longest(minutes: int) -> float:
    return minutes * 60 + _LAST_ORDER_SECONDS
