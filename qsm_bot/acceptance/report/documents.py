"""The JSON documents of `accept`: a run, and the catalogue of statements."""

from typing import Any

from qsm_bot.acceptance.manual import SECTIONS
from qsm_bot.acceptance.report.verdicts import Record, Run, say
from qsm_bot.acceptance.statements import STATEMENTS
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import PortalUnreachable
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.page_fingerprint import Change

SCHEMA = 1
_LEFT = Words("Not every statement could be judged.", "判定できない項目があります。")
_IS_IT_UP = Words(
    "See whether the clone is up and the address is right, then start again.",
    "クローンが動いているか、URLが正しいかを確かめてから、もう一度実行してください。",
)


def run_document(run: Run, lang: Lang) -> dict[str, Any]:
    """Return the run for programs; the next run can be compared with it."""
    trouble = run.trouble
    return {
        "schema": SCHEMA,
        "portal": run.portal,
        "pack": run.pack,
        "started_at": run.started.isoformat(),
        "counts": run.counts(),
        "statements": [_statement(record, lang) for record in run.records.values()],
        "contract": {place: dict(names) for place, names in run.places.items()},
        "compared_with": run.compared_with.isoformat() if run.compared_with else None,
        "changes": [_change(each, lang) for each in run.changes],
        "turned": dict(run.turned),
        "load": run.load.document(lang) if run.load else None,
        "error": _error(trouble, lang) if trouble else None,
        "exit_code": run.exit_code,
    }


def statements_document(lang: Lang) -> dict[str, Any]:
    """Return the catalogue of statements for programs."""
    return {
        "schema": SCHEMA,
        "statements": [
            {
                "id": each.id,
                "words": each.words.say(lang),
                "sections": list(each.sections),
                "destructive": each.destructive,
                "needs": [need.value.say(lang) for need in each.needs],
            }
            for each in STATEMENTS.values()
        ],
    }


def _statement(record: Record, lang: Lang) -> dict[str, Any]:
    statement = record.statement
    return {
        "id": statement.id,
        "words": statement.words.say(lang),
        "manual": [SECTIONS[each].title.say(lang) for each in statement.sections],
        "destructive": statement.destructive,
        "verdict": record.verdict,
        "why": say(record.why, lang),
        "checks": [
            {
                "what": check.what.say(lang),
                "expected": say(check.expected, lang),
                "seen": say(check.seen, lang),
                "held": check.held,
            }
            for check in record.checks
        ],
        "dialogs": [
            {"kind": each.kind, "text": each.text, "accepted": each.accepted}
            for each in record.dialogs
        ],
        "services": record.services,
        "seconds": round(record.seconds, 2),
    }


def _error(trouble: QsmBotError, lang: Lang) -> dict[str, str]:
    next_words = _IS_IT_UP if isinstance(trouble, PortalUnreachable) else trouble.next_words
    words = {"message": trouble.message, "meaning": _LEFT, "next": next_words}
    return {"code": trouble.code, **{name: each.say(lang) for name, each in words.items()}}


def _change(change: Change, lang: Lang) -> dict[str, Any]:
    facts = {name: getattr(change, name) for name in ("place", "kind", "old", "new", "moved")}
    return {**facts, "words": change.words.say(lang)}
