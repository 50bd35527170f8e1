"""Which endings are worth a message, and its words.

Of an error only its name and its next step are told, never its sentence: that may repeat
what the portal showed. Orders are told by their numbers; plans by their digests.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import InputInvalid, UsageInvalid
from qsm_bot.base.errors.outside import PortalError, PortalResting, ShopBusy
from qsm_bot.base.errors.people import (
    DutiesOverdue,
    PersonDeclined,
    SignInError,
    SignInHeld,
    TooManyUnknown,
)
from qsm_bot.base.errors.qapi import ShipmentUnknown
from qsm_bot.base.errors.safety import (
    ClockSkew,
    LimitExceeded,
    SafetyStop,
    SecretSurvives,
    TurnedDown,
)
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import DutyAlarm
from qsm_bot.domain.plan import Plan
from qsm_bot.domain.request import OutcomeKind, RunResult
from qsm_bot.notify.duties import duty_alarm
from qsm_bot.notify.message import Message, MessageKind, listed

_DIGITS = 12
_NOT_THE_PORTAL = (LimitExceeded, ClockSkew, TurnedDown, SecretSurvives)
# What was told when it happened is not told again at each round.
_NEVER_NEWS = (PersonDeclined, UsageInvalid, PortalResting, SignInHeld)
_NEWS_TO_THE_ABSENT = (InputInvalid, ShopBusy)

_SIGN_IN = Words("sign-in needed", "ログインが必要")
_SIGN_IN_BODY = Words(
    "The program could not sign in ({code}) and does nothing until a person did. {next}",
    "ログインできません（{code}）。人がログインするまで何も処理しません。{next}",
)
_WINDOW_BODY = Words(
    "A window for signing in opens on {machine} and waits for a person for {minutes:g} minutes.",
    "{machine} でログイン画面を開きます。{minutes:g} 分以内にログインしてください。",
)
_PLAN = Words("a plan waits for approval", "計画が承認待ち")
_PLAN_BODY = Words(
    "The plan {plan} would refuse {count} of {total} requests: {orders}. Look at it with "
    "`qsm-bot show {plan}`, then `qsm-bot approve {plan}` until {until:%Y-%m-%d %H:%M} JST.",
    "計画 {plan}: {total} 件中 {count} 件を拒否する予定です（{orders}）。`qsm-bot show {plan}` で"
    "確認し、{until:%Y-%m-%d %H:%M} JST までに `qsm-bot approve {plan}` で承認してください。",
)
_DECIDE = Words("requests wait for a decision", "判断が必要な要請")
_DECIDE_BODY = Words(
    "Of {total} requests a person must decide on: {orders}. `qsm-bot show {plan}` says why. Settle "
    "them in the portal, or with `qsm-bot refuse`; then `qsm-bot inbox --done ORDER`.",
    "{total} 件中、次の要請は人の判断が必要です: {orders}。理由: "
    "`qsm-bot show {plan}`。ポータルまたは `qsm-bot refuse` で対応し、"
    "`qsm-bot inbox --done 注文番号` で済みにしてください。",
)
_UNKNOWN = Words("an outcome is unknown", "結果不明・確認が必要な注文")
_UNKNOWN_BODY = Words(
    "Not certain, or contradictory: {orders}. Nothing is pressed again. `qsm-bot reconcile` looks; "
    "what it cannot settle, look at in the portal, and ship only what is refused.",
    "結果を確定できない注文: {orders}。再送信はしません。`qsm-bot reconcile` で照合し、"
    "確定しないものはポータルで確認してください。",
)
_CHANGED = Words("the portal is not as known", "ポータルの画面が想定と違う")
_CHANGED_BODY = Words(
    "The run stopped for safety ({code}). {next}", "安全のため停止しました（{code}）。{next}"
)
_FAILED = Words("a run failed", "実行に失敗")
_FAILED_BODY = Words(
    "The run ended with {code} (exit code {exit}). {next}",
    "{code}（終了コード {exit}）で終了しました。{next}",
)
_MISSED = Words("no run came to a good end", "予定の実行が確認できません")
_MISSED_BODY = Words(
    "Since {since:%Y-%m-%d %H:%M} JST no run has ended well; one was due by {due:%H:%M}. Is the "
    "computer on, and does its timer run? `qsm-bot doctor` checks, `qsm-bot history` shows.",
    "{since:%Y-%m-%d %H:%M} JST 以降、正常に終了した実行がありません（予定 {due:%H:%M}）。"
    "PCの電源とタイマーを確認し、`qsm-bot doctor` で点検してください。",
)
_LEFT_OUT = Words("scheduled rounds were missed", "実行できませんでした")
_LEFT_OUT_BODY = Words(
    "{count} scheduled rounds, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} JST, were not run: "
    "the computer was off or asleep. The next one comes in its time; `qsm-bot run` does one now.",
    "予定 {count} 回（{first:%Y-%m-%d %H:%M}〜{last:%Y-%m-%d %H:%M} JST）を実行できませんでした。"
    "PCの停止・スリープが原因です。次回は予定どおり実行します。今すぐ実行: `qsm-bot run`",
)
_AGAIN = Words("the portal works again", "ポータルが復旧")
_AGAIN_BODY = Words(
    "The portal, which did not answer since {since:%Y-%m-%d %H:%M} JST, works again. Rounds go on.",
    "{since:%Y-%m-%d %H:%M} JST から応答のなかったポータルが復旧しました。定期実行を再開します。",
)
_TEST = Words("a test", "テスト")
_TEST_BODY = Words(
    "This is a test. Messages of qsm-bot arrive here.",
    "テスト送信です。qsm-bot の通知はここに届きます。",
)


def of_result(result: RunResult, at: datetime, *, attended: bool) -> list[Message]:
    """Return the messages that a run's end is worth."""
    doubtful = [
        receipt.order_no
        for receipt in result.receipts
        if receipt.outcome.kind in (OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON)
    ]
    messages = [unknown(result.shop, doubtful, at)] if doubtful else []
    if result.error is not None and not (doubtful and isinstance(result.error, TooManyUnknown)):
        messages += of_error(result.shop, result.error, at, attended=attended)
    return messages


