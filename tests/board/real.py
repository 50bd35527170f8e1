"""A board that is served, and a ledger with all that its screens can show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flows.approve import approve
from qsm_bot.base.clock import now
from qsm_bot.base.words import Lang, Words
from qsm_bot.board.practice import KEY
from qsm_bot.board.server import BoardServer
from qsm_bot.domain.plan import PermitKind, Plan, PlannedRest
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import Ledger
from qsm_bot.mock_portal.testing.builders import plan, planned
from tests.board.conftest import SEEN, rest

REFUSED, UNKNOWN, WAITING = "762544001", "762544002", "762544003"
TEXT = "ご注文後すぐに刺繍を開始しており、キャンセルをお受けすることができません。ご了承ください。"


@contextmanager
def served(lang: Lang) -> Iterator[tuple[BoardServer, Plan]]:
    """Serve a board whose practice shop has something on every screen."""
    server = BoardServer(config=None, lang=lang)
    settings = server.practice.desk().load()
    settings.data_dir.mkdir(exist_ok=True)
    with Ledger.open(settings.ledger, shop=settings.identity) as ledger:
        made = _lived(ledger, settings.shop)
    with server.serving():
        yield server, made


def addresses(server: BoardServer, made: Plan) -> dict[str, str]:
    """Return the screens by name."""
    pages = {
        "today": "",
        "plan": f"plans/{made.digest}",
        "duty": "duty",
        "order": f"orders/{REFUSED}",
        "records": "records",
        "rules": "rules",
        "data": "data",
        "settings": "settings",
        "start": "start",
        "missing": "jobs/nothing",
    }
    return {name: f"{server.url}/{KEY}/{path}" for name, path in pages.items()}


def _lived(ledger: Ledger, shop: str) -> Plan:
    """Let one order be refused, one end as unknown; return the plan that waits."""
    at = now()
    past = _plan(shop, REFUSED, UNKNOWN)
    ledger.record_plan(past)
    approve(ledger, past, who="佐藤 花", now=at)
    run = ledger.begin_run(shop, "apply", past.digest)
    for row in past.refuse:
        act = ledger.act(ledger.issue_permit(run, shop, row, past.digest, PermitKind.REFUSAL))
        act.opened({"shown": row.order_no})
        act.ready({"label": "商品発送完了"})
        act.armed()
        act.confirm_open("?")
        act.committing()
        if row.order_no == UNKNOWN:
            act.settle(Outcome(kind=OutcomeKind.UNKNOWN))
            continue
        act.alerted("完了")
        proofs = tuple(
            Proof(kind=kind, seen="1", at=at) for kind in (ProofKind.ALERT, ProofKind.LIST_ABSENT)
        )
        act.verified(proofs)
        act.settle(Outcome(kind=OutcomeKind.REFUSED, proofs=proofs))
    ledger.end_run(run, 30)
    waiting = _plan(
        shop,
        WAITING,
        leave=(rest("762544005"), rest("762544006", "出荷データに、この注文がありません")),
        ask=(rest("762544004", "送り状番号の打ち間違い？"),),
    )
    ledger.record_plan(waiting)
    return waiting


def _plan(shop: str, *orders: str, **more: tuple[PlannedRest, ...]) -> Plan:
    at = now()
    rows = tuple(
        planned(
            order_no=order,
            reason=RefusalReason.OTHER,
            text=TEXT,
            seen=SEEN,
            because=(Words("tracking number known", "送り状番号があります"),),
        )
        for order in orders
    )
    until = at + timedelta(hours=1)
    return plan(shop=shop, created_at=at, expires_at=until, total=12, refuse=rows, **more)
