"""Rules as an Excel file, for sellers who edit tables rather than TOML; and back.

One row is one rule, one column one key. A cell holds one pattern per line. What is wrong
is told with its cell. Only what the rules file can say can be said here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.base.tables import read_workbook, workbook
from qsm_bot.base.toml import did_you_mean, problems_in
from qsm_bot.base.words import Words
from qsm_bot.rules import (
    Conditions,
    EvidenceConditions,
    LimitsTable,
    Rule,
    RuleBook,
    RuleLimits,
    TextTable,
)
from qsm_bot.rules.excel.cells import Key, is_blank, keys_of, shown_in_cell, value_of

RULES, LIMITS, TEXT, HELP = "rules", "limits", "text", "help"
_TABLES: Mapping[str, type[BaseModel]] = {
    "when": Conditions,
    "evidence": EvidenceConditions,
    "limits": RuleLimits,
}
_SINGLE: Mapping[str, type[BaseModel]] = {LIMITS: LimitsTable, TEXT: TextTable}

_UNKNOWN = Words(
    "{cell}: unknown key “{key}”{hint}", "{cell}: 「{key}」というキーはありません{hint}"
)
_ODD = Words(
    "{cell} ({key}): “{seen}” is no {wanted}",
    "{cell}（{key}）: {wanted}を入れてください（「{seen}」は使えません）",
)
_AT = Words("{cell} ({key}): {why}", "{cell}（{key}）: {why}")
_WANTED = {
    "int": Words("whole number", "整数"),
    "float": Words("number", "数"),
    "bool": Words("○ or × (true or false)", "○ か ×"),
    "date": Words("date such as 2026-11-23", "日付（例 2026-11-23）"),
    "columns": Words("heading = pattern", "「見出し = パターン」の形"),
}
_NEXT = Words(
    "Correct these cells in the Excel file, save it, and import it again.",
    "Excel ファイルの上記のセルを直して保存し、もう一度取り込んでください。",
)
_HELP = (
    ("column", "means / 意味"),
    ("name", "the rule's name, each once / ルール名（重複不可）"),
    ("reason", "shipped, ready, made_to_order, other"),
    ("text", "for other: what the buyer reads / その他の理由文（30文字以上）"),
    ("orders", "order numbers, one per line / 注文番号（1行に1件）"),
    (
        "when.…",
        "the request; one pattern per line, * is any text / 要請の条件（1行に1つ、* は任意）",
    ),
    ("evidence.…", "the shop's data / 自社データの条件"),
    ("evidence.columns", "heading = pattern, one per line / 見出し = パターン（1行に1つ）"),
    ("limits.…", "how much this rule may refuse in one plan / このルールの上限"),
)


def sheet_of(book: RuleBook) -> bytes:
    """Return the rules as an Excel file."""
    document = _plain(book)
    keys = _rule_keys()
    rows = [[key.name for key in keys]]
    rows += [
        [shown_in_cell(_at(rule, key.path)) for key in keys] for rule in document.get("rule", [])
    ]
    single = {
        name: [["key", "value"]]
        + [
            [key.name, shown_in_cell(document.get(name, {}).get(key.path[0]))]
            for key in keys_of(model)
        ]
        for name, model in _SINGLE.items()
    }
    return workbook({RULES: rows, **single, HELP: _HELP})


def toml_of(book: RuleBook) -> str:
    """Return the rules as the text of a rules file."""
    return tomli_w.dumps(_plain(book), multiline_strings=False)


def rules_from_sheet(path: Path) -> RuleBook:
    """Read rules from an Excel file.

    Raises:
        SheetUnreadable: it is none, or a sheet is missing.
        RulesInvalid: with every cell that is wrong, and why.
    """
    sheets = read_workbook(path, RULES, *_SINGLE)
    reading = _Reading()
    document: dict[str, Any] = {"schema": 1, "rule": reading.rules(sheets[RULES])}
    for name, model in _SINGLE.items():
        document[name] = reading.single(name, model, sheets[name])
    if reading.wrong:
        raise _invalid(path, reading.wrong)
    try:
        return RuleBook.model_validate(document)
    except ValidationError as error:
        wrong = [
            _AT.filled(cell=reading.cell(each.loc), key=_key_of(each.loc), why=each.said)
            for each in problems_in(error, RuleBook, document)
        ]
        raise _invalid(path, wrong) from error


class _Reading:
    """From cells to a document, keeping where each value stood."""

    def __init__(self) -> None:
        self.wrong: list[Words] = []
        self._cells: dict[tuple[str | int, ...], str] = {}

    def cell(self, loc: tuple[str | int, ...]) -> str:
        """Return the cell of a value, or of what it is in: `rules!C4`."""
        while loc and loc not in self._cells:
            loc = loc[:-1]
        return self._cells.get(loc, RULES)

    def rules(self, rows: Sequence[Sequence[object]]) -> list[dict[str, Any]]:
        known = {key.name: key for key in _rule_keys()}
        headings = self._headings(rows[0] if rows else (), known)
        found: list[dict[str, Any]] = []
        for number, row in enumerate(rows[1:], start=2):
            if all(is_blank(cell) for cell in row):
                continue
            rule: dict[str, Any] = {}
            self._cells["rule", len(found)] = f"{RULES}!A{number}"
            for column, key in headings.items():
                where = f"{RULES}!{_letters(column)}{number}"
                self._cells["rule", len(found), *key.path] = where
                self._put(rule, key, row[column] if column < len(row) else None, where)
            found.append(rule)
        return found

    def single(
        self, name: str, model: type[BaseModel], rows: Sequence[Sequence[object]]
    ) -> dict[str, Any]:
        known = {key.name: key for key in keys_of(model)}
        table: dict[str, Any] = {}
        for number, row in enumerate(rows[1:], start=2):
            if is_blank(row[0]):
                continue
            key = self._known(str(row[0]), known, f"{name}!A{number}")
            if key is not None:
                where = f"{name}!B{number}"
                self._cells[name, *key.path] = where
                self._put(table, key, row[1] if len(row) > 1 else None, where)
        return table

    def _headings(self, row: Sequence[object], known: Mapping[str, Key]) -> dict[int, Key]:
        named = {
            column: self._known(str(cell), known, f"{RULES}!{_letters(column)}1")
            for column, cell in enumerate(row)
            if not is_blank(cell)
        }
        return {column: key for column, key in named.items() if key is not None}

    def _known(self, name: str, known: Mapping[str, Key], cell: str) -> Key | None:
        key = known.get(name.strip())
        if key is None:
            hint = did_you_mean(name.strip(), known)
            self.wrong.append(_UNKNOWN.filled(cell=cell, key=name, hint=hint))
        return key

    def _put(self, table: dict[str, Any], key: Key, cell: object, where: str) -> None:
        if is_blank(cell):
            return
        try:
            value = value_of(key.kind, cell)
        except ValueError:
            wanted = _WANTED.get(key.kind, key.kind)
            self.wrong.append(_ODD.filled(cell=where, key=key.name, seen=cell, wanted=wanted))
            return
        for part in key.path[:-1]:
            table = table.setdefault(part, {})
        table[key.path[-1]] = value


def _plain(book: RuleBook) -> dict[str, Any]:
    """Return what a rules file with these rules says, defaults left out."""
    given = book.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    return {"schema": 1} | {key: value for key, value in given.items() if key != "schema"}


def _rule_keys() -> list[Key]:
    own = [key for key in keys_of(Rule) if key.name not in _TABLES]
    inner = [
        Key((table, *key.path), key.kind)
        for table, model in _TABLES.items()
        for key in keys_of(model)
    ]
    return own + inner


def _at(document: Any, path: tuple[str, ...]) -> object:
    for part in path:
        document = document.get(part) if isinstance(document, Mapping) else None
    return document


def _letters(column: int) -> str:
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _key_of(loc: tuple[str | int, ...]) -> str:
    return ".".join(part for part in loc if isinstance(part, str) and part != "rule") or "rule"


def _invalid(path: Path, wrong: Sequence[Words]) -> RulesInvalid:
    detail = Words("; ".join(each.en for each in wrong), "; ".join(each.ja for each in wrong))
    error = RulesInvalid(file=path, detail=detail)
    error.next_words = _NEXT
    return error
