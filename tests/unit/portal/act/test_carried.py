"""What a request carries, whichever way it is sent."""

import time
from urllib.parse import urlencode

import pytest

from qsm_bot.portal.act.carried import Carried

OURS, OTHER, THIRD = "762544202", "762544206", "762544217"
KNOWN = (OURS, OTHER, THIRD)
FORM, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
PAGE = "http://p.example/Claim/ClaimManagement.aspx"
MULTIPART = "multipart/form-data; boundary=b"


def post(body: str, content: str = FORM, url: str = PAGE) -> Carried:
    return Carried("POST", url, content, body)


def parts(**fields: str) -> str:
    head = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join(head.format(*field) for field in fields.items()) + "--b--\r\n"


@pytest.mark.parametrize(
    "carried",
    [
        Carried("GET", f"http://p.example/refuse?no={OURS}"),
        Carried("GET", f"http://p.example/refuse/{OURS}/now"),
        Carried("GET", f"http://p.example/refuse/claim-{OURS}.json"),
        post(urlencode({"contr_no": OURS})),
        post(f'{{"contr_no": "{OURS}"}}', JSON),
        post(f'{{"a": {{"b": [{OURS}]}}}}', JSON),
        post(f'{{"ParamList": [{{"Name": "no", "Value": "{OURS}"}}]}}', JSON),
        post(parts(why="R1", no=OURS), MULTIPART),
        post(urlencode({"json": f'{{"no": "{OURS}"}}'})),
        post(f"<x:Refuse><contr_no>{OURS}</contr_no></x:Refuse>", "text/xml"),
        post(f'<Refuse contr_no="{OURS}"><why>R1</why></Refuse>', "text/xml"),
        post(f"<Refuse><no><![CDATA[{OURS}]]></no><why>R1</why></Refuse>", "text/xml"),
        post(f"<Refuse><no>&#55;{OURS[1:]}</no><why>R1</why></Refuse>", "text/xml"),
        post(f'<Refuse no="&#x37;{OURS[1:]}"><why>R1</why></Refuse>', "text/xml"),
        post(f'{{"no": "{OURS}", "no": ""}}', JSON),
        post(urlencode({"json": f'{{"no": "{OURS}", "no": "1"}}'})),
        post(f"no={OURS}", "text/plain"),
        post(f"refuse {OURS} now", ""),
        post(urlencode({"no": "７６２５４４２０２"})),
        post(urlencode({"row": f"{OURS}|R1"})),
        post(urlencode({f"chk_{OURS}": "on"})),
        post(f'{{"{OURS}": {{"why": "R1"}}}}', JSON),
    ],
)
def test_an_order_is_found_wherever_it_stands(carried: Carried) -> None:
    assert carried.orders(KNOWN) == {OURS}


@pytest.mark.parametrize(
    "carried",
    [
        Carried("GET", "http://p.example/refuse?no=1"),
        post(urlencode({"no": OURS + "9"})),
        post(urlencode({"__VIEWSTATE": OURS})),
        post("x" * 5000 + f" {OURS}", "text/plain"),
        post(""),
        post("{", JSON),
    ],
)
def test_what_names_none_names_none(carried: Carried) -> None:
    assert carried.orders(KNOWN) == frozenset()


@pytest.mark.parametrize(
    ("carried", "values"),
    [
        (post(urlencode({"reason": "R1"})), {"R1"}),
        (post(urlencode([("Reason", "R1"), ("reason", "R2")])), {"R1", "R2"}),
        (post(urlencode([("REASON", "R1"), ("reason", "")])), {"R1"}),
        (post('{"reason": "R2", "reason": "R1"}', JSON), {"R1", "R2"}),
        (post('{"list": [{"name": "reason", "value": "R1", "Value": "R2"}]}', JSON), set()),
        (post('<Refuse Reason="R2"><no>1</no></Refuse>', "text/xml"), {"R2"}),
        (post('<Refuse no="1" reason="R2"/>', "text/xml"), {"R2"}),
        (post("<Refuse><reason><![CDATA[R2]]></reason></Refuse>", "text/xml"), {"R2"}),
        (post("<a:Refuse><a>1</a><Reason>R&#50;</Reason></a:Refuse>", "text/xml"), {"R2"}),
        (post("<r><m:reason>R2</m:reason> and so on</r>", "text/xml"), {"R2"}),
        (post("<r><memo>a<br/>b<br>c</memo><reason>R2</reason></r>", "text/xml"), {"R2"}),
        (post("<x><![CDATA[<no>1</no><reason>R2</reason>]]></x>", "text/xml"), {"R2"}),
        (post("<x>&lt;reason&gt;R2&lt;/reason&gt;</x>", "text/xml"), {"R2"}),
        (post('<p><P Name="reason" Value="R2"/></p>', "text/xml"), {"R2"}),
        (post("<p><Name>reason</Name><Value>R2</Value></p>", "text/xml"), {"R2"}),
        (post("<理由><reason>R2</reason></理由>", "text/xml"), {"R2"}),
        (post("<!-- <reason>R1</reason> --><reason>R2</reason>", "text/xml"), {"R2"}),
        (post('{"reason": "R2"}', FORM), {"R2"}),
        (post('\ufeff{"reason": "R2"}', JSON), {"R2"}),
        (post('{"d": "{\\"reason\\": \\"R2\\"}"}', JSON), {"R2"}),
        (post(urlencode({"xml": "<r><reason>R2</reason></r>"})), {"R2"}),
        (post("no=1&reason=R2&memo=a<br>b", "text/plain"), {"R2"}),
        (post(urlencode({"reason": ""})), {""}),
        (post(urlencode({"why": "R1"})), set()),
    ],
)
def test_of_a_field_that_stands_there_twice_every_value_counts(
    carried: Carried, values: set[str]
) -> None:
    assert carried.values("reason") == values


