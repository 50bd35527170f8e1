"""Commands that say whether a person is needed: inbox, watchdog."""

import getpass
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import JST, moment_given, now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import ModelObjection, Words, age
from qsm_bot.cli.program.asking import named_in
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import as_started, t
from qsm_bot.cli.wiring.announce import announce, announce_missed, notifier_of
from qsm_bot.domain.inbox_items import Item, Waits

if TYPE_CHECKING:
    from flows.watchdog import GoodRunWanted
    from qsm_bot.ledger import Ledger
    from qsm_bot.notify.outbox import Waiting

_EMPTY = Words("Nothing waits for a person.", "対応待ちはありません。")
_AGE = Words("The sign-in was kept {age} ago.", "ログインの保存: {age}前")
_NO_SIGN_IN = Words("neither a kept sign-in nor a password", "保存されたログインもパスワードもなし")
_DOWN = Words(
    "the portal does not answer ({code}: {why}); next try {at:%Y-%m-%d %H:%M} JST",
    "ポータルが応答しません（{code}: {why}）。次の試行: {at:%Y-%m-%d %H:%M} JST",
)
_LOOKED = Words("Noted: {order} was looked at by {who}.", "記録しました: {order}（確認者 {who}）")
_NOT_WAITING = Words("{order} does not wait for a look", "{order} は確認待ちではありません")
_NO_TIME = Words(
    "--now: a time such as 2026-01-05T20:00 is expected (JST)",
    "--now は 2026-01-05T20:00（日本時間）のように指定してください",
)
_ALIVE = Words(
    "{run} ended well at {at:%Y-%m-%d %H:%M} JST.", "{run}: {at:%Y-%m-%d %H:%M} JST に正常終了"
)
_DEAD = Words(
    "No run has ended well since {since:%Y-%m-%d %H:%M} JST; one was due by {due:%H:%M}.",
    "{since:%Y-%m-%d %H:%M} JST 以降、正常に終了した実行がありません（予定 {due:%H:%M}）。",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(
        app,
        "inbox",
        help=Words("What waits for a person, and what to type.", "対応待ちと入力するコマンド"),
        over_shops="if asked",
    )(inbox)
    command(
        app,
        "watchdog",
        help=Words("Raise the alarm if no run has ended well.", "正常な実行がなければ知らせる"),
        announces=announce,
        over_shops="if asked",
    )(watchdog)


def inbox(
    job: Job,
    done: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORDER",
            help=t(
                "note that this order was looked at; may be given several times",
                "確認済みの注文番号を記録（複数指定可）",
            ),
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help=t("who looked; default: the user", "確認者（既定: ログイン名）")),
    ] = None,
) -> int:
    """Show what waits for a person."""
    if done:
        return _of_shop(job, named_in(done), by)
    return job.for_each_shop(_of_shop)


def _of_shop(job: Job, done: Sequence[str] = (), by: str | None = None) -> int:
    from flows.inbox import inbox as items_of
    from qsm_bot.cli.wiring.stores import load_evidence, open_ledger, whole_chain
    from qsm_bot.domain.duty import EvidenceShipments
    from qsm_bot.render.inbox import inbox_code, inbox_document, inbox_table

    settings = job.settings
    with open_ledger(settings) as ledger:
        if done:
            whole_chain(ledger)
        for order in done:
            _note(job, ledger, order, by or getpass.getuser())
        shipments = (EvidenceShipments(load_evidence(settings), now()),)
        items = items_of(ledger, settings.shop, now(), shipments)
    hours, sign_in = _sign_in(job)
    spooled = notifier_of(settings, job.lang).outbox.waiting()
    stuck = [_unsent(each) for each in spooled if each.tried]
    items = [*items, *sign_in, *_portal(job), *stuck]
    if job.shop is not None:
        items = [_with_shop(item, job.shop) for item in items]
    job.show(
        inbox_document(
            settings.shop, items, sign_in_hours=hours, spooled=len(spooled), lang=job.lang
        ),
        lambda: (
            inbox_table(settings.shop, _typed(items), job.lang) if items else _EMPTY.say(job.lang)
        ),
    )
    if hours is not None:
        job.say(_AGE.filled(age=age(hours)))
    return inbox_code(items)


