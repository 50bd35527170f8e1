"""What is turned away before any page sees it: other hosts, other origins, other methods.

One place for all routes; also the headers that every answer carries.
"""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class Guard:
    """Turns away what does not come from the board's own pages.

    Args:
        app: the pages.
        hosts: what the Host header may say; another one is a name that was bent to this machine.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no sockets; the server answers them with an error of its own
        refused = self._why_refused(scope)
        if refused:
            await PlainTextResponse(refused, status_code=403)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _why_refused(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        if scope["method"] not in _METHODS:
            return "method"
        if headers.get("host", "") not in self._hosts:
            return "host"
        if scope["method"] != "POST":
            return ""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        # A browser that tells neither cannot be told from a page elsewhere.
        own = origin in {f"http://{host}" for host in self._hosts}
        if origin is None:
            own = site == "same-origin"
        return "" if own and site in (None, "same-origin") else "origin"
