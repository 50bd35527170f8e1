"""A month as one HTML page with its picture; it loads nothing from elsewhere."""

from qsm_bot.base.words import Lang
from qsm_bot.render import month_picture
from qsm_bot.render.duty import STATE_WORDS
from qsm_bot.render.month import MonthRecord
from qsm_bot.render.month_columns import ENDING_WORDS, KIND_WORDS
from qsm_bot.render.month_picture import COLOURS, bars, days_picture, waiting
from qsm_bot.render.page import template
from qsm_bot.render.report_words import PROOF_WORDS, REASON_WORDS


def month_html(record: MonthRecord, lang: Lang) -> str:
    """Return the report of a month.

    Args:
        record: the month.
        lang: the language that comes first; the other stands beside it.
    """
    return template("month.html").render(
        record=record,
        picture=days_picture(record.rows, record.month),
        size=month_picture,
        reasons=bars(record.reasons),
        waiting=waiting(record.rows),
        duties=bars({state.value: count for state, count in record.duties.items()}),
        duty_words=STATE_WORDS,
        legend=[(name, record.outcomes[name]) for name in COLOURS if name in record.outcomes],
        colours=COLOURS,
        endings=ENDING_WORDS,
        reason_words=REASON_WORDS,
        proof_words=PROOF_WORDS,
        kinds=KIND_WORDS,
        languages=("ja", "en") if lang == "ja" else ("en", "ja"),
    )
