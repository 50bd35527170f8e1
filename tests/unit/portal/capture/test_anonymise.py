"""Whole pages: what stays is what the portal says; canaries anywhere else are gone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.portal.capture.anonymise import Anonymised, Anonymiser
from qsm_bot.portal.capture.kinds import DataKind
from qsm_bot.portal.capture.leaks import survivors
from qsm_bot.portal.capture.tree import Node, from_json, to_html
from qsm_bot.portal.capture.vocabulary import vocabulary
from tests.support import shipped_pack

# A busy machine is no fault of theirs, and the same examples each time.
STEADY = settings(max_examples=60, deadline=None, derandomize=True)
WORDS = vocabulary(shipped_pack())


def n(tag: str, *children: Node | str, **attrs: str) -> Node:
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    return Node(tag, named, list(children))


def page(*children: Node | str) -> Node:
    return n("html", n("head", n("title", "籠目 鳴子 様のご注文")), n("body", *children))


def run(*pages: Node, **known: DataKind) -> Anonymised:
    return Anonymiser(WORDS, known, random.Random(3)).run(pages)


def html(*children: Node | str, **known: DataKind) -> str:
    return to_html(run(page(*children), **known).roots[0])


def pair(label: str, *value: Node | str) -> Node:
    return n("table", n("tr", n("th", label), n("td", *value)))


CANARY = "籠目 鳴子"
NUMBER = "812345678"


@pytest.mark.parametrize(
    "place",
    [
        n("p", CANARY),
        n("p", f"{CANARY}（{NUMBER}）"),
        n("td", CANARY),
        n("li", n("a", CANARY)),
        n("ul", n("li", n("a", CANARY, href=f"/shop/{NUMBER}")), class_="menu"),
        n("th", f"{CANARY} 様"),
        n("th", "購入者名: ", n("span", "籠目鳴子")),
        n("h1", n("b", f"ようこそ {CANARY} さん")),
        n("label", "籠目　鳴子"),
        n("button", CANARY, value=NUMBER),
        n("legend", f"注文 {NUMBER}"),
        n("select", n("option", CANARY, value=NUMBER), n("option", "選択")),
        n("select", n("option", "注文番号"), n("option", "カート番号"), n("option", CANARY)),
        n("textarea", CANARY),
        n("input", value=CANARY),
        n("input", type="submit", value=f"{CANARY} 様へ"),
        n("input", type="hidden", name="__VIEWSTATE", value=NUMBER * 3),
        n("input", type="password", value=NUMBER),
        n("input", type="checkbox", value=NUMBER),
        n("div", id=f"row_{NUMBER}", class_=f"r{NUMBER} naruko"),
        n("div", data_order=NUMBER, data_name=CANARY, aria_label=CANARY),
        n("a", "閉じる", href=f"/Order.aspx?no={NUMBER}", onclick=f"show('{CANARY}')"),
        n("a", "x", href=f"javascript:show({NUMBER})"),
        n("img", src=f"https://img.example.jp/{NUMBER}.png", alt=CANARY, title=CANARY),
        n("div", style=f"background: url(/{NUMBER}.png); width: 3px"),
        n("x-kagome", CANARY, onfoo=CANARY),
        n("tr", CANARY, n("td", "1")),
        n("iframe", n("html", n("body", n("p", CANARY), n("th", NUMBER))), src=f"/?{NUMBER}"),
        n("meta", content=CANARY, name="author"),
        n("input", type="image", value=CANARY),
        n("optgroup", n("option", "1", label=CANARY), label=CANARY),
        n("p", "注文", style=f"--buyer: {CANARY}; content: x{NUMBER}"),
        n("a", "店", href="/kagome/naruko.aspx", name="KAGOME-shop"),
        n("p", id="ab12cd34ef56ab12"),
    ],
    ids=lambda place: place.tag,
)
def test_a_canary_is_gone_wherever_it_stands(place: Node) -> None:
    made = html(
        place,
        pair("購入者名", CANARY),
        pair("注文番号", NUMBER),
        kagome=DataKind.LOGIN,
        naruko=DataKind.LOGIN,
    )

    assert survivors({"page": made}, {"籠目鳴子": DataKind.NAME, NUMBER: DataKind.ORDER_NO}) == []
    for part in ("籠目", "鳴子", NUMBER, "kagome", "naruko", "ab12cd34"):
        assert part not in made.casefold()


SPELT = st.sampled_from(
    [
        CANARY,
        "籠目鳴子",
        "籠目　鳴子 様",
        f"No.{NUMBER}",
        "８１２３４５６７８",
        f"{CANARY} {NUMBER}",
    ]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "id",
            "class",
            "name",
            "value",
            "href",
            "title",
            "style",
            "data-x",
            "onclick",
            "type",
            "for",
            "label",
        ]
    ),
    SPELT,
    max_size=3,
)
TAGS_OF_ANY_KIND = st.sampled_from(
    [
        "div",
        "span",
        "p",
        "td",
        "th",
        "tr",
        "table",
        "dl",
        "dt",
        "dd",
        "ul",
        "li",
        "a",
        "label",
        "h2",
        "b",
        "option",
        "select",
        "button",
        "nav",
        "x-y",
    ]
)
TREES = st.recursive(
    SPELT,
    lambda inner: st.builds(
        Node, TAGS_OF_ANY_KIND, ATTRIBUTES, st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@STEADY
@given(TREES)
def test_no_arrangement_of_elements_lets_a_canary_through(tree: Node | str) -> None:
    made = html(tree, pair("購入者名", CANARY), pair("注文番号", NUMBER))

    assert survivors({"page": made}, {"籠目鳴子": DataKind.NAME, NUMBER: DataKind.ORDER_NO}) == []
    assert not any(part in made for part in ("籠目", "鳴子", NUMBER, "８１２３"))


def test_what_the_portal_says_stays() -> None:
    made = html(
        n("h2", "取引情報"),
        n("ul", n("li", n("a", "商品管理", href="/G.Web/Goods/List.aspx?x=1")), class_="gnb"),
        n("a", "ログアウト", href="/G.Web/Logout.aspx", onclick="leave()"),
        pair("処理状態", "キャンセル・処理要請"),
        n("select", n("option", "商品発送完了", value="R1"), n("option", "その他", value="R4")),
        n("button", n("span", "照会"), id="btn_search", class_="btn blue", type="button"),
        n("table", n("tr", n("td", "キャンセル要請"), n("td", n("a", "（３）件")))),
        n("input", type="text", name="txt_sday", maxlength="10", value=""),
        n("div", id="ctl00_ContentPlaceHolder1_cancel_end", style="display: none"),
    )

    for kept in (
        "<h2>取引情報</h2>",
        '<a href="/G.Web/Goods/List.aspx">商品管理</a>',
        '<a href="/G.Web/Logout.aspx" onclick="">ログアウト</a>',
        "<td>キャンセル・処理要請</td>",
        '<option value="R1">商品発送完了</option>',
        '<button id="btn_search" class="btn blue" type="button"><span>照会</span></button>',
        "<td>キャンセル要請</td><td><a>（３）件</a></td>",
        '<input type="text" name="txt_sday" maxlength="10" value="">',
        '<div id="ctl00_ContentPlaceHolder1_cancel_end" style="display: none">',
    ):
        assert kept in made


def test_one_value_is_the_same_on_all_pages_and_in_all_places() -> None:
    heads = n("tr", *(n("td", n("div", text)) for text in ("処理状態", "注文番号", "カート番号")))
    row = n("tr", n("td", "x"), n("td", NUMBER), n("td", "298760001"))
    grid = page(n("table", heads), n("table", row))
    details = page(
        pair("注文番号", NUMBER),
        n("span", f"注文番号 : {NUMBER}"),
        n("b", "８１２３４５６７８", id=f"o_{NUMBER}"),
    )

    made = run(grid, details)

    first, second = map(to_html, made.roots)
    order_no = second.partition("<td>")[2].partition("</td>")[0]
    assert made.samples[DataKind.ORDER_NO] == (order_no,)
    assert f"<td>{order_no}</td>" in first
    assert f"<span>注文番号 : {order_no}</span>" in second
    assert f'<b id="o_{order_no}">' in second
    assert (made.replaced[DataKind.ORDER_NO], made.replaced[DataKind.CART_NO]) == (1, 1)


def test_labels_and_values_that_take_turns_are_no_headings() -> None:
    texts = ("注文番号", NUMBER, "カート番号", "298760001", "購入者名", "籠目鳴子")

    made = html(n("table", n("tr", *(n("td", text) for text in texts))))

    assert all(label in made for label in ("注文番号", "カート番号"))
    assert not any(value in made for value in (NUMBER, "298760001", "籠目鳴子"))


def test_what_is_known_to_be_secret_is_replaced_even_at_a_label_s_place() -> None:
    made = html(
        n("h1", "かなりあ商会"),
        n("em", "かなりあ商会 様"),
        n("div", id="kanaria_login", class_="box kanaria-login_menu"),
        n("dt", "Kanaria_Login"),
        かなりあ商会=DataKind.SHOP,
        kanaria_login=DataKind.LOGIN,
    )

    assert "かなりあ" not in made
    assert "kanaria_login" not in made.casefold()
    assert "<em>見本商店1 様</em>" in made


@pytest.mark.parametrize(
    "content",
    [
        "<td>籠目鳴子</td>",
        "<td>籠目　鳴子</td>",
        "<a href='?n=%E7%B1%A0%E7%9B%AE%20%E9%B3%B4%E5%AD%90'>",
        "<td>&#31840;&#30446; &#40180;&#23376;</td>",
        '{"no": "812345678"}',
        "８１２３４５６７８",
        "x-SECRET7-y",
    ],
)
def test_the_last_check_finds_a_value_in_any_spelling(content: str) -> None:
    originals = {"籠目鳴子": DataKind.NAME, NUMBER: DataKind.ORDER_NO, "secret7": DataKind.SECRET}

    assert survivors({"page.html": content}, originals)


def test_a_short_word_within_a_longer_one_is_no_find() -> None:
    assert survivors({"page.html": '<em id="lbl_shop_name">'}, {"shop": DataKind.LOGIN}) == []


def test_the_snapshot_s_json_becomes_the_page_again() -> None:
    root = from_json('["html",{"lang":"ja"},["a<b",["br",{},[]],["p",{"id":"\\"x\\""},["&"]]]]')

    assert to_html(root) == (
        '<!DOCTYPE html>\n<html lang="ja">a&lt;b<br><p id="&quot;x&quot;">&amp;</p></html>\n'
    )


def test_no_known_seed_leads_back_to_an_original() -> None:
    assert isinstance(Anonymiser(WORDS, {})._inventor._dice, random.SystemRandom)
