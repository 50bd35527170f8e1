"""The board as a web application: its addresses, and how every request is led to a page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Lang, Words
from qsm_bot.board.guard import Guard
from qsm_bot.board.pages import data, duty, job, order, plan, records, rules, settings, start, today
from qsm_bot.board.sessions import COOKIE, BoardSession, Sessions, is_own_form
from qsm_bot.board.shops import Shops
from qsm_bot.board.visit import LANG, BoardVisit, remember

PageHandler = Callable[[BoardVisit], Response]

_log = get_logger(__name__)
_STATIC = Path(__file__).parent / "static"
_MOST_FIELDS = 2_000
_MOST_BYTES = 1_000_000
_MOST_FILE_BYTES = 30_000_000

PAGES: Mapping[str, PageHandler] = {
    "/{shop}/": today.today,
    "/{shop}/start": start.show,
    "/{shop}/plans/{digest}": plan.show,
    "/{shop}/jobs/{name}": job.show,
    "/{shop}/jobs/{name}/progress": job.progress,
    "/{shop}/duty": duty.show,
    "/{shop}/orders/{order}": order.show,
    "/{shop}/pictures/{order}/{sha256}": order.picture,
    "/{shop}/records": records.show,
    "/{shop}/rules": rules.show,
    "/{shop}/rules.xlsx": rules.download,
    "/{shop}/data": data.show,
    "/{shop}/settings": settings.show,
}
"""What can be looked at; nothing is changed by it."""

FORMS: Mapping[str, PageHandler] = {
    "/{shop}/plans/{digest}/decide": plan.decide,
    "/{shop}/plans/{digest}/carry-out": plan.carry_out,
    "/{shop}/jobs": job.start,
    "/{shop}/stop": job.stop,
    "/{shop}/go-on": job.go_on,
    "/{shop}/duty/{order}/done": duty.done,
    "/{shop}/duty/{order}/reopen": duty.reopen,
    "/{shop}/orders/{order}/looked": today.looked,
    "/{shop}/rules": rules.upload,
    "/{shop}/data": data.upload,
    "/{shop}/settings": settings.save,
    "/{shop}/live": settings.live,
    "/{shop}/timer": settings.timer,
    "/{shop}/message": settings.try_message,
}
"""What can be done: each by a form of the board's own pages."""

_SHUT = Words(
    "This page opens only from the address that `qsm-bot board` opened. Start the board again.",
    "この画面は、起動したときに開いたページからだけ使えます。もう一度、窓口を起動してください。",
)


class BoardApp:
    """The board.

    Args:
        shops: the shops that are shown.
        sessions: who may see them.
        hosts: what the Host header may say.
        lang: the language of a browser that has not chosen one.
    """

    def __init__(self, shops: Shops, sessions: Sessions, hosts: list[str], lang: Lang) -> None:
        self._shops = shops
        self._sessions = sessions
        self._lang = lang
        # Cookies know no port: another board of this computer must not take this one's place.
        self._cookie = f"{COOKIE}_{hosts[0].rpartition(':')[2]}"
        routes: list[BaseRoute] = [
            Route("/", self._enter, methods=["GET"]),
            Route("/language", self._choose_language, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
            *(Route(path, self._page(show), methods=["GET"]) for path, show in PAGES.items()),
            *(Route(path, self._form(act), methods=["POST"]) for path, act in FORMS.items()),
        ]
        self.asgi = Guard(Starlette(routes=routes), hosts)

    async def _enter(self, request: Request) -> Response:
        """Let a browser in that brings the one-time token; show one that is in the first page."""
        token = request.query_params.get("token", "")
        # A HEAD is not a person's; it must not use the token up.
        session = self._sessions.opened(token) if token and request.method == "GET" else None
        if session is None and self._session(request) is None:
            return self._shut(request)
        try:
            keys = await run_in_threadpool(self._shops.names)
        except QsmBotError as error:
            return self._broken(request, error)
        wish = request.query_params.get("shop", "")
        first = wish if wish in keys else keys[0]
        response = RedirectResponse(f"/{quote(first, safe='~')}/", status_code=303)
        if session is not None:
            response.set_cookie(self._cookie, session.name, httponly=True, samesite="strict")
        return response

    async def _choose_language(self, request: Request) -> Response:
        session, form = self._session(request), await _read(request)
        if session is None or not is_own_form(session, str(form.get("csrf", ""))):
            return self._shut(request)
        back = str(form.get("back", "/"))
        # Only a path of this board: `//host` would be another one.
        path = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
        lang = "ja" if form.get("lang") == "ja" else "en"
        return remember(RedirectResponse(path, status_code=303), LANG, lang)

    def _page(self, show: PageHandler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            session = self._session(request)
            if session is None:
                return self._shut(request)
            return await self._led(request, session, FormData(), show)

        return answer

    def _form(self, act: PageHandler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            session = self._session(request)
            if session is None:
                return self._shut(request)
            form = await _read(request)
            try:
                if not is_own_form(session, str(form.get("csrf", ""))):
                    return self._shut(request)
                return await self._led(request, session, form, act)
            finally:
                await form.close()

        return answer

    async def _led(
        self, request: Request, session: BoardSession, form: FormData, page: PageHandler
    ) -> Response:
        def work() -> Response:
            try:
                desk = self._shops.desk(request.path_params["shop"])
            except QsmBotError as error:
                return self._broken(request, error)
            if desk is None:
                raise HTTPException(404)
            visit = BoardVisit(
                request=request,
                session=session,
                shops=self._shops,
                lang=self._lang_of(request),
                desk=desk,
                form=form,
            )
            try:
                return page(visit)
            except SettingsInvalid as error:
                return self._broken(request, error)
            except QsmBotError as error:
                _log.info("board_page", path=request.url.path, error=error.message.en)
                return visit.page("error.html", status=409, error=_told(error, visit.lang))

        return await run_in_threadpool(work)

    def _broken(self, request: Request, error: QsmBotError) -> Response:
        """Tell what is wrong with the settings; no shop's page can be shown before it is mended."""
        lang = self._lang_of(request)
        page = self._shops.templates.get_template("broken.html")
        filled = page.render(
            lang=lang, error=_told(error, lang), t=lambda en, ja: Words(en, ja).say(lang)
        )
        return HTMLResponse(filled, status_code=409)

    def _session(self, request: Request) -> BoardSession | None:
        return self._sessions.of(request.cookies.get(self._cookie, ""))

    def _lang_of(self, request: Request) -> Lang:
        chosen = request.cookies.get(LANG)
        return chosen if chosen in ("ja", "en") else self._lang  # type: ignore[return-value]

    def _shut(self, request: Request) -> Response:
        return PlainTextResponse(_SHUT.say(self._lang_of(request)), status_code=403)


def _told(error: QsmBotError, lang: Lang) -> Mapping[str, str]:
    return {
        "message": error.message.say(lang),
        "meaning": error.meaning.say(lang),
        "next": error.next_words.say(lang),
    }


async def _read(request: Request) -> FormData:
    """Read a form; one that is too long, or comes too slowly, is none."""
    length = request.headers.get("content-length", "")
    has_file = request.headers.get("content-type", "").startswith("multipart/form-data")
    most = _MOST_FILE_BYTES if has_file else _MOST_BYTES
    if not length.isdigit() or int(length) > most:
        return FormData()
    try:
        async with asyncio.timeout(10):
            return await request.form(max_fields=_MOST_FIELDS)
    except (TimeoutError, HTTPException):
        return FormData()
