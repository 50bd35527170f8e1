"""The HTTP side of the mock portal: which path does what."""

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from qsm_bot.mock_portal import pages as paths
from qsm_bot.mock_portal import qapi as api
from qsm_bot.mock_portal.fault_layer import FaultLayer
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.pages import Pages
from qsm_bot.mock_portal.services import Services, UnknownMethodError
from qsm_bot.mock_portal.sessions import SESSION_COOKIE, TICKET_COOKIE, HiddenFields, SessionBook

Handler = Callable[[Request], Awaitable[Response]]

_ROOT = paths.ROOT.lower()
_SERVICE = re.compile(rf"{re.escape(_ROOT)}/swe_[a-z]+bizservice\.asmx/")
# The real pages send a policy that keeps scripts from calling other hosts.
_PAGE_HEADERS = {
    "Cache-Control": "no-cache, no-store",
    "Content-Security-Policy": "connect-src 'self'",
}
_FORM_TYPE = "application/x-www-form-urlencoded"
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
        services: Services,
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
        self._services = services
        self._qapi = qapi
        self._pages = pages
        pages.shop_name = self._faults.shop_name
        pages.sign_out = self._faults.sign_out
        pages.other_markup = self._faults.other_markup
        self._journal = journal
        self._latency = latency
        self._credentials = (login_id, password)
        self._options = options
        self._asks_captcha = options.captcha or self._faults.has("captcha")
        self._asks_sub_id = self._faults.has("sub-id")
        self._hidden = HiddenFields()
        self._public: dict[str, Handler] = {
            "/": self._to_login,
            "/favicon.ico": self._no_icon,
            _ROOT: self._to_login,
            f"{_ROOT}/": self._to_login,
            paths.LOGIN.lower(): self._login,
            paths.NOTICE.lower(): self._notice,
            f"{_ROOT}/logout.aspx": self._logout,
            f"{_ROOT}/recaptcha/anchor.aspx": self._anchor,
            f"{_ROOT}/recaptcha/bframe.aspx": self._challenge,
        }
        self._private: dict[str, Handler] = {
            paths.HOME.lower(): self._home,
            paths.CLAIM.lower(): self._claims,
            paths.DELIVERY.lower(): self._deliveries,
            paths.ORDER.lower(): self._order,
            paths.NEW_PASSWORD.lower(): self._new_password,
        }
        route = Route("/{path:path}", self._handle, methods=["GET", "POST"])
        self.asgi = Starlette(routes=[route])

    async def _handle(self, request: Request) -> Response:
        path = request.url.path
        self._journal.see(request.method, path, await _order_in(request))
        key = path.lower()
        if key.startswith(api.ROOT):
            # The real API is a host of its own: what befalls the pages does not befall it.
            form = _form(await request.body())
            return self._qapi.answer(path[len(api.ROOT) :], request.headers, form)
        return self._faults.page(key) or await self._answer(request, path, key)

    async def _answer(self, request: Request, path: str, key: str) -> Response:
        if key.startswith(f"{_ROOT}/static/"):
            return self._static(key.rpartition("/")[2])
        if _SERVICE.match(key):
            return await self._service(request, path.rpartition("/")[2])
        if key in self._public:
            return await self._public[key](request)
        if not self._signed_in(request):
            wanted = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(_login_url(wanted), 302)
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
        if request.method != "POST":
            return _service_error(
                "Request format is unrecognized.", "System.InvalidOperationException"
            )
        try:
            answer = await self._called(method, await _params(request))
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
        return self._faults.after(method, params, self._services.answer(method, params))

    async def _to_login(self, _: Request) -> Response:
        return RedirectResponse(paths.LOGIN, 302)

    async def _no_icon(self, _: Request) -> Response:
        return Response(status_code=204)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return self._login_page(request)
        form = self._pages.posted(_form(await request.body()))
        if not self._hidden.accept(paths.LOGIN, form):
            return RedirectResponse(f"{paths.NOTICE}?aspxerrorpath={paths.LOGIN}", 302)
        if not self._captcha_passed(request, form):
            return self._login_page(request, alert="自動入力防止の認証を行ってください。")
        if self._asks_sub_id and not form.get("ep_id"):
            return self._login_page(request, alert="サブIDを入力してください。")
        if (form.get("txtLoginID"), form.get("txtLoginPwd")) != self._credentials:
            # The real text is not public; only that there is an alert.
            return self._login_page(request, alert="IDまたはパスワードが正しくありません。")
        response = RedirectResponse(_local_path(request.query_params.get("ReturnUrl")), 302)
        _set_cookie(response, TICKET_COOKIE, self.sessions.sign_in())
        return response

    def _captcha_passed(self, request: Request, form: dict[str, str]) -> bool:
        if not self._asks_captcha:
            return bool(form.get("g-recaptcha-response"))
        return self.sessions.has_solved(request.cookies.get(SESSION_COOKIE))

    def _login_page(self, request: Request, alert: str = "") -> Response:
        page = self._pages.render(
            "login.html",
            hidden=self._hidden.make(paths.LOGIN),
            action=_login_url(request.query_params.get("ReturnUrl")),
            alert=alert,
            captcha=self._asks_captcha,
            sub_id=self._asks_sub_id,
        )
        response = HTMLResponse(page, headers=_PAGE_HEADERS)
        if SESSION_COOKIE not in request.cookies:
            _set_cookie(response, SESSION_COOKIE, secrets.token_hex(12))
        return response

    async def _logout(self, request: Request) -> Response:
        self.sessions.sign_out(request.cookies.get(TICKET_COOKIE))
        response = RedirectResponse(paths.LOGIN, 302)
        response.delete_cookie(TICKET_COOKIE)
        return response

    async def _anchor(self, _: Request) -> Response:
        return self._page(self._pages.render("captcha.html", challenge=False))

    async def _challenge(self, request: Request) -> Response:
        session = request.cookies.get(SESSION_COOKIE)
        if request.method == "POST" and session:
            self.sessions.solve(session)
            return Response(status_code=204)
        return self._page(self._pages.render("captcha.html", challenge=True))

    async def _notice(self, _: Request) -> Response:
        text = "処理中にエラーが発生しました。最初からやり直してください。"
        return self._page(self._pages.render("notice.html", text=text))

    async def _home(self, _: Request) -> Response:
        return self._page(
            self._pages.home(notice=self._options.notice, terms=self._faults.has("terms"))
        )

    async def _claims(self, _: Request) -> Response:
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
        return HTMLResponse(page, headers=_PAGE_HEADERS | self._faults.date_header())


