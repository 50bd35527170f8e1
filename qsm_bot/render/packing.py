"""Packing lists: the open duties as CSV, Excel or HTML, for whoever packs the parcels."""

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import compress

from qsm_bot.base.tables import excel_csv
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.duty import DutyState
from qsm_bot.domain.evidence import Evidence, FactName, fact_words, shown
from qsm_bot.render.duty import STATE_WORDS, DutyRow, DutyTable
from qsm_bot.render.page import template

_NUMBER, _TIME, _TEXT = "number", "time", "text"
# Each column's heading, and how it looks on the printed list.
_QUANTITY = Words("quantity", "数量")
_COLUMNS = {
    Words("order", "注文番号"): _NUMBER,
    Words("item", "商品名"): _TEXT,
    _QUANTITY: _TEXT,
    Words("cart", "カート番号"): _TEXT,
    Words("ship by (JST)", "発送期限（日本時間）"): _TIME,
    Words("left", "残り"): _TIME,
    Words("state", "状態"): _TIME,
    Words("reason", "拒否理由"): _TEXT,
}
_FACTS = (FactName.CARRIER, FactName.TRACKING_NO, FactName.PACKED_ON, FactName.SHIPPED_ON)
_NOTE = Words("note", "備考")
_TITLE = Words("To ship", "発送リスト")
_MARK = Words("*{number}", "※{number}")
_WIDEST = 60


def packing_list(board: DutyTable, suffix: str, lang: Lang) -> bytes:
    """Return the open duties as a file of the kind that `suffix` names: one of `SUFFIXES`.

    Order, cart and tracking numbers are text in all of them; quantities can be added up.
    """
    return SUFFIXES[suffix](board, lang)


def _table(board: DutyTable, lang: Lang) -> Iterator[list[str]]:
    """Give the headings, then a line for each open duty."""
    extra = list(dict.fromkeys(name for row in board.rows for name in row.evidence.columns))
    facts = (*_FACTS, *extra)
    yield [words.say(lang) for words in (*_COLUMNS, *map(fact_words, facts), _NOTE)]
    for row in board.rows:
        known = [_fact(row.evidence, name, lang) for name in facts]
        notes = " / ".join(words.say(lang) for words in row.notes)
        yield [*_cells(row, lang), *known, notes]


def _cells(row: DutyRow, lang: Lang) -> list[str]:
    duty, goods = row.duty, row.goods
    return [
        duty.order_no,
        goods.item_name if goods else "",
        str(goods.quantity or "") if goods else "",
        duty.cart_no,
        f"{duty.due:%Y-%m-%d %H:%M}",
        row.left.say(lang),
        STATE_WORDS[row.state].say(lang),
        duty.reason.words.say(lang) if duty.reason else "",
    ]


def _fact(evidence: Evidence, name: FactName | str, lang: Lang) -> str:
    values = map(shown, evidence.known(name).values)
    return " / ".join(each if isinstance(each, str) else each.say(lang) for each in values)


def _csv(board: DutyTable, lang: Lang) -> bytes:
    return excel_csv(_table(board, lang))


def _xlsx(board: DutyTable, lang: Lang) -> bytes:
    # Slow to import, and seldom needed.
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types

    lines = list(_table(board, lang))
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_TITLE.say(lang))
        counts = list(_COLUMNS).index(_QUANTITY)
        text = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
        plain = book.add_format({"border": 1, "valign": "top"})
        heading = book.add_format({"bold": True, "border": 1, "bottom": 2})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if number and column == counts and cell.isdecimal():
                    sheet.write_number(number, column, int(cell), plain)
                    continue
                # `write` would guess numbers, links and formulas.
                sheet.write_string(number, column, cell, text if number else heading)
        for column, cells in enumerate(zip(*lines, strict=True)):
            sheet.set_column(column, column, min(_WIDEST, max(map(_width, cells)) + 2))
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return file.getvalue()


def _width(cell: str) -> int:
    """Return how wide a cell is in columns: full-width letters take two."""
    return sum(1 if ord(letter) < ord("\u1100") else 2 for letter in cell)


def _html(board: DutyTable, lang: Lang) -> bytes:
    (headings, *rows), looks = _shown_columns(_table(board, lang))
    marks = _marks(board, lang)
    notes = [[marks[words.say(lang)] for words in row.notes] for row in board.rows]
    page = template("packing.html").render(
        lang=lang,
        board=board,
        headings=headings,
        looks=looks,
        lines=list(zip((row.state for row in board.rows), rows, notes, strict=True)),
        notes=marks,
        tones={DutyState.AT_RISK: "amber", DutyState.OVERDUE: "red"},
        zip=partial(zip, strict=True),
        say=lambda en, ja: Words(en, ja).say(lang),
    )
    return page.encode("utf-8")


def _shown_columns(table: Iterator[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the table without its notes and the columns that no order fills, and their looks."""
    lines = [line[:-1] for line in table]
    looks = [*_COLUMNS.values(), *[_TEXT] * (len(lines[0]) - len(_COLUMNS))]
    filled = [any(cells) for cells in zip(*lines[1:], strict=True)] or [True] * len(looks)
    return [list(compress(line, filled)) for line in lines], list(compress(looks, filled))


def _marks(board: DutyTable, lang: Lang) -> dict[str, str]:
    """Return the mark of each note: one often holds for several orders, and stands once."""
    notes = dict.fromkeys(words.say(lang) for row in board.rows for words in row.notes)
    return {
        note: _MARK.filled(number=number).say(lang) for number, note in enumerate(notes, start=1)
    }


SUFFIXES: Mapping[str, Callable[[DutyTable, Lang], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
}
