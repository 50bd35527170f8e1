"""The faults of services and pages; network faults are the proxy's, page faults `faults.js`'s."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qsm_bot.mock_portal import answers, pages
from qsm_bot.mock_portal.faults import CATALOGUE, Area, Fault
from qsm_bot.mock_portal.orders import REASONS
from qsm_bot.mock_portal.sessions import SessionBook
from qsm_bot.mock_portal.world import JST, World

Row = dict[str, Any]
Answer = dict[str, Any]

REFUSAL, LIST, DETAIL, COUNTS = (
    "setcancelrefusal",
    "getclaimlist",
    "getclaimdetail",
    "getclaimcounts",
)
_IN_THE_PAGE = (Area.PAGE, Area.FORM, Area.DIALOG)
_SHELL = (pages.HOME.lower(), pages.CLAIM.lower(), pages.DELIVERY.lower())
_NO_PERMISSION = "この操作の権限がありません。"
_ERROR = "処理中にエラーが発生しました。管理者にお問い合わせください。"
_OPEN = "キャンセル・処理要請"
_SERVICE = "swe_ClaimBizService.asmx"
# Another name of this machine: another origin.
_ELSEWHERE = "localhost"
_FORBIDDEN = 403


class FaultLayer:
    """Stands between the HTTP side of the mock portal and its services.

    Args:
        faults: what is switched on.
        world: the orders, on which other people act.
        sessions: the sign-ins, which may end.
    """

    def __init__(self, faults: Sequence[Fault], world: World, sessions: SessionBook) -> None:
        self._on = {fault.name: fault for fault in faults}
        self._left = {fault.name: _times(fault) for fault in faults}
        self._world = world
        self._sessions = sessions
        self._old_list: list[Row] | None = None
        self._refused = False

    @property
    def for_page(self) -> str:
        """The faults of `faults.js`, as JSON."""
        mine = [f for f in self._on.values() if CATALOGUE[f.name].area in _IN_THE_PAGE]
        return json.dumps({fault.name: fault.value for fault in mine}, ensure_ascii=False)

    def page(self, path: str, host: str = "") -> Response | None:
        """Return what stands in place of the page at `path` of `host`, if something does."""
        if "blocked" in self._on:
            return HTMLResponse("<h1>アクセスが制限されています。</h1>", _FORBIDDEN)
        if "maintenance" in self._on:
            return HTMLResponse("<h1>定期メンテナンス中です。</h1>")
        if path == pages.CLAIM.lower() and self._takes("error-page"):
            return RedirectResponse(f"{pages.NOTICE}?aspxerrorpath={pages.CLAIM}", 302)
        if path == pages.CLAIM.lower() and "half-dead" in self._on:
            return RedirectResponse(pages.LOGIN, 302)
        if path in _SHELL and "password-change" in self._on:
            return RedirectResponse(pages.NEW_PASSWORD, 302)
        return self._elsewhere(path, host)

    def _elsewhere(self, path: str, host: str) -> Response | None:
        if path == pages.LOGIN.lower() and "login-elsewhere" in self._on and _ELSEWHERE not in host:
            return RedirectResponse(f"http://{_ELSEWHERE}:{host.rpartition(':')[2]}{path}", 302)
        return None

    def has(self, name: str) -> bool:
        """Whether the fault is switched on."""
        return name in self._on

    @property
    def sign_out(self) -> str:
        """What the portal's language makes of ログアウト."""
        return str(self._on["language"].value) if "language" in self._on else "ログアウト"

    @property
    def other_markup(self) -> bool:
        """Whether pages, style sheets and scripts leave in other markup."""
        return "other-markup" in self._on

    @property
    def shop_name(self) -> str | None:
        """The name that the header shows in place of the shop's."""
        if "other-shop-longer-name" in self._on:
            return f"{self._world.shop_name}{self._on['other-shop-longer-name'].value}"
        return str(self._on["other-shop"].value) if "other-shop" in self._on else None

    def leaves(self, page: str) -> str:
        """Return the page's text as it leaves."""
        if "other-shop-longer-name" in self._on:
            return page.replace("lbl_shop_name", "lbl_nick_name")
        return page

    def takes_get(self, method: str) -> bool:
        """Whether the service answers a GET as it does a POST."""
        return method.lower() == REFUSAL and "get-refusal" in self._on

    @property
    def takes_sockets(self) -> bool:
        """Whether refusals come through a socket."""
        return "socket-refusal" in self._on

    def date_header(self) -> dict[str, str]:
        """Return the portal's clock, if it is not this machine's."""
        if "clock-off" not in self._on:
            return {}
        there = datetime.now(JST) + timedelta(minutes=self._on["clock-off"].number)
        return {"Date": format_datetime(there)}

    async def before(self, method: str, order_no: str) -> Response | None:
        """Let happen what happens before the service acts; return an answer in its place."""
        method = method.lower()
        if method == LIST:
            await self._list_comes()
            return self._list_down()
        if method == DETAIL:
            self._someone_acts(order_no, "withdraw-on-open", self._world.buyer_withdraws)
            self._someone_acts(order_no, "refused-on-open", self._refuse_by_hand)
        if method == REFUSAL:
            return self._refusal_comes(order_no)
        return None

    def after(self, method: str, params: Mapping[str, Any], answer: Answer) -> Answer | Response:
        """Return the answer as it leaves."""
        method = method.lower()
        if method == LIST:
            self._changed_rows(answer["Rows"])
            return answer | {"Rows": self._listed(params, answer["Rows"])}
        if method == DETAIL:
            self._changed_rows(answer["Rows"])
            if self._takes("expire-on-open"):
                self._sessions.expire_all()
        if method == COUNTS:
            return {"Rows": self._counted(answer["Rows"])}
        if method == REFUSAL:
            return self._refusal_leaves(answer)
        return answer

    def signs_out(self, method: str) -> bool:
        """Whether the sign-in ends before this call."""
        name = {LIST: "expire-on-list", REFUSAL: "expire-on-refusal"}.get(method.lower(), "")
        return self._takes(name)

    def _takes(self, name: str) -> bool:
        """Use up one time of the fault, if it is on and has one left."""
        if self._left.get(name, 0) <= 0:
            return False
        self._left[name] -= 1
        return True

    def _someone_acts(self, order_no: str, name: str, act: Callable[[str], object]) -> None:
        if self._takes(name):
            act(order_no)

    def _refuse_by_hand(self, order_no: str) -> answers.ServiceAnswer:
        return self._world.refuse(order_no, REASONS[0])

    async def _list_comes(self) -> None:
        if self._takes("slow-list"):
            await asyncio.sleep(self._on["slow-list"].number)

    def _list_down(self) -> Response | None:
        return _failure() if self._refused and self._takes("list-down") else None

    def _refusal_comes(self, order_no: str) -> Response | None:
        self._someone_acts(order_no, "withdraw-on-refusal", self._world.buyer_withdraws)
        self._someone_acts(order_no, "refused-by-other", self._refuse_by_hand)
        self._someone_acts(order_no, "cancelled-by-other", self._world.approve_cancel)
        if self._takes("redirect-307"):
            return RedirectResponse(f"{pages.ROOT}/{_SERVICE}/SetCancelRefusal?leg=2", 307)
        if self._takes("no-permission"):
            return _told(_NO_PERMISSION)
        if self._takes("error-text"):
            return _told(_ERROR)
        return _failure() if self._takes("error-before-effect") else None

    def _refusal_leaves(self, answer: Answer) -> Answer | Response:
        self._refused = True
        if self._takes("already-after-effect"):
            return {"returnCode": -1, "returnMessage": "既に処理された注文です。"}
        if self._takes("error-after-effect"):
            return _failure()
        if self._takes("redirect-after-effect"):
            self._sessions.expire_all()
            return RedirectResponse(pages.LOGIN, 302)
        return answer

    def _listed(self, params: Mapping[str, Any], rows: list[Row]) -> list[Row]:
        requests = params.get("claim_sol_stat") == "S1"
        if "short-search" in self._on and not params.get("claim_sol_stat"):
            rows = [row for row in rows if row["claim_stat_nm"] == _OPEN]
        if requests and not self._refused:
            self._old_list = list(rows)
        if self._refused and self._old_list is not None and self._takes("stale-list"):
            wanted = params.get("srch_option_value")
            return [row for row in self._old_list if requests or row["contr_no"] == wanted]
        if requests and rows and "duplicate-row" in self._on:
            return [rows[0], *rows]
        return rows

    def _changed_rows(self, rows: list[Row]) -> None:
        """Change rows of requests in place: those of list, search and 取引情報 alike."""
        open_orders = [order.order_no for order in self._world.open_requests()]
        for row in rows:
            position = open_orders.index(row["contr_no"]) if row["contr_no"] in open_orders else -1
            if position == 0 and "ineligible-row" in self._on:
                row["claim_stat_nm"] = "新規注文"
            if position == 0 and "old-request" in self._on:
                day = self._world.today - timedelta(days=self._on["old-request"].number)
                row["claim_req_dt"] = f"{day:%Y/%m/%d}"
            if position in (0, 1) and "same-cart" in self._on:
                row["pack_no"] = "250000001"

    def _counted(self, rows: list[Row]) -> list[Row]:
        more = self._on["wrong-counter"].number if "wrong-counter" in self._on else 0
        more += "duplicate-row" in self._on
        more += self._takes("list-changes")
        return [
            row | {"cnt": int(row["cnt"] + more)} if row["name"] == "キャンセル要請" else row
            for row in rows
        ]


def _times(fault: Fault) -> float:
    """Return how often a fault that counts takes place."""
    counted = {"list-changes", "stale-list", "list-down", "error-page", "expire-on-list"}
    if fault.name not in counted:
        return 1
    return fault.number or float("inf")


def _told(message: str) -> Response:
    return JSONResponse({"d": {"returnCode": -1, "returnMessage": message}})


def _failure() -> Response:
    body = {"Message": "There was an error processing the request.", "ExceptionType": ""}
    return JSONResponse(body, 500)
