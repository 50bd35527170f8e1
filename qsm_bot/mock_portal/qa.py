"""The seeding contract: test data over HTTP, for suites that judge a clone of the portal.

Every body is a JSON object with `"schema": 1`. A clone that offers some of it lists that at
`GET /_qa/`; one that offers none answers 404.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.journal import Effect, Journal
from qsm_bot.mock_portal.seeding import Stage
from qsm_bot.mock_portal.world import World

ROOT = "/_qa/"
SCHEMA = 1
MOST_AT_ONCE = 1000
"""Orders that one call may seed."""

Document = dict[str, Any]
Act = Callable[[Document], Document]

_BUYER_REASON = "注文キャンセル"
_METHODS = {"": "GET", "journal": "GET", "reset": "POST", "seed": "POST", "buyer": "POST"}


class Qa:
    """Answers the calls of the contract.

    Args:
        world: the orders.
        journal: what happened to them.
    """

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._begun = 0
        self._acts: dict[str, Act] = {
            "": lambda _: {"offers": [name for name in self._acts if name]},
            "reset": self._reset,
            "seed": self._seed,
            "buyer": self._buyer,
            "journal": self._entries,
        }

    async def answer(self, request: Request, name: str) -> Response:
        """Answer one call; `name` is what follows `ROOT` in its path."""
        act = self._acts.get(name)
        if act is None or request.method != _METHODS[name]:
            return _problem("no such call", 404)
        try:
            given = dict(request.query_params)
            if request.method == "POST":
                given = _document(await request.body())
            return JSONResponse(
                {"schema": SCHEMA, **act(given)}, headers={"Cache-Control": "no-store"}
            )
        except ValueError as error:
            return _problem(str(error), 400)

    def _reset(self, _: Document) -> Document:
        self._world.reset()
        # The journal itself forgets nothing: it tells what really happened.
        self._begun = len(self._journal.effects)
        return {}

    def _seed(self, given: Document) -> Document:
        wanted = [_stage_and_count(each) for each in _list(given.get("orders"))]
        if sum(count for _, count in wanted) > MOST_AT_ONCE:
            raise ValueError(f"more than {MOST_AT_ONCE} orders")
        return {
            "orders": [
                {"order_no": order.order_no, "stage": stage.value}
                for stage, count in wanted
                for order in self._world.add(stage, count)
            ]
        }

    def _buyer(self, given: Document) -> Document:
        order_no, act = str(given.get("order_no") or ""), given.get("act")
        if self._world.by_number(order_no) is None:
            raise ValueError(f"no order {order_no!r}")
        if act == "request_cancel":
            return {"answer": _said(self._world.buyer_requests(order_no, _BUYER_REASON))}
        if act == "withdraw":
            return {"answer": _said(self._world.buyer_withdraws(order_no))}
        raise ValueError(f"no act {act!r}")

    def _entries(self, given: Document) -> Document:
        wanted = (None, given.get("order_no"))
        found = self._journal.effects[self._begun :]
        return {"entries": [_entry(e) for e in found if wanted[1] is None or e.order == wanted[1]]}


def _document(body: bytes) -> Document:
    # Whatever the header says: curl's own is that of a form.
    try:
        given = json.loads(body)
    except ValueError as error:
        raise ValueError("the body is no JSON") from error
    if not isinstance(given, dict) or given.get("schema") != SCHEMA:
        raise ValueError(f'the body is no object with "schema": {SCHEMA}')
    return given


def _stage_and_count(each: object) -> tuple[Stage, int]:
    if not isinstance(each, dict):
        raise ValueError(f"not an object: {each!r}")  # noqa: TRY004 - a bad value from outside
    count = each.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ValueError(f"not a count: {count!r}")
    return Stage(str(each.get("stage"))), count


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("orders: not a list")  # noqa: TRY004 - a bad value from outside
    return value


def _said(answer: ServiceAnswer) -> str:
    if answer == answers.CANCELLED_AT_ONCE:
        return "cancelled"
    return "accepted" if answer.ok else "turned_down"


def _entry(effect: Effect) -> Document:
    return {
        "kind": effect.kind,
        "order_no": effect.order,
        "reason": effect.reason,
        "text": effect.text,
        "at": effect.time.isoformat(),
    }


def _problem(detail: str, status: int) -> Response:
    return JSONResponse({"schema": SCHEMA, "error": detail}, status)
