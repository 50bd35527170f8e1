"""What a run leaves behind: lines for the terminal, a JSON document, an HTML page."""

import json
from collections.abc import Iterator
from pathlib import Path

from qsm_bot.acceptance.report.documents import run_document
from qsm_bot.acceptance.report.verdicts import (
    VERDICT_WORDS,
    Record,
    Run,
    StatementVerdict,
    say,
)
from qsm_bot.base.private_files import write_private
from qsm_bot.base.words import Lang, Words

_COUNTED = Words(
    "{held} held, {broken} did not hold, {left} not judged",
    "成立 {held}、不成立 {broken}、判定不能 {left}",
)
_CHANGED = Words("changed since {when:%Y-%m-%d %H:%M}:", "{when:%Y-%m-%d %H:%M} からの変化:")


def verdict_line(record: Record, lang: Lang) -> str:
    """Return one statement's verdict as a line."""
    verdict = VERDICT_WORDS[record.verdict or StatementVerdict.NOT_JUDGED].say(lang)
    why = say(record.why, lang)
    return f"{record.statement.id}: {verdict}" + (f" ({why})" if why else "")


def summary_lines(run: Run, lang: Lang) -> Iterator[str]:
    """Return what did not hold, what was not judged, what has changed, and the counts."""
    for record in run.records.values():
        if record.verdict is not StatementVerdict.HELD:
            yield verdict_line(record, lang)
    if run.changes and run.compared_with:
        yield _CHANGED.filled(when=run.compared_with).say(lang)
        yield from (f"  {change.words.say(lang)}" for change in run.changes)
    counts = run.counts()
    yield _COUNTED.filled(
        held=counts[StatementVerdict.HELD],
        broken=counts[StatementVerdict.DID_NOT_HOLD],
        left=counts[StatementVerdict.NOT_JUDGED],
    ).say(lang)


def write_reports(run: Run, lang: Lang, *, json_file: Path | None, html_file: Path | None) -> None:
    """Write the files that were asked for; only their owner can read them.

    Raises:
        EvidenceUnwritable: one cannot be written.
    """
    if json_file:
        document = run_document(run, lang)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        write_private(json_file, text.encode())
    if html_file:
        from qsm_bot.acceptance.report.page import run_html

        write_private(html_file, run_html(run, lang).encode())
