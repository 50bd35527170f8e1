"""Each defect over HTTP: what it changes, and that it changes nothing else."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Any

import pytest

from qsm_bot.mock_portal.defects import DEFECTS, Part
from qsm_bot.mock_portal.orders import OrderState
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.unit.mock_portal.parts import CLAIM, LOGIN, NO, ROOT, Client

HOME, DELIVERY = f"{ROOT}/Default.aspx", f"{ROOT}/Delivery/DeliveryManagement.aspx"
COUNTS, LIST, DETAIL = (
    f"swe_ClaimBizService.asmx/{name}"
    for name in ("GetClaimCounts", "GetClaimList", "GetClaimDetail")
)
SECRETS = re.compile(r'(name="__\w+" id="__\w+" value=)"[^"]*"')

Portrait = dict[str, Any]


class Seller(Client):
    """A signed-in client that looks at everything."""

    def page(self, path: str) -> str:
        assert self.get(path) == 200
        return SECRETS.sub(r"\1", self.text)

    def counts(self) -> dict[str, int]:
        return {row["name"]: row["cnt"] for row in self.call(COUNTS)["d"]["Rows"]}

    def search(self, order_no: str) -> list[dict[str, str]]:
        wanted = {"srch_option": "contr_no", "srch_option_value": order_no}
        return self.call(LIST, claim_type="CN", claim_sol_stat="", **wanted)["d"]["Rows"]

    def detail(self, order_no: str) -> dict[str, str]:
        return self.call(DETAIL, contr_no=order_no)["d"]["Rows"][0]

    def journal(self) -> list[tuple[str, str, str | None, str | None]]:
        return [(e.kind, e.order, e.reason, e.text) for e in self.portal.journal.effects]


def portrait(seller: Seller) -> Portrait:
    """Everything that a seller and a buyer can see of a refusal, before and after it."""
    seen: Portrait = {"landing": (seller.sign_in(), seller.headers["Location"])}
    world = seller.portal.world
    seen |= {"home": seller.page(HOME), "claims": seller.page(CLAIM)}
    seen |= {"list": seller.list(), "counts": seller.counts(), "delivery": seller.page(DELIVERY)}
    seen |= {"search": seller.search(NO), "detail": seller.detail(NO)}
    seen["answer"] = seller.refuse()["d"]
    seen |= {"list after": seller.list(), "counts after": seller.counts()}
    seen |= {"refused": seller.list("S8"), "refused detail": seller.detail(NO)}
    seen |= {"search after": seller.search(NO), "delivery after": seller.page(DELIVERY)}
    seen |= {"claims anew": seller.page(CLAIM), "journal": seller.journal()}
    seen |= {"list anew": seller.list(), "counts anew": seller.counts()}
    seen |= {"claims again": seller.page(CLAIM)}
    seen |= {"list again": seller.list(), "counts again": seller.counts()}
    for name, order_no in {"again": NO, **waiting(world)}.items():
        seen[name] = world.buyer_requests(order_no, "住所変更").message
    return seen


def shop() -> World:
    return World.seeded(3, today=date(2022, 8, 15))


def waiting(world: World) -> dict[str, str]:
    """One order of each state that cancels at once."""
    states = {"new": OrderState.NEW, "late": OrderState.DELAYED}
    return {
        name: next(order.order_no for order in world.orders() if order.order_state is state)
        for name, state in states.items()
    }


Start = Callable[..., Seller]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a portal with these defects."""
    with ExitStack() as stack:

        def start(*defects: str) -> Seller:
            options = PortalOptions(defects=frozenset(defects))
            return Seller(stack.enter_context(MockPortal(shop(), options=options)))

        yield start


@cache
def as_the_manual_says() -> Portrait:
    with MockPortal(shop()) as portal:
        return portrait(Seller(portal))


def changes(seen: Portrait) -> dict[str, tuple[Any, Any]]:
    """What differs from the portal without defects: as it is there, and here."""
    good = as_the_manual_says()
    assert seen.keys() == good.keys()
    return {name: (good[name], seen[name]) for name in good if seen[name] != good[name]}


