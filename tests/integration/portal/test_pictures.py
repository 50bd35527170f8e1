"""Pictures: nothing of the buyer is on them, and the page is as it was afterwards."""

import base64

import pytest
from playwright.sync_api import BrowserContext, Page

from qsm_bot.base.errors.outside import PortalError
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import TinySite, alter_static, page_of, seat_at
from tests.support import OpenPortal

MASK = "#8a93a0"
PRIVATE = ("購入者名", "フリガナ", "電話番号", "メール", "住所", "受取人")
Box = dict[str, float]

BOX_BESIDE = """(label) => {
    const frame = document.querySelector('iframe');
    const place = frame?.getBoundingClientRect() ?? {left: 0, top: 0};
    const heads = [...(frame?.contentDocument ?? document).querySelectorAll('th, strong')];
    const value = heads.find((head) => head.textContent === label).nextElementSibling;
    const {left, top, width, height} = value.getBoundingClientRect();
    const text = value.textContent;
    return {text, left: left + place.left, top: top + place.top, width, height};
}"""
BOXES_OF_COLUMN = """(heading) => {
    const grid = document.querySelector('#__grid_ClaimGrid');
    const labels = [...grid.querySelector('.xhdr table').rows[1].cells];
    const index = labels.findIndex((cell) => cell.textContent === heading);
    const view = grid.querySelector('.objbox').getBoundingClientRect();
    return [...grid.querySelectorAll('.objbox tr')]
        .filter((row) => row.idd)
        .map((row) => row.cells[index].getBoundingClientRect())
        .filter((box) => box.bottom < view.bottom - 20)
        .map(({left, top, width, height}) => ({left, top, width, height}));
}"""
# The browser itself decodes the picture; the colours of all pixels inside each box.
COLOURS = """async ([picture, boxes]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const brush = canvas.getContext('2d');
    brush.drawImage(image, 0, 0);
    return boxes.map(({left, top, width, height}) => {
        const {data} = brush.getImageData(left + 1, top + 1, width - 2, height - 2);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 4) {
            const rgb = [...data.slice(at, at + 3)];
            seen.add('#' + rgb.map((part) => part.toString(16).padStart(2, '0')).join(''));
        }
        return [...seen];
    });
}"""


def colours(context: BrowserContext, picture: bytes, boxes: list[Box]) -> list[set[str]]:
    """The colours that the picture has inside each box."""
    dark_room = context.new_page()
    found = dark_room.evaluate(COLOURS, [base64.b64encode(picture).decode(), boxes])
    dark_room.close()
    return [set(each) for each in found]


@pytest.fixture
def opened(server: MockPortal, open_portal: OpenPortal) -> QsmPortal:
    """The claim page with an order opened, in a window that shows all of it."""
    portal = open_portal(server)
    page_of(portal).set_viewport_size({"width": 1280, "height": 1500})
    portal.sign_in()
    portal.open(server.world.open_requests()[1].order_no)
    return portal


def beside(page: Page, label: str) -> Box:
    box: dict[str, float] = page.evaluate(BOX_BESIDE, label)
    assert box.pop("text"), label
    return box


def test_the_buyers_data_are_covered_and_the_order_number_is_not(
    context: BrowserContext, opened: QsmPortal
) -> None:
    page = page_of(opened)
    boxes = [beside(page, label) for label in (*PRIVATE, "注文番号", "商品名")]

    seen = colours(context, opened.picture(), boxes)

    assert dict(zip(PRIVATE, seen, strict=False)) == {label: {MASK} for label in PRIVATE}
    for public in seen[len(PRIVATE) :]:
        assert MASK not in public
        assert len(public) > 1


@pytest.mark.parametrize("fault", ["other-markup", "pane-iframe", "pane-popup"])
def test_the_buyers_data_are_covered_wherever_and_however_they_are_shown(
    context: BrowserContext, open_portal: OpenPortal, fault: str
) -> None:
    options = PortalOptions(faults=parse_faults([fault]))
    with MockPortal(World.seeded(3, seed=1), options=options) as server:
        portal = open_portal(server)
        page_of(portal).set_viewport_size({"width": 1280, "height": 1500})
        portal.sign_in()
        portal.open(server.world.open_requests()[1].order_no)

        picture = portal.picture()
        labels = (*PRIVATE, "注文番号", "商品名")
        boxes = [beside(portal.session.claims.details.window, label) for label in labels]
        seen = colours(context, picture, boxes)

    assert seen[: len(PRIVATE)] == [{MASK}] * len(PRIVATE)
    assert all(MASK not in public and len(public) > 1 for public in seen[len(PRIVATE) :])


