"""Who may see the board: the browser that opened it with the one-time token."""

import hmac
import secrets
import threading
from dataclasses import dataclass

COOKIE = "qsm_board"


@dataclass(frozen=True, slots=True)
class BoardSession:
    """One browser that came in; `csrf` stands in each of its forms."""

    name: str
    csrf: str


class Sessions:
    """The browsers that came in; they are forgotten with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: set[str] = set()
        self._sessions: dict[str, BoardSession] = {}

    def token(self) -> str:
        """Return a new token that lets one browser in, once."""
        with self._lock:
            token = secrets.token_urlsafe(32)
            self._tokens.add(token)
            return token

    def opened(self, token: str) -> BoardSession | None:
        """Use a token up, and return the session it opens; None if it is none."""
        with self._lock:
            found = next((each for each in self._tokens if _same(each, token)), None)
            if found is None:
                return None
            self._tokens.remove(found)
            session = BoardSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
            self._sessions[session.name] = session
            return session

    def of(self, cookie: str) -> BoardSession | None:
        """Return the session of a cookie, if it is one of this board's."""
        return self._sessions.get(cookie)


def is_own_form(session: BoardSession, given: str) -> bool:
    """Whether a form carries the session's own secret."""
    return _same(session.csrf, given)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
