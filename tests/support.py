"""Helpers that several rooms of tests use."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from flows._parts.shop_run import PortalRun
from flows.propose import propose
from qsm_bot.domain.plan import Plan
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.protocol import RefusalAnswer
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.selectors.pack import Pack, load_pack
from qsm_bot.portal.sign_in.by_program import SignIn
from qsm_bot.rules import RuleBook
from tests.patience import patient

OpenPortal = Callable[..., QsmPortal]

LONG_TEXT = (
    "ご注文後すぐに制作を開始しており、キャンセルをお受けすることができません。ご了承ください。"
)


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this test run have in common."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def shipped_pack(path: Path | None = None) -> Pack:
    """Return the shipped selector pack, or another one."""
    return load_pack(path, NEEDS)


def portal_opener(context: BrowserContext) -> OpenPortal:
    """Return a function that opens a seat at a mock portal, not yet signed in."""

    def open_portal(server: MockPortal, **options: Any) -> QsmPortal:
        who = options.pop("sign_in", None) or SignIn(
            login_id=server.login_id,
            password=server.password,
            shop_name=server.world.shop_name,
        )
        defaults: dict[str, Any] = {
            "pack": shipped_pack(),
            "timeout": patient(10),
            "alert_timeout": patient(10),
        }
        return QsmPortal(context, base_url=server.url, sign_in=who, **(defaults | options))

    return open_portal


def rules(*orders: str, reason: str = "shipped", text: str | None = None) -> RuleBook:
    """Return rules that name these orders."""
    rule = {"name": "named", "reason": reason, "orders": list(orders), "text": text}
    return RuleBook.model_validate({"schema": 1, "rule": [rule]})


def make_plan(
    context: PortalRun, book: RuleBook, valid_for: timedelta = timedelta(hours=1)
) -> Plan:
    """Collect, propose and record; the seat must be signed in."""
    plan = propose(
        context.portal.collect(),
        book,
        shop=context.shop,
        portal_url=context.portal_url,
        pack=context.pack,
        attempted=context.ledger.taken_orders(context.shop),
        now=context.clock(),
        valid_for=valid_for,
    )
    context.ledger.record_plan(plan)
    return plan


@contextmanager
def answering(status: HTTPStatus, body: bytes) -> Iterator[str]:
    """Answer everything with one status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


@dataclass(frozen=True)
class Said:
    """What one call of the program said; `code` is negative if a signal ended it."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each order."""
        return {each["order_no"]: each["outcome"] for each in self.json["outcomes"]}

    @property
    def error(self) -> str | None:
        """The name of the error that ended the run, if one did."""
        return (self.json["error"] or {}).get("code")


@dataclass
class StepLog:
    """An `ActLog` that keeps the steps; `fail_at` makes one of them fail."""

    steps: list[tuple[str, object]] = field(default_factory=list)
    fail_at: str = ""
    error: Exception | None = None

    def _note(self, step: str, fact: object = None) -> None:
        if step == self.fail_at and self.error is not None:
            raise self.error
        self.steps.append((step, fact))

    @property
    def names(self) -> list[str]:
        """The steps' names, in order."""
        return [name for name, _ in self.steps]

    def armed(self) -> None:
        """Note it."""
        self._note("armed")

    def confirm_open(self, text: str) -> None:
        """Note it."""
        self._note("confirm_open", text)

    def committing(self) -> None:
        """Note it."""
        self._note("committing")

    def answered(self, answer: RefusalAnswer) -> None:
        """Note it."""
        self._note("answered", answer)

    def alerted(self, text: str) -> None:
        """Note it."""
        self._note("alerted", text)
