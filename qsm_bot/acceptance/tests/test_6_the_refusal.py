"""Manual, steps 8 to 10: one refusal, and what the portal makes of it."""

from collections.abc import Callable

import pytest

from qsm_bot.acceptance.case import NOTHING, NotJudged, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.pressing import choose_reason, press_twice
from qsm_bot.acceptance.clone.seeding import JournalEntry, Seeding
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.acceptance.manual import BACK_IN, COMPLETED, DELIVERY, REASONS, REFUSED, REFUSED_WHY
from qsm_bot.acceptance.refusal import Refusal, claim_list_state, row_change
from qsm_bot.base.words import Words, same

_FORM = Words("before the press", "押す前")
_LIST = Words("the list afterwards", "拒否後の一覧")
_REFUSED_LIST = Words("behind キャンセル拒否完了", "「キャンセル拒否完了」の一覧")
_NOT_LISTED = Words("not in the list", "一覧にない")
_LISTED = Words("in the list", "一覧にある")
_NO_DELIVERY = Words(
    "the menu has no 配送管理, so the order cannot be looked up there",
    "メニューに配送管理がなく、確認できません",
)
_ONLY_ONE = Words("no other row to compare", "比べる行がほかにありません")
_ONCE = Words("1 request", "1回")
_TIMES = Words("{count} requests", "{count}回")
_REFUSED_ORDER = Words("the refused order's 取引情報", "拒否した注文の取引情報")
_NOWHERE = Words(
    "the clone has no journal (/_qa/journal), and 取引情報 does not show 拒否理由",
    "クローンに記録（/_qa/journal）がなく、取引情報にも拒否理由がありません",
)
_KEPT = Words("the journal", "記録")


@pytest.mark.statement("completed-text")
def test_the_completion_is_told_in_the_manuals_words(refusal: Refusal, case: StatementCase) -> None:
    """In an alert, after OK in the confirm."""
    case.keep_picture(_FORM, refusal.pictures.get("form"))
    dialogs = [*refusal.press.texts("confirm"), *refusal.press.texts("alert")]
    case.note_dialogs("refusal", dialogs, (act.service for act in refusal.press.acts))
    case.expect(Words("the alert", "完了表示"), COMPLETED, listed(refusal.press.texts("alert")))


@pytest.mark.statement("row-leaves")
def test_the_refused_order_leaves_the_list(refusal: Refusal, case: StatementCase) -> None:
    """The list is asked for afresh, right after the alert."""
    case.keep_picture(_LIST, refusal.pictures.get("list"))
    seen = _LISTED if refusal.order_no in refusal.after.rows else _NOT_LISTED
    case.expect(Words("the order", "注文"), _NOT_LISTED, seen)


@pytest.mark.statement("request-counter")
def test_the_counter_of_requests_goes_down_by_one(refusal: Refusal, case: StatementCase) -> None:
    """キャンセル要請."""
    case.keep_picture(_LIST, refusal.pictures.get("list"))
    expected, seen = refusal.before.requests - 1, refusal.after.requests
    case.expect(Words("キャンセル要請", "キャンセル要請"), str(expected), str(seen))


@pytest.mark.statement("refused-counter")
def test_the_counter_of_refusals_goes_up_by_one(refusal: Refusal, case: StatementCase) -> None:
    """キャンセル拒否完了, and the list behind it."""
    case.keep_picture(_REFUSED_LIST, refusal.pictures.get("refused"))
    expected, seen = refusal.before.refused + 1, refusal.after.refused
    case.expect(Words("キャンセル拒否完了", "キャンセル拒否完了"), str(expected), str(seen))
    listed_now = _LISTED if refusal.order_no in refusal.refused_list else _NOT_LISTED
    case.expect(Words("the order", "注文"), _LISTED, listed_now)


@pytest.mark.statement("back-to-delivery")
def test_the_order_is_back_in_delivery(refusal: Refusal, case: StatementCase) -> None:
    """配送管理 shows it under 配送要請."""
    if refusal.delivery is None:
        raise NotJudged(_NO_DELIVERY)
    case.expect_that(
        Words("{page}, {state}", "{page}の{state}").filled(page=DELIVERY, state=BACK_IN),
        refusal.order_no,
        refusal.order_no if refusal.order_no in refusal.delivery else NOTHING,
        held=refusal.order_no in refusal.delivery,
    )


