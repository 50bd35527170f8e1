"""Which request is the refusal, which is harmless, and which must not leave."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from qsm_bot.portal.act.carried import Carried
from qsm_bot.portal.act.event_check import FormNames
from qsm_bot.portal.act.sorting import RefusalMarks, RequestSort

OURS, OTHER = "762544202", "762544206"
FORM = "application/x-www-form-urlencoded"
MARKS = RefusalMarks(
    order_no=OURS,
    others=frozenset({OTHER}),
    text="",
    form=FormNames(
        buttons=frozenset({"ctl00$btn"}),
        select="ddl",
        box="tb",
        ignored=frozenset({"search"}),
        chosen=frozenset({"R1", "商品発送完了"}),
        unchosen=frozenset({"R2", "発送準備完了", "3"}),
    ),
)


def post(path: str = "/refuse", **fields: str) -> Carried:
    return Carried("POST", f"http://p.example{path}", FORM, urlencode(fields))


def twice(name: str, *values: str) -> Carried:
    """A post in which one field stands twice: a service may read the first, or the last."""
    fields = [("no", OURS), *((name, value) for value in values)]
    return Carried("POST", "http://p.example/refuse", FORM, urlencode(fields))


def get(address: str) -> Carried:
    return Carried("GET", f"http://p.example{address}")


def sort(carried: Carried, marks: RefusalMarks = MARKS, *, habit: bool = False) -> RequestSort:
    return marks.sort(carried, lambda _carried: habit)


@pytest.mark.parametrize(
    ("carried", "wanted"),
    [
        (post(no=OURS), RequestSort.REFUSAL),
        (post(no=OURS, why="R1"), RequestSort.REFUSAL),
        (post(__EVENTTARGET="ctl00$btn"), RequestSort.REFUSAL),
        (post(**{"ctl00$btn": "キャンセル拒否"}), RequestSort.REFUSAL),
        (post(**{"ctl00$btn.x": "3"}), RequestSort.REFUSAL),
        (get(f"/refuse?no={OURS}"), RequestSort.REFUSAL),
        (post(), RequestSort.MAYBE),
        (post(no=OTHER), RequestSort.ANOTHER),
        (post(no=OURS, hid=OTHER), RequestSort.ANOTHER),
        (get(f"/refuse?no={OTHER}"), RequestSort.ANOTHER),
        (post(no=OURS, search=OTHER), RequestSort.REFUSAL),
        (post(no=OURS, why="R2"), RequestSort.OTHERWISE),
        (post(no=OURS, ddl="3"), RequestSort.OTHERWISE),
        (post(no=OURS, ddl="R1", note="R2"), RequestSort.REFUSAL),
        (twice("ddl", "R2", "R1"), RequestSort.OTHERWISE),
        (twice("ddl", "R1", "R2"), RequestSort.OTHERWISE),
        (twice("ddl", "R1", "R1"), RequestSort.REFUSAL),
        (twice("tb", "another text", ""), RequestSort.OTHERWISE),
        (twice("ddl", "", "R1"), RequestSort.REFUSAL),
        (post(no=OURS, tb="another text"), RequestSort.OTHERWISE),
        (post(no=OURS, ddl="R1", tb="another text"), RequestSort.OTHERWISE),
        (post(no=OURS, count="3"), RequestSort.REFUSAL),
        (get("/list"), RequestSort.READING),
    ],
)
def test_a_request_is_known_by_what_it_carries(carried: Carried, wanted: RequestSort) -> None:
    assert sort(carried) is wanted


def test_what_the_page_sends_by_itself_is_a_habit_unless_our_button_sends_it() -> None:
    assert sort(post(), habit=True) is RequestSort.HABIT
    assert sort(post(no=OURS), habit=True) is RequestSort.HABIT
    assert sort(post(no=OTHER), habit=True) is RequestSort.ANOTHER
    assert sort(post(__EVENTTARGET="ctl00$btn"), habit=True) is RequestSort.REFUSAL
    assert sort(get(f"/detail?no={OURS}"), habit=True) is RequestSort.READING


def test_a_pack_may_call_paths_and_controls_harmless_but_never_the_button() -> None:
    marks = replace(MARKS, harmless=("*/keepalive*", "ctl00$timer"))

    assert sort(post("/KeepAlive.asmx"), marks) is RequestSort.HARMLESS
    assert sort(post(__EVENTTARGET="ctl00$Timer"), marks) is RequestSort.HARMLESS
    assert sort(post("/keepalive", **{"ctl00$btn": "x"}), marks) is RequestSort.REFUSAL


def test_a_pack_that_knows_the_refusal_leaves_nothing_else_to_be_one() -> None:
    marks = replace(MARKS, ending="/SetCancelRefusal")

    assert sort(post("/x.asmx/setcancelrefusal", no=OURS), marks) is RequestSort.REFUSAL
    assert sort(post("/x.asmx/SetCancelRefusal"), marks) is RequestSort.MAYBE
    assert sort(post("/log", no=OURS), marks) is RequestSort.OTHER
    assert sort(post("/log", no=OTHER), marks) is RequestSort.ANOTHER
    assert sort(get("/x.asmx/SetCancelRefusal"), marks) is RequestSort.MAYBE


def test_a_pack_may_demand_the_order_in_the_request() -> None:
    marks = replace(MARKS, must_name=True)

    assert sort(post(), marks) is RequestSort.NAMELESS
    assert sort(post(__EVENTTARGET="ctl00$btn"), marks) is RequestSort.NAMELESS
    assert sort(post(no=OURS), marks) is RequestSort.REFUSAL


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("一行目\r\n二行目", RequestSort.REFUSAL),
        ("一行目<br>二行目", RequestSort.REFUSAL),
        ("%E4%B8%80%E8%A1%8C%E7%9B%AE%0A%E4%BA%8C%E8%A1%8C%E7%9B%AE", RequestSort.REFUSAL),
        ("&#19968;行目 二行目", RequestSort.REFUSAL),
        ("一行目", RequestSort.OTHERWISE),
        ("", RequestSort.OTHERWISE),
    ],
)
def test_the_text_is_known_however_the_page_wraps_it_up(sent: str, wanted: RequestSort) -> None:
    marks = replace(MARKS, text="一行目\n二行目")
    assert marks.sort(post(no=OURS, ddl="R1", tb=sent), lambda _: False) is wanted
