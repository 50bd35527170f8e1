"""The small HTTP contract by which a clone may offer test data: see docs/how-to/clone-qa.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from playwright.sync_api import APIRequestContext, APIResponse, Error

Stage = Literal["cancel_requested", "shipping_planned", "new_order", "late"]
BuyerAct = Literal["request_cancel", "withdraw"]
_ROOT = "/_qa"
_SCHEMA = 1


class SeedingContractError(Exception):
    """The clone offers the contract and does not keep it."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry of the clone's journal."""

    kind: str
    order_no: str
    reason: str
    text: str
    at: str


class Seeding:
    """The client of the contract at one clone; what it offers is read once."""

    def __init__(self, http: APIRequestContext) -> None:
        self._http = http
        self._offers: frozenset[str] | None = None
        self.problem = ""
        """Why what `/_qa/` answers is neither an offer nor a plain no; "" if it is one."""

    @property
    def offers(self) -> frozenset[str]:
        """What the clone offers: "reset", "seed", "buyer", "journal"; nothing without `/_qa/`."""
        if self._offers is None:
            self._offers = self._read_offers()
        return self._offers

    def reset(self) -> None:
        """Set the data back to what they were at the start.

        Raises:
            SeedingContractError: it does not do so.
        """
        self._post("reset", {})

    def seed(self, stage: Stage, count: int = 1) -> list[str]:
        """Have orders made and return their numbers.

        Raises:
            SeedingContractError: it does not do so.
        """
        document = self._post("seed", {"orders": [{"stage": stage, "count": count}]})
        orders = [str(each["order_no"]) for each in _rows(document, "orders")]
        if len(orders) != count:
            raise SeedingContractError(f"{count} orders of {stage} asked for, got {len(orders)}")
        return orders

    def buyer(self, order_no: str, act: BuyerAct) -> str:
        """Let the buyer of an order act, and return what the portal answers.

        Raises:
            SeedingContractError: it does not do so.
        """
        document = self._post("buyer", {"order_no": order_no, "act": act})
        return str(document.get("answer"))

    def journal(self, order_no: str) -> list[JournalEntry]:
        """Return what was done with an order, in order.

        Raises:
            SeedingContractError: it does not tell.
        """
        try:
            answer = self._http.get(f"{_ROOT}/journal", params={"order_no": order_no})
        except Error as error:
            raise SeedingContractError(error.message.splitlines()[0]) from error
        return [
            JournalEntry(
                *(
                    str(each.get(name) or "")
                    for name in ("kind", "order_no", "reason", "text", "at")
                )
            )
            for each in _rows(_document(answer), "entries")
        ]

    def _post(self, name: str, order: Mapping[str, object]) -> Mapping[str, Any]:
        try:
            answer = self._http.post(f"{_ROOT}/{name}", data={"schema": _SCHEMA, **order})
        except Error as error:
            raise SeedingContractError(error.message.splitlines()[0]) from error
        return _document(answer)

    def _read_offers(self) -> frozenset[str]:
        try:
            # Portals send whoever is not signed in to their sign-in page.
            answer = self._http.get(f"{_ROOT}/", max_redirects=0)
            if answer.status != HTTPStatus.OK and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return frozenset()
            return frozenset(map(str, _document(answer).get("offers", ())))
        except (Error, SeedingContractError) as error:
            self.problem = str(error).partition("\n")[0]
            return frozenset()


def _document(answer: APIResponse) -> Mapping[str, Any]:
    if answer.status != HTTPStatus.OK:
        raise SeedingContractError(f"HTTP {answer.status}: {answer.url}")
    try:
        document = answer.json()
    except (Error, ValueError) as error:
        raise SeedingContractError(f"no JSON: {answer.url}") from error
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        raise SeedingContractError(f"not of schema {_SCHEMA}: {answer.url}")
    return document


def _rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = document.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedingContractError(f"{name} is no list")
    return rows