@pytest.mark.statement("others-untouched")
def test_the_other_rows_stay_as_they_were(
    refusal: Refusal, qsm_target: Target, case: StatementCase
) -> None:
    """Each of them, cell by cell."""
    before, after, public = refusal.before, refusal.after, qsm_target.pack.texts.public_labels
    others = [no for no in before.rows if no != refusal.order_no]
    if not others:
        raise NotJudged(_ONLY_ONE)
    case.keep_picture(_LIST, refusal.pictures.get("list"))
    changes = {no: row_change(before, after, no, public) for no in others}
    odd = [
        Words("{no}: {change}", "{no}: {change}").filled(no=no, change=change)
        for no, change in changes.items()
        if change != NOTHING
    ]
    come = [Words(no, no) for no in after.rows if no not in before.rows]
    what = Words("changed, of {count} other rows", "変わった行（ほかの{count}行中）")
    case.expect(what.filled(count=len(others)), NOTHING, listed([*odd, *come][:3]))


@pytest.mark.statement("sent-once")
def test_a_press_sends_one_request(
    refusal: Refusal,
    qsm_clone_page: ClonePage,
    spare_order: Callable[[ClonePage], str],
    case: StatementCase,
) -> None:
    """Once pressed plainly, once with a second press while the first is under way."""
    plain = [act for act in refusal.press.acts if act == refusal.press.acts[0]]
    case.expect(Words("one press", "1回押した時"), _ONCE, _times(len(plain)))
    order_no = spare_order(qsm_clone_page)
    claim_list_state(qsm_clone_page)
    qsm_clone_page.open_order(order_no)
    choose_reason(qsm_clone_page, REASONS[0])
    pressed = press_twice(qsm_clone_page)
    case.picture(_LIST, qsm_clone_page)
    again = [act for act in pressed.acts if act in plain]
    case.expect(
        Words("with a second press meanwhile", "処理中にもう一度押した時"),
        _ONCE,
        _times(len(again)),
    )


@pytest.mark.statement("reason-kept")
def test_the_portal_keeps_the_reason_and_the_text(
    refusal: Refusal, qsm_seeding: Seeding, qsm_clone_page: ClonePage, case: StatementCase
) -> None:
    """As the clone's journal tells, or else 取引情報 of the refused order."""
    chosen = listed((refusal.reason, refusal.text))
    if "journal" in qsm_seeding.offers:
        case.expect(_KEPT, chosen, _reason(_entries(qsm_seeding, refusal, "refuse")))
        return
    qsm_clone_page.open_claims()
    qsm_clone_page.list_of(REFUSED)
    qsm_clone_page.open_order(refusal.order_no)
    screen = qsm_clone_page.screen(refusal.text, pane=True)
    case.picture(_REFUSED_ORDER, qsm_clone_page, "form")
    labels = screen.saying(REFUSED_WHY)
    if not labels:
        raise NotJudged(_NOWHERE)
    reason = next((each.text for each in screen.beside(labels[0])), "")
    text = refusal.text if screen.places(refusal.text) else ""
    case.expect(_REFUSED_ORDER, chosen, listed((reason, text)))


@pytest.mark.statement("buyer-told")
def test_the_buyer_is_told_the_reason_at_once(
    refusal: Refusal, portal_journal: Seeding, case: StatementCase
) -> None:
    """The notice of e-mail and app, as the clone's journal tells."""
    entries = _entries(portal_journal, refusal, "notice")
    case.expect(
        Words("the notice", "お客様への通知"),
        listed((refusal.reason, refusal.text)),
        _reason(entries),
    )


def _entries(journal: Seeding, refusal: Refusal, kind: str) -> list[JournalEntry]:
    return [each for each in journal.journal(refusal.order_no) if each.kind == kind]


def _reason(entries: list[JournalEntry]) -> Words | str:
    return listed(" | ".join((same(each.reason), each.text)) for each in entries)


def _times(count: int) -> Words:
    return _ONCE if count == 1 else _TIMES.filled(count=count)
