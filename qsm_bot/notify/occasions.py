"""Which endings are worth a message, and its words.

Of an error only its name and its next step are told, never its sentence: that may repeat
what the portal showed. Orders are told by their numbers; plans by their digests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qsm_bot.clock import JST
from qsm_bot.errors import (
    DutiesOverdue,
    InputInvalid,
    LimitExceeded,
    PersonDeclined,
    QsmBotError,
    SafetyStop,
    ShipmentUnknown,
    ShopBusy,
    SignInError,
    TooManyUnknown,
    UsageInvalid,
)
from qsm_bot.errors.safety import ClockSkew, SecretSurvives, TurnedDown
from qsm_bot.model import OutcomeKind, RunResult
from qsm_bot.notify.message import Kind, Message
from qsm_bot.plan import Plan
from qsm_bot.words import Words

_MOST_ORDERS = 20
_DIGITS = 12
_NOT_THE_PORTAL = (LimitExceeded, ClockSkew, TurnedDown, SecretSurvives)
_NEVER_NEWS = (PersonDeclined, UsageInvalid)
_NEWS_TO_THE_ABSENT = (InputInvalid, ShopBusy)

_AND_MORE = Words("{orders} and {more} more", "{orders} ほか {more} 件")
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
_UNKNOWN = Words("an outcome is unknown", "結果不明・要確認の注文")
_UNKNOWN_BODY = Words(
    "Not certain, or contradictory: {orders}. Nothing is pressed again. `qsm-bot reconcile` looks; "
    "what it cannot settle, look at in the portal, and ship only what is refused.",
    "結果を確定できない注文: {orders}。再送信はしません。`qsm-bot reconcile` で照合し、"
    "確定しないものはポータルで確認してください。",
)
_DUTY = Words("refused, and not shipped yet", "未発送の注文あり（拒否済み）")
_DUTY_BODY = Words(
    "Refused and not known to be shipped: {orders}. Ship them at once; `qsm-bot duty` shows by "
    "when, `qsm-bot duty done ORDER --note …` records it.",
    "拒否後、発送が確認できない注文: {orders}。至急発送してください。期限は `qsm-bot duty`、"
    "発送の記録は `qsm-bot duty done 注文番号 --note …` です。",
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
_SUMMARY = Words("summary of {day}", "{day} のまとめ")
_SUMMARY_BODY = Words(
    "Runs: {runs}, of these not ended well: {bad}. Outcomes: {outcomes}. Still to be "
    "shipped: {to_ship}. Waiting for a person: {waiting}; `qsm-bot inbox` shows them.",
    "実行 {runs} 回（うち異常終了 {bad} 回）。結果: {outcomes}。未発送: {to_ship}。"
    "人の対応待ち {waiting} 件（`qsm-bot inbox` で確認）。",
)
_NONE = Words("none", "なし")
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
        return [duty_at_risk(shop, str(error.facts["orders"]).removesuffix(" …").split(), at)]
    if isinstance(error, _NEVER_NEWS) or error.exit_code in (10, 20):
        return []
    if attended and isinstance(error, _NEWS_TO_THE_ABSENT):
        return []
    kind, subject, body = _words_of(error)
    said = body.filled(code=error.code, exit=error.exit_code, next=error.next_words)
    return [Message(kind=kind, shop=shop, subject=subject, body=said, at=at, key=kind.value)]


def _words_of(error: QsmBotError) -> tuple[Kind, Words, Words]:
    if isinstance(error, SignInError):
        return Kind.SIGN_IN, _SIGN_IN, _SIGN_IN_BODY
    if isinstance(error, SafetyStop) and not isinstance(error, _NOT_THE_PORTAL):
        return Kind.PORTAL_CHANGED, _CHANGED, _CHANGED_BODY
    return Kind.FAILED, _FAILED, _FAILED_BODY


def unknown(shop: str, orders: Sequence[str], at: datetime) -> Message:
    """Return the message about orders whose outcome a person must look at."""
    return Message(
        kind=Kind.UNKNOWN,
        shop=shop,
        subject=_UNKNOWN,
        body=_UNKNOWN_BODY.filled(orders=_listed(orders)),
        at=at,
        key=Kind.UNKNOWN.value,
        about=" ".join(sorted(orders)),
    )


def duty_at_risk(shop: str, orders: Sequence[str], at: datetime) -> Message:
    """Return the message about refused orders whose day is over, or nearly."""
    return Message(
        kind=Kind.DUTY,
        shop=shop,
        subject=_DUTY,
        body=_DUTY_BODY.filled(orders=_listed(orders)),
        at=at,
        key=Kind.DUTY.value,
        about=" ".join(sorted(orders)),
    )


def window_open(shop: str, machine: str, minutes: float, at: datetime) -> Message:
    """Return the message that somebody should come and sign in."""
    return Message(
        kind=Kind.SIGN_IN,
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
        kind=Kind.PLAN,
        shop=plan.shop,
        subject=_PLAN,
        body=_PLAN_BODY.filled(
            plan=plan.digest[:_DIGITS],
            count=len(orders),
            total=plan.total,
            orders=_listed(orders),
            until=plan.expires_at,
        ),
        at=at,
        key=Kind.PLAN.value,
        about=" ".join(f"{row.order_no}:{row.reason.value}" for row in plan.refuse),
        until=plan.expires_at,
    )


def _decision_waits(plan: Plan, at: datetime) -> Message:
    orders = [row.order_no for row in plan.ask]
    return Message(
        kind=Kind.PLAN,
        shop=plan.shop,
        subject=_DECIDE,
        body=_DECIDE_BODY.filled(
            plan=plan.digest[:_DIGITS], total=plan.total, orders=_listed(orders)
        ),
        at=at,
        key=f"{Kind.PLAN.value} ask",
        about=" ".join(orders),
    )


def missed(shop: str, *, since: datetime, due: datetime, at: datetime) -> Message:
    """Return the alarm that no run has ended well."""
    return Message(
        kind=Kind.MISSED,
        shop=shop,
        subject=_MISSED,
        body=_MISSED_BODY.filled(since=since, due=due),
        at=at,
        key=Kind.MISSED.value,
        about=due.isoformat(),
    )


def rounds_missed(
    shop: str, *, count: int, first: datetime, last: datetime, at: datetime
) -> Message:
    """Return the news that scheduled rounds were missed, and none was run in their place."""
    return Message(
        kind=Kind.MISSED,
        shop=shop,
        subject=_LEFT_OUT,
        body=_LEFT_OUT_BODY.filled(count=count, first=first, last=last),
        at=at,
        key=f"{Kind.MISSED.value} rounds",
        about=last.isoformat(),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What one day came to: runs, how many ended badly, outcomes, open duties, what waits."""

    runs: int
    bad: int
    outcomes: Mapping[str, int]
    to_ship: Sequence[str]
    waiting: int


