"""What a person who decides must see of a request; it is kept in the plan."""

from dataclasses import dataclass

from qsm_bot.domain.personal_data import personal_data
from qsm_bot.domain.request import CancelRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenRequest:
    """The goods of a request, and the buyer's reason.

    `amount` is yen. A reason that seems to tell who the buyer is stays out: it is "".
    """

    item_name: str
    quantity: int | None
    amount: int | None
    buyer_reason: str

    def to_dict(self) -> dict[str, str | int | None]:
        """Return plain values, the form that a plan keeps."""
        return {
            "item_name": self.item_name,
            "quantity": self.quantity,
            "amount": self.amount,
            "buyer_reason": self.buyer_reason,
        }

    @classmethod
    def of(cls, request: CancelRequest) -> "SeenRequest":
        """Return what is kept of a request."""
        reason = request.buyer_reason
        return cls(
            item_name=request.item_name,
            quantity=request.quantity,
            amount=request.amount,
            buyer_reason="" if personal_data(reason) else reason,
        )
