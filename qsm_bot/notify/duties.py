"""Messages about refused orders that are not known to be shipped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from qsm_bot.base.words import Words
from qsm_bot.domain.duty import DutyAlarm
from qsm_bot.notify.message import Message, MessageKind, listed

_DUTY = Words("refused, and not shipped yet", "未発送の注文あり（拒否済み）")
_DUTY_BODY = Words(
    "Refused and not known to be shipped: {orders}. Ship them at once; `qsm-bot duty` shows by "
    "when, `qsm-bot duty done ORDER --note …` records it.",
    "拒否後、発送が確認できない注文: {orders}。至急発送してください。期限は `qsm-bot duty`、"
    "発送の記録は `qsm-bot duty done 注文番号 --note …` です。",
)
_DUTY_SUBJECTS = {
    DutyAlarm.AT_RISK: _DUTY,
    DutyAlarm.LAST_HOURS: Words(
        "refused, and to be shipped within two hours", "発送期限まで2時間以内（拒否済み）"
    ),
    DutyAlarm.OVERDUE: Words("refused, and shipping is overdue", "発送期限を超過（拒否済み）"),
}


def duty_at_risk(shop: str, orders: Sequence[str], at: datetime) -> Message:
    """Return the message about refused orders whose day is over, or nearly."""
    return Message(
        kind=MessageKind.DUTY,
        shop=shop,
        subject=_DUTY,
        body=_DUTY_BODY.filled(orders=listed(orders)),
        at=at,
        key=MessageKind.DUTY.value,
        about=" ".join(sorted(orders)),
    )


def duty_alarm(shop: str, alarm: DutyAlarm, orders: Sequence[str], at: datetime) -> Message:
    """Return the alarm about refused orders, the louder the less time is left."""
    message = duty_at_risk(shop, orders, at)
    subject = _DUTY_SUBJECTS[alarm]
    key = message.key if alarm is DutyAlarm.AT_RISK else f"{message.key} {alarm}"
    return replace(message, subject=subject, key=key)
