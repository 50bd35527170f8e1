"""QAPI without a network: the client on one side, the mock portal's API on the other."""

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

import httpx

from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.qapi import ROOT, Qapi
from qsm_bot.mock_portal.world import World
from qsm_bot.qapi import QapiClient

KEY = "invented-key-0001"
TODAY = date(2026, 1, 5)
URL = "https://api.example.jp"
NO = "762544202"

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, **options: object) -> QapiClient:
    """Return a client whose calls the handler answers."""
    how: dict[str, object] = {"url": URL, "key": KEY, "interval": 0, "timeout": 5} | options
    return QapiClient(transport=httpx.MockTransport(handler), **how)  # type: ignore[arg-type]


def api_of(world: World, *faults: str) -> Handler:
    """Return the mock portal's API over these orders."""
    api = Qapi(world, KEY, parse_faults(faults))

    def handle(request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        answer = api.answer(request.url.path[len(ROOT) :], request.headers, form)
        return httpx.Response(answer.status_code, content=bytes(answer.body))

    return handle


def says(*bodies: str | int | Exception) -> tuple[Handler, list[httpx.Request]]:
    """Return a handler that gives these answers in turn, the last one for ever; and its calls.

    A number is an HTTP status without a body.
    """
    left, calls = list(bodies), list[httpx.Request]()

    def handle(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        body = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(body, Exception):
            raise body
        return httpx.Response(body) if isinstance(body, int) else httpx.Response(200, text=body)

    return handle, calls
