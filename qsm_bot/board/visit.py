"""One request to the board: whose shop, in which language, and how a page is filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qsm_bot.base.words import Lang, Words
from qsm_bot.board.desk import ShopDesk
from qsm_bot.board.jobs import ShopJobs
from qsm_bot.board.sessions import BoardSession
from qsm_bot.board.shops import Shops

WHO = "qsm_who"
LANG = "qsm_lang"
_YEAR_SECONDS = 365 * 24 * 3600
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardVisit:
    """One request; `form` is empty unless it is a POST whose form is the session's own."""

    request: Request
    session: BoardSession
    shops: Shops
    lang: Lang
    desk: ShopDesk
    form: FormData

    @property
    def jobs(self) -> ShopJobs:
        """The jobs of the shop."""
        return self.shops.jobs(self.desk.key)

    @property
    def who(self) -> str:
        """The name that the person gave last."""
        return unquote(self.request.cookies.get(WHO, ""))[:_LONGEST_NAME]

    def param(self, name: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[name])

    @property
    def order(self) -> str:
        """The order number in the address.

        Raises:
            HTTPException: it is none; as a word of a command it could mean anything.
        """
        number = self.param("order")
        if not (number.isascii() and number.isdigit()):
            raise HTTPException(404)
        return number

    def asked(self, name: str, default: str = "") -> str:
        """Return a value behind the address's question mark."""
        return self.request.query_params.get(name, default)

    def given(self, name: str, default: str = "") -> str:
        """Return a field of the form, without blanks around it."""
        value = self.form.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def url(self, path: str = "") -> str:
        """Return the address of a page of this shop."""
        return f"/{quote(self.desk.key, safe='')}/{path}"

    def say(self, en: str, ja: str) -> str:
        """Return a sentence in the visit's language."""
        return Words(en, ja).say(self.lang)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a filled page."""
        common: Mapping[str, Any] = {
            "visit": self,
            "lang": self.lang,
            "t": self.say,
            "url": self.url,
            "csrf": self.session.csrf,
            "desk": self.desk,
            "shops": self.shops,
        }
        filled = self.shops.templates.get_template(template).render(**common, **values)
        return HTMLResponse(filled, status_code=status)

    def to(self, path: str) -> Response:
        """Return the way to another page of this shop, after a POST."""
        return RedirectResponse(self.url(path), status_code=303)


def remember(response: Response, name: str, value: str) -> Response:
    """Let the browser keep a choice; nothing is decided by it."""
    response.set_cookie(name, quote(value), max_age=_YEAR_SECONDS, httponly=True, samesite="strict")
    return response