def watchdog(
    job: Job,
    expect_by: Annotated[
        list[str],
        typer.Option(
            metavar="HH:MM",
            help=t("JST; may be given several times", "実行予定の時刻（JST、複数可）"),
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="TIME",
            help=t("another present, for trials", "現在時刻の代わり（試験用）"),
        ),
    ] = None,
) -> int:
    """Look in the ledger for a run that ended well since the due time before the last one."""
    from flows.watchdog import watch
    from qsm_bot.cli.wiring.stores import open_ledger
    from qsm_bot.notify.hours import clock_time

    try:
        times = [clock_time(text) for text in expect_by]
        present = moment_given(at) if at else now()
    except ValueError as error:
        detail = error.words if isinstance(error, ModelObjection) else _NO_TIME
        raise UsageInvalid(detail=detail) from None
    with open_ledger(job.settings) as ledger:
        seen = watch(ledger, job.settings.shop, times, present)
    _show_watch(job, seen)
    if seen.good:
        return 0
    announce_missed(job, since=seen.since, due=seen.due)
    return ExitCode.PERSON_NEEDED


def _show_watch(job: Job, seen: "GoodRunWanted") -> None:
    good = seen.good
    document = {
        "shop": job.settings.shop,
        "since": seen.since.isoformat(),
        "due": seen.due.isoformat(),
        "good_run": good.id if good else None,
        "exit_code": 0 if good else ExitCode.PERSON_NEEDED,
    }
    said = (
        _ALIVE.filled(run=good.id, at=good.ended_at)
        if good
        else _DEAD.filled(since=seen.since, due=seen.due)
    )
    job.show(document, lambda: said.say(job.lang))


def _note(job: Job, ledger: "Ledger", order: str, who: str) -> None:
    from flows.inbox import looked_at

    if not looked_at(ledger, job.settings.shop, order, who):
        raise UsageInvalid(detail=_NOT_WAITING.filled(order=order))
    job.tell(_LOOKED.filled(order=order, who=who))


def _sign_in(job: Job) -> tuple[float | None, list[Item]]:
    """Return how many hours ago the sign-in was kept, and what waits if there is no way in."""
    from qsm_bot.cli.wiring.portal import password_if_any, sessions_of
    from qsm_bot.cli.wiring.sign_in_gate import gate_of

    settings = job.settings
    password = password_if_any(settings)
    gate = gate_of(settings, password)
    items = []
    if (held := gate.error()) is not None and gate.hold is not None:
        commands = ("qsm-bot secret set", "qsm-bot login")
        since = gate.hold.since
        items = [Item(kind=Waits.SIGN_IN, what=held.message, commands=commands, since=since)]
    kept = sessions_of(settings).age(now()) if settings.keep_session else None
    if kept is None and not password:
        items = [Item(kind=Waits.SIGN_IN, what=_NO_SIGN_IN, commands=("qsm-bot login",))]
    return None if kept is None else round(kept / timedelta(hours=1), 1), items


def _portal(job: Job) -> list[Item]:
    """Return that the portal is down, if it is: nothing to type, but something to know."""
    from qsm_bot.cli.wiring.sign_in_gate import shop_state

    down = shop_state(job.settings).down
    if down is None:
        return []
    said = _DOWN.filled(code=down.code, why=down.message, at=down.next_at.astimezone(JST))
    return [Item(kind=Waits.PORTAL, what=said, commands=("qsm-bot run --now",), since=down.since)]


def _typed(items: Sequence[Item]) -> list[Item]:
    """Return the items with their commands as this person types them."""
    return [replace(item, commands=tuple(map(as_started, item.commands))) for item in items]


def _with_shop(item: Item, shop: str) -> Item:
    """Return the item with commands that mean this shop of the settings file."""
    return replace(item, commands=tuple(f"{each} --shop {shop}" for each in item.commands))


def _unsent(each: "Waiting") -> Item:
    message = each.message
    return Item(
        kind=Waits.MESSAGE,
        what=message.subject,
        commands=("qsm-bot notify test", "qsm-bot notify flush"),
        since=message.at,
    )
