"""The checkup of the portal, for programs and for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.page_fingerprint import KINDS, PLACES, Change
from qsm_bot.portal.selectors.findings import ElementFinding, MatchState
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.survey.readiness import SurveyReport
from qsm_bot.render.documents import error_of

_STATES: Mapping[MatchState, tuple[Words, str]] = {
    MatchState.FOUND: (Words("found", "あり"), "green"),
    MatchState.FALLBACK: (Words("fallback", "予備で検出"), "yellow"),
    MatchState.MISSING: (Words("missing", "なし"), "bold red"),
    MatchState.AMBIGUOUS: (Words("ambiguous", "複数"), "bold red"),
    MatchState.NOT_SHOWN: (Words("not shown", "表示なし"), "dim"),
    MatchState.NOT_VISITED: (Words("not visited", "未点検"), "yellow"),
}
# Where a selector is told in full: somebody must mend or judge it.
_IN_FULL = (MatchState.FALLBACK, MatchState.MISSING, MatchState.AMBIGUOUS)
_SELECTOR_WIDTH = 48

_ELEMENT = Words("element", "要素")
_STATE = Words("state", "状態")
_MATCHES = Words("matches", "一致")
_SURE = Words("sure", "確度")
_LOOKED_FOR = Words("looked for", "検索内容")
_PICTURE = Words("picture", "画像")
_PLACE = Words("place", "場所")
_KIND = Words("kind", "種類")
_WAS = Words("was", "前回")
_IS = Words("is", "今回")
_ORDER = Words("{kind}: order", "{kind}の順番")
_CHANGED = Words("Changed since {when:%Y-%m-%d %H:%M}", "{when:%Y-%m-%d %H:%M} からの変化")
_SAME = Words("Unchanged since {when:%Y-%m-%d %H:%M}.", "{when:%Y-%m-%d %H:%M} から変化なし。")


def checkup_document(checkup: SurveyReport, lang: Lang) -> dict[str, Any]:
    """Return what the checkup adds to the document of `doctor`."""
    error = {"error": error_of(checkup.error, lang)} if checkup.error else {}
    return {
        **error,
        "elements": [_element(each, checkup.pictures) for each in checkup.findings],
        "troubles": [
            {"place": place.value, "code": error.code, "message": error.message.say(lang)}
            for place, error in checkup.troubles.items()
        ],
        "contract": {
            "compared_with": _iso(checkup),
            "added": [_change(each, each.new) for each in checkup.changes if _came(each)],
            "removed": [_change(each, each.old) for each in checkup.changes if _went(each)],
            "moved": [_moved(each) for each in checkup.changes if each.moved],
        },
        "verdict": {
            "ready_for": checkup.verdict.ready_for,
            "message": checkup.verdict.words.say(lang),
        },
    }


def checkup_tables(checkup: SurveyReport, lang: Lang) -> RenderableType:
    """Return the findings place by place, and what has changed; nothing without a walk."""
    return Group(*(() if checkup.error else _tables(checkup, lang)))


def _tables(checkup: SurveyReport, lang: Lang) -> Iterator[RenderableType]:
    table = _table(_ELEMENT, _STATE, _MATCHES, _SURE, _LOOKED_FOR, lang=lang)
    for place in PortalPage:
        findings = [each for each in checkup.findings if each.place is place]
        table.add_row(Text(PLACES[place].say(lang), "bold"))
        if place in checkup.troubles:
            trouble = checkup.troubles[place].message.say(lang)
            table.add_row("", "", "", "", Text(trouble, "yellow"))
        for finding in findings:
            table.add_row(*_cells(finding, lang))
        if place in checkup.pictures:
            table.add_row(f"  {_PICTURE.say(lang)}", "", "", "", Text(checkup.pictures[place]))
        table.add_section()
    yield table
    if checkup.changes:
        yield _changes(checkup, lang)
    elif checkup.compared_with:
        yield Text(_SAME.filled(when=checkup.compared_with).say(lang))


def _cells(finding: ElementFinding, lang: Lang) -> tuple[str | Text, ...]:
    words, colour = _STATES[finding.state]
    looked_for = f"「{finding.label}」" if finding.label else ""
    if finding.selector and (finding.state in _IN_FULL or not looked_for):
        looked_for += finding.selector
    text = Text(looked_for, overflow="fold")
    if finding.state not in _IN_FULL:
        text.truncate(_SELECTOR_WIDTH, overflow="ellipsis")
    matches = "–" if finding.matches is None else str(finding.matches)
    state = Text(words.say(lang), colour)
    return f"  {finding.key}", state, matches, finding.sure or "", text


def _changes(checkup: SurveyReport, lang: Lang) -> Table:
    table = _table(_PLACE, _KIND, _WAS, _IS, lang=lang)
    table.title_justify = "left"
    if checkup.compared_with:
        table.title = _CHANGED.filled(when=checkup.compared_with).say(lang)
    for each in checkup.changes:
        place, kind = PLACES[each.place].say(lang), KINDS[each.kind].say(lang)
        if each.moved:
            kind = _ORDER.filled(kind=kind).say(lang)
        new = Text(each.new or "–", "green")
        table.add_row(place, kind, Text(each.old or "–", "red"), new)
    return table


def _table(*columns: Words, lang: Lang) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, words in enumerate(columns):
        last = index == len(columns) - 1
        table.add_column(words.say(lang), no_wrap=not last, overflow="fold")
    return table


def _element(finding: ElementFinding, pictures: Mapping[PortalPage, str]) -> dict[str, Any]:
    return {
        "key": finding.key,
        "place": finding.place.value,
        "state": finding.state.value,
        "label": finding.label,
        "selector": finding.selector,
        "matches": finding.matches,
        "sure": finding.sure,
        "picture": pictures.get(finding.place),
    }


def _change(change: Change, text: str | None) -> dict[str, Any]:
    return {"place": change.place, "kind": change.kind, "text": text}


def _moved(change: Change) -> dict[str, Any]:
    return {"place": change.place, "kind": change.kind, "old": change.old, "new": change.new}


def _came(change: Change) -> bool:
    return change.new is not None and not change.moved


def _went(change: Change) -> bool:
    return change.old is not None and not change.moved


def _iso(checkup: SurveyReport) -> str | None:
    return checkup.compared_with.isoformat() if checkup.compared_with else None
