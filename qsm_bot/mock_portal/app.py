"""The HTTP side of the mock portal: which path does what."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from qsm_bot.mock_portal import pages as paths
from qsm_bot.mock_portal import qa
from qsm_bot.mock_portal import qapi as api
from qsm_bot.mock_portal.bodies import form_fields, order_in, params_of
from qsm_bot.mock_portal.defect_layer import DefectLayer
from qsm_bot.mock_portal.fault_layer import FaultLayer
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.pages import PAGE_HEADERS, Pages
from qsm_bot.mock_portal.postback.site import PostbackSite
from qsm_bot.mock_portal.services import ServiceEndpoints, UnknownMethodError
from qsm_bot.mock_portal.sessions import TICKET_COOKIE, HiddenFields, SessionBook
from qsm_bot.mock_portal.sign_in import SignInPages, login_url
from qsm_bot.mock_portal.styles import DRAWN

Handler = Callable[[Request], Awaitable[Response]]

_ROOT = paths.ROOT.lower()
_SERVICE = re.compile(rf"{re.escape(_ROOT)}/swe_[a-z]+bizservice\.asmx/")
_UNAUTHORIZED = {
    "Message": "Authentication failed.",
    "StackTrace": None,
    "ExceptionType": "System.UnauthorizedAccessException",
}


class PortalApp:
    """Serves the pages and services of one shop; `asgi` is the application."""

    def __init__(
        self,
        *,
        services: ServiceEndpoints,
        pages: Pages,
        journal: Journal,
        latency: float,
        login_id: str,
        password: str,
        options: PortalOptions,
        qapi: api.Qapi,
    ) -> None:
        self.sessions = SessionBook(options.session_expired_after)
        self._faults = FaultLayer(options.faults, services.world, self.sessions)
        self._defects = DefectLayer(options.defects, services.world)
        self._services = services
        self._qapi = qapi
        self._qa = qa.Qa(services.world, journal) if options.qa else None
        self._pages = pages
        pages.shop_name = self._faults.shop_name
        pages.sign_out = self._faults.sign_out
        pages.other_markup = self._faults.other_markup
        pages.defects = options.defects
        self._journal = journal
        self._latency = latency
        self._options = options
        self._hidden = HiddenFields()
        self.sign_in = sign_in = SignInPages(
            pages,
            self.sessions,
            self._hidden,
            (login_id, password),
            captcha=options.captcha or self._faults.has("captcha"),
            sub_id=self._faults.has("sub-id"),
            landing=self._defects.landing,
        )
        self._public: dict[str, Handler] = {
            "/": sign_in.to_login,
            "/favicon.ico": self._no_icon,
            _ROOT: sign_in.to_login,
            f"{_ROOT}/": sign_in.to_login,
            paths.LOGIN.lower(): sign_in.login,
            paths.NOTICE.lower(): self._notice,
            f"{_ROOT}/logout.aspx": sign_in.logout,
            f"{_ROOT}/recaptcha/anchor.aspx": sign_in.anchor,
            f"{_ROOT}/recaptcha/bframe.aspx": sign_in.challenge,
        }
        self._private: dict[str, Handler] = {
            paths.HOME.lower(): self._home,
            paths.CLAIM.lower(): self._claims,
            paths.DELIVERY.lower(): self._deliveries,
            paths.ORDER.lower(): self._order,
            paths.NEW_PASSWORD.lower(): self._new_password,
        }
        self._style = DRAWN.get(options.style)
        if self._style is not None:
            site = PostbackSite(self._style, pages, self._hidden, journal, self._drawn_by, latency)
            self._private |= site.handlers()
        route = Route("/{path:path}", self._handle, methods=["GET", "POST"])
        self.asgi = Starlette(routes=[route])

    async def _handle(self, request: Request) -> Response:
        path = request.url.path
        self._journal.see(request.method, path, await order_in(request))
        key = path.lower()
        if key.startswith(api.ROOT):
            # The real API is a host of its own: what befalls the pages does not befall it.
            form = form_fields(await request.body())
            return self._qapi.answer(path[len(api.ROOT) :], request.headers, form)
        if self._qa is not None and key.startswith(qa.ROOT):
            return await self._qa.answer(request, key.removeprefix(qa.ROOT))
        host = request.headers.get("host", "")
        return self._faults.page(key, host) or await self._answer(request, path, key)

    async def _answer(self, request: Request, path: str, key: str) -> Response:
        if key.startswith(f"{_ROOT}/static/"):
            return self._static(key.rpartition("/")[2])
        if _SERVICE.match(key) and self._style is None:
            return await self._service(request, path.rpartition("/")[2])
        if key in self._public:
            return await self._public[key](request)
        if not self._signed_in(request):
            wanted = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(login_url(wanted), 302)
        if key in self._private:
            return await self._private[key](request)
        return HTMLResponse(self._pages.render("notice.html", text="ページが見つかりません。"), 404)

    def _signed_in(self, request: Request) -> bool:
        return self.sessions.accepts(request.cookies.get(TICKET_COOKIE))

    def _static(self, name: str) -> Response:
        content, kind = self._pages.file(name)
        return Response(content, media_type=kind) if kind else Response(status_code=404)

    async def _service(self, request: Request, method: str) -> Response:
        """Answer a service call; every answer of every service leaves through here."""
        if self._latency:
            await asyncio.sleep(self._latency)
        if self._faults.signs_out(method):
            self.sessions.expire_all()
        if not self._signed_in(request):
            return JSONResponse(_UNAUTHORIZED, 401)
        if request.method != "POST" and not self._faults.takes_get(method):
            return _service_error(
                "Request format is unrecognized.", "System.InvalidOperationException"
            )
        try:
            answer = await self._called(method, await params_of(request))
        except UnknownMethodError:
            return _service_error(f"Unknown web method {method}.", "System.ArgumentException")
        except ValueError as error:
            return _service_error(f"Invalid JSON primitive: {error}", "System.ArgumentException")
        if isinstance(answer, Response):
            return answer
        return JSONResponse({"d": answer}, headers={"Cache-Control": "no-cache"})

    async def _called(self, method: str, params: dict[str, Any]) -> dict[str, Any] | Response:
        instead = await self._faults.before(method, str(params.get("contr_no") or ""))
        if instead is not None:
            return instead
        answer = self._defects.after(method, params, self._services.answer(method, params))
        return self._faults.after(method, params, answer)

    async def _drawn_by(self, method: str, params: dict[str, Any]) -> dict[str, Any] | Response:
        """Answer what a page that the server draws asks itself."""
        if self._faults.signs_out(method):
            self.sessions.expire_all()
            return RedirectResponse(login_url(paths.CLAIM), 302)
        return await self._called(method, params)

    async def _no_icon(self, _: Request) -> Response:
        return Response(status_code=204)

    async def _notice(self, _: Request) -> Response:
        text = "処理中にエラーが発生しました。最初からやり直してください。"
        return self._page(self._pages.render("notice.html", text=text))

    async def _home(self, _: Request) -> Response:
        return self._page(
            self._pages.home(
                notice=self._options.notice,
                terms=self._faults.has("terms"),
                counts=self._services.world.counters() if self._style else {},
            )
        )

    async def _claims(self, _: Request) -> Response:
        self._defects.page_opens()
        page = self._pages.claims(
            hidden=self._hidden.make(paths.CLAIM),
            grid=self._options.grid,
            smart_from=1 if self._options.grid == "smart" else self._options.smart_rendering_from,
            reload=self._options.reload_after_refusal,
            faults=self._faults.for_page,
        )
        return self._page(page)

    async def _order(self, request: Request) -> Response:
        order_no = request.query_params.get("contr_no", "")
        return self._page(self._pages.order(order_no=order_no, faults=self._faults.for_page))

    async def _new_password(self, _: Request) -> Response:
        return self._page(self._pages.render("password.html"))

    async def _deliveries(self, _: Request) -> Response:
        return self._page(self._pages.deliveries())

    def _page(self, page: str) -> Response:
        page = self._faults.leaves(page)
        return HTMLResponse(page, headers=PAGE_HEADERS | self._faults.date_header())

    async def refused_by_socket(self, text: str) -> str:
        """Refuse what a frame of a socket says, and return the answer's frame."""
        params = json.loads(text)
        self._journal.see("SOCKET", f"{paths.ROOT}/SetCancelRefusal", params.get("contr_no"))
        return json.dumps(self._services.answer("SetCancelRefusal", params), ensure_ascii=False)

    @property
    def takes_sockets(self) -> bool:
        """Whether it listens to sockets."""
        return self._faults.takes_sockets


def _service_error(message: str, kind: str) -> Response:
    return JSONResponse({"Message": message, "StackTrace": None, "ExceptionType": kind}, 500)
