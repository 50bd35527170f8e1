"""A message: one thing that needs a person, in both languages, without anything of a buyer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from qsm_bot.base.clock import JST, aware
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.request import sha256

SCHEMA = 1
_MOST_ORDERS = 20
_AND_MORE = Words("{orders} and {more} more", "{orders} ほか {more} 件")
_SUBJECT = Words("[qsm-bot] {shop}: {subject}", "[qsm-bot] {shop}: {subject}")
_FOOT = Words("{shop} · {at:%Y-%m-%d %H:%M} JST", "{shop} · {at:%Y-%m-%d %H:%M} JST")


class MessageKind(StrEnum):
    """What a message is about."""

    SIGN_IN = "sign_in"
    PLAN = "plan"
    UNKNOWN = "unknown"
    DUTY = "duty"
    PORTAL_CHANGED = "portal_changed"
    MISSED = "missed"
    FAILED = "failed"
    RECOVERED = "recovered"
    SUMMARY = "summary"
    TEST = "test"


SOLVED_BY_A_GOOD_RUN = frozenset(
    {MessageKind.SIGN_IN, MessageKind.PORTAL_CHANGED, MessageKind.MISSED, MessageKind.FAILED}
)
"""What is no longer so once a run has ended well; the next time it is news again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message.

    `key` says which thing it is about and `about` what of it would be news: a message with
    the key and `about` of an earlier one is not sent again for a while. After `until` it
    would be of no use any more.
    """

    kind: MessageKind
    shop: str
    subject: Words
    body: Words
    at: datetime
    key: str
    about: str = ""
    until: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("at", "until"):
            moment = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, aware(moment).astimezone(JST))
        if not self.about:
            object.__setattr__(self, "about", sha256(f"{self.subject.en}\n{self.body.en}"))

    def title(self, lang: Lang) -> str:
        """Return the one line over the message."""
        return _SUBJECT.filled(shop=self.shop, subject=self.subject).say(lang)

    def text(self, lang: Lang) -> str:
        """Return the whole text; it is understood without the title, which some channels drop."""
        foot = _FOOT.filled(shop=self.shop, at=self.at)
        return f"{self.body.say(lang)}\n{foot.say(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the message as plain values."""
        return {
            "kind": self.kind.value,
            "shop": self.shop,
            "subject": self.subject.to_dict(),
            "body": self.body.to_dict(),
            "at": self.at.isoformat(),
            "key": self.key,
            "about": self.about,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "Message":
        """Build from `to_dict`'s form.

        Raises:
            KeyError, TypeError, ValueError: it is not of that form.
        """
        until = document["until"]
        return cls(
            kind=MessageKind(document["kind"]),
            shop=str(document["shop"]),
            subject=Words.from_dict(document["subject"]),
            body=Words.from_dict(document["body"]),
            at=datetime.fromisoformat(document["at"]),
            key=str(document["key"]),
            about=str(document["about"]),
            until=datetime.fromisoformat(until) if until else None,
        )


def listed(orders: Sequence[str]) -> Words:
    """Return order numbers as one line; of many the first."""
    # A cell that is no order number could be anything, also what a buyer wrote.
    numbers = [order if order.isascii() and order.isdigit() else "?" for order in orders]
    told = " ".join(numbers[:_MOST_ORDERS])
    more = len(numbers) - _MOST_ORDERS
    if more <= 0:
        return Words(told, told)
    return _AND_MORE.filled(orders=told, more=more)
