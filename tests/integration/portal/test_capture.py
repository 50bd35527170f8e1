"""Capturing a portal full of canaries: none of them is in what would be written."""

import json
import random
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import BrowserContext

from flows.capture import ShopSecrets, take, write
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.orders import ClaimState, Order
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.styles import StyleName
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.capture.draft import Draft
from qsm_bot.portal.capture.kinds import DataKind
from qsm_bot.portal.capture.snapshots import SavedPages, Snapshots
from qsm_bot.portal.capture.tree import to_html
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import NOBODY, page_of
from tests.support import OpenPortal, shipped_pack

NOW = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
SHOP_NAME = "かなりあ商会"
LOGIN, PASSWORD = "kanaria_login", "Kanaria-Pass-77"
BEFORE = "812345678"


def order(number: int, **changes: str) -> Order:
    made = Order(
        order_no=f"81234{number:04}",
        cart_no=f"29876{number:04}",
        item_code=f"94567{number:04}",
        item_name=f"鳥かご（{number}号室用）",
        option=f"色:れもん{number}",
        quantity=1,
        amount=23450 + number,
        buyer_name="籠目 鳴子",
        buyer_kana="カゴメ ナルコ",
        buyer_phone=f"090-4321-{number:04}",
        buyer_address=f"〒987-6543 止木県鳥籠市囀町{number}-7",
        buyer_email=f"naruko{number}@kanaria.example.jp",
        ordered_on=date(2026, 1, 11),
        ship_by=date(2026, 1, 17),
        requested_on=date(2026, 1, 14),
        buyer_reason="さえずりが大きいため",
        claim_state=ClaimState.REQUESTED,
        tracking=f"4455-6677-{number:04}",
        carrier="とりや運輸",
    )
    return replace(made, **changes)


ORDERS = (
    order(1),
    order(2, buyer_name="籠目　鳴子", buyer_kana="ｶｺﾞﾒ ﾅﾙｺ"),
    order(3, buyer_name="Naruko Kagome", buyer_phone="０９０－４３２１－０００３"),
)


@pytest.fixture
def canaries() -> Iterator[MockPortal]:
    world = World(ORDERS, shop_name=SHOP_NAME, today=date(2026, 1, 15))
    with MockPortal(world, login_id=LOGIN, password=PASSWORD) as running:
        yield running


def captured(portal: QsmPortal, server: MockPortal) -> Draft:
    shop = ShopSecrets(
        login_id=server.login_id,
        secrets=[server.password],
        name=server.world.shop_name,
        orders=[BEFORE],
        portal=server.url,
    )
    dice = random.Random(7)
    return take(portal, shop, shipped_pack(), now=NOW, tell=lambda _: None, dice=dice)


def spellings(text: str) -> Iterator[str]:
    for raw in (text, unescape(text), unquote(text), unquote(unescape(text))):
        for form in (raw, unicodedata.normalize("NFKC", raw)):
            yield form
            yield "".join(form.split())


def values_of(orders: tuple[Order, ...]) -> set[str]:
    """Everything that the world knows of its orders, but what the portal itself calls it."""
    told = {str(getattr(each, field.name)) for each in orders for field in fields(Order)}
    told |= {f"{value:%Y/%m/%d}" for each in orders for value in (each.ordered_on, each.ship_by)}
    told |= {f"{each.amount:,}" for each in orders}
    told |= {part for each in orders for part in each.buyer_name.split()}
    return told - {"", "None", "1", *(state.value for state in ClaimState), "発送予定"}


