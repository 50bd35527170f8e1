"""The acceptance of a clone in the terminal: a verdict for each statement, and what has changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qsm_bot.acceptance.report.verdicts import VERDICT_WORDS, StatementVerdict
from qsm_bot.base.words import Lang, Words

_VERDICT = Words("verdict", "判定")
_NAME = Words("name", "名前")
_WORDS = Words("what the manual says", "マニュアルの内容")
_SECTION = Words("section", "章")
_ACTS = Words("acts on orders", "注文を処理")
_NEEDS = Words("needs", "必要なもの")
_YES = Words("yes", "はい")
_EXPECTED = Words("expected {expected}, seen {seen}", "想定 {expected} 実際 {seen}")
_CHANGED = Words("Changed since {when}:", "{when} からの変化:")
_SAME = Words("Nothing has changed since {when}.", "{when} から変化なし。")
_TURNED = Words("{id}: {before} → {now}", "{id}: {before} → {now}")
_STEP = Words("request", "送信")
_FIGURES = (
    Words("count", "件数"),
    Words("median s", "中央値 秒"),
    Words("90 %", "90%"),
    Words("95 %", "95%"),
    Words("99 %", "99%"),
    Words("longest", "最長"),
)
_REFUSED = Words(
    "Load, {sellers} sellers x {refusals}: {completed} of {begun} refusals completed in "
    "{seconds:.1f} s.",
    "負荷 {sellers}人 x {refusals}件: {begun}件中 {completed}件完了（{seconds:.1f} 秒）。",
)
_TWICE = Words("{order}: refused more than once", "{order}: 2回以上拒否された")
_UNCONFIRMED = Words(
    "{order}: said to be refused, not so by the journal", "{order}: 完了表示後も記録に拒否がない"
)
_NETWORK = Words("network", "通信条件")
_DIFFERS = Words("judged otherwise there", "判定が変わった項目")
_COLOURS = {
    StatementVerdict.HELD: "green",
    StatementVerdict.DID_NOT_HOLD: "bold red",
    StatementVerdict.NOT_JUDGED: "yellow",
}
_VERDICTS = {str(each): (VERDICT_WORDS[each], colour) for each, colour in _COLOURS.items()}


def acceptance_table(document: Mapping[str, Any], lang: Lang) -> RenderableType:
    """Return what a run of the kit found, from its document."""
    return Group(*_parts(document, lang))


def statement_table(statements: Iterable[Mapping[str, Any]], lang: Lang) -> Table:
    """Return the catalogue of statements, from its document."""
    table = _table(_NAME, _ACTS, _NEEDS, _WORDS, lang=lang)
    for each in statements:
        acts = _YES.say(lang) if each["destructive"] else ""
        table.add_row(each["id"], acts, ", ".join(each["needs"]), each["words"])
    return table


def _parts(document: Mapping[str, Any], lang: Lang) -> Iterator[RenderableType]:
    table = _table(_VERDICT, _NAME, _SECTION, _WORDS, lang=lang)
    for each in document["statements"]:
        words, colour = _VERDICTS[each["verdict"]]
        text = Text(each["words"])
        for line in _lines(each, lang):
            text.append(f"\n{line}", colour)
        sections = "\n".join(title.partition(":")[0] for title in each["manual"])
        table.add_row(Text(words.say(lang), colour), each["id"], sections, text)
    yield table
    if document["compared_with"]:
        when = document["compared_with"][:16].replace("T", " ")
        changes = [*_turned(document, lang), *(each["words"] for each in document["changes"])]
        yield Text((_CHANGED if changes else _SAME).filled(when=when).say(lang))
        yield from (Padding(Text(line, "yellow"), (0, 0, 0, 2)) for line in changes)
    if document["load"]:
        yield from _load(document["load"], lang)
    if document.get("faults"):
        yield _faults(document["faults"], lang)


def _load(load: Mapping[str, Any], lang: Lang) -> Iterator[RenderableType]:
    table = _table(_STEP, *_FIGURES, lang=lang)
    for step in load["steps"]:
        seconds = [f"{step[key]:.3f}" for key in ("p50", "p90", "p95", "p99", "max")]
        table.add_row(step["name"], str(step["count"]), *seconds)
    counted = _REFUSED.filled(
        sellers=load["sellers"],
        refusals=load["refusals"],
        begun=load["begun"],
        completed=load["completed"],
        seconds=load["seconds"],
    )
    yield Text(counted.say(lang))
    yield table
    for where, count in load["errors"].items():
        yield Text(f"  {where}: {count}", "red")
    for order_no in (*load["twice"], *(load["unconfirmed"] or ())):
        words = _TWICE if order_no in load["twice"] else _UNCONFIRMED
        yield Text(f"  {words.filled(order=order_no).say(lang)}", "bold red")
    for note in filter(None, (load["trouble"], *load["notes"])):
        yield Text(f"  {note}", "yellow")


def _faults(faults: Iterable[Mapping[str, Any]], lang: Lang) -> Table:
    table = _table(_NETWORK, *(words for words, _ in _VERDICTS.values()), _DIFFERS, lang=lang)
    for each in faults:
        counts = each["counts"] or {}
        cells = [str(counts.get(name, "–")) for name in _VERDICTS]
        differs = ", ".join(
            f"{id_}: {_VERDICTS[verdict][0].say(lang)}" for id_, verdict in each["differs"].items()
        )
        outcome = each["why_not"] or each["error"] or differs or "–"
        table.add_row(each["words"], *cells, outcome)
    return table


def _lines(statement: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    broken = [check for check in statement["checks"] if not check["held"]]
    for check in broken:
        compared = _EXPECTED.filled(expected=check["expected"], seen=check["seen"]).say(lang)
        yield f"{check['what']}: {compared}"
    if statement["why"] and not broken:
        yield statement["why"]


def _turned(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    now = {each["id"]: each["verdict"] for each in document["statements"]}
    for id_, before in document["turned"].items():
        was, is_ = _VERDICTS[before][0], _VERDICTS[now[id_]][0]
        yield _TURNED.filled(id=id_, before=was, now=is_).say(lang)


def _table(*columns: Words, lang: Lang) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, words in enumerate(columns):
        last = index == len(columns) - 1
        table.add_column(words.say(lang), no_wrap=not last, overflow="fold")
    return table