def replaced(old: str, new: str) -> Callable[[str], str]:
    def replace(page: str) -> str:
        assert page.count(old) == 1
        return page.replace(old, new)

    return replace


def exchanged(one: str, other: str) -> Callable[[str], str]:
    def exchange(page: str) -> str:
        assert page.count(one) == page.count(other) == 1
        return page.replace(one, "\0").replace(other, one).replace("\0", other)

    return exchange


LIST_OF_HOME = '<tr><th>キャンセルリクエスト</th><td><a href="{}" class="cnt urgent"'
MENU = '<dd><a href="{}"{}>キャンセル/返品/未受取</a></dd>'
COUNTED = ' data-counter="撤回保留"'
NOTE = (
    "※キャンセル・返品・未受取の受付日から4日が過ぎても完了・確認されていないもので、"
    "遅延件数に含まれます。"
)
HINT = '        <p class="guide">その他選択の場合、30文字以上入力お願い致します。</p>\n'
CAUTION = (
    '  <p class="caution">キャンセル拒否時、即時でキャンセルお客様が確認する内容になります。</p>\n'
)
CANCEL = 'id="btn_cancel_confirm" class="btn big blue">キャンセル<'
RETRACT = 'id="btn_claim_retraction" class="btn big">キャンセルの撤回要請<'
CLAIM_PAGES = ("claims", "claims anew", "claims again")

PAGES: dict[str, tuple[tuple[str, ...], Callable[[str], str]]] = {
    "home-counter": (
        ("home",),
        replaced(LIST_OF_HOME.format(CLAIM), LIST_OF_HOME.format(DELIVERY)),
    ),
    "two-views": (CLAIM_PAGES, replaced(">状態別に照会<", ">状態照会<")),
    "counter-numbers": (CLAIM_PAGES, replaced(COUNTED, "")),
    "four-days-note": (CLAIM_PAGES, replaced(NOTE, "")),
    "other-hint": (CLAIM_PAGES, replaced(HINT, "")),
    "buyer-reads-note": (CLAIM_PAGES, replaced(CAUTION, "")),
    "reasons": (CLAIM_PAGES, exchanged('"R1">商品発送完了', '"R2">発送準備完了')),
    "three-buttons": (CLAIM_PAGES, exchanged(CANCEL, RETRACT)),
}


