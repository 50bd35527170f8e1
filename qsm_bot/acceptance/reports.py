"""What a run leaves behind: lines for the terminal, a JSON document, an HTML page."""

import json
from collections.abc import Iterator

from qsm_bot.acceptance.options import Options
from qsm_bot.acceptance.verdicts import VERDICT_WORDS, Record, Run, Verdict, run_document, said
from qsm_bot.private_files import write_private
from qsm_bot.words import Lang, Words

_COUNTED = Words(
    "{held} held, {broken} did not hold, {left} not judged",
    "成立 {held}、不成立 {broken}、判定不能 {left}",
)
_CHANGED = Words("changed since {when:%Y-%m-%d %H:%M}:", "{when:%Y-%m-%d %H:%M} からの変化:")


def verdict_line(record: Record, lang: Lang) -> str:
    """Return one statement's verdict as a line."""
    verdict = VERDICT_WORDS[record.verdict or Verdict.NOT_JUDGED].say(lang)
    why = said(record.why, lang)
    return f"{record.statement.id}: {verdict}" + (f" ({why})" if why else "")


def summary_lines(run: Run, lang: Lang) -> Iterator[str]:
    """Return what did not hold, what was not judged, what has changed, and the counts."""
    for record in run.records.values():
        if record.verdict is not Verdict.HELD:
            yield verdict_line(record, lang)
    if run.changes and run.compared_with:
        yield _CHANGED.filled(when=run.compared_with).say(lang)
        yield from (f"  {change.words.say(lang)}" for change in run.changes)
    counts = run.counts()
    yield _COUNTED.filled(
        held=counts[Verdict.HELD],
        broken=counts[Verdict.DID_NOT_HOLD],
        left=counts[Verdict.NOT_JUDGED],
    ).say(lang)


def write_reports(run: Run, options: Options) -> None:
    """Write the files that were asked for, for their owner's eyes only.

    Raises:
        EvidenceUnwritable: one cannot be written.
    """
    if options.json:
        document = run_document(run, options.lang)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        write_private(options.json, text.encode())
    if options.html:
        from qsm_bot.acceptance.page import run_html

        write_private(options.html, run_html(run, options.lang).encode())
