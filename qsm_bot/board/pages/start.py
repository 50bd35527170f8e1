"""First steps: practise, name the shop, sign in, look at the pages, rehearse, go live."""

from starlette.responses import Response

from qsm_bot.board.job_record import JobKind, end_of
from qsm_bot.board.visit import BoardVisit
from qsm_bot.ledger import Wanted


def show(visit: BoardVisit) -> Response:
    """Show the steps, each with a tick once it was done."""
    settings = visit.desk.load()
    jobs = visit.jobs.newest()
    good = {each.kind for each in jobs if end_of(visit.jobs.folder(each.name)) in (0, 10, 20)}
    with visit.desk.ledger() as ledger:
        attempts = ledger.find(Wanted(shop=settings.shop, limit=500))
    rehearsed = any(each.outcome == "rehearsed" for each in attempts)
    return visit.page(
        "start.html",
        settings=settings,
        done={
            "shop": bool(settings.login_id and settings.shop_name),
            "sign_in": JobKind.SIGN_IN in good or JobKind.READ in good,
            "check": JobKind.CHECK in good,
            "rehearse": rehearsed,
            "live": settings.live or settings.is_loopback,
        },
    )