def of_error(shop: str, error: QsmBotError, at: datetime, *, attended: bool) -> list[Message]:
    """Return the message that an error is worth, if any.

    Args:
        shop: the shop's name.
        error: what ended the command.
        at: now.
        attended: whether a person sits there and reads the error anyway; a wrong word or a
            busy shop is then not worth one.
    """
    if isinstance(error, TooManyUnknown | ShipmentUnknown):
        orders = error.facts.get("orders") or error.facts.get("order") or ""
        return [unknown(shop, str(orders).split(), at)]
    if isinstance(error, DutiesOverdue):
        orders = str(error.facts["orders"]).removesuffix(" …").split()
        return [duty_alarm(shop, DutyAlarm.OVERDUE, orders, at)]
    if isinstance(error, _NEVER_NEWS) or error.exit_code.is_good:
        return []
    if attended and isinstance(error, _NEWS_TO_THE_ABSENT):
        return []
    kind, subject, body = _words_of(error)
    said = body.filled(code=error.code, exit=error.exit_code, next=error.next_words)
    # One cause, one message: a sign-in that is held is the try that was turned down, and a
    # portal that is down is down, whichever way it shows.
    is_down = isinstance(error, PortalError)
    key = f"{kind.value} portal" if is_down else kind.value
    about = key if is_down or kind is MessageKind.SIGN_IN else ""
    return [Message(kind=kind, shop=shop, subject=subject, body=said, at=at, key=key, about=about)]


