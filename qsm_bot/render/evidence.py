"""Evidence for people and as JSON documents: what is known of an order, and from where."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.table import Table
from rich.text import Text

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.carriers import why_no_proof
from qsm_bot.domain.evidence import Evidence, fact_words, shown
from qsm_bot.evidence.protocol import EvidenceSet, SourceReport
from qsm_bot.render.documents import SCHEMA, error_of
from qsm_bot.render.tables import plain_table

NOTHING_KNOWN = Words(
    "Nothing is known of {order}.", "{order} を裏付けるデータは見つかりませんでした。"
)
NO_SOURCES = Words(
    "No source of evidence is set; see [[evidence]] in qsm-bot.toml.",
    "データの取得元が未設定です。qsm-bot.toml の [[evidence]] を参照してください。",
)
_FACT = Words("fact", "項目")
_VALUE = Words("value", "値")
_FROM = Words("from", "出典")
_SOURCE = Words("source", "取得元")
_READ = Words("read", "ファイル")
_ROWS = Words("rows", "行数")
_ORDERS = Words("orders", "注文数")
_REMARKS = Words("remarks", "備考")
_DOUBT = Words("doubt", "確認が必要")

_SHOWN_AT_MOST = 20


def doubts_of(evidence: Evidence, order_no: str) -> tuple[Words, ...]:
    """Return what a person should look at, with tracking numbers that prove nothing."""
    own = (order_no,)
    odd = (why_no_proof(fact.value, carrier, own) for fact, carrier in evidence.parcels)
    return (*evidence.doubts(), *(why for why in odd if why is not None))


def show_code(found: EvidenceSet, order_no: str) -> int:
    """Return the exit code of `evidence show`."""
    evidence = found.of(order_no)
    if found.errors:
        return ExitCode.INPUT_INVALID
    if doubts_of(evidence, order_no):
        return ExitCode.PERSON_NEEDED
    return 0 if evidence.names else ExitCode.NOTHING_TO_DO


def show_document(found: EvidenceSet, shop: str, order_no: str, lang: Lang) -> dict[str, Any]:
    """Return the document of `evidence show`."""
    evidence = found.of(order_no)
    facts = [
        {
            "fact": str(name),
            "value": _plain(fact.value),
            "file": fact.source.file,
            "sheet": fact.source.sheet or None,
            "row": fact.source.row,
        }
        for name in evidence.names
        for fact in evidence.known(name).facts
    ]
    return {
        "schema": SCHEMA,
        "shop": shop,
        "order_no": order_no,
        "facts": facts,
        "doubts": [words.say(lang) for words in doubts_of(evidence, order_no)],
        "exit_code": show_code(found, order_no),
    }


def show_table(found: EvidenceSet, order_no: str, lang: Lang) -> Table | str:
    """Return what is known of an order as a table."""
    evidence = found.of(order_no)
    doubts = doubts_of(evidence, order_no)
    if not (evidence.names or doubts):
        return NOTHING_KNOWN.filled(order=order_no).say(lang)
    table = plain_table(lang, order_no, _FACT, _VALUE, _FROM)
    for name in evidence.names:
        for fact in evidence.known(name).facts:
            cells = (fact_words(name).say(lang), _said(shown(fact.value), lang))
            table.add_row(*map(Text, cells), Text(fact.source.words.say(lang)))
    for words in doubts:
        table.add_row(Text(_DOUBT.say(lang), "bold red"), Text(words.say(lang)), "")
    return table


def check_code(found: EvidenceSet, doubts: Mapping[str, Sequence[Words]]) -> int:
    """Return the exit code of `evidence check`."""
    if found.errors:
        return ExitCode.INPUT_INVALID
    if doubts:
        return ExitCode.PERSON_NEEDED
    return 0 if found.reports else ExitCode.NOTHING_TO_DO


def all_doubts(found: EvidenceSet) -> dict[str, tuple[Words, ...]]:
    """Return the orders about which a person should look at something; sources apart."""
    each = ((order, doubts_of(evidence, order)) for order, evidence in found.by_order.items())
    return {order: doubts for order, doubts in each if doubts}


def check_document(
    found: EvidenceSet, doubts: Mapping[str, Sequence[Words]], shop: str, lang: Lang
) -> dict[str, Any]:
    """Return the document of `evidence check`."""
    return {
        "schema": SCHEMA,
        "shop": shop,
        "sources": [_source(report, lang) for report in found.reports],
        "doubts": [
            {"order_no": order, "why": [words.say(lang) for words in why]}
            for order, why in doubts.items()
        ],
        "exit_code": check_code(found, doubts),
    }


def check_table(
    found: EvidenceSet, doubts: Mapping[str, Sequence[Words]], lang: Lang
) -> Table | str:
    """Return the sources as a table, and below them the first orders with doubts."""
    if not found.reports:
        return NO_SOURCES.say(lang)
    table = plain_table(lang, "", _SOURCE, _READ, _ROWS, _ORDERS, _REMARKS)
    for report in found.reports:
        error = report.error
        remarks = Text(f"{_told(error, lang)}", "bold red") if error else Text()
        lines = (*report.notes, *report.columns)
        remarks.append("\n".join(line.say(lang) for line in lines))
        read = report.read.say(lang) if report.read else "–"
        table.add_row(Text(report.name), Text(read), str(report.rows), str(report.orders), remarks)
    for order, why in list(doubts.items())[:_SHOWN_AT_MOST]:
        told = "\n".join(words.say(lang) for words in why)
        table.add_row(Text(_DOUBT.say(lang), "bold red"), Text(order), "", "", Text(told))
    if len(doubts) > _SHOWN_AT_MOST:
        table.add_row("", "…", "", str(len(doubts)), "")
    return table


def _source(report: SourceReport, lang: Lang) -> dict[str, Any]:
    error = report.error
    return {
        "name": report.name,
        "read": report.read.say(lang) if report.read else None,
        "rows": report.rows,
        "orders": report.orders,
        "notes": [note.say(lang) for note in report.notes],
        "columns": [line.say(lang) for line in report.columns],
        "error": error_of(error, lang) if error else None,
    }


def _told(error: QsmBotError, lang: Lang) -> str:
    return f"{error.code}: {error.message.say(lang)} → {error.next_words.say(lang)}"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _said(value: Words | str, lang: Lang) -> str:
    return value if isinstance(value, str) else value.say(lang)
