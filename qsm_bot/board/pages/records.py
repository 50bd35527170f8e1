"""The records of a month: what was done with each order, found by month, outcome or number."""

from collections import Counter

from starlette.responses import Response

from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.board.visit import BoardVisit
from qsm_bot.board.words import END_TONES, END_WORDS
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Wanted
from qsm_bot.render.month import Month
from qsm_bot.render.report_words import REASON_WORDS

_PAGE = 50


def show(visit: BoardVisit) -> Response:
    """Show a month."""
    month = _month(visit.asked("month"))
    wish = visit.asked("outcome")
    outcome = OutcomeKind(wish) if wish in set(OutcomeKind) else None
    number = visit.asked("order").strip()
    shop = visit.desk.load().shop
    if number:
        wanted = Wanted(shop=shop, order_no=number)
    else:
        wanted = Wanted(shop=shop, since=month.since, until=month.until)
    with visit.desk.ledger() as ledger:
        attempts = ledger.find(wanted)
    refusals = [each for each in attempts if each.kind is PermitKind.REFUSAL]
    sums = Counter(each.outcome.value for each in refusals if each.outcome is not None)
    chosen = [each for each in attempts if outcome is None or each.outcome is outcome]
    page = _number(visit.asked("page"))
    return visit.page(
        "records.html",
        month=month,
        before=Month.parsed(f"{_shifted(month, -1)}"),
        after=Month.parsed(f"{_shifted(month, 1)}"),
        sums=sums,
        rows=chosen[page * _PAGE : (page + 1) * _PAGE],
        count=len(chosen),
        page=page,
        more=len(chosen) > (page + 1) * _PAGE,
        outcome=outcome,
        number=number,
        ends=END_WORDS,
        tones=END_TONES,
        reasons=REASON_WORDS,
        jobs=visit.jobs.newest(10),
    )


def _month(text: str) -> Month:
    try:
        return Month.parsed(text or f"{now():%Y-%m}")
    except QsmBotError:
        return Month.parsed(f"{now():%Y-%m}")


def _shifted(month: Month, by: int) -> str:
    at = month.first.year * 12 + month.first.month - 1 + by
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def _number(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004
