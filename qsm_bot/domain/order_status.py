"""How one order stands, told by another source than the portal's pages: Qoo10's QAPI."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from qsm_bot.base.clock import aware
from qsm_bot.base.words import same

_CODED = re.compile(r"(.*?)\s*\((\d+)\)")


class ClaimWords(BaseModel):
    """What the values of `claimStatus` and `shippingStatus` mean; part of the selector pack.

    The codes 1 to 3 are in the API's method list. That list has no code for a refused
    request: `refused`, and that `claimStatus` is empty afterwards, are guesses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sure: Literal["A", "B", "guess"] = "guess"
    open: tuple[str, ...] = ("1", "キャンセル要請")
    cancelled: tuple[str, ...] = ("2", "3", "16")
    refused: tuple[str, ...] = ("キャンセル拒否", "キャンセル拒否完了")
    none: tuple[str, ...] = ("", "0")
    alive: tuple[str, ...] = ("2", "3", "4", "5")
    sent: tuple[str, ...] = ("4", "5")


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusLook:
    """One look at an order through a `StatusSource`.

    `open` says whether the buyer's cancel request stands, `refused` whether it was refused;
    None means that this look cannot tell. `text` is what the source said.
    """

    order_no: str
    open: bool | None
    refused: bool | None
    text: str
    at: datetime

    def __post_init__(self) -> None:
        aware(self.at)

    @property
    def speaks_for_refusal(self) -> bool:
        """Whether it fits a refusal: said outright, or no request on an order that goes on.

        The latter proves nothing by itself, since a buyer who withdraws leaves the same.
        """
        return self.refused is True or (self.open is False and self.refused is None)


class StatusSource(Protocol):
    """Somebody else than the portal's pages who knows how an order stands."""

    def status(self, order_no: str) -> StatusLook:
        """Look at one order freshly, without touching anything.

        Raises:
            QsmBotError: the look failed.
        """


def standing_of(
    words: ClaimWords, *, order_no: str, shipping: str, claim: str, at: datetime
) -> StatusLook:
    """Read the two values that the API has of an order.

    Args:
        words: what the values mean.
        order_no: the 注文番号.
        shipping: `shippingStatus`, a code or text such as "配送準備(3)".
        claim: `claimStatus`, the same; "" = the API knows of no claim.
        at: when it was asked.
    """
    is_open: bool | None = None
    refused: bool | None = None
    if named(claim, words.open):
        is_open, refused = True, False
    elif named(claim, words.cancelled):
        is_open, refused = False, False
    elif named(claim, words.refused):
        is_open, refused = False, True
    elif named(claim, words.none) and named(shipping, words.alive):
        is_open = False
    text = f"claimStatus “{claim}”, shippingStatus “{shipping}”"
    return StatusLook(order_no=order_no, open=is_open, refused=refused, text=text, at=at)


def named(value: str, names: tuple[str, ...]) -> bool:
    """Whether one of the names is the value, or the text or code of a value like "配送中(4)"."""
    plain = same(value)
    coded = _CODED.fullmatch(plain)
    forms = {plain, *(coded.groups() if coded else ())}
    return any(same(name) in forms for name in names)
