"""What the board's tests share: a practice shop, a client that came in, and plans in its ledger."""

import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.clock import now
from qsm_bot.base.words import Words
from qsm_bot.board.app import BoardApp
from qsm_bot.board.desk import ShopDesk
from qsm_bot.board.jobs import ShopJobs
from qsm_bot.board.practice import KEY, PracticeShop
from qsm_bot.board.sessions import Sessions
from qsm_bot.board.shops import Shops
from qsm_bot.domain.plan import Plan, PlannedRefusal, PlannedRest
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.ledger import Ledger
from qsm_bot.mock_portal.testing.builders import plan, planned
from tests.grids.libraries import missing

with warnings.catch_warnings():
    # It would rather have another client; what it does is the same.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"
ROOM = f"/{KEY}"
SEEN = SeenRequest(item_name="タンブラー", quantity=1, amount=1280, buyer_reason="色違い")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave axe's tests out where it is not to be had: the run's header says so."""
    return True if collection_path.name == "test_accessible.py" and missing() else None


@dataclass
class Board:
    """A board without a network, and who looks at it."""

    shops: Shops
    sessions: Sessions
    practice: PracticeShop
    client: TestClient
    started: list[list[list[str]]] = field(default_factory=list)

    @property
    def desk(self) -> ShopDesk:
        """The practice shop."""
        return self.practice.desk()

    @property
    def shop(self) -> str:
        """Its name in the ledger."""
        return self.desk.load().shop

    def come_in(self) -> str:
        """Use a token up, and return what the session's forms carry."""
        answer = self.client.get(f"/?token={self.sessions.token()}&shop={KEY}")
        assert answer.url.path == f"{ROOM}/"
        return next(iter(self.sessions._sessions.values())).csrf

    def post(self, path: str, csrf: str, **fields: Any) -> Any:
        """Send a form as the board's own page would."""
        return self.client.post(
            f"{ROOM}/{path}",
            data={"csrf": csrf, **fields},
            headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )

    def record(self, *orders: str, **changes: Any) -> Plan:
        """Put a plan that refuses these orders into the ledger."""
        at = now()
        rows: Sequence[PlannedRefusal] = [planned(order_no=each, seen=SEEN) for each in orders]
        defaults: dict[str, Any] = {
            "shop": self.shop,
            "created_at": at,
            "expires_at": at + timedelta(hours=1),
            "total": 12,
            "refuse": tuple(rows),
        }
        made = plan(**{**defaults, **changes})
        with self.ledger() as ledger:
            ledger.record_plan(made)
        return made

    def ledger(self) -> Ledger:
        """Open the practice shop's ledger."""
        settings = self.desk.load()
        settings.data_dir.mkdir(exist_ok=True)
        return Ledger.open(settings.ledger, shop=settings.identity)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    """A board of which jobs are noted, not run."""
    practice, sessions = PracticeShop(), Sessions()
    shops = Shops(None, practice)
    app = BoardApp(shops, sessions, [HOST], "ja")
    with TestClient(app.asgi, base_url=ORIGIN) as client:
        made = Board(shops, sessions, practice, client)

        def never_ends(self: ShopJobs, record: Any, lang: str) -> int:
            made.started.append([list(step) for step in record.steps])
            ended.wait()
            return 0

        ended = threading.Event()
        monkeypatch.setattr(ShopJobs, "_run", never_ends)
        yield made
        ended.set()
    practice.close()


def rest(order_no: str, why: str = "該当なし") -> PlannedRest:
    """Return a request that a plan leaves alone."""
    return PlannedRest(order_no=order_no, why=Words(why, why), seen=SEEN)
