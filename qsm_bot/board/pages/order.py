"""One order's life: asked, approved, refused, proven, shipped; with its pictures."""

import hashlib

from starlette.exceptions import HTTPException
from starlette.responses import Response

from qsm_bot.base.pictures import PictureStore
from qsm_bot.board.visit import BoardVisit
from qsm_bot.board.words import END_TONES, END_WORDS
from qsm_bot.ledger import Event
from qsm_bot.render.goods import goods_of
from qsm_bot.render.pictures import picture_name
from qsm_bot.render.report_words import PROOF_WORDS, REASON_WORDS
from qsm_bot.render.timeline import step_of

_PNG = b"\x89PNG\r\n\x1a\n"
_PICTURE = "attempt.evidence"


def show(visit: BoardVisit) -> Response:
    """Show all that is known of an order."""
    order, shop = visit.order, visit.desk.load().shop
    with visit.desk.ledger() as ledger:
        attempts = ledger.attempts(shop=shop, order_no=order)
        events = [event for event in ledger.events(order_no=order) if event.shop == shop]
        approvals = {each.plan: ledger.approval(each.plan) for each in attempts}
        duty = next(iter(ledger.duties(shop, order_no=order)), None)
        seen = goods_of(ledger, shop, [order]).get(order)
    by_attempt = {
        each.id: [event for event in events if event.attempt_id == each.id] for each in attempts
    }
    return visit.page(
        "order.html",
        status=200 if attempts else 404,
        order=order,
        attempts=attempts,
        approvals=approvals,
        duty=duty,
        seen=seen,
        steps={
            each.id: [step_of(event, each) for event in by_attempt[each.id]] for each in attempts
        },
        pictures={each.id: _pictures(by_attempt[each.id]) for each in attempts},
        picture_name=picture_name,
        ends=END_WORDS,
        tones=END_TONES,
        proofs=PROOF_WORDS,
        reasons=REASON_WORDS,
    )


def _pictures(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind == _PICTURE]


def picture(visit: BoardVisit) -> Response:
    """Give a picture, by its entry in the ledger; one that was changed is not shown."""
    order, shop, wanted = visit.order, visit.desk.load().shop, visit.param("sha256")
    with visit.desk.ledger() as ledger:
        found = next(
            (
                event.body["path"]
                for event in ledger.events(order_no=order, kinds=[_PICTURE])
                if event.shop == shop and event.body["sha256"] == wanted
            ),
            None,
        )
    if found is None:
        raise HTTPException(404)
    try:
        content = PictureStore(visit.desk.load().data_dir).path(found).read_bytes()
    except OSError:
        raise HTTPException(404) from None
    if hashlib.sha256(content).hexdigest() != wanted or not content.startswith(_PNG):
        raise HTTPException(404)
    return Response(content, media_type="image/png")
