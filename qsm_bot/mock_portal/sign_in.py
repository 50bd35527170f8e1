"""The sign-in of the mock portal: its page, the challenge, the tickets."""

import secrets
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qsm_bot.mock_portal import pages as paths
from qsm_bot.mock_portal.bodies import form_fields
from qsm_bot.mock_portal.pages import PAGE_HEADERS, Pages
from qsm_bot.mock_portal.sessions import SESSION_COOKIE, TICKET_COOKIE, HiddenFields, SessionBook

Landing = Callable[[str], str]
"""Given the path that a sign-in leads to, returns the one that it really leads to."""


class SignInPages:
    """Answers for Login.aspx, Logout.aspx and the two frames of the captcha.

    Args:
        pages: the templates.
        sessions: where tickets come from.
        hidden: the hidden fields of the forms.
        credentials: the seller's ID and password; may be set to others.
        captcha: a token is not enough: the challenge must be solved.
        sub_id: a sub-ID is asked for as well.
        landing: where a sign-in leads to.
    """

    def __init__(
        self,
        pages: Pages,
        sessions: SessionBook,
        hidden: HiddenFields,
        credentials: tuple[str, str],
        *,
        captcha: bool,
        sub_id: bool,
        landing: Landing,
    ) -> None:
        self._pages = pages
        self._sessions = sessions
        self._hidden = hidden
        self.credentials = credentials
        self._captcha = captcha
        self._sub_id = sub_id
        self._landing = landing

    async def to_login(self, _: Request) -> Response:
        """Answer for the bare address."""
        return RedirectResponse(paths.LOGIN, 302)

    async def login(self, request: Request) -> Response:
        """Show the form, or judge what was posted."""
        if request.method != "POST":
            return self._page(request)
        form = self._pages.posted(form_fields(await request.body()))
        if not self._hidden.accept(paths.LOGIN, form):
            return RedirectResponse(f"{paths.NOTICE}?aspxerrorpath={paths.LOGIN}", 302)
        if alert := self._turned_down(request, form):
            return self._page(request, alert)
        wanted = _local_path(request.query_params.get("ReturnUrl"))
        response = RedirectResponse(self._landing(wanted), 302)
        _set_cookie(response, TICKET_COOKIE, self._sessions.sign_in())
        return response

    async def logout(self, request: Request) -> Response:
        """End the sign-in."""
        self._sessions.sign_out(request.cookies.get(TICKET_COOKIE))
        response = RedirectResponse(paths.LOGIN, 302)
        response.delete_cookie(TICKET_COOKIE)
        return response

    async def anchor(self, _: Request) -> Response:
        """Show the badge."""
        page = self._pages.render("captcha.html", challenge=False)
        return HTMLResponse(page, headers=PAGE_HEADERS)

    async def challenge(self, request: Request) -> Response:
        """Show the challenge, or note that it was solved."""
        session = request.cookies.get(SESSION_COOKIE)
        if request.method == "POST" and session:
            self._sessions.solve(session)
            return Response(status_code=204)
        page = self._pages.render("captcha.html", challenge=True)
        return HTMLResponse(page, headers=PAGE_HEADERS)

    def _turned_down(self, request: Request, form: Mapping[str, str]) -> str:
        if not self._captcha_passed(request, form):
            return "自動入力防止の認証を行ってください。"
        if self._sub_id and not form.get("ep_id"):
            return "サブIDを入力してください。"
        if (form.get("txtLoginID"), form.get("txtLoginPwd")) != self.credentials:
            # The real text is not public; only that there is an alert.
            return "IDまたはパスワードが正しくありません。"
        return ""

    def _captcha_passed(self, request: Request, form: Mapping[str, str]) -> bool:
        if not self._captcha:
            return bool(form.get("g-recaptcha-response"))
        return self._sessions.has_solved(request.cookies.get(SESSION_COOKIE))

    def _page(self, request: Request, alert: str = "") -> Response:
        page = self._pages.render(
            "login.html",
            hidden=self._hidden.make(paths.LOGIN),
            action=login_url(request.query_params.get("ReturnUrl")),
            alert=alert,
            captcha=self._captcha,
            sub_id=self._sub_id,
        )
        response = HTMLResponse(page, headers=PAGE_HEADERS)
        if SESSION_COOKIE not in request.cookies:
            _set_cookie(response, SESSION_COOKIE, secrets.token_hex(12))
        return response


def login_url(wanted: str | None) -> str:
    """Return the address of the sign-in page that leads back to `wanted`."""
    return f"{paths.LOGIN}?ReturnUrl={quote(wanted, safe='')}" if wanted else paths.LOGIN


def _local_path(url: str | None) -> str:
    """Return the path to go back to after sign-in; never another host's."""
    parts = urlsplit(url or "")
    if parts.scheme or parts.netloc or not parts.path.lower().startswith(f"{paths.ROOT.lower()}/"):
        return paths.HOME
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax")