def test_rows_that_a_form_sends_along_name_no_order() -> None:
    rows = {f"grid$ctl0{at}$no": no for at, no in enumerate(KNOWN, start=2)}

    assert post(urlencode(rows)).orders(KNOWN) == frozenset()
    assert post(urlencode(rows | {"hid_no": OTHER})).orders(KNOWN) == {OTHER}


@pytest.mark.parametrize(
    "carried",
    [
        post(f'{{"orders": ["{OURS}", "{OTHER}"]}}', JSON),
        post(urlencode([("chk", OURS), ("chk", OTHER)])),
        post(urlencode({"no": f"{OURS},{OTHER}"})),
    ],
)
def test_an_act_on_several_orders_names_them_all(carried: Carried) -> None:
    assert carried.orders(KNOWN) == {OURS, OTHER}


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"__EVENTTARGET": "ctl00$btn"}, "ctl00$btn"),
        ({"__EVENTTARGET": "", "__ASYNCPOST": "true", "sm": "panel|ctl00$btn"}, "ctl00$btn"),
        ({"__EVENTTARGET": "", "sm": "panel|ctl00$btn"}, ""),
        ({"a": "1"}, ""),
    ],
)
def test_the_control_that_posts_is_told(fields: dict[str, str], target: str) -> None:
    assert post(urlencode(fields)).target == target


def test_numbers_and_states_do_not_make_another_kind() -> None:
    first = post(urlencode({"__EVENTTARGET": "timer", "t": "1", "__VIEWSTATE": "a"}))
    later = post(urlencode({"__EVENTTARGET": "timer", "t": "2", "__VIEWSTATE": "b"}))
    other = post(urlencode({"__EVENTTARGET": "btn", "t": "2"}))

    assert first.kind == later.kind != other.kind
    assert first.same_act == later.same_act != other.same_act


def test_a_command_by_word_makes_another_kind() -> None:
    assert post('{"cmd": "list"}', JSON).kind != post('{"cmd": "refuse"}', JSON).kind


@pytest.mark.parametrize(
    "part",
    [
        "<![x[",
        "<a ",
        "<a b='",
        "<!--",
        "<![CDATA[",
        "</",
        "</a>",
        "<?",
        "<a>",
        "<a b=<",
        "a",
        "&#x;",
    ],
)
def test_whatever_stands_in_a_body_it_is_read_to_its_end(part: str) -> None:
    """A page may send anything, a beacon's bytes among it."""
    for body in (f"<{part}", part * 20_000, "<a>" + part * 20_000, "-->" + part * 20_000):
        carried = post(body, "text/xml")

        assert carried.fields[0] is not None
        assert carried.orders(KNOWN) == frozenset()
        assert isinstance(carried.outline, frozenset)


NOW = int(time.time())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/list?x=1", "/list?x=1", True),
        ("/list?x=1", "/list?x=2", False),
        (f"/list?_={NOW}", f"/list?_={NOW + 1}", True),
        (f"/list?_={NOW}001", f"/list?_={NOW}002", True),
        ("/list?_=0.123456789", "/list?_=0.987654321", True),
        ("/list/0.123456789", "/list/0.987654321", True),
        ("/list?at=2026-11-29T10:00:00", "/list?at=2026-11-29T10:00:01", True),
        (
            "/list?k=00000000-0000-4000-8000-000000000001",
            "/list?k=00000000-0000-4000-8000-000000000002",
            True,
        ),
        ("/list?claim=1000000001", "/list?claim=1000000002", False),
        ("/list?seq=20261129000123", "/list?seq=20261129000124", False),
    ],
)
def test_what_keeps_caches_off_makes_no_other_reading(one: str, other: str, *, same: bool) -> None:
    first, second = (Carried("GET", f"http://p.example{path}") for path in (one, other))

    assert (first.same_reading == second.same_reading) is same
