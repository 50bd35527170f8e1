"""The portal's rules about single orders: pure, without the shop around them.

Every rule is from the official manual unless its comment says that it is a guess.
"""

import re
from dataclasses import dataclass

from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.orders import (
    CARRIERS,
    OTHER,
    OTHER_MIN_LENGTH,
    REASONS,
    ClaimState,
    Order,
    OrderState,
    js_length,
)

_TRACKING_LENGTHS = range(8, 21)
_TRACKING = re.compile(r"[0-9][0-9-]*[0-9]")
_PENDING = (ClaimState.REQUESTED, ClaimState.RETRACTION_ASKED)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules that a portal may break; the defaults are the manual's.

    Attributes:
        at_once: states in which the buyer's request cancels without asking the seller.
        refused_for_good: after a refusal the buyer cannot ask again.
        keeps_reason: the reason that was chosen is the one that is kept.
        tells_reason: the notice to the buyer has the reason.
        needs_reason: a refusal without a reason is turned down.
        least: fewest characters of その他's text.
    """

    at_once: frozenset[OrderState] = frozenset({OrderState.NEW, OrderState.DELAYED})
    refused_for_good: bool = True
    keeps_reason: bool = True
    tells_reason: bool = True
    needs_reason: bool = True
    least: int = OTHER_MIN_LENGTH

    def kept(self, reason: str, text: str | None) -> tuple[str, str | None]:
        """Return the reason and the text that are kept of a refusal."""
        if self.keeps_reason:
            return reason, text
        return next(label for label in REASONS if label != reason), None

    def told(self, reason: str, text: str | None) -> tuple[str | None, str | None]:
        """Return the reason and the text that the buyer reads."""
        return (reason, text) if self.tells_reason else (None, None)


def is_pending(order: Order) -> bool:
    """Tell whether the buyer's request waits for an answer of the seller or the buyer."""
    return order.claim_state in _PENDING


def not_open(order: Order | None) -> ServiceAnswer | None:
    """Return why the seller cannot handle the request, if so."""
    if order is None:
        return answers.NOT_FOUND
    return answers.NOT_OPEN.get(order.claim_state)


def bad_reason(label: str, text: str | None, rules: Rules) -> ServiceAnswer | None:
    """Return why a refusal with this reason and text is turned down, if so."""
    if not label:
        return answers.NO_REASON if rules.needs_reason else None
    if label not in REASONS:
        return answers.UNKNOWN_REASON
    if label == OTHER and js_length(text or "") < rules.least:
        return answers.TEXT_TOO_SHORT
    return None


def cannot_request(order: Order, rules: Rules) -> ServiceAnswer | None:
    """Return why the buyer cannot ask for a cancellation, if so."""
    if order.refusal_reason is not None and rules.refused_for_good:
        return answers.REFUSED_BEFORE
    if order.order_state is OrderState.CANCELLED:
        return answers.ALREADY_CANCELLED
    if order.order_state is OrderState.IN_TRANSIT:
        return answers.TOO_LATE
    return answers.REQUESTED_BEFORE if is_pending(order) else None


def cannot_ship(order: Order) -> ServiceAnswer | None:
    """Return why the order cannot be shipped, if so."""
    # A guess: what the portal does with a shipment during an open request is not public.
    if is_pending(order):
        return answers.CLAIM_OPEN
    if order.order_state is OrderState.CANCELLED:
        return answers.ALREADY_CANCELLED
    return answers.ALREADY_SHIPPED if order.order_state is OrderState.IN_TRANSIT else None


def bad_shipment(carrier: str, tracking: str) -> ServiceAnswer | None:
    """Return what is wrong with carrier or tracking number, if something is."""
    if carrier not in CARRIERS:
        return answers.BAD_CARRIER
    if len(tracking) not in _TRACKING_LENGTHS:
        return answers.TRACKING_LENGTH
    return None if _TRACKING.fullmatch(tracking) else answers.BAD_TRACKING
