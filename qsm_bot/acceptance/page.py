"""The report of a run as one HTML page: statement by statement, beside the manual's words."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qsm_bot.acceptance.manual import SECTIONS, Section
from qsm_bot.acceptance.verdicts import VERDICT_WORDS, Fact, Record, Run, Verdict
from qsm_bot.render.page import template
from qsm_bot.words import Lang, Words

TONES = {Verdict.HELD: "green", Verdict.DID_NOT_HOLD: "red", Verdict.NOT_JUDGED: "grey"}
_EXIT_TONES = {0: "green", 20: "amber"}


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
        counts=[(run.counts()[each], VERDICT_WORDS[each], TONES[each]) for each in Verdict],
        exit_tone=_EXIT_TONES.get(run.exit_code, "red"),
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