def test_a_frame_of_another_host_is_not_shown(context: BrowserContext, site: TinySite) -> None:
    site.pages["/"] = (
        '<!doctype html><style>body { margin: 0; background: #fff }</style><iframe width="300"'
        ' height="100" sandbox srcdoc="<body style=\'background:#ff0000\'>見本 花子"></iframe>'
    )
    portal = seat_at(context, site.url)
    inside = {"left": 20.0, "top": 20.0, "width": 200.0, "height": 50.0}

    assert colours(context, portal.picture(), [inside]) == [{"#ffffff"}]


def test_the_buyers_names_in_the_grid_are_covered_wherever_it_is_scrolled_to(
    context: BrowserContext, opened: QsmPortal
) -> None:
    page = page_of(opened)
    page.locator(".objbox").evaluate("e => e.scrollLeft = e.scrollWidth")
    names = page.evaluate(BOXES_OF_COLUMN, "購入者名")
    items = page.evaluate(BOXES_OF_COLUMN, "商品名")

    seen = colours(context, opened.picture(), names + items)

    assert len(names) > 5
    assert seen[: len(names)] == [{MASK}] * len(names)
    assert all(MASK not in each and len(each) > 1 for each in seen[len(names) :])


def test_no_mask_lies_over_what_a_scrolled_grid_hides(
    context: BrowserContext, opened: QsmPortal
) -> None:
    """The last column is out of view, so no patch may stick out of the grid."""
    page = page_of(opened)
    grid = page.locator(".objbox").bounding_box()
    assert grid is not None
    right_of_grid = {
        "left": grid["x"] + grid["width"] + 1,
        "top": grid["y"],
        "width": 1280 - grid["x"] - grid["width"] - 1,
        "height": grid["height"],
    }

    (seen,) = colours(context, opened.picture(), [right_of_grid])

    assert MASK not in seen


def test_a_row_that_lacks_a_cell_is_covered_as_a_whole(
    context: BrowserContext, server: MockPortal, open_portal: OpenPortal
) -> None:
    """Nobody can tell under which heading its cells belong."""
    added = "else td.textContent = row.values[column.field];\n      tr.append(td);"
    lacking = added.replace("tr.append", "if (row !== this.rows[1] || index !== 2) tr.append")
    alter_static(context, "grid.js", added, lacking)
    portal = open_portal(server)
    portal.sign_in()
    portal.collect()
    boxes = page_of(portal).evaluate(
        """() => [...document.querySelectorAll('.objbox tr')]
            .filter((row) => row.idd && row.cells.length === 16)
            .flatMap((row) => [...row.cells]).map((cell) => cell.getBoundingClientRect())
            .filter(({right}) => right < 1200)
            .map(({left, top, width, height}) => ({left, top, width, height}))"""
    )

    seen = colours(context, portal.picture(), boxes)

    assert len(boxes) > 5
    assert seen == [{MASK}] * len(boxes)


def test_a_column_that_the_pack_does_not_know_is_covered(
    context: BrowserContext, opened: QsmPortal
) -> None:
    """What is shown is listed, not what is hidden: a new column says who knows what."""
    page = page_of(opened)
    page.evaluate("document.querySelector('.xhdr table').rows[1].cells[1].textContent = '届け先'")
    boxes = page.evaluate(BOXES_OF_COLUMN, "届け先")

    seen = colours(context, opened.picture(), boxes)

    assert len(boxes) > 5
    assert seen == [{MASK}] * len(boxes)


@pytest.mark.parametrize("text", ["000-1234-5678", "buyer00001@example.jp"])
def test_a_phone_number_or_mail_address_in_running_text_is_covered(
    context: BrowserContext, opened: QsmPortal, text: str
) -> None:
    page = page_of(opened)
    page.evaluate(
        """(text) => {
            const note = document.createElement('p');
            note.id = 'note';
            note.textContent = `お客様の連絡先は ${text} です`;
            document.querySelector('#content').prepend(note);
        }""",
        text,
    )
    box = page.locator("#note").bounding_box()
    assert box is not None
    where = {"left": box["x"], "top": box["y"], "width": box["width"], "height": box["height"]}

    assert colours(context, opened.picture(), [where]) == [{MASK}]


def test_a_page_without_a_grid_is_covered_all_the_same(
    context: BrowserContext, site: TinySite
) -> None:
    site.pages["/"] = (
        '<!doctype html><meta charset="utf-8">'
        "<table><tr><th>購入者名</th><td>見本 花子</td></tr></table>"
    )
    portal = seat_at(context, site.url)
    box = beside(page_of(portal), "購入者名")

    assert colours(context, portal.picture(), [box]) == [{MASK}]


def test_without_a_mask_no_picture_is_taken(opened: QsmPortal) -> None:
    """Whatever hinders the mask, an uncovered picture is never returned."""
    page = page_of(opened)
    page.evaluate("() => { DOMTokenList.prototype.add = () => { throw new Error('no masks'); }; }")

    with pytest.raises(PortalError, match="no masks"):
        opened.picture()
