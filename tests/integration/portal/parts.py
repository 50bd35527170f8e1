"""A tiny site for hand-written pages, and ways to change what the mock portal delivers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from qsm_bot.base.resources import data_dir
from qsm_bot.domain.plan import Permit, PermitKind
from qsm_bot.domain.request import RefusalReason
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.sign_in.by_program import SignIn
from tests.patience import patient
from tests.support import shipped_pack

NOBODY = SignIn(login_id="", password="", shop_name="")
TEXTS = shipped_pack().texts

BUTTON = '<button type="button" onclick="refuse()">キャンセル拒否</button>'
LINK = '<a href="javascript:refuse()">キャンセル拒否</a>'
ASK = f"if (!confirm('{TEXTS.confirm}')) {{ note('dismissed'); return; }}\n"
SEND = "await fetch('/refuse', {method: 'POST'}).catch(() => {});\n"
DONE = f"alert('{TEXTS.completed}');\n"


def permit(kind: PermitKind = PermitKind.REFUSAL, *, order_no: str = "762544202") -> Permit:
    return Permit(
        id="p", kind=kind, shop="s", order_no=order_no, attempt=1, plan="plan", run_id="run"
    )


@dataclass
class TinySite:
    """Pages by path, answers to POSTs by path, the POSTs that arrived, and what they said.

    `pause` is how many seconds each POST takes; `broken` are paths whose GET ends with 500.
    """

    pages: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    pause: float = 0.0
    url: str = ""


class PatientServer(ThreadingHTTPServer):
    """Lets as many knock at once as a page has requests under way."""

    request_queue_size = 128


class SiteHandler(BaseHTTPRequestHandler):
    """Keeps connections, and says so where it closes one as asked.

    A client that is not told keeps it, and may send its next request into it.
    """

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        if self.close_connection:
            self.send_header("Connection", "close")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on this computer, and give the address."""
    with PatientServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def tiny_site() -> Iterator[TinySite]:
    site = TinySite()

    class Handler(SiteHandler):
        def do_GET(self) -> None:
            site.gets.append(self.path)
            path = self.path.partition("?")[0]
            page = site.pages.get(path)
            self._answer(
                500 if path in site.broken else 200, page or "<!doctype html><title>tiny</title>"
            )

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            site.posts.append(self.path)
            site.bodies.append(body.decode())
            threading.Event().wait(site.pause)
            text = site.pages.get(self.path, "<p>done</p>")
            self._answer(302 if self.path in site.redirects else 200, text)

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", site.redirects[self.path])
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as site.url:
        yield site


def alter_static(context: BrowserContext, file: str, old: str, new: str) -> None:
    """Serve the mock portal's static file with one place of it changed."""
    source = (data_dir("html/portal") / "static" / file).read_text(encoding="utf-8")
    assert source.count(old) == 1, f"{file} holds {source.count(old)} times: {old}"
    changed = source.replace(old, new)

    def serve(route: Route) -> None:
        route.fulfill(body=changed, content_type="text/javascript; charset=utf-8")

    context.route(f"**/static/{file}", serve)


def page_of(portal: QsmPortal) -> Page:
    return portal.session.page


def seat_at(context: BrowserContext, url: str, **options: Any) -> QsmPortal:
    """A portal in front of a page that is no portal; its press works there anyway."""
    limit = patient(10)
    defaults = {"pack": shipped_pack(), "timeout": limit, "alert_timeout": limit}
    portal = QsmPortal(context, base_url=url, sign_in=NOBODY, **(defaults | options))
    # The seat's own limit may be a short one that the test is about.
    page_of(portal).goto(url, timeout=patient(30_000))
    return portal


def ready_to_press(portal: QsmPortal, order_no: str) -> None:
    """Sign in, open the order and fill in the form."""
    portal.sign_in()
    portal.open(order_no)
    portal.choose(RefusalReason.SHIPPED, None)


def refusal_page(act: str = ASK + SEND + DONE, button: str = BUTTON) -> str:
    """A page with the three buttons; it notes clicks, and the neighbours really act."""
    return f"""<!doctype html><meta charset="utf-8">
    <table><tr><th>キャンセル要請</th><td><a href="#">5</a></td>
    <th>キャンセル拒否完了</th><td><a href="#">2</a></td></tr></table>
    <table><tr><th>注文番号</th><td>762544202</td></tr></table>
    <h2>キャンセル拒否</h2>
    <button onclick="fetch('/cancel', {{method: 'POST'}})">キャンセル</button>
    <button onclick="fetch('/retraction', {{method: 'POST'}})">キャンセルの撤回要請</button>
    {button}
    <script>
    const note = (what) => {{ localStorage.notes = (localStorage.notes ?? '') + what + ';'; }};
    addEventListener('click', () => note('clicked'), true);
    async function refuse() {{ {act} }}
    </script>"""


def at_page(context: BrowserContext, site: TinySite, page: str, **options: Any) -> QsmPortal:
    site.pages["/"] = page
    return seat_at(context, site.url, **options)


def notes(portal: QsmPortal, site: TinySite) -> list[str]:
    """What the page noted; it may have been left since, so another page of the site is asked."""
    page = page_of(portal)
    page.goto(site.url + "/elsewhere", timeout=patient(30_000))
    return str(page.evaluate("localStorage.notes ?? ''")).split(";")[:-1]
