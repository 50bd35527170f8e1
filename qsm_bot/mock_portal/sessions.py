"""Who is signed in at the mock portal, and the hidden fields of its forms.

Cookie names and hidden fields are those seen on the real portal; both cookies last as long as
the browser session only.
"""

import hashlib
import hmac
import secrets
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

SESSION_COOKIE = "ASP.NET_SessionId"
TICKET_COOKIE = "GiosisGsmJP"
_GENERATOR = "8DF1B7A2"


class SessionBook:
    """Hands out sign-in tickets and knows which are good.

    Args:
        expired_after: number of requests after which a ticket is no longer good.
    """

    def __init__(self, expired_after: int | None = None) -> None:
        self._expired_after = expired_after
        self._used: dict[str, int] = {}
        self._solved: set[str] = set()
        self._lock = threading.Lock()

    def sign_in(self) -> str:
        """Return a new ticket."""
        ticket = secrets.token_hex(32).upper()
        with self._lock:
            self._used[ticket] = 0
        return ticket

    def sign_out(self, ticket: str | None) -> None:
        """Forget the ticket."""
        with self._lock:
            self._used.pop(ticket or "", None)

    def expire_all(self) -> None:
        """End every sign-in, as the portal does when a session has lasted too long."""
        with self._lock:
            self._used.clear()

    def accepts(self, ticket: str | None) -> bool:
        """Tell whether the ticket is good, and count this use of it."""
        with self._lock:
            if ticket not in self._used:
                return False
            self._used[ticket] += 1
            if self._expired_after is None or self._used[ticket] <= self._expired_after:
                return True
            del self._used[ticket]
            return False

    def solve(self, session: str) -> None:
        """Note that the person of this browser session solved the challenge."""
        with self._lock:
            self._solved.add(session)

    def has_solved(self, session: str | None) -> bool:
        """Tell whether the challenge was solved in this browser session."""
        with self._lock:
            return session in self._solved


@dataclass(frozen=True)
class HiddenFields:
    """Makes and checks the three hidden WebForms fields; good for one run of the server."""

    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def make(self, page: str) -> dict[str, str]:
        """Return fresh values for a form on `page`."""
        state = b64encode(secrets.token_bytes(48)).decode()
        return {
            "__VIEWSTATE": state,
            "__VIEWSTATEGENERATOR": _GENERATOR,
            "__EVENTVALIDATION": self._seal(page, state),
        }

    def accept(self, page: str, form: Mapping[str, str]) -> bool:
        """Tell whether the posted fields are ones made here for `page`."""
        seal = self._seal(page, form.get("__VIEWSTATE", ""))
        return form.get("__VIEWSTATEGENERATOR") == _GENERATOR and hmac.compare_digest(
            seal.encode(), form.get("__EVENTVALIDATION", "").encode()
        )

    def _seal(self, page: str, state: str) -> str:
        digest = hmac.new(self._secret, f"{page.lower()}\n{state}".encode(), hashlib.sha512)
        return b64encode(digest.digest()).decode()
