"""The fault lab: a mock portal that misbehaves, a real browser, a real ledger, and the judge."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from flows._parts.shop_run import PortalRun
from flows.approve import approve
from flows.collect import collect
from flows.propose import propose
from flows.reconcile import reconcile
from flows.refuse import apply_plan
from flows.sign_in import sign_in
from flows.single_refusal import SingleRefusal, refuse_single
from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.pictures import PictureStore
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import RefusalReason, RunResult
from qsm_bot.ledger import Ledger
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.testing.history import History
from qsm_bot.mock_portal.testing.invariants import breaches
from qsm_bot.mock_portal.testing.memory import CONFIRM
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.sign_in.by_program import SignIn
from qsm_bot.render.documents import run_document
from qsm_bot.render.files import write_report
from qsm_bot.rules import RuleBook
from tests.faults.nursery import Nursery
from tests.patience import patient
from tests.program import SharedPlaywright
from tests.support import shipped_pack

SHOP = "みほん商店"


def _no_fixture(name: str) -> Any:
    raise AssertionError(f"this lab was opened without fixtures, and {name} is needed")


@dataclass(frozen=True)
class Ending:
    """How one command ended: its receipts, or the error that let it begin nothing."""

    outcomes: dict[str, str]
    error: str | None
    code: int
    proofs: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, result: RunResult) -> "Ending":
        """Return the ending of a run."""
        return cls(
            {r.order_no: r.outcome.kind.value for r in result.receipts},
            result.error.code if result.error else None,
            result.exit_code,
            {r.order_no: [p.kind.value for p in r.outcome.proofs] for r in result.receipts},
            dict(result.error.facts) if result.error else {},
        )


@dataclass
class Lab:
    """One shop under faults.

    `others` are orders on which the test lets other people act; `broken` are invariants that
    must be found broken in the end, because what keeps them was switched off.
    """

    server: MockPortal
    browser: BrowserContext
    seat: QsmPortal
    context: PortalRun
    said: list[Words]
    others: set[str] = field(default_factory=set)
    fused: bool = True
    may_be_open: bool = False
    broken: set[str] = field(default_factory=set)
    fixture: Callable[[str], Any] = field(default=_no_fixture)
    outputs: dict[str, str | bytes] = field(default_factory=dict)

    @property
    def playwright(self) -> SharedPlaywright:
        """What the program takes for Playwright when it is called in this process."""
        return SharedPlaywright(self.fixture)

    def nursery(self) -> Nursery:
        """Where the program is begun as a process of its own."""
        nursery: Nursery = self.fixture("nursery")
        return nursery

    @property
    def orders(self) -> list[str]:
        """The open requests, as the portal lists them."""
        return [order.order_no for order in self.server.world.open_requests()]

    @property
    def page(self) -> Page:
        """The bot's own page."""
        return self.browser.pages[0]

    def refused(self) -> list[str]:
        """The orders whose refusal took effect, once for each time."""
        return [effect.order for effect in self.server.journal.effects_of("refuse")]

    def sent(self) -> int:
        """How many refusal requests reached the server."""
        return len(self.server.journal.calls("SetCancelRefusal"))

    def refuse(
        self,
        order: str,
        reason: RefusalReason = RefusalReason.SHIPPED,
        text: str | None = None,
        kind: PermitKind = PermitKind.REFUSAL,
    ) -> Ending:
        """Refuse (or rehearse) one order as the command does."""
        hour = timedelta(hours=1)
        wish = SingleRefusal(order_no=order, reason=reason, text=text, who="tester", valid_for=hour)
        return self._ending(lambda: refuse_single(self.context, wish, kind))

    def plan(self, *orders: str, **limits: float) -> Plan:
        """Collect, propose and approve the refusal of these orders."""
        sign_in(self.context)
        made = propose(
            collect(self.context),
            book(*orders, **limits),
            shop=self.context.shop,
            portal_url=self.context.portal_url,
            pack=self.context.pack,
            attempted={},
            now=self.context.clock(),
            valid_for=timedelta(hours=1),
        )
        self.context.ledger.record_plan(made)
        approve(self.context.ledger, made, who="tester", now=self.context.clock())
        return made

    def apply(self, plan: Plan) -> Ending:
        """Carry out an approved plan."""
        return self._ending(lambda: apply_plan(self.context, plan, rules=plan.rules))

    def reconcile(self, *, wait: bool = True) -> Ending:
        """Settle what is unknown."""
        return self._ending(lambda: reconcile(self.context, wait=wait))

    def with_(self, **parts: Any) -> "Lab":
        """Return the same shop with other parts of the run; the books are shared."""
        return replace(self, context=replace(self.context, **parts))

    def history(self) -> History:
        """Return both books, and all that was put out."""
        read = History.read(
            self.context.ledger,
            shop=self.context.shop,
            effects=self.server.journal.effects,
            requests=self.server.journal.requests,
            labels={reason.value: shipped_pack().texts.label(reason) for reason in RefusalReason},
            confirm=CONFIRM,
            fused=self.fused,
        )
        buyers = self.server.world.orders()
        said = "\n".join(words.en + words.ja for words in self.said)
        return replace(
            read,
            outputs={**self.outputs, "progress": said, "report": self._report()},
            secrets=[self.server.password, *(each.buyer_phone for each in buyers)],
            others=self.others,
            may_be_open=self.may_be_open,
        )

    def _report(self) -> str:
        pictures = self.context.pictures
        page = pictures.root / "report.html"
        texts = []
        for run in self.context.ledger.runs():
            write_report(self.context.ledger, run, pictures, page, lang="ja", now=now())
            texts.append(page.read_text(encoding="utf-8"))
        return "".join(texts)

    def _ending(self, command: Callable[[], RunResult]) -> Ending:
        try:
            result = command()
        except QsmBotError as error:
            self.outputs[f"error {len(self.outputs)}"] = f"{error.message} {error.next_words}"
            return Ending({}, error.code, error.exit_code, {}, dict(error.facts))
        document = json.dumps(run_document(result, "ja"), ensure_ascii=False)
        self.outputs[f"document {len(self.outputs)}"] = document
        return Ending.of(result)


