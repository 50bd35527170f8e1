"""The report of a run as one HTML page: statement by statement, beside the manual's words."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qsm_bot.acceptance.manual import SECTIONS, Section
from qsm_bot.acceptance.report.verdicts import VERDICT_WORDS, Fact, Record, Run, StatementVerdict
from qsm_bot.base.exit_code import tone_of
from qsm_bot.base.words import Lang, Words
from qsm_bot.render.page import template

TONES = {
    StatementVerdict.HELD: "green",
    StatementVerdict.DID_NOT_HOLD: "red",
    StatementVerdict.NOT_JUDGED: "grey",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of the manual with the statements that are judged in it first."""

    number: str
    section: Section
    records: Sequence[Record]


def run_html(run: Run, lang: Lang) -> str:
    """Return the report as a page that loads nothing from elsewhere.

    Args:
        run: the run, closed.
        lang: the language that comes first; the other stands beside it.
    """
    return template("acceptance.html").render(
        run=run,
        parts=list(_parts(run)),
        titles={number: section.title for number, section in SECTIONS.items()},
        tones=TONES,
        verdicts=VERDICT_WORDS,
        counts=[
            (run.counts()[each], VERDICT_WORDS[each], TONES[each]) for each in StatementVerdict
        ],
        exit_tone=tone_of(run.exit_code),
        both=_both,
        load=run.load.document(lang) if run.load else None,
        data=lambda picture: base64.b64encode(picture.data).decode(),
        languages=("ja", "en") if lang == "ja" else ("en", "ja"),
    )


def _parts(run: Run) -> Iterator[_Part]:
    for number, section in SECTIONS.items():
        mine = [each for each in run.records.values() if each.statement.sections[0] == number]
        if mine:
            yield _Part(number, section, mine)


def _both(fact: Fact) -> Words:
    return fact if isinstance(fact, Words) else Words(fact, fact)
