"""The report of a run, made from a real ledger's records."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.retention import PURGED
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.duty import ClosedBy, Closing
from qsm_bot.domain.page_fingerprint import Change, Drift
from qsm_bot.domain.plan import (
    Approval,
    ApprovalKind,
    PermitKind,
    Plan,
    PlannedRefusal,
    PlannedRest,
)
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import Act, Ledger
from qsm_bot.render.documents import OUTCOME_WORDS
from qsm_bot.render.duty import ends_of
from qsm_bot.render.report import report_html

START = datetime(2026, 1, 5, 20, 30, tzinfo=JST)
PNG = b"\x89PNG\r\n\x1a\n a picture"
PORTAL = "http://127.0.0.1:8765"
CONFIRM = "キャンセル拒否を行いますか？"
DONE = "処理が完了しました。"
BEFORE, ALERTED, FRESH = "1-before", "2-after-alert", "3-fresh-list"
LABELS = {
    RefusalReason.SHIPPED: "商品発送完了",
    RefusalReason.READY: "発送準備完了",
    RefusalReason.MADE_TO_ORDER: "注文制作商品",
    RefusalReason.OTHER: "その他",
}
DETAIL = Words("a note about it", "結果についての備考")


@dataclass(frozen=True)
class Sent:
    """The request that left."""

    method: str = "POST"
    path: str = "/Claim/ClaimService.asmx/Refuse"
    status: int | None = 200


def refusal(order_no: str, **changes: object) -> PlannedRefusal:
    planned = PlannedRefusal(
        order_no=order_no,
        cart_no=f"2{order_no}",
        fingerprint="f" * 64,
        reason=RefusalReason.SHIPPED,
        text=None,
        rule="発送済み",
        because=(Words("item code is “A-100”", "商品番号が「A-100」"),),
    )
    return replace(planned, **changes)  # type: ignore[arg-type]


def plan_of(*refusals: PlannedRefusal, **changes: object) -> Plan:
    plan = Plan(
        shop="demo-shop",
        portal=PORTAL,
        rules="a" * 64,
        pack="b" * 64,
        created_at=START,
        expires_at=START + timedelta(hours=2),
        total=12,
        refuse=refusals,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


@dataclass
class Book:
    """A run in a real ledger, whose clock moves on with every look at it."""

    folder: Path
    now: datetime = START
    tick: timedelta = timedelta(milliseconds=137)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = f"sqlite:///{(self.folder / 'book.sqlite').as_posix()}"
        self.ledger = Ledger.open(url, clock=self.clock)
        self.run_id = ""
        self.plan: Plan | None = None
        self.approval: Approval | None = None
        self.refused_before: dict[str, datetime] = {}

    def clock(self) -> datetime:
        self.now += self.tick
        return self.now

    def begin(self, plan: Plan | None, command: str = "apply") -> None:
        self.plan = plan
        digest = plan.digest if plan else None
        self.run_id = self.ledger.begin_run("demo-shop", command, digest)

    def attempt(self, order_no: str, kind: PermitKind = PermitKind.REFUSAL) -> Act:
        assert self.plan is not None
        row = next(row for row in self.plan.refuse if row.order_no == order_no)
        digest = self.plan.digest
        act = self.ledger.act(self.ledger.issue_permit(self.run_id, "demo-shop", row, digest, kind))
        act.opened({"shown": order_no})
        act.ready({"label": LABELS[row.reason], "text": row.text})
        return act

    def keep(self, act: Act, name: str, content: bytes = PNG) -> str:
        path = f"{self.run_id}/{act._attempt.order_no}-{name}.png"
        self.pictures[path] = content
        act.evidence(name, path, hashlib.sha256(content).hexdigest())
        return path

    def press(self, act: Act, *, status: int | None = 200) -> None:
        self.keep(act, BEFORE)
        act.armed()
        act.confirm_open(CONFIRM)
        act.committing()
        act.answered(Sent(status=status))

    def proofs(self) -> tuple[Proof, ...]:
        return (
            Proof(kind=ProofKind.ALERT, seen=DONE, at=self.now),
            Proof(kind=ProofKind.REFUSED_LIST, seen="キャンセル拒否", at=self.now),
        )

    def refuse(self, order_no: str) -> None:
        act = self.attempt(order_no)
        self.press(act)
        act.alerted(DONE)
        self.keep(act, ALERTED)
        self.keep(act, FRESH)
        proofs = self.proofs()
        act.verified(proofs)
        act.settle(Outcome(kind=OutcomeKind.REFUSED, proofs=proofs))

    def finish(self, order_no: str, kind: OutcomeKind) -> None:
        """Bring the order to the outcome on the way that leads there."""
        if kind is OutcomeKind.REFUSED:
            self.refuse(order_no)
            return
        rehearsal = kind is OutcomeKind.REHEARSED
        act = self.attempt(order_no, PermitKind.REHEARSAL if rehearsal else PermitKind.REFUSAL)
        if kind in {OutcomeKind.UNKNOWN, OutcomeKind.REJECTED}:
            self.press(act, status=None if kind is OutcomeKind.UNKNOWN else 200)
        elif rehearsal:
            self.keep(act, BEFORE)
            act.armed()
            act.confirm_open(CONFIRM)
        act.settle(Outcome(kind=kind, detail=DETAIL))

    def end(self, code: int, error: dict[str, object] | None = None) -> None:
        self.ledger.end_run(self.run_id, code, error)

    def report(self, lang: Lang = "ja") -> str:
        return report_html(
            run=self.ledger.run(self.run_id),
            plan=self.plan,
            approval=self.approval,
            attempts=self.ledger.attempts(run_id=self.run_id),
            events=list(self.ledger.events(run_id=self.run_id)),
            picture=self.pictures.get,
            lang=lang,
            chain="c" * 64,
            made_at=self.now,
            refused_before=self.refused_before,
            duty_ends=dict(ends_of(self.ledger.duties("demo-shop"), self.now)),
        )


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path)
    yield book
    book.ledger.close()


@pytest.fixture
def refused(book: Book) -> Book:
    """One order, refused and proven."""
    book.begin(plan_of(refusal("400000001")))
    book.refuse("400000001")
    book.end(0)
    return book


def words_in(page: str) -> str:
    """Return what a reader sees, without tags and with single spaces."""
    body = page.partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_outcome_is_told_in_both_languages(book: Book, kind: OutcomeKind, lang: Lang) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.finish("400000001", kind)
    book.end(20)
    page = book.report(lang)

    words = OUTCOME_WORDS[kind.value]
    first, second = (words.ja, words.en) if lang == "ja" else (words.en, words.ja)
    other = "en" if lang == "ja" else "ja"
    main = f'<span class="one" lang="{lang}">{first}</span>'
    beside = f'<span class="two" lang="{other}">{second}</span>'
    assert f"{main} {beside}" in page


def test_a_refusal_names_its_proofs_its_time_and_its_duty(refused: Book) -> None:
    text = words_in(refused.report("en"))

    assert "completion alert" in text
    assert "in the list of refused ones" in text
    assert "Ship it and enter the shipment in QSM by 2026-01-05 23:59 JST" in text
    assert "拒否当日の 2026-01-05 23:59（日本時間）までに発送処理をしてください。" in text
    assert re.search(r"\d\.\d s ", text)


def test_what_became_of_the_duty_is_told_in_place_of_it(refused: Book) -> None:
    refused.now += timedelta(days=1)
    overdue = words_in(refused.report("en"))
    closing = Closing(by=ClosedBy.PERSON, who="Sato", why=Words("posted", "投函済み"))
    refused.ledger.close_duty("demo-shop", "400000001", closing)
    shipped = words_in(refused.report("en"))

    assert "OVERDUE: it should have been shipped by 2026-01-05 23:59 JST." in overdue
    assert "期限超過: 2026-01-05 23:59（日本時間）までに" in overdue
    assert "By your own data or word it was shipped." in shipped
    assert "Sato: posted Sato: 投函済み" in shipped
    assert "by 2026-01-05 23:59 JST" not in shipped


def test_what_is_to_be_done_stands_first_once_for_all_its_orders(book: Book) -> None:
    numbers = [f"40000000{at}" for at in range(1, 6)]
    ask = (PlannedRest(order_no="400000009", why=Words("no rule takes it", "該当なし")),)
    book.begin(plan_of(*map(refusal, numbers), ask=ask))
    for number in numbers[:2]:
        book.refuse(number)
    book.finish(numbers[2], OutcomeKind.UNKNOWN)
    book.finish(numbers[3], OutcomeKind.REHEARSED)
    book.end(30)
    head = words_in(book.report("en").partition("Summary")[0])

    said = (
        "it looks and never presses.",
        f"by 2026-01-05 23:59 JST, the day of the refusal. {numbers[0]} {numbers[1]} ",
        "leave these to a person: look at them and decide. 400000009",
        "Nothing was sent. To refuse in earnest, approve and apply the plan.",
    )
    places = [head.index(each) for each in said]
    assert places == sorted(places)
    assert book.run_id not in head


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_report_speaks_the_language_chosen_until_another_is_asked_for(
    refused: Book, lang: Lang
) -> None:
    page = refused.report(lang)

    assert re.findall(r'id="only-(\w+)" checked', page) == [lang]


def test_what_another_run_refused_is_no_order_that_was_not_started(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.refuse("400000001")
    book.end(0)
    book.begin(book.plan)
    book.end(0)
    book.refused_before = {"400000001": book.now}
    head = words_in(book.report("en").partition("Summary")[0])

    assert "by 2026-01-05 23:59 JST, the day of the refusal. 400000001" in head
    assert "did not begin it" not in head


def test_who_approved_is_named(refused: Book) -> None:
    assert "approved by" not in words_in(refused.report("en"))

    assert refused.plan is not None
    approval = Approval(
        plan=refused.plan.digest,
        who="佐藤",
        kind=ApprovalKind.PERSON,
        at=refused.now,
        until=refused.now,
    )
    refused.approval = approval
    assert "approved by 承認 佐藤" in words_in(refused.report("en"))


def test_the_duty_belongs_to_the_day_on_which_the_refusal_left(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    act = book.attempt("400000001")
    book.now = datetime(2026, 1, 5, 23, 59, 58, tzinfo=JST)
    book.press(act)
    book.now = datetime(2026, 1, 6, 0, 0, 3, tzinfo=JST)
    act.alerted(DONE)
    proofs = book.proofs()
    act.verified(proofs)
    act.settle(Outcome(kind=OutcomeKind.REFUSED, proofs=proofs))

    assert "by 2026-01-05 23:59 JST" in words_in(book.report("en"))


def test_a_request_that_left_without_a_confirm_counts_as_the_refusal(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    act = book.attempt("400000001")
    act.armed()
    book.now = datetime(2026, 1, 5, 23, 59, 58, tzinfo=JST)
    act.answered(Sent())
    book.now = datetime(2026, 1, 6, 0, 0, 3, tzinfo=JST)
    act.settle(Outcome(kind=OutcomeKind.UNKNOWN, detail=DETAIL))
    text = words_in(book.report("en"))

    assert "it must be shipped by 2026-01-05 23:59 JST" in text
    assert "Not taken: 未取得: 3 list read afresh" in text


def test_the_timeline_tells_dialogs_and_request_to_the_millisecond(refused: Book) -> None:
    text = words_in(refused.report())

    assert f"「{CONFIRM}」" in text
    assert f"「{DONE}」" in text
    assert "POST /Claim/ClaimService.asmx/Refuse → 200" in text
    assert "「はい」を押した（ここから取り消せません）" in text
    assert re.search(r"2026-01-05 20:30:\d\d\.\d{3} \+\d\.\d{3} s", text)
    assert "理由: 商品発送完了" in text


def test_a_request_without_an_answer_is_told(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.finish("400000001", OutcomeKind.UNKNOWN)

    assert "POST /Claim/ClaimService.asmx/Refuse → no answer" in words_in(book.report("en"))


def test_pictures_stand_inside_the_page_and_fit_the_ledger(refused: Book) -> None:
    page = refused.report("en")

    assert page.count('src="data:image/png;base64,') == 3
    assert words_in(page).count("fits the ledger") == 3
    assert "Pictures: 3, all as they were taken." in words_in(page)
    for name in ("1 before the click", "2 after the completion alert", "3 list read afresh"):
        assert name in words_in(page)


def test_a_changed_picture_is_told(refused: Book) -> None:
    path = next(path for path in refused.pictures if FRESH in path)
    refused.pictures[path] = PNG + b"!"
    page = refused.report("en")

    assert "CHANGED since it was kept" in words_in(page)
    assert "Pictures: 2 as recorded, 1 changed, 0 missing." in words_in(page)
    assert page.count('src="data:image/png;base64,') == 3


def test_a_changed_file_that_is_no_picture_is_not_shown(refused: Book) -> None:
    path = next(path for path in refused.pictures if FRESH in path)
    refused.pictures[path] = b"<svg onload='alert(1)'>"
    page = refused.report("en")

    assert "The file is no picture" in words_in(page)
    assert page.count('src="data:image/png;base64,') == 2


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_or_empty_picture_is_told(refused: Book, content: bytes | None) -> None:
    path = next(path for path in refused.pictures if FRESH in path)
    del refused.pictures[path]
    if content is not None:
        refused.pictures[path] = content
    text = words_in(refused.report("en"))

    told = "Pictures: 2 as recorded, {} changed, {} missing."
    assert told.format(*((0, 1) if content is None else (1, 0))) in text
    assert ("The file is missing" if content is None else "The file is no picture") in text


def test_a_picture_that_was_never_taken_is_told(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.finish("400000001", OutcomeKind.UNKNOWN)
    text = words_in(book.report("en"))

    assert "Not taken: 未取得: 2 after the completion alert" in text
    assert "Not taken: 未取得: 1 before the click" not in text


def test_a_picture_of_another_name_and_an_entry_of_another_kind_are_shown(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    act = book.attempt("400000001")
    book.keep(act, "9-later")
    act._note("attempt.odd", {})
    text = words_in(book.report("en"))

    assert "9-later" in text
    assert "attempt.odd" in text


def test_what_others_wrote_is_escaped(book: Book) -> None:
    evil = "<script>alert('x')</script>"
    row = refusal(
        "400000001",
        reason=RefusalReason.OTHER,
        text=evil,
        rule=f"rule {evil}",
        because=(Words(f"why `{evil}`", f"根拠 {evil}"),),
    )
    rest = (PlannedRest(order_no="", why=Words(evil, evil)),)
    book.begin(plan_of(row, ask=rest, leave=rest))
    act = book.attempt("400000001")
    act._note("attempt.ready", {"facts": {evil: evil}})
    act.armed()
    act.confirm_open(evil)
    act.settle(Outcome(kind=OutcomeKind.NOT_SENT, detail=Words(evil, evil)))
    book.end(90, {"code": "UnexpectedDialog", "message": {"en": evil, "ja": evil}})
    page = book.report("en")

    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10
    assert "why <code>&lt;script&gt;" in page


def test_the_page_loads_nothing(refused: Book) -> None:
    page = refused.report()

    assert not re.findall(r"https?://", page.replace(PORTAL, ""))
    assert set(re.findall(r'(?:src|href)="(data:image/png|#)?', page)) == {"data:image/png", "#"}
    assert not re.search(r"url\(|@import|<link|<script|<iframe|srcset|\bon\w+=", page)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page


def test_all_identifiers_stand_in_the_head(refused: Book) -> None:
    assert refused.plan is not None
    text = words_in(refused.report("en"))

    for said in ("demo-shop", refused.run_id, refused.plan.digest, PORTAL, "c" * 64, "apply"):
        assert said in text
    assert "all verified" in text
    assert "qsm-bot ledger verify" in text


@pytest.mark.parametrize("code", [0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
def test_every_exit_code_has_words(book: Book, code: int) -> None:
    book.begin(None)
    book.end(code)
    page = book.report("en")
    banner = page.partition('<div class="ends')[2].partition("</div>")[0]

    assert re.search(r"<b>\s*<span[^>]*>[A-Z][A-Za-z ,;-]+\.</span>", banner)
    assert f"Exit code 終了コード {code} " in words_in(page)


def test_a_run_that_did_not_end_is_told(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.attempt("400000001")
    text = words_in(book.report("en"))

    assert "not ended, or killed" in text
    assert "not finished (ready)" in text
    assert "Once the run is over, run qsm-bot reconcile" in text


def test_an_error_is_told_with_its_code(book: Book) -> None:
    book.begin(None)
    message = {"en": "The portal cannot be reached", "ja": "接続できません"}
    book.end(50, {"code": "PortalUnreachable", "message": message})
    text = words_in(book.report("en"))

    assert "PortalUnreachable: The portal cannot be reached" in text
    assert "PortalUnreachable: 接続できません" in text


def test_an_error_of_another_form_is_told_as_it_is(book: Book) -> None:
    book.begin(None)
    book.end(80, {"message": "broken"})

    assert "–: broken" in words_in(book.report("en"))


def test_a_plan_alone_is_shown(book: Book) -> None:
    leave = (PlannedRest(order_no="400000008", why=Words("no rule takes it", "該当なし")),)
    ask = (PlannedRest(order_no="", why=Words("row 3 cannot be read", "3 行目が読めません")),)
    book.begin(plan_of(refusal("400000001"), leave=leave, ask=ask), command="plan")
    book.end(10)
    text = words_in(book.report("en"))

    assert "PLAN ONLY" in text
    assert "not started" in text
    assert "already shipped" in text
    assert "item code is “A-100”" in text
    assert "400000008 no rule takes it 該当なし" in text
    assert "– row 3 cannot be read" in text


def test_a_run_without_plan_and_orders_is_shown(book: Book) -> None:
    book.begin(None, command="reconcile")
    book.end(10)
    text = words_in(book.report("en"))

    assert "There was no order to refuse in this run." in text
    assert "This run went by no plan." in text
    assert "PLAN ONLY" not in text


def test_an_attempt_is_shown_without_its_plan(refused: Book) -> None:
    refused.plan = None

    assert "in the list of refused ones" in words_in(refused.report("en"))


def test_a_later_look_is_told_but_does_not_count_as_time(book: Book) -> None:
    book.begin(plan_of(refusal("400000001")))
    book.finish("400000001", OutcomeKind.UNKNOWN)
    book.end(30)
    book.now += timedelta(hours=1)
    later = book.ledger.begin_run("demo-shop", "reconcile", None)
    (attempt,) = book.ledger.attempts(run_id=book.run_id)
    outcome = Outcome(kind=OutcomeKind.REFUSED, proofs=book.proofs(), detail=DETAIL)
    book.ledger.settle(attempt.id, outcome, run_id=later)
    text = words_in(book.report("en"))

    assert f"told by the run {later}" in text
    assert "+3600." in text.replace("+3601.", "+3600.")
    row = text.partition("What must happen next")[2].partition("Ship it")[0]
    assert re.search(r" [12]\.\d s", row)


def test_the_text_that_the_buyer_reads_is_shown(book: Book) -> None:
    text = (
        "ご注文の商品はすでに発送の準備が整っており、本日中に発送いたします。何卒ご了承ください。"
    )
    book.begin(plan_of(refusal("400000001", reason=RefusalReason.OTHER, text=text)))
    book.attempt("400000001")
    page = book.report()

    assert f'<div class="text" lang="ja">{text}</div>' in page
    assert f"理由文: {text}" in words_in(page)


def test_what_was_not_as_known_stands_before_the_orders(refused: Book) -> None:
    change = Change("list", "headings", "注文番号", "受注番号")
    quiet = words_in(refused.report())
    book = refused
    book.begin(plan_of(refusal("400000002")))
    book.ledger.note("portal.drift", Drift(("grid",), (change,)).to_dict(), run_id=book.run_id)
    book.end(0)

    page = words_in(book.report("en"))

    assert "Not as known" not in quiet
    assert change.words.en in page
    assert change.words.ja in page
    assert page.index("Not as known") < page.index(change.words.en) < page.index("Summary")


def test_a_picture_deleted_for_its_age_is_told_with_its_day_and_is_no_alarm(refused: Book) -> None:
    (first, *others) = refused.pictures
    refused.now += timedelta(days=90)
    body = {"name": refused.run_id, "pictures": [first], "reports": []}
    refused.ledger.note(PURGED, body, run_id=refused.run_id)
    there = refused.report("en")
    del refused.pictures[first]
    gone = refused.report("en")

    assert "by retention" not in there
    assert "Picture deleted on 2026-04-05 by retention" in gone
    assert "保存期間を過ぎたため 2026-04-05 に削除" in gone
    assert "Pictures: 2, all as they were taken." in gone
    assert "Deleted by retention: 1." in gone
    assert gone.count("data:image/png;base64,") == len(others)
    assert 'figure class="bad"' not in gone
