"""Portals that nobody wrote by hand: a page put together of parts, by a seed, and its server.

Each part is a way in which such a page may be built or may misbehave. The server counts what
took effect, for which order, with which reason and text; that is what a press is judged by.
"""

import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.integration.portal.parts import SiteHandler, serving
from tests.support import shipped_pack

OURS, OTHER = "762544202", "762544206"
TEXT = "名入れ刺繍の製作を開始したため、キャンセルをお受けできません。何卒ご了承ください。"
_TEXTS = shipped_pack().texts
_CODES = {"商品発送完了": "SH", "発送準備完了": "RD", "注文制作商品": "MO", "その他": "OT"}
CODE = {"shipped": "SH", "other": "OT"}

PARTS: dict[str, tuple[str, ...]] = {
    "transport": ("fetch", "json", "xhr", "sync", "form", "iframe", "multipart", "get", "beacon"),
    "names": ("all", "session"),
    "dialogs": (
        *("native", "none", "two", "other", "prompt", "alert_first", "late", "mid_alert"),
        "frame",
    ),
    "reason": ("shipped", "other"),
    "change": ("none", "order", "hidden", "reason", "text"),
    "moment": (
        *("pointerdown", "mousedown", "focus", "mouseup", "mouseenter", "click"),
        *("before_ask", "timer", "after_ask"),
    ),
    "noise": (
        *("none", "heartbeat", "same_path", "autosave", "validate", "beacon", "storm"),
        *("front", "draft"),
    ),
    "network": ("ok", "lost", "cut", "slow", "307", "500"),
    "twice": (
        *("no", "at_once", "later", "by_put", "afterwards"),
        *("otherwise", "put_afterwards", "retried"),
    ),
    "button": ("button", "link", "submit"),
}
"""The first of each is the plain one."""
HARMLESS = ("none", "heartbeat", "autosave", "beacon", "storm", "front", "draft")
"""Noise in spite of which a plain page must be refused."""


@dataclass(frozen=True)
class Variant:
    """One page: a choice of each part of `PARTS`."""

    transport: str = "fetch"
    names: str = "all"
    dialogs: str = "native"
    reason: str = "shipped"
    change: str = "none"
    moment: str = "pointerdown"
    noise: str = "none"
    network: str = "ok"
    twice: str = "no"
    button: str = "button"

    @classmethod
    def of(cls, seed: int) -> "Variant":
        """Return the page of a seed; half of its parts, on the average, are plain."""
        rng = random.Random(seed)
        chosen = {
            part: rng.choice(ways) if rng.random() < 0.6 else ways[0]
            for part, ways in PARTS.items()
        }
        return cls(**chosen)

    @property
    def is_plain(self) -> bool:
        """Whether nothing about it tells against the refusal: it must be done."""
        return (
            self.change == "none"
            and self.dialogs in ("native", "late")
            and self.noise in HARMLESS
            and (self.network, self.twice) == ("ok", "no")
            and self.transport not in ("get", "beacon")
        )

    def simpler(self) -> Iterator["Variant"]:
        """Give the same page with one part made plain, for each part that is not."""
        for each in fields(self):
            if getattr(self, each.name) != PARTS[each.name][0]:
                yield replace(self, **{each.name: PARTS[each.name][0]})

    def __str__(self) -> str:
        """Name what is not plain."""
        odd = [
            f"{each.name}={getattr(self, each.name)}"
            for each in fields(self)
            if getattr(self, each.name) != PARTS[each.name][0]
        ]
        return " ".join(odd) or "plain"


def shrunk(variant: Variant, fails: Callable[[Variant], bool]) -> Variant:
    """Make parts plain as long as the page still fails; what is left is what it takes."""
    for simpler in variant.simpler():
        if fails(simpler):
            return shrunk(simpler, fails)
    return variant


@dataclass(frozen=True)
class Effect:
    """A refusal that the server carried out."""

    order: str
    reason: str
    text: str


@dataclass
class Clone:
    """The server of one page at a time."""

    variant: Variant = field(default_factory=Variant)
    effects: list[Effect] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    url: str = ""

    def take(self, variant: Variant) -> None:
        """Begin anew with another page."""
        self.variant = variant
        self.effects, self.neighbours = [], []


def _page(variant: Variant) -> str:
    options = "".join(f'<option value="{code}">{label}</option>' for label, code in _CODES.items())
    tag = {
        "button": '<button type="button" id="go" onclick="refuse()">キャンセル拒否</button>',
        "link": '<a id="go" href="javascript:void(refuse())">キャンセル拒否</a>',
        "submit": '<input type="submit" id="go" value="キャンセル拒否"'
        ' onclick="refuse(); return false">',
    }[variant.button]
    return f"""<!doctype html><meta charset="utf-8">
    <table><tr><th>キャンセル要請</th><td><a href="#">5</a></td>
    <th>キャンセル拒否完了</th><td><a href="#">2</a></td></tr></table>
    <table><tr><th>注文番号</th><td id="no">{OURS}</td></tr></table>
    <form action="/neighbour" method="post"><input type="hidden" id="hid" name="hid" value="{OURS}">
    <h2>キャンセル拒否</h2>
    <select id="why" name="why"><option value="">選択</option>{options}</select>
    <textarea id="memo" name="memo"></textarea>
    <button type="button" onclick="fetch('/neighbour', {{method: 'POST'}})">キャンセル</button>
    {tag}</form>
    <script>{_script(variant)}</script>"""


