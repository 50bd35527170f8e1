"""The invented shop of the demo: its shipping data in Excel, and its rules."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qsm_bot.evidence.config import FileSettings
    from qsm_bot.rules import RuleBook

FILE = "出荷データ.xlsx"
_SHEET = "出荷"
_HEADINGS = ("注文番号", "配送会社", "送り状番号", "発送日", "梱包日時", "商品マーク")
# Invented; the last digit is the check digit that ヤマト運輸 asks for.
_TRACKING = ("300000000005", "300000000016")
_TEXT = (
    "「{item_name}」はご注文後すぐに刺繍を開始しており、キャンセルをお受けできません。"
    "何卒ご了承ください。"
)
_RULES = (
    {"name": "発送済み", "reason": "shipped", "evidence": {"tracking_no": True}},
    {
        "name": "梱包済み",
        "reason": "ready",
        "evidence": {"packed": True, "max_packed_days": 3, "tracking_no": False},
    },
    {
        "name": "刺繍の商品",
        "reason": "other",
        "text": _TEXT,
        "evidence": {"item_mark": ["刺繍*"]},
    },
)


def write_shipments(folder: Path, orders: list[str], now: datetime) -> "FileSettings":
    """Write what the shop's warehouse knows, and return it as a source of evidence.

    The first and the fourth order were handed over, the second is packed, the third is
    being embroidered; of the others nothing is known.
    """
    from qsm_bot.base.tables import write_table
    from qsm_bot.evidence.config import FileSettings

    today, packed = f"{now:%Y/%m/%d}", f"{now - timedelta(hours=1):%Y/%m/%d %H:%M}"
    rows = (
        _HEADINGS,
        (orders[0], "ヤマト運輸", _TRACKING[0], today, "", ""),
        (orders[1], "", "", "", packed, ""),
        (orders[2], "", "", "", "", "刺繍あり"),
        (orders[3], "ヤマト運輸", _TRACKING[1], today, "", ""),
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / FILE, rows, sheet=_SHEET)
    return FileSettings(kind="file", path=folder / FILE)


def write_pack(folder: Path, style: str) -> Path | None:
    """Write what the shipped selector pack cannot know of the style, if there is something."""
    from qsm_bot.mock_portal.styles import PACKS

    if style not in PACKS:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{style}.toml"
    file.write_text(PACKS[style], encoding="utf-8")
    return file


def rules() -> "RuleBook":
    """Return the shop's rules: each asks for what the data must say."""
    from qsm_bot.rules import RuleBook

    return RuleBook.model_validate({"schema": 1, "rule": list(_RULES)})