async def _params(request: Request) -> dict[str, Any]:
    """Read a call's parameters: JSON, or a form's fields from pages that post one."""
    body = await request.body()
    if request.headers.get("content-type", "").startswith(_FORM_TYPE):
        return dict(_form(body))
    return _json_object(body)


def _json_object(body: bytes) -> dict[str, Any]:
    params = json.loads(body or b"{}")
    if not isinstance(params, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a bad value from outside, not a bug
    return params


def _form(body: bytes) -> dict[str, str]:
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


async def _order_in(request: Request) -> str | None:
    if request.method != "POST":
        return None
    try:
        params = await _params(request)
    except ValueError:
        return None
    order = params.get("contr_no") or params.get("srch_option_value") or params.get("OrderNo")
    return str(order) if order else None


def _service_error(message: str, kind: str) -> Response:
    return JSONResponse({"Message": message, "StackTrace": None, "ExceptionType": kind}, 500)


def _login_url(wanted: str | None) -> str:
    return f"{paths.LOGIN}?ReturnUrl={quote(wanted, safe='')}" if wanted else paths.LOGIN


def _local_path(url: str | None) -> str:
    """Return the path to go back to after sign-in; never another host's."""
    parts = urlsplit(url or "")
    if parts.scheme or parts.netloc or not parts.path.lower().startswith(f"{_ROOT}/"):
        return paths.HOME
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax")
