"""Things that wait for a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qsm_bot.base.words import Words


class Waits(StrEnum):
    """What kind of thing waits."""

    PLAN = "plan"
    ASK = "ask"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    DUTY = "duty"
    SIGN_IN = "sign_in"
    PORTAL = "portal"
    ROUND = "round"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that waits: since when, what it is, and what to type."""

    kind: Waits
    what: Words
    commands: tuple[str, ...]
    since: datetime | None = None
    order_no: str | None = None
    plan: str | None = None