def _words_of(error: QsmBotError) -> tuple[MessageKind, Words, Words]:
    if isinstance(error, SignInError):
        return MessageKind.SIGN_IN, _SIGN_IN, _SIGN_IN_BODY
    if isinstance(error, SafetyStop) and not isinstance(error, _NOT_THE_PORTAL):
        return MessageKind.PORTAL_CHANGED, _CHANGED, _CHANGED_BODY
    return MessageKind.FAILED, _FAILED, _FAILED_BODY


def unknown(shop: str, orders: Sequence[str], at: datetime) -> Message:
    """Return the message about orders whose outcome a person must look at."""
    return Message(
        kind=MessageKind.UNKNOWN,
        shop=shop,
        subject=_UNKNOWN,
        body=_UNKNOWN_BODY.filled(orders=listed(orders)),
        at=at,
        key=MessageKind.UNKNOWN.value,
        about=" ".join(sorted(orders)),
    )


def window_open(shop: str, machine: str, minutes: float, at: datetime) -> Message:
    """Return the message that somebody should come and sign in."""
    return Message(
        kind=MessageKind.SIGN_IN,
        shop=shop,
        subject=_SIGN_IN,
        body=_WINDOW_BODY.filled(machine=machine, minutes=minutes),
        at=at,
        key="sign_in window",
        until=at + timedelta(minutes=minutes),
    )


def plan_waits(plan: Plan, at: datetime) -> Message:
    """Return the message that a plan waits; one like it is news when this one has expired."""
    if not plan.refuse:
        return _decision_waits(plan, at)
    orders = [row.order_no for row in plan.refuse]
    return Message(
        kind=MessageKind.PLAN,
        shop=plan.shop,
        subject=_PLAN,
        body=_PLAN_BODY.filled(
            plan=plan.digest[:_DIGITS],
            count=len(orders),
            total=plan.total,
            orders=listed(orders),
            until=plan.expires_at,
        ),
        at=at,
        key=MessageKind.PLAN.value,
        about=" ".join(f"{row.order_no}:{row.reason.value}" for row in plan.refuse),
        until=plan.expires_at,
    )


def _decision_waits(plan: Plan, at: datetime) -> Message:
    orders = [row.order_no for row in plan.ask]
    return Message(
        kind=MessageKind.PLAN,
        shop=plan.shop,
        subject=_DECIDE,
        body=_DECIDE_BODY.filled(
            plan=plan.digest[:_DIGITS], total=plan.total, orders=listed(orders)
        ),
        at=at,
        key=f"{MessageKind.PLAN.value} ask",
        about=" ".join(orders),
    )


def missed(shop: str, *, since: datetime, due: datetime, at: datetime) -> Message:
    """Return the alarm that no run has ended well."""
    return Message(
        kind=MessageKind.MISSED,
        shop=shop,
        subject=_MISSED,
        body=_MISSED_BODY.filled(since=since, due=due),
        at=at,
        key=MessageKind.MISSED.value,
        about=due.isoformat(),
    )


def rounds_missed(
    shop: str, *, count: int, first: datetime, last: datetime, at: datetime
) -> Message:
    """Return the news that scheduled rounds were missed, and none was run in their place."""
    return Message(
        kind=MessageKind.MISSED,
        shop=shop,
        subject=_LEFT_OUT,
        body=_LEFT_OUT_BODY.filled(count=count, first=first, last=last),
        at=at,
        key=f"{MessageKind.MISSED.value} rounds",
        about=last.isoformat(),
    )


def works_again(shop: str, *, since: datetime, at: datetime) -> Message:
    """Return the news that a portal that was down answers again."""
    return Message(
        kind=MessageKind.RECOVERED,
        shop=shop,
        subject=_AGAIN,
        body=_AGAIN_BODY.filled(since=since.astimezone(JST)),
        at=at,
        key=MessageKind.RECOVERED.value,
        about=since.isoformat(),
    )


def trial(shop: str, at: datetime) -> Message:
    """Return the message of `notify test`."""
    return Message(
        kind=MessageKind.TEST,
        shop=shop,
        subject=_TEST,
        body=_TEST_BODY,
        at=at,
        key=MessageKind.TEST.value,
    )
