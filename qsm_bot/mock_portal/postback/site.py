"""The server's side of the post-back styles: takes posts, keeps the states, draws the pages."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from qsm_bot.mock_portal import pages as paths
from qsm_bot.mock_portal.bodies import form_fields
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.pages import COUNTER_ROWS, FINISHED, PAGE_HEADERS, Pages
from qsm_bot.mock_portal.postback.view import ACTS, PREFIX, View
from qsm_bot.mock_portal.sessions import HiddenFields
from qsm_bot.mock_portal.styles import Style

Call = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any] | Response]]
"""Calls a service behind its faults and defects: method and parameters in."""

CLAIM_FRAME = f"{paths.ROOT}/Claim/ClaimList.aspx"
MENU_FRAME = f"{paths.ROOT}/Common/Menu.aspx"
ALIVE = f"{paths.ROOT}/Common/KeepAlive.ashx"
LOG = f"{paths.ROOT}/Common/Log.ashx"
_PAGE_SIZE = 20
_LISTS = {"S1": "キャンセル要請", "S8": "キャンセル拒否完了"}


@dataclass(frozen=True)
class _Drawn:
    """A page to be drawn: what it shows, and what it says while it loads."""

    view: View
    say: str = ""
    done: bool = False


class PostbackSite:
    """Answers for the claim page, its frames and its window.

    Args:
        style: how they are built.
        pages: the templates.
        hidden: makes and checks the hidden fields.
        journal: where refusing posts are noted as calls of the service that they stand for.
        call: the services.
        latency: seconds that each post takes.
    """

    def __init__(
        self,
        style: Style,
        pages: Pages,
        hidden: HiddenFields,
        journal: Journal,
        call: Call,
        latency: float,
    ) -> None:
        self._style = style
        self._pages = pages
        self._hidden = hidden
        self._journal = journal
        self._call = call
        self._latency = latency
        self._views: dict[str, View] = {}

    def handlers(self) -> dict[str, Callable[[Request], Awaitable[Response]]]:
        """Return what answers for which path, in small letters."""
        claims = CLAIM_FRAME if self._style.frames else paths.CLAIM
        found = {claims: self._page, paths.ORDER: self._page, ALIVE: self._noise, LOG: self._noise}
        if self._style.frames:
            found |= {paths.CLAIM: self._shell, MENU_FRAME: self._menu}
        return {path.lower(): handler for path, handler in found.items()}

    async def _noise(self, _: Request) -> Response:
        return Response(status_code=204)

    async def _shell(self, _: Request) -> Response:
        page = self._pages.render("postback_frames.html", menu=MENU_FRAME, content=CLAIM_FRAME)
        return HTMLResponse(page, headers=PAGE_HEADERS)

    async def _menu(self, _: Request) -> Response:
        page = self._pages.render("postback_menu.html", content=CLAIM_FRAME)
        return HTMLResponse(page, headers=PAGE_HEADERS)

    async def _page(self, request: Request) -> Response:
        path = request.url.path
        if request.method != "POST":
            order = request.query_params.get("contr_no", "")
            return await self._drawn(path, _Drawn(View(order=order)), partial=False)
        if self._latency:
            await asyncio.sleep(self._latency)
        posted = form_fields(await request.body())
        view = self._views.pop(posted.get("__VIEWSTATE", ""), None)
        if view is None or not self._hidden.accept(path, posted):
            # A state that was used already, or is none of this page.
            return RedirectResponse(f"{paths.NOTICE}?aspxerrorpath={path}", 302)
        fields = {name.removeprefix(PREFIX): value for name, value in posted.items()}
        target = fields.get("__EVENTTARGET", "").removeprefix(PREFIX)
        # A submit button names itself.
        target = target or next((name for name in (*ACTS, "btn_search") if name in fields), "")
        view = view.after(target, fields.get("__EVENTARGUMENT", ""), fields)
        drawn = _Drawn(view)
        if target in ACTS:
            said = await self._acted(path, ACTS[target], view)
            if isinstance(said, Response):
                return said
            drawn = said
        return await self._drawn(path, drawn, partial="__ASYNCPOST" in fields)

    async def _acted(self, path: str, method: str, view: View) -> _Drawn | Response:
        self._journal.see("POST", f"{path}/{method}", view.order)
        params = {
            "contr_no": view.order,
            "refuse_reason": view.reason,
            "refuse_text": view.text,
        }
        answer = await self._call(method, params)
        if isinstance(answer, Response):
            return answer
        done = answer["returnCode"] == 0
        after = view.done() if done else view
        return _Drawn(after, say=str(answer["returnMessage"]), done=done)

    async def _drawn(self, path: str, drawn: _Drawn, *, partial: bool) -> Response:
        window = path.lower() == paths.ORDER.lower()
        shown = await self._shown(drawn.view, window=window)
        if isinstance(shown, Response):
            return shown
        hidden = self._hidden.make(path)
        self._views[hidden["__VIEWSTATE"]] = drawn.view
        values = {
            "style": self._style,
            "view": drawn.view,
            "say": drawn.say,
            "done": drawn.done,
            "action": path + (f"?contr_no={drawn.view.order}" if window else ""),
            "hidden": hidden,
            "prefix": PREFIX,
            **shown,
        }
        if partial:
            return PlainTextResponse(self._delta(hidden, values), headers=PAGE_HEADERS)
        name = "postback_order.html" if window else "postback.html"
        return HTMLResponse(self._pages.render(name, **values), headers=PAGE_HEADERS)

    def _delta(self, hidden: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """Return the answer to a partial post, in the form of ASP.NET's own script."""
        parts = [("updatePanel", "up_main", self._pages.render("postback_body.html", **values))]
        parts += [("hiddenField", name, value) for name, value in hidden.items()]
        if values["say"]:
            parts.append(("say", "", str(values["say"])))
        return "".join(f"{len(text)}|{kind}|{name}|{text}|" for kind, name, text in parts)

    async def _shown(self, view: View, *, window: bool) -> dict[str, Any] | Response:
        lists: list[dict[str, Any]] = []
        counts = await self._call("GetClaimCounts", {})
        detail: dict[str, Any] = {"Rows": []}
        if isinstance(counts, Response):
            return counts
        for params in () if window else self._asked(view):
            answer = await self._call("GetClaimList", params)
            if isinstance(answer, Response):
                return answer
            lists.append(_paged(answer["Rows"], params, view))
        if view.order:
            found = await self._call("GetClaimDetail", {"contr_no": view.order})
            if isinstance(found, Response):
                return found
            detail = found
        return {
            "lists": lists,
            "counts": {row["name"]: row["cnt"] for row in counts["Rows"]},
            "detail": next(iter(detail["Rows"]), None),
            "counter_rows": COUNTER_ROWS,
            "finished": FINISHED,
            "reasons": self._pages.reasons(),
        }

    def _asked(self, view: View) -> list[dict[str, Any]]:
        asked = {"claim_type": "CN"}
        if view.found is not None:
            search = {"srch_option": "contr_no", "srch_option_value": view.found}
            return [{**asked, "claim_sol_stat": "", **search}]
        if not view.stat:
            return []
        wanted = list(_LISTS) if self._style.both and view.stat in _LISTS else [view.stat]
        return [{**asked, "claim_sol_stat": stat} for stat in wanted]


def _paged(rows: list[dict[str, Any]], params: Mapping[str, Any], view: View) -> dict[str, Any]:
    stat = params["claim_sol_stat"]
    turned = stat == view.stat or not stat
    pages = max(1, -(-len(rows) // _PAGE_SIZE))
    page = min(view.page if turned else 1, pages)
    start = _PAGE_SIZE * (page - 1)
    return {
        "title": _LISTS.get(stat, ""),
        "grid": "gv_claim" if turned else "gv_other",
        "rows": rows[start : start + _PAGE_SIZE],
        "page": page,
        "pages": pages,
    }
