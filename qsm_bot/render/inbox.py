"""The inbox as a table and as a document."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.inbox_items import Item, Waits
from qsm_bot.render.documents import SCHEMA
from qsm_bot.render.tables import plain_table

_WHAT = Words("waits", "対応待ち")
_ABOUT = Words("order or plan", "注文番号・計画")
_SINCE = Words("since (JST)", "発生 (JST)")
_TYPE = Words("what to type", "入力するコマンド")
_NOTE = Words("note", "内容")
_KINDS = {
    Waits.PLAN: Words("approval", "承認"),
    Waits.ASK: Words("a decision", "判断"),
    Waits.UNKNOWN: Words("unknown outcome", "結果不明"),
    Waits.NEEDS_PERSON: Words("a look", "確認"),
    Waits.DUTY: Words("shipping", "発送"),
    Waits.SIGN_IN: Words("sign-in", "ログイン"),
    Waits.PORTAL: Words("the portal", "ポータル"),
    Waits.ROUND: Words("a failed round", "失敗した定期実行"),
    Waits.MESSAGE: Words("unsent message", "未送信の通知"),
}


def inbox_document(
    shop: str, items: Sequence[Item], *, sign_in_hours: float | None, spooled: int, lang: Lang
) -> dict[str, Any]:
    """Return the document of `inbox`; the age of the sign-in is None if none is kept."""
    return {
        "schema": SCHEMA,
        "shop": shop,
        "items": [
            {
                "kind": item.kind.value,
                "order_no": item.order_no,
                "plan": item.plan,
                "since": item.since.isoformat() if item.since else None,
                "what": item.what.say(lang),
                "type": list(item.commands),
            }
            for item in items
        ],
        "sign_in_hours": sign_in_hours,
        "spooled": spooled,
        "exit_code": inbox_code(items),
    }


def inbox_code(items: Sequence[Item]) -> int:
    """Return the exit code: 30 if something waits, 10 if nothing does."""
    return ExitCode.PERSON_NEEDED if items else ExitCode.NOTHING_TO_DO


def inbox_table(shop: str, items: Sequence[Item], lang: Lang) -> Table:
    """Return what waits as a table; what has one cause stands in one row."""
    table = plain_table(lang, shop, _WHAT, _ABOUT, _SINCE, _NOTE, _TYPE)
    rows: dict[object, list[Item]] = {}
    for item in items:
        cause = (item.kind, item.plan, item.what) if item.kind is Waits.ASK else item
        rows.setdefault(cause, []).append(item)
    for alike in rows.values():
        first = alike[0]
        numbers = [item.order_no for item in alike if item.order_no]
        commands = first.commands
        if len(numbers) > 1:
            all_done = f"--done {' --done '.join(numbers)}"
            commands = tuple(each.replace(f"--done {numbers[0]}", all_done) for each in commands)
        table.add_row(
            _KINDS[first.kind].say(lang),
            "\n".join(item.order_no or (item.plan or "–")[:12] for item in alike),
            f"{first.since:%Y-%m-%d %H:%M}" if first.since else "",
            first.what.say(lang),
            "\n".join(commands),
        )
    return table