def test_without_defects_the_portal_is_as_the_manual_says(start: Start) -> None:
    """The portrait has what the statements are about, and it is the same each time."""
    seen = portrait(start())
    assert changes(seen) == {}
    assert seen["landing"] == (302, HOME)
    assert seen["journal"] == [
        ("refuse", NO, "商品発送完了", None),
        ("notice", NO, "商品発送完了", None),
    ]
    assert NO not in seen["delivery"]
    assert NO in seen["delivery after"]
    assert [len(seen[name]) for name in ("list", "list after", "list anew")] == [3, 2, 2]
    assert [seen[n]["キャンセル要請"] for n in ("counts", "counts after")] == [3, 2]
    assert [seen[n]["キャンセル拒否完了"] for n in ("counts", "counts after")] == [2, 3]
    assert "defects.js" not in seen["claims"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_lacks_or_exchanges_one_thing(start: Start, name: str) -> None:
    pages, expected = PAGES[name]
    changed = changes(portrait(start(name)))
    assert tuple(changed) == pages
    for good, seen in changed.values():
        assert seen == expected(good)


def test_the_menu_leads_astray_on_every_page_that_has_it(start: Start) -> None:
    changed = changes(portrait(start("menu-way")))
    assert set(changed) == {"home", "delivery", "delivery after", *CLAIM_PAGES}
    for name, (good, seen) in changed.items():
        on = ' class="on"' if name.startswith("claims") else ""
        assert seen == replaced(MENU.format(CLAIM, on), MENU.format(DELIVERY, on))(good)


def test_two_counters_stand_in_each_others_row(start: Start) -> None:
    changed = changes(portrait(start("counter-labels")))
    assert tuple(changed) == CLAIM_PAGES
    good, seen = (labels_by_row(page) for page in changed["claims"])
    assert (good["返品"], good["交換"]) == (["返品要請", "返品完了"], ["交換申請/確認", "交換遅延"])
    assert (seen["返品"], seen["交換"]) == (["返品要請", "交換遅延"], ["交換申請/確認", "返品完了"])
    assert {**seen, "返品": [], "交換": []} == {**good, "返品": [], "交換": []}


def labels_by_row(page: str) -> dict[str, list[str]]:
    table = page.partition("tbl_search")[0]
    rows = re.findall(r"<tr><th>([^<]+)</th>(.*?)</tr>", table, re.DOTALL)
    return {head: re.findall(r'data-counter="([^"]+)"', cells) for head, cells in rows}


@pytest.mark.parametrize("name", [n for n, each in DEFECTS.items() if each.part is Part.SCRIPT])
def test_a_defect_of_the_script_is_given_to_it_and_to_it_alone(start: Start, name: str) -> None:
    seller = start(name)
    changed = changes(portrait(seller))
    assert tuple(changed) == CLAIM_PAGES
    good, seen = changed["claims"]
    (given,) = re.findall(r'defects\.js" data-defects="([^"]*)"', seen)
    assert json.loads(html.unescape(given)) == [name]
    assert re.sub(r"<script [^>]*defects\.js[^>]*></script>\n", "", seen) == good
    assert seller.get(f"{ROOT}/static/defects.js") == 200


class TestTheSignIn:
    """It leads to the home page, unless another page was asked for."""

    def test_it_leads_to_another_page_than_home(self, start: Start) -> None:
        assert changes(portrait(start("sign-in"))) == {"landing": ((302, HOME), (302, DELIVERY))}

    def test_a_page_that_was_asked_for_is_reached_all_the_same(self, start: Start) -> None:
        seller = start("sign-in")
        seller.sign_in(f"{LOGIN}?ReturnUrl={CLAIM}")
        assert seller.headers["Location"] == CLAIM
        seller.sign_in(f"{LOGIN}?ReturnUrl={HOME}")
        assert seller.headers["Location"] == DELIVERY


class TestTheServices:
    """Lists, counters and answers."""

    def test_the_counter_is_one_too_many_at_home_too(self, start: Start) -> None:
        changed = changes(portrait(start("counter-agrees")))
        assert set(changed) == {"counts", "counts after", "counts anew", "counts again"}
        more = {"キャンセル要請": 1, "キャンセルリクエスト": 1}
        for good, seen in changed.values():
            assert seen == {name: count + more.get(name, 0) for name, count in good.items()}

    def test_a_date_has_dashes(self, start: Start) -> None:
        changed = changes(portrait(start("cells")))
        lists = {"list", "list after", "list anew", "list again"}
        assert set(changed) == lists | {"search", "search after", "refused"}
        for good, seen in changed.values():
            assert seen == [row | {"contr_dt": row["contr_dt"].replace("/", "-")} for row in good]

    def test_the_completion_is_worded_otherwise(self, start: Start) -> None:
        seller = start("completed-text")
        changed = changes(portrait(seller))
        said = {"returnCode": 0, "returnMessage": "処理が完了しました。"}
        assert changed == {"answer": ({**said, "returnMessage": "キャンセル拒否完了"}, said)}
        assert seller.refuse()["d"]["returnMessage"] == "既にキャンセル拒否処理された注文です。"

    def test_the_row_stays_as_it_was_until_the_page_was_opened_twice(self, start: Start) -> None:
        seen = portrait(start("row-leaves"))
        assert set(changes(seen)) == {"list after", "list anew"}
        assert seen["list after"] == seen["list anew"] == seen["list"]

    def test_the_counter_stays_until_the_page_was_opened_twice(self, start: Start) -> None:
        seen = portrait(start("request-counter"))
        assert set(changes(seen)) == {"counts after", "counts anew"}
        assert seen["counts after"] == seen["counts"] | {
            "キャンセルリクエスト": 2,
            "キャンセル拒否完了": 3,
        }

    def test_new_refusals_are_not_counted(self, start: Start) -> None:
        seen = portrait(start("refused-counter"))
        assert set(changes(seen)) == {"counts after", "counts anew", "counts again"}
        assert seen["counts anew"] == as_the_manual_says()["counts anew"] | {
            "キャンセル拒否完了": 2
        }
        assert NO in [row["contr_no"] for row in seen["refused"]]

    def test_each_refusal_changes_another_row(self, start: Start) -> None:
        seller = start("others-untouched")
        changed = changes(portrait(seller))
        assert set(changed) == {"list after", "list anew", "list again"}
        good, seen = changed["list after"]
        assert seen[0] == good[0] | {"claim_why_nm": f"{good[0]['claim_why_nm']}（1）"}
        assert seen[1:] == good[1:]
        last = seen[1]["contr_no"]
        seller.refuse(seen[0]["contr_no"])
        assert [row["contr_no"] for row in seller.list()][:1] == [last]
        assert seller.list()[0]["claim_why_nm"].endswith("（2）")

    def test_an_open_request_is_not_found_a_refused_one_is(self, start: Start) -> None:
        seen = portrait(start("search-view"))
        assert set(changes(seen)) == {"search"}
        assert seen["search"] == []
        assert [row["contr_no"] for row in seen["search after"]] == [NO]

    def test_a_refused_order_is_not_in_the_delivery_list(self, start: Start) -> None:
        changed = changes(portrait(start("back-to-delivery")))
        assert set(changed) == {"delivery", "delivery after"}
        good, seen = (rows_of(page) for page in changed["delivery after"])
        assert NO in good - seen
        assert seen < good


def rows_of(page: str) -> set[str]:
    return set(re.findall(r"<td>(76\d{7})</td>", page))


class TestTheRules:
    """What is kept of a refusal, and what buyers may do."""

    def test_another_reason_is_kept_and_the_buyer_reads_the_one_chosen(self, start: Start) -> None:
        seen = portrait(start("reason-kept"))
        assert set(changes(seen)) == {"refused detail", "journal"}
        assert seen["refused detail"]["refuse_why_nm"] == "発送準備完了"
        assert seen["journal"] == [
            ("refuse", NO, "発送準備完了", None),
            ("notice", NO, "商品発送完了", None),
        ]

    def test_a_reason_of_ones_own_is_not_kept_either(self, start: Start) -> None:
        seller = start("reason-kept")
        seller.portal.world.refuse(NO, "その他", "あ" * 30)
        assert seller.journal() == [
            ("refuse", NO, "商品発送完了", None),
            ("notice", NO, "その他", "あ" * 30),
        ]

    def test_the_notice_has_no_reason(self, start: Start) -> None:
        changed = changes(portrait(start("buyer-told")))
        told = [("refuse", NO, "商品発送完了", None), ("notice", NO, None, None)]
        assert {name: seen for name, (_, seen) in changed.items()} == {"journal": told}

    @pytest.mark.parametrize(
        ("name", "key"), [("not-again", "again"), ("new-order", "new"), ("late-order", "late")]
    )
    def test_a_request_is_taken_that_could_not_be(self, start: Start, name: str, key: str) -> None:
        seller = start(name)
        changed = changes(portrait(seller))
        assert set(changed) == {key}
        assert changed[key][1] == "キャンセル要請を受け付けました。"
        order_no = (waiting(shop()) | {"again": NO})[key]
        assert order_no in [row["contr_no"] for row in seller.list()]


def test_several_defects_stand_side_by_side(start: Start) -> None:
    changed = changes(portrait(start("buyer-told", "cells", "sign-in")))
    assert {"journal", "list", "landing"} <= set(changed)
    assert "claims" not in changed
