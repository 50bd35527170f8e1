"""Packing lists: the open duties as CSV, Excel or HTML, for whoever packs the parcels."""

import io
from collections.abc import Callable, Iterator, Mapping
from itertools import compress

from jinja2 import Environment, PackageLoader, StrictUndefined

from qsm_bot.duty import DutyState
from qsm_bot.evidence_model import Evidence, FactName, fact_words, shown
from qsm_bot.excel_csv import excel_csv
from qsm_bot.render.duty import STATE_WORDS, Board, Row
from qsm_bot.words import Lang, Words

_COLUMNS = (
    Words("order", "注文番号"),
    Words("cart", "カート番号"),
    Words("ship by (JST)", "発送期限 (JST)"),
    Words("left", "残り"),
    Words("state", "状態"),
    Words("reason", "拒否理由"),
)
_FACTS = (FactName.CARRIER, FactName.TRACKING_NO, FactName.PACKED_ON, FactName.SHIPPED_ON)
_NOTE = Words("note", "備考")
_MARK = Words("*{number}", "※{number}")
_REASONS = {
    "shipped": Words("already shipped", "商品発送完了"),
    "ready": Words("ready to ship", "発送準備完了"),
    "made_to_order": Words("made to order", "注文制作商品"),
    "other": Words("other", "その他"),
}
_WIDEST = 60


def packing_list(board: Board, suffix: str, lang: Lang) -> bytes:
    """Return the open duties as a file of the kind that `suffix` names: one of `SUFFIXES`.

    Order, cart and tracking numbers are text in all of them.
    """
    return SUFFIXES[suffix](board, lang)


def _table(board: Board, lang: Lang) -> Iterator[list[str]]:
    """Give the headings, then a line for each open duty."""
    extra = list(dict.fromkeys(name for row in board.rows for name in row.evidence.columns))
    facts = (*_FACTS, *extra)
    yield [words.say(lang) for words in (*_COLUMNS, *map(fact_words, facts), _NOTE)]
    for row in board.rows:
        known = [_fact(row.evidence, name, lang) for name in facts]
        notes = " / ".join(words.say(lang) for words in row.notes)
        yield [*_cells(row, lang), *known, notes]


def _cells(row: Row, lang: Lang) -> list[str]:
    duty = row.duty
    return [
        duty.order_no,
        duty.cart_no,
        f"{duty.due:%Y-%m-%d %H:%M}",
        row.left.say(lang),
        STATE_WORDS[row.state].say(lang),
        _REASONS[duty.reason.value].say(lang) if duty.reason else "",
    ]


def _fact(evidence: Evidence, name: FactName | str, lang: Lang) -> str:
    values = map(shown, evidence.known(name).values)
    return " / ".join(each if isinstance(each, str) else each.say(lang) for each in values)


def _csv(board: Board, lang: Lang) -> bytes:
    return excel_csv(_table(board, lang))


def _xlsx(board: Board, lang: Lang) -> bytes:
    # Slow to import, and seldom needed.
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types

    lines = list(_table(board, lang))
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
        heading = book.add_format({"bold": True, "border": 1, "bottom": 2})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
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


def _html(board: Board, lang: Lang) -> bytes:
    environment = Environment(
        loader=PackageLoader("qsm_bot.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    headings, *rows = _shown_columns(_table(board, lang))
    marks = _marks(board, lang)
    notes = [[marks[words.say(lang)] for words in row.notes] for row in board.rows]
    page = environment.get_template("packing.html").render(
        lang=lang,
        board=board,
        headings=headings,
        lines=list(zip((row.state for row in board.rows), rows, notes, strict=True)),
        notes=marks,
        tones={DutyState.AT_RISK: "amber", DutyState.OVERDUE: "red"},
        say=lambda en, ja: Words(en, ja).say(lang),
    )
    return page.encode("utf-8")


def _shown_columns(table: Iterator[list[str]]) -> list[list[str]]:
    """Return the table without its notes, and without the facts that no order has."""
    lines = [line[:-1] for line in table]
    shown_ = [
        column < len(_COLUMNS) or any(cells)
        for column, cells in enumerate(zip(*lines[1:], strict=True))
    ]
    return [list(compress(line, shown_)) for line in lines] if shown_ else lines


def _marks(board: Board, lang: Lang) -> dict[str, str]:
    """Return the mark of each note: one often holds for several orders, and stands once."""
    notes = dict.fromkeys(words.say(lang) for row in board.rows for words in row.notes)
    return {
        note: _MARK.filled(number=number).say(lang) for number, note in enumerate(notes, start=1)
    }


SUFFIXES: Mapping[str, Callable[[Board, Lang], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
}
