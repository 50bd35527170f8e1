"""The command run: one unattended round of a shop, or of all."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import SettingsInvalid, UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.endings import finish
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.wiring.announce import announce

if TYPE_CHECKING:
    from flows._parts.shop_run import PortalRun, ShopRun
    from flows.run import RoundParts
    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.evidence import Evidence
    from qsm_bot.domain.plan import Plan
    from qsm_bot.domain.request import Listing
    from qsm_bot.evidence.protocol import EvidenceSet
    from qsm_bot.portal.selectors.pack import Pack
    from qsm_bot.rules import RuleBook
    from qsm_bot.schedule.processes import ShopCall

_NOT_BOTH = Words("--shop and --all-shops: one of them", "--shop と --all-shops は併用できません")
_NO_SHOPS = Words(
    "--all-shops: the settings file has no [shops.NAME]",
    "--all-shops: 設定ファイルに [shops.NAME] がありません",
)
_NEXT = Words("Waits for a person: qsm-bot show {plan}", "確認が必要です: qsm-bot show {plan}")
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
        announces=announce,
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
    at_once: Annotated[
        bool,
        typer.Option("--now", help=t("also a portal that was down", "停止中のポータルも試行")),
    ] = False,
) -> int:
    """Run one round."""
    if all_shops:
        return _all_shops(job, jobs)
    from flows.duty import left_by
    from flows.run import run_round
    from qsm_bot.cli.wiring.announce import announce_day
    from qsm_bot.cli.wiring.back_off import note_portal
    from qsm_bot.cli.wiring.duty_alarms import raise_duty_alarms

    with _open_round(job, at_once=at_once) as parts:
        done = run_round(parts)
        note_portal(job, done)
        duties = left_by(parts.run, done.result)
    code = finish(job, done.result, duties)
    announce_day(job)
    raise_duty_alarms(job.settings, job.lang, job.tell)
    if done.waiting is not None:
        digits = done.waiting.digest[:_DIGITS]
        job.say(_NEXT.filled(plan=digits))
        if done.waiting.refuse:
            job.say(_APPROVE.filled(plan=digits))
        announce(job, done.waiting)
    return code


@contextmanager
def _open_round(job: Job, *, at_once: bool) -> "Iterator[RoundParts]":
    from flows.run import RoundParts
    from qsm_bot.cli.wiring.back_off import raise_if_resting
    from qsm_bot.cli.wiring.qapi import has_key
    from qsm_bot.cli.wiring.run import open_shop_run
    from qsm_bot.cli.wiring.stores import load_pack
    from qsm_bot.rules import load_rules

    settings = job.settings
    rulebook = load_rules(settings.rules)
    pack = load_pack(settings)
    own = _OwnData(settings)
    with open_shop_run(settings, job) as run:
        yield RoundParts(
            run=run,
            count=partial(_count, job) if has_key(settings) else None,
            is_idle=partial(_is_idle, settings),
            at_portal=partial(_at_portal, run, pack, rulebook, own),
            propose=partial(_propose, settings, rulebook, own),
            rules=rulebook.digest,
            raise_if_not_live=settings.raise_if_not_live,
            raise_if_resting=(lambda: None) if at_once else partial(raise_if_resting, settings),
        )


class _OwnData:
    """The shop's own data in one round: read once, as soon as something is to be decided."""

    def __init__(self, settings: "Settings") -> None:
        self.settings = settings
        self.rest: Callable[[float], None] = time.sleep

    @cached_property
    def _evidence(self) -> "EvidenceSet":
        from qsm_bot.cli.wiring.stores import load_evidence

        return load_evidence(self.settings, self.rest)

    def of(self, order_no: str) -> "Evidence":
        """Return what is known about an order."""
        return self._evidence.of(order_no)


@contextmanager
def _at_portal(
    run: "ShopRun", pack: "Pack", rulebook: "RuleBook", own: _OwnData
) -> "Iterator[PortalRun]":
    from flows.propose import decider
    from qsm_bot.cli.wiring.qapi import resting
    from qsm_bot.cli.wiring.run import at_portal

    with at_portal(own.settings, run, pack) as context:
        own.rest = resting(context.portal)
        yield replace(context, decide=decider(rulebook, own.of, now))


def _count(job: Job) -> int:
    from flows.detect import detect
    from qsm_bot.cli.wiring.qapi import open_qapi

    with open_qapi(job.settings, job.tell) as api:
        return len(detect(api, now().date()))


def _is_idle(settings: "Settings") -> bool:
    from qsm_bot.cli.wiring.portal import sessions_of

    if not (settings.keep_session and settings.keep_alive_minutes):
        return False
    age = sessions_of(settings).age(now())
    return age is not None and age >= timedelta(minutes=settings.keep_alive_minutes)


def _propose(
    settings: "Settings",
    rulebook: "RuleBook",
    own: _OwnData,
    context: "PortalRun",
    listing: "Listing",
) -> "Plan":
    from flows.propose import propose

    return propose(
        listing,
        rulebook,
        shop=context.shop,
        portal_url=context.portal_url,
        pack=context.pack,
        attempted=context.ledger.taken_orders(context.shop),
        now=now(),
        valid_for=timedelta(minutes=settings.plan_minutes),
        evidence_of=own.of,
    )


def longest_round(job: Job, *, all_shops: bool) -> float:
    """Return after how many seconds a round has certainly gone wrong."""
    if not all_shops:
        return _longest(job.settings.run_minutes)
    return sum(call.seconds for call in _calls(job)) + _LAST_ORDER_SECONDS


def _all_shops(job: Job, jobs: int | None) -> int:
    from qsm_bot.render.shops import shop_document, shops_document, shops_table
    from qsm_bot.schedule.processes import run_each

    done = run_each(
        _calls(job),
        jobs=jobs or job.settings.jobs,
        began=lambda name: job.tell(_STARTED.filled(shop=name)),
        ended=lambda each: job.tell(_ENDED.filled(shop=each.name, code=each.code)),
    )
    document = shops_document([shop_document(each, job.lang) for each in done])
    job.show(document, lambda: shops_table(document["shops"], job.lang))
    return int(document["exit_code"])


def _calls(job: Job) -> "list[ShopCall]":
    from qsm_bot.config.settings_file import shop_names

    if job.shop is not None:
        raise UsageInvalid(detail=_NOT_BOTH)
    names = shop_names(job.config)
    if not names:
        raise UsageInvalid(detail=_NO_SHOPS)
    return [_call(job, name) for name in names]


def _call(job: Job, name: str) -> "ShopCall":
    from qsm_bot.config.settings import Settings
    from qsm_bot.config.settings_file import load_settings
    from qsm_bot.schedule.processes import ShopCall

    words = [
        sys.executable,
        "-m",
        "qsm_bot",
        "run",
        "--json",
        *job.same_settings(name),
        *job.same_events(),
    ]
    words += ["--lang", job.lang] if job.lang_given else []
    words += ["--verbose"] if job.verbose else []
    try:
        minutes = load_settings(job.config, name).run_minutes
    except SettingsInvalid:
        # Its own process tells what is wrong.
        minutes = Settings.model_fields["run_minutes"].default
    return ShopCall(name=name, command=words, seconds=_longest(minutes))


def _longest(minutes: int) -> float:
    return minutes * 60 + _LAST_ORDER_SECONDS