def _script(variant: Variant) -> str:
    return f"""
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const at = (id) => document.getElementById(id);
    const change = () => {{ {_CHANGES[variant.change]} }};
    const held = () => ({{no: at('hid').value === '{OURS}' ? at('no').textContent : at('hid').value,
      why: at('why').value, memo: at('memo').value, step: '2'}});
    const body = () => {{ const now = held(); {_NAMES[variant.names]} return now; }};
    const encoded = () => new URLSearchParams(body());
    const plainForm = (target) => {{
      const form = document.createElement('form');
      form.action = '/refuse'; form.method = 'post'; form.target = target;
      for (const [name, value] of Object.entries(body())) {{
        const box = document.createElement('input');
        box.type = 'hidden'; box.name = name; box.value = value; form.append(box);
      }}
      document.body.append(form); form.submit();
    }};
    const done = () => {{ alert('{_TEXTS.completed}'); {_AGAIN.get(variant.twice, "")} }};
    const send = async () => {{ {_TRANSPORTS[variant.transport]} }};
    const say = {"() => {}" if _speaks_on_return(variant) else "done"};
    {_NOISE[variant.noise]}
    async function refuse() {{
      {"change();" if variant.moment == "before_ask" else ""}
      {_VALIDATE if variant.noise == "validate" else ""}
      {_DIALOGS[variant.dialogs]}
    }}
    {_moment(variant.moment)}
    """


_CHANGES = {
    "none": "",
    "order": f"at('no').textContent = '{OTHER}';",
    "hidden": f"at('hid').value = '{OTHER}';",
    "reason": "at('why').selectedIndex = 2;",
    "text": "at('memo').value = 'ほかの文章です。';",
}
_NAMES = {
    "all": "",
    # The server knows from the session which order is open.
    "session": "return {};",
}
_TRANSPORTS = {
    "fetch": "await fetch('/refuse', {method: 'POST', body: encoded()}).catch(() => {});",
    "json": "await fetch('/refuse', {method: 'POST', body: JSON.stringify({d: body()}),"
    " headers: {'Content-Type': 'application/json'}}).catch(() => {});",
    "xhr": "await new Promise((over) => { const ask = new XMLHttpRequest();"
    " ask.open('POST', '/refuse'); ask.onloadend = over; ask.send(encoded()); });",
    "sync": "const ask = new XMLHttpRequest(); ask.open('POST', '/refuse', false);"
    " try { ask.send(encoded()); } catch {}",
    "form": "plainForm('_self');",
    "iframe": "const frame = document.createElement('iframe'); frame.name = 'behind';"
    " document.body.append(frame); plainForm('behind');"
    " await new Promise((over) => { frame.onload = over; setTimeout(over, 300); });",
    "multipart": "const form = new FormData();"
    " for (const [name, value] of Object.entries(body())) form.append(name, value);"
    " form.append('x', '1');"
    " await fetch('/refuse', {method: 'POST', body: form}).catch(() => {});",
    "get": "await fetch('/refuse?' + encoded()).catch(() => {});",
    "beacon": "navigator.sendBeacon('/refuse', encoded()); await pause(30);",
}
_LATER = "setTimeout(() => fetch('{to}', {{method: '{by}', body: {body}}}).catch(() => {{}}), 20);"
_AGAIN = {
    "afterwards": "setTimeout(send, 20);",
    "otherwise": "at('why').selectedIndex = 2; setTimeout(send, 20);",
    "put_afterwards": _LATER.format(to="/refuse/", by="PUT", body="encoded()"),
    "retried": _LATER.format(to="/refuse?_=1", by="POST", body="encoded() + '&retry=1'"),
}
"""What a page does once it has said that it is done."""
_VALIDATE = "await fetch('/check', {method: 'POST', body: encoded()}).catch(() => {});"
_DIALOGS = {
    "native": f"if (!confirm('{_TEXTS.confirm}')) return; AFTER await act(); say();",
    "none": "AFTER await act(); say();",
    "two": f"if (!confirm('{_TEXTS.confirm}')) return; AFTER"
    " if (!confirm('本当によろしいですか')) return; await act(); say();",
    "other": "if (!confirm('全額返金しますか')) return; AFTER await act(); say();",
    "prompt": "if (prompt('暗証番号') === null) return; AFTER await act(); say();",
    "alert_first": f"alert('処理を開始します'); if (!confirm('{_TEXTS.confirm}')) return; AFTER"
    " await act(); say();",
    "late": f"await pause(40); if (!confirm('{_TEXTS.confirm}')) return; AFTER"
    " await act(); await pause(40); say();",
    # Another window's question.
    "frame": "const other = document.body.appendChild(document.createElement('iframe'));"
    f" await pause(40); if (!other.contentWindow.confirm('{_TEXTS.confirm}')) return; AFTER"
    " await act(); say();",
    "mid_alert": f"if (!confirm('{_TEXTS.confirm}')) return; AFTER alert('少々お待ちください');"
    " await act(); say();",
}
_NOISE = {
    "none": "",
    "heartbeat": "setInterval(() => fetch('/ping', {method: 'POST', body: 't=' + Date.now()})"
    ".catch(() => {}), 150);",
    "same_path": "setInterval(() => fetch('/refuse', {method: 'POST', body: 'tick=1'})"
    ".catch(() => {}), 100);",
    "autosave": f"const save = () => fetch('/save', {{method: 'POST', body: 'draft={OURS}'}})"
    ".catch(() => {}); save(); setInterval(save, 120);",
    "validate": "",
    # One service for all: what it is asked for stands in the query.
    "front": "fetch('/refuse?cmd=list&tick=1').catch(() => {});",
    # What is chosen is kept at once: the same request as the refusal, but for one digit.
    "draft": "at('why').addEventListener('change', () => fetch('/refuse', {method: 'POST',"
    " body: new URLSearchParams({...held(), step: '1'})}).catch(() => {}));",
    "beacon": "addEventListener('click', () => navigator.sendBeacon('/seen', 'e=click'), true);",
    "storm": "setInterval(() => { fetch('/ping', {method: 'POST', body: 't=1'}).catch(() => {});"
    " fetch('/now-and-then?x=' + Date.now()).catch(() => {}); }, 60);",
}


