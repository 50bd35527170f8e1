"""What waits, as people read it."""

import io
from datetime import datetime

from rich.console import Console

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.inbox_items import Item, Waits
from qsm_bot.render.inbox import inbox_table

AT = datetime(2026, 11, 27, 9, 0, tzinfo=JST)


def ask(order_no: str, why: str) -> Item:
    return Item(
        kind=Waits.ASK,
        what=Words(why, why),
        commands=("qsm-bot show 0123456789ab", f"qsm-bot inbox --done {order_no} --shop b"),
        since=AT,
        order_no=order_no,
        plan="0123456789ab" * 4,
    )


def test_what_has_one_cause_stands_in_one_row_with_one_command() -> None:
    items = [
        ask("762544202", "no data"),
        ask("762544206", "no data"),
        ask("762544276", "two rules"),
    ]
    console = Console(width=200, file=io.StringIO(), record=True)

    console.print(inbox_table("みほん商店", items, "en"))

    said = console.export_text()
    assert said.count("no data") == said.count("two rules") == 1
    assert "qsm-bot inbox --done 762544202 --done 762544206 --shop b" in said
    assert "qsm-bot inbox --done 762544276 --shop b" in said