def summary(shop: str, day: Day, at: datetime) -> Message:
    """Return the day's summary; a second one on the same day is not sent."""
    today = at.astimezone(JST).date()
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(day.outcomes.items()))
    noon_after = datetime.combine(today + timedelta(days=1), time(12), JST)
    return Message(
        kind=Kind.SUMMARY,
        shop=shop,
        subject=_SUMMARY.filled(day=today),
        body=_SUMMARY_BODY.filled(
            runs=day.runs,
            bad=day.bad,
            outcomes=outcomes or _NONE,
            to_ship=_listed(day.to_ship) if day.to_ship else _NONE,
            waiting=day.waiting,
        ),
        at=at,
        key=f"{Kind.SUMMARY.value} {today}",
        about=today.isoformat(),
        until=noon_after,
    )


def trial(shop: str, at: datetime) -> Message:
    """Return the message of `notify test`."""
    return Message(
        kind=Kind.TEST, shop=shop, subject=_TEST, body=_TEST_BODY, at=at, key=Kind.TEST.value
    )


def _listed(orders: Sequence[str]) -> Words:
    # A cell that is no order number could be anything, also what a buyer wrote.
    numbers = [order if order.isascii() and order.isdigit() else "?" for order in orders]
    told = " ".join(numbers[:_MOST_ORDERS])
    more = len(numbers) - _MOST_ORDERS
    if more <= 0:
        return Words(told, told)
    return _AND_MORE.filled(orders=told, more=more)
