"""Turns the mock portal's templates into HTML, and keeps its static files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from qsm_bot.mock_portal import markup
from qsm_bot.mock_portal.defects import for_script
from qsm_bot.mock_portal.services import REASON_CODES
from qsm_bot.mock_portal.world import ClaimState, OrderState, World

ROOT = "/GMKT.INC.Gsm.Web"
"""Where the portal lives; its server does not care about upper and lower case."""

LOGIN = f"{ROOT}/Login.aspx"
HOME = f"{ROOT}/Default.aspx"
CLAIM = f"{ROOT}/Claim/ClaimManagement.aspx"
DELIVERY = f"{ROOT}/Delivery/DeliveryManagement.aspx"
NOTICE = f"{ROOT}/Notice.aspx"
ORDER = f"{ROOT}/Popup/Claim/pop_ClaimDetail.aspx"
"""Invented: whether 取引情報 ever opens in a window or frame of its own is not public."""

NEW_PASSWORD = f"{ROOT}/Seller/EditPassword.aspx"
"""Invented: that a forced change of password exists, and what it looks like, is not public."""

PAGE_HEADERS = {
    "Cache-Control": "no-cache, no-store",
    # The real pages send a policy that keeps scripts from calling other hosts.
    "Content-Security-Policy": "connect-src 'self'",
}

# Written out, because on Windows the system's own table may be wrong about scripts.
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".gif": "image/gif"}
_SEARCH_DAYS = 90
_PREFIX = "ctl00_ctl00_MainMaster_MainHolder_"


@dataclass(frozen=True)
class Counter:
    """One cell pair of the counter table: label, id of its link, and the list it opens.

    Only the id `…cancel_end` was seen; the others follow its style.
    """

    label: str
    name: str
    claim_type: str = ""
    stat: str = ""

    @property
    def id(self) -> str:
        """Return the id of the link that carries the number."""
        return _PREFIX + self.name


COUNTER_ROWS: tuple[tuple[str, Counter | None, Counter | None], ...] = (
    ("キャンセル", Counter("キャンセル要請", "cancel_request", "CN", "S1"), None),
    ("返品", Counter("返品要請", "return_request"), Counter("返品完了", "return_end")),
    ("交換", Counter("交換申請/確認", "exchange_request"), Counter("交換遅延", "exchange_delay")),
    ("未受取通知", Counter("通知受付", "nr_request"), Counter("確認遅延", "nr_delay")),
    (
        "クレームの撤回",
        Counter("撤回要請", "retract_request", "CN", "S6"),
        Counter("撤回保留", "retract_hold"),
    ),
    ("キャンセル拒否", None, Counter("キャンセル拒否完了", "cancel_refuse_end", "CN", "S8")),
)
"""The table キャンセル & 未受取 of the manual, row by row."""

_SWAPPED_ROWS = tuple(
    (head, first, {"返品": COUNTER_ROWS[2][2], "交換": COUNTER_ROWS[1][2]}.get(head, second))
    for head, first, second in COUNTER_ROWS
)

FINISHED = Counter("キャンセル完了", "cancel_end", "CN", "S4")

HOME_CLAIMS = (
    "キャンセルリクエスト",
    "返品要請",
    "交換要請",
    "未受取通知",
    "キャンセル中",
    "返品中",
    "交換中",
)
"""The column クレーム of the home page, in the manual's order."""

HOME_DELIVERY = tuple(state.value for state in OrderState if state is not OrderState.CANCELLED)


class Pages:
    """Renders pages of one shop.

    Args:
        folder: templates, and `static/` for style sheet, scripts and pictures.
        world: where shop name and dates come from; `shop_name` may be set to another, and
            `sign_out` to the word for ログアウト in another language; `other_markup` changes
            whatever is not visible: see `markup`; `defects` are names in `defects.toml`.
    """

    def __init__(self, folder: Path, world: World) -> None:
        self._world = world
        self.shop_name: str | None = None
        self.sign_out = "ログアウト"
        self.other_markup = False
        self.defects: Collection[str] = ()
        self._templates = _templates(folder)
        self._static = _static_files(folder / "static")

    def render(self, template: str, **values: Any) -> str:
        """Return the page made from `template`."""
        page = self._templates.get_template(template).render(
            shop_name=self.shop_name or self._world.shop_name,
            sign_out=self.sign_out,
            today=self._world.today,
            defects=self.defects,
            **values,
        )
        return markup.page(page) if self.other_markup else page

    def file(self, name: str) -> tuple[bytes, str]:
        """Return a static file and its media type; both are empty if there is none."""
        content, kind = self._static.get(name, (b"", ""))
        return (markup.file(name, content) if self.other_markup else content), kind

    def posted(self, form: Mapping[str, str]) -> dict[str, str]:
        """Return the fields of a posted form by the names that they have in the templates."""
        return {markup.turned(name) if self.other_markup else name: form[name] for name in form}

    def home(self, **values: Any) -> str:
        """Return the home page."""
        given = {"claims": HOME_CLAIMS, "deliveries": HOME_DELIVERY, "counts": {}, **values}
        return self.render("default.html", **given)

    def claims(self, **values: Any) -> str:
        """Return the claim page キャンセル/返品/未受取."""
        today: date = self._world.today
        return self.render(
            "claim.html",
            counter_rows=_SWAPPED_ROWS if "counter-labels" in self.defects else COUNTER_ROWS,
            finished=FINISHED,
            reasons=self.reasons(),
            script_defects=for_script(self.defects),
            first_day=today - timedelta(days=_SEARCH_DAYS),
            **values,
        )

    def order(self, **values: Any) -> str:
        """Return one order's 取引情報 as a page of its own, for a window or a frame."""
        return self.render("order.html", reasons=self.reasons(), **values)

    def deliveries(self, **values: Any) -> str:
        """Return the page 配送管理: the orders that wait for shipment, read only."""
        orders = self._world.to_ship()
        if "back-to-delivery" in self.defects:
            orders = [order for order in orders if order.claim_state is not ClaimState.REFUSED]
        return self.render("delivery.html", orders=orders, **values)

    def reasons(self) -> dict[str, str]:
        """Return the labels of the reasons by their codes."""
        codes = list(REASON_CODES.items())
        if "reasons" in self.defects:
            codes[:2] = codes[1::-1]
        return dict(codes)


@cache
def _templates(folder: Path) -> jinja2.Environment:
    # One for all portals of a process: a template is compiled once.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(root=ROOT, login=LOGIN, home=HOME, claim=CLAIM, delivery=DELIVERY)
    return environment


def _static_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    return {
        file.name.lower(): (file.read_bytes(), _MEDIA_TYPES[file.suffix])
        for file in folder.iterdir()
        if file.suffix in _MEDIA_TYPES
    }