def test_no_canary_survives_and_the_pages_are_cases_that_our_readers_understand(
    context: BrowserContext, canaries: MockPortal, open_portal: OpenPortal, tmp_path: Path
) -> None:
    portal = open_portal(canaries)
    portal.sign_in()
    hidden = (
        page_of(portal)
        .locator("input[type=hidden]")
        .evaluate_all("(fields) => fields.map((field) => field.value)")
    )

    draft = captured(portal, canaries)

    cookies = {cookie["value"] for cookie in context.cookies()}
    secrets = (cookies | {*hidden, LOGIN, PASSWORD, SHOP_NAME, BEFORE}) - {""}
    assert min(map(len, cookies)) > 8
    assert len(hidden) == 3
    for name, content in draft.files.items():
        for form in spellings(content):
            found = {each for each in secrets | values_of(ORDERS) if each in form}
            assert found == set(), name

    assert (draft.exit_code, dict(draft.missed)) == (0, {})
    assert {
        DataKind.ORDER_NO,
        DataKind.NAME,
        DataKind.KANA,
        DataKind.PHONE,
        DataKind.MAIL,
        DataKind.ADDRESS,
    }.issubset(draft.replaced)
    write(draft, tmp_path / "out")
    seen = {}
    for page in sorted((tmp_path / "out").glob("*/*/page.html")):
        meta = tomllib.loads((page.parent / "meta.toml").read_text("utf-8"))
        saved = SavedPages(context, shipped_pack())
        file, value = saved.read(
            page.parent.parent.name,
            page.read_text("utf-8"),
            path=meta["path"],
            shop_name=meta.get("shop_name", ""),
        )
        assert file == "expected.json"
        assert value == json.loads((page.parent / file).read_text("utf-8"))
        assert {each.name for each in page.parent.iterdir()} == {"page.html", "meta.toml", file}
        seen[f"{page.parent.parent.name}/{page.parent.name}"] = value["value"]

    rows = seen["claims-grid/captured-list"]["requests"]
    assert rows == seen["claims-grid/captured-search"]["requests"]
    assert [len(row["order_no"]) for row in rows] == [9, 9, 9]
    assert len({row["order_no"] for row in rows}) == 3
    assert seen["claims-details/captured-details"] == rows[0]["order_no"]
    assert seen["claims-counters/captured-claims"] == {"キャンセル要請": 3, "キャンセル拒否完了": 0}
    assert seen["home/captured-home"].startswith("見本商店")
    age = date.fromisoformat(rows[0]["requested_on"]) - date.fromisoformat(rows[0]["ordered_on"])
    assert age.days == 3
    assert {row["status"] for row in rows} == {"キャンセル・処理要請"}
    assert canaries.journal.effects == []


@pytest.mark.by_day("popup")
@pytest.mark.parametrize("style", ["popup", "frames"])
def test_what_has_opened_in_a_window_or_stands_in_a_frame_is_taken_there(
    style: StyleName, open_portal: OpenPortal
) -> None:
    world = World(ORDERS, shop_name=SHOP_NAME, today=date(2026, 1, 15))
    options = PortalOptions(style=style)
    with MockPortal(world, login_id=LOGIN, password=PASSWORD, options=options) as server:
        portal = open_portal(server)
        portal.sign_in()
        draft = captured(portal, server)

    assert dict(draft.missed) == {}
    values = {
        name.partition("/")[0]: json.loads(content)["value"]
        for name, content in draft.files.items()
        if name.endswith("expected.json")
    }
    assert values["claims-details"] == values["claims-grid"]["requests"][0]["order_no"]
    for name, content in draft.files.items():
        assert not [each for each in values_of(ORDERS) if each in content], name


def test_a_snapshot_is_the_page_as_it_stands_without_what_runs_or_styles_it(
    context: BrowserContext,
) -> None:
    session = QsmPortal(
        context, base_url="http://127.0.0.1", pack=shipped_pack(), sign_in=NOBODY
    ).session
    page = session.page
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(60))
    page.set_content(f"""<!doctype html><html><head><meta name=a content=kanaria-meta>
      <style>.loading {{ display: none }} /* kanaria-style */</style>
      <script>const a = "kanaria-script";</script></head><body><!-- kanaria-comment -->
      <div class="loading">処理中</div><p style="width: 3px; visibility: hidden">x</p>
      <input type="text" value="before"><textarea>before</textarea>
      <select><option selected>one</option><option>two</option></select>
      <iframe srcdoc="<p>inside</p>"></iframe><template>kanaria-template</template>
      <div id="__grid_ClaimGrid"><div class="objbox"><table>
      <tr><th></th></tr>{rows}<tr><td style="height: 90px"></td></tr></table></div></div></body>""")
    page.locator("input").fill("typed")
    page.locator("textarea").fill("typed too")
    page.locator("select").select_option("two")

    root = Snapshots(session).take()

    html = to_html(root)
    assert "kanaria" not in html
    for part in (
        '<div class="loading" style="display: none">処理中</div>',
        '<input type="text" value="typed">',
        "<textarea>typed too</textarea>",
        '<option>one</option><option selected="">two</option>',
        "&lt;p&gt;inside&lt;/p&gt;",
    ):
        assert part in html
    assert html.count("<tr>") == 1 + 50
