"""The practice shop: a mock portal with invented orders, on which the whole board works."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w
from pydantic import SecretStr

from qsm_bot.base.clock import now
from qsm_bot.base.private_files import write_private
from qsm_bot.base.tables import write_table
from qsm_bot.board.desk import ShopDesk
from qsm_bot.config.settings import Settings
from qsm_bot.evidence.config import FileSettings
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World

KEY = "~practice"
_REQUESTS = 12
_FILE = "出荷データ.xlsx"
_HEADINGS = ("注文番号", "配送会社", "送り状番号", "発送日", "梱包日時", "商品マーク")
_RULES: dict[str, Any] = {
    "schema": 1,
    "rule": [
        {
            "name": "送り状番号がある（引き渡し済み）",
            "reason": "shipped",
            "evidence": {"tracking_no": True},
        },
        {
            "name": "梱包が終わっている",
            "reason": "ready",
            "evidence": {"packed": True, "max_packed_days": 3, "tracking_no": False},
        },
        {
            "name": "名入れ・刺繍の商品",
            "reason": "other",
            "text": "「{item_name}」はご注文後すぐに刺繍を開始しており、"
            "キャンセルをお受けできません。何卒ご了承ください。",
            "evidence": {"item_mark": ["刺繍*"]},
        },
    ],
}


class PracticeShop:
    """The practice shop; its portal starts when it is first wanted, its folder goes with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: TemporaryDirectory[str] | None = None
        self._portal: MockPortal | None = None
        self._desk: ShopDesk | None = None

    def desk(self) -> ShopDesk:
        """Return the shop's desk, its portal started.

        Raises:
            EvidenceUnwritable: its files cannot be written.
        """
        with self._lock:
            if self._desk is None:
                self._desk = self._opened()
            return self._desk

    @property
    def portal(self) -> MockPortal:
        """The portal that plays the practice shop's."""
        self.desk()
        if self._portal is None:
            raise RuntimeError("closed")
        return self._portal

    def close(self) -> None:
        """End the portal and delete what was practised."""
        with self._lock:
            if self._portal is not None:
                self._portal.stop()
            if self._folder is not None:
                self._folder.cleanup()
            self._portal = self._folder = self._desk = None

    def _opened(self) -> ShopDesk:
        # What a command still writes while the board ends must not keep it from ending.
        self._folder = TemporaryDirectory(prefix="qsm-bot-practice-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        world = World.seeded(_REQUESTS, seed=1)
        portal = MockPortal(world, journal=Journal(folder / "portal.jsonl")).start()
        self._portal = portal
        data = folder / "data"
        orders = [order.order_no for order in world.open_requests()]
        write_table(folder / _FILE, (_HEADINGS, *_shipments(orders, now())), sheet="出荷")
        said: dict[str, Any] = {
            "portal_url": portal.url,
            "login_id": portal.login_id,
            "shop_name": world.shop_name,
            "keep_session": False,
        }
        config = folder / "qsm-bot.toml"
        write_private(folder / "password.txt", portal.password.encode())
        write_private(folder / "rules.toml", tomli_w.dumps(_RULES).encode())
        files: dict[str, Any] = {
            "password_file": "password.txt",
            "data_dir": "data",
            "trace_dir": "trace",
            "evidence": [{"kind": "file", "path": _FILE, "name": "出荷データ"}],
        }
        write_private(config, tomli_w.dumps(said | files).encode())
        settings = Settings.model_construct(
            **said,
            password=SecretStr(portal.password),
            data_dir=data,
            trace_dir=folder / "trace",
            rules=folder / "rules.toml",
            evidence=(FileSettings(kind="file", path=folder / _FILE, name="出荷データ"),),
        )
        return ShopDesk(key=KEY, load=lambda: settings, config=config, practice=True, folder=folder)


def _shipments(orders: list[str], at: datetime) -> list[tuple[str, ...]]:
    """Return what the invented warehouse knows: of five orders something, of the others nothing.

    The check digits are what ヤマト運輸 asks for; that of the last row is mistyped.
    """
    today, packed = f"{at:%Y/%m/%d}", f"{at - timedelta(hours=1):%Y/%m/%d %H:%M}"
    return [
        (orders[0], "ヤマト運輸", "300000000005", today, "", ""),
        (orders[1], "", "", "", packed, ""),
        (orders[2], "", "", "", "", "刺繍あり"),
        (orders[3], "ヤマト運輸", "300000000016", today, "", ""),
        (orders[4], "ヤマト運輸", "300000000017", today, "", ""),
    ]