def book(*orders: str, **limits: float) -> RuleBook:
    """Return rules that name these orders."""
    rule = {"name": "named", "reason": "shipped", "orders": list(orders)}
    bounds = {"max_count": 100, "max_share": 1} | limits
    return RuleBook.model_validate({"schema": 1, "limits": bounds, "rule": [rule]})


@contextmanager
def opened(
    browser: BrowserContext,
    folder: Path,
    faults: Sequence[str] = (),
    *,
    world: World | None = None,
    fuse: str = "strict",
    timeout: float = 2.5,
    alert_timeout: float = 1.5,
    settle_seconds: float = 2,
    options: PortalOptions | None = None,
    pack: Path | None = None,
    fixture: Callable[[str], Any] = _no_fixture,
) -> Iterator[Lab]:
    """Open the lab; at its end the judge must have nothing to say.

    `timeout` and `alert_timeout` are stretched by this machine's patience.
    """
    world = world or World.seeded(5, seed=1)
    base = options or PortalOptions()
    with ExitStack() as stack:
        server = stack.enter_context(
            MockPortal(world, options=replace(base, faults=parse_faults(faults)))
        )
        ledger = stack.enter_context(Ledger.open(f"sqlite:///{folder / 'ledger.sqlite3'}"))
        who = SignIn(login_id=server.login_id, password=server.password, shop_name=SHOP)
        names = shipped_pack(pack)
        seat = QsmPortal(
            browser,
            base_url=server.url,
            pack=names,
            sign_in=who,
            fuse=fuse,  # type: ignore[arg-type]
            timeout=patient(timeout),
            alert_timeout=patient(alert_timeout),
        )
        said: list[Words] = []
        context = PortalRun(
            shop=SHOP,
            portal_url=server.url,
            pack=names.digest,
            portal=seat,
            ledger=ledger,
            pictures=PictureStore(folder),
            clock=now,
            holder="lab pid 1",
            tell=said.append,
            settle_seconds=settle_seconds,
        )
        lab = Lab(server, browser, seat, context, said, fused=fuse == "strict", fixture=fixture)
        yield lab
        found = {finding.invariant: str(finding) for finding in breaches(lab.history())}
        if found.keys() != lab.broken or ledger.verify().broken is not None:
            raise AssertionError(found)