def _speaks_on_return(variant: Variant) -> bool:
    """Whether the page that comes back says that it is done, in place of the one that asked."""
    return variant.transport == "form"


def _moment(moment: str) -> str:
    if moment in ("before_ask", "after_ask"):
        return ""
    if moment == "timer":
        return "addEventListener('pointerdown', () => setTimeout(change, 1), true);"
    return f"at('go').addEventListener('{moment}', change, true);"


def page_of(variant: Variant) -> str:
    """Return the page as HTML."""
    put = "await fetch('/refuse', {method: 'PUT', body: encoded()}).catch(() => {});"
    repeats = {"at_once": "send();", "later": "await pause(60); send();", "by_put": put}
    repeat = repeats.get(variant.twice, "")
    after = "change();" if variant.moment == "after_ask" else ""
    act = f"const act = async () => {{ await send(); {repeat} }};"
    return _page(variant).replace("AFTER", after + act)


@contextmanager
def clone() -> Iterator[Clone]:
    """Serve pages of parts on this computer."""
    site = Clone()

    class Handler(_Handler):
        clone = site

    with serving(Handler) as site.url:
        yield site


class _Handler(SiteHandler, BaseHTTPRequestHandler):
    clone: Clone

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path == "/refuse":
            self._refuse(dict(parse_qsl(path.query)))
        elif path.path == "/":
            self._answer(200, page_of(self.clone.variant))
        else:
            self._answer(200, "<!doctype html><title>clone</title>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path.startswith("/refuse"):
            self._refuse(self._fields(body))
        else:
            if path == "/neighbour":
                self.clone.neighbours.append(path)
            self._answer(200, "ok")

    def do_PUT(self) -> None:
        self.do_POST()

    def _fields(self, body: bytes) -> dict[str, str]:
        kind = self.headers.get("Content-Type", "")
        if "json" in kind:
            fields_: dict[str, str] = json.loads(body)["d"]
            return fields_
        if "multipart" in kind:
            mail: Any = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
            return {
                part.get_param("name", header="content-disposition"): part.get_payload(
                    decode=True
                ).decode()
                for part in mail.get_payload()
            }
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _refuse(self, sent: dict[str, str]) -> None:
        if "tick" in sent or sent.get("step") == "1":
            self._answer(200, "ok")
            return
        network = self.clone.variant.network
        if network == "307" and self.path == "/refuse":
            self._answer(307, "", {"Location": "/refuse2"})
            return
        if network == "cut":
            self._cut()
            return
        named = self.clone.variant.names == "all"
        effect = Effect(sent.get("no", "?"), sent.get("why", "?"), sent.get("memo", ""))
        self.clone.effects.append(effect if named else Effect(OURS, "?", ""))
        if network == "lost":
            self._cut()
            return
        if network == "slow":
            threading.Event().wait(0.15)
        self._answer(500 if network == "500" else 200, _returned(self.clone.variant))

    def _answer(self, status: int, text: str, more: dict[str, str] | None = None) -> None:
        body = text.encode()
        with suppress(OSError):
            self.send_response(status)
            for name, value in (more or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _cut(self) -> None:
        """End the connection in the middle, so that a browser may try again."""
        self.close_connection = True
        now = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        with suppress(OSError):
            self.connection.close()


def _returned(variant: Variant) -> str:
    if not _speaks_on_return(variant):
        return "ok"
    return (
        "<!doctype html><meta charset='utf-8'><title>clone</title>"
        f"<script>alert('{_TEXTS.completed}')</script>"
    )
