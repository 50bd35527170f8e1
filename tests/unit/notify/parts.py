"""What the tests of messages are made of."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.notify.channels import Channel, channels_of
from qsm_bot.notify.message import Message, MessageKind
from qsm_bot.notify.outbox import Delivery, Outbox, Policy

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=JST)
NIGHT = NOON.replace(hour=23)
ONE, TWO = channels_of(["json://127.0.0.1:1/a", "slack://b"])


def message(**changes: Any) -> Message:
    fields: dict[str, Any] = {
        "kind": MessageKind.SIGN_IN,
        "shop": "みほん商店",
        "subject": Words("sign-in needed", "ログインが必要"),
        "body": Words("Sign in.", "ログインしてください。"),
        "at": NOON,
        "key": "sign_in",
    }
    return Message(**(fields | changes))


@dataclass
class Post:
    """An outbox, and channels of which some are down."""

    outbox: Outbox
    policy: Policy
    down: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def send(self, channel: Channel, message: Message) -> bool:
        self.asked.append(channel.label)
        if channel.label in self.down:
            return False
        self.sent.append((channel.label, message.key))
        return True

    def deliver(self, now: datetime = NOON) -> Delivery:
        return self.outbox.deliver(self.policy, now, self.send)

    def post(self, now: datetime = NOON, **changes: Any) -> Delivery:
        self.outbox.put(message(at=now, **changes))
        return self.deliver(now)


def post_of(folder: Path, **rules: Any) -> Post:
    fields: dict[str, Any] = {"channels": (ONE,), "repeat": timedelta(hours=12)}
    return Post(Outbox(folder, "みほん商店"), Policy(**(fields | rules)))
