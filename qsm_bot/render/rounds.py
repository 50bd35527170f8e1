"""Rounds of the schedule as a table, as lines and as a document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.schedule import Fate
from qsm_bot.render.documents import SCHEMA
from qsm_bot.render.tables import plain_table
from qsm_bot.schedule.history import Ending, Line, Page

_SHOWN = 12

_ROUND = Words("round (JST)", "予定 (JST)")
_WHAT = Words("what became of it", "実行")
_RESULT = Words("exit code", "終了コード")
_NOTE = Words("note", "備考")
_SEVERAL = Words("{first} to {last} ({count})", "{first} 〜 {last}（{count} 回）")
_NEXT = Words("Next: {at:%Y-%m-%d %H:%M} JST", "次回: {at:%Y-%m-%d %H:%M} JST")
_NO_NEXT = Words("No round is ahead.", "今後の予定はありません。")
_RUN_AT = Words("run at {at:%H:%M}", "{at:%H:%M} に実行")
_RUNNING = Words("running since {at:%H:%M}", "{at:%H:%M} から実行中")
_CAUGHT_UP = Words("caught up at {at:%H:%M}", "{at:%H:%M} に後から実行")
_CODE = Words("exit code {code}", "終了コード {code}")
_TROUBLE = Words(
    "{shop}: exit code {told}, so since {since:%Y-%m-%d %H:%M} JST. {next}",
    "{shop}: 終了コード {told}（{since:%Y-%m-%d %H:%M} JST から）。{next}",
)
_FATES = {
    Fate.DUE: Words("due", "実行予定"),
    Fate.CAUGHT_UP: Words("to be caught up", "後から実行予定"),
    Fate.MISSED: Words("missed", "実行できませんでした"),
    Fate.CLOSED: Words("closed", "休業日"),
    Fate.OVERLAPPED: Words("left out", "見送り"),
}


def rounds_table(shop: str, page: Page, coming: datetime | None, lang: Lang) -> Table:
    """Return the newest rounds as a table, with the next one below."""
    table = plain_table(lang, shop, _ROUND, _WHAT, _RESULT, _NOTE)
    for line in page.lines[-_SHOWN:]:
        code = str(line.ending.exit_code) if line.ending else ""
        table.add_row(_when(line).say(lang), _became(line).say(lang), code, _note(line).say(lang))
    table.caption = next_words(coming).say(lang)
    table.caption_justify = "left"
    return table


def next_words(coming: datetime | None) -> Words:
    """Return when the next round is."""
    return _NEXT.filled(at=coming) if coming else _NO_NEXT


def line_words(line: Line) -> Words:
    """Return what became of a round, or of several, in one line."""
    code = _CODE.filled(code=line.ending.exit_code) if line.ending else None
    parts = [part for part in (_became(line), code, _note(line)) if part and part.en]
    en, ja = ", ".join(part.en for part in parts), "、".join(part.ja for part in parts)
    when = _when(line)
    return Words(f"{when.en}: {en}", f"{when.ja}: {ja}")


def trouble_lines(shop: str, page: Page, line: Line, coming: datetime | None) -> list[Words]:
    """Return a line for each shop for which the round did not end well."""
    troubles = line.ending.troubles if line.ending else {}
    return [
        _TROUBLE.filled(
            shop=name or shop,
            told=told,
            since=page.since(name, told) or line.first,
            next=next_words(coming),
        )
        for name, told in troubles.items()
    ]


def rounds_document(
    shop: str, lines: Sequence[Line], coming: datetime | None, lang: Lang
) -> dict[str, Any]:
    """Return the document of `watch` and `schedule status`, without its exit code."""
    return {
        "schema": SCHEMA,
        "shop": shop,
        "rounds": [_entry(line, lang) for line in lines],
        "next": coming.isoformat() if coming else None,
    }


def _entry(line: Line, lang: Lang) -> dict[str, Any]:
    ending = line.ending or Ending(exit_code=0)
    return {
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "count": line.count,
        "state": line.fate.value,
        "why": line.why.say(lang) if line.why else None,
        "began": line.began.isoformat() if line.began else None,
        "ended": line.ended.isoformat() if line.ended else None,
        "exit_code": ending.exit_code if line.ending else None,
        "run_id": ending.run_id,
        "error": ending.error,
        "outcomes": dict(ending.outcomes),
        "shops": dict(ending.shops),
    }


def _when(line: Line) -> Words:
    first, last = (f"{at.astimezone(JST):%m-%d %H:%M}" for at in (line.first, line.last))
    if line.count == 1:
        return Words(first, first)
    return _SEVERAL.filled(first=first, last=last, count=line.count)


def _became(line: Line) -> Words:
    if line.began is None:
        return _FATES[line.fate]
    if line.ended is None:
        return _RUNNING.filled(at=line.began)
    return (_CAUGHT_UP if line.fate is Fate.CAUGHT_UP else _RUN_AT).filled(at=line.began)


def _note(line: Line) -> Words:
    if line.why is not None:
        return line.why
    if line.ending is None:
        return Words("", "")
    counts = (f"{name} {count}" for name, count in sorted(line.ending.outcomes.items()))
    shops = (f"{name}: {told}" for name, told in line.ending.shops.items())
    text = ", ".join(part for part in (line.ending.error, *shops, *counts) if part)
    return Words(text, text)
