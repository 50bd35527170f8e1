"""The fault proxy: what the client gets, and what the server behind it has done by then."""

import gc
import http.client
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self, cast

import pytest

from qsm_bot.mock_portal.proxy import Cut, FaultProxy, NetworkFault
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.patience import patient

ACT = "/Service.asmx/Act"
LOOK = "/Service.asmx/Look"
BODY = b"0123456789" * 20
DEADLINE = patient(5)
LOGIN = "/GMKT.INC.Gsm.Web/Login.aspx"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the last part of the path says."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        """Treat every method alike."""
        return self.do if name.startswith("do_") else super().__getattribute__(name)

    def do(self) -> None:
        server = cast("Upstream", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with server.news:
            server.got.append((self.command, self.path, body))
            server.callers.append(self.client_address[1])
            server.news.notify_all()
        answer = getattr(self, f"answer_{self.path.rpartition('/')[2]}", self.answer_plain)
        answer()

    def answer_plain(self, body: bytes = BODY) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_big(self) -> None:
        self.answer_plain(bytes(50_000_000))

    def answer_empty(self) -> None:
        self.send_response(204)
        self.end_headers()

    def answer_chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (BODY[:3], BODY[3:]):
            self.wfile.write(b"%x;note=1\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\nTrailer: 1\r\n\r\n")

    def answer_endless(self) -> None:
        """The body ends with the connection."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(BODY)
        self.close_connection = True

    def answer_interim(self) -> None:
        self.send_response_only(100)
        self.end_headers()
        self.answer_plain()

    def answer_impatient(self) -> None:
        """The connection is closed after a whole answer, without notice."""
        self.answer_plain()
        self.close_connection = True

    def answer_mute(self) -> None:
        """The connection is closed without an answer."""
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class Upstream(http.server.ThreadingHTTPServer):
    """A small server that knows what it received."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, str, bytes]] = []
        self.callers: list[int] = []
        self.closed = 0
        self.news = threading.Condition()

    @property
    def paths(self) -> list[str]:
        with self.news:
            return [path for _, path, _ in self.got]

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self.news:
            self.closed += 1
            self.news.notify_all()

    def wait(self, condition: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(condition, DEADLINE)


Start = Callable[..., FaultProxy]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No thread stays, and a socket left open is reported in the test that opened it."""
    yield
    assert "fault-proxy" not in {thread.name for thread in threading.enumerate()}
    gc.collect()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def start(upstream: Upstream) -> Iterator[Start]:
    """Starts a proxy with one fault (or the `faults`) before the small server."""
    started: list[FaultProxy] = []

    def start(cut: Cut | None = None, *, faults: Any = (), **options: Any) -> FaultProxy:
        mine = [NetworkFault(cut=cut, **({"path": ACT} | options))] if cut else faults
        started.append(FaultProxy(upstream.server_port, mine).start())
        return started[-1]

    yield start
    for proxy in started:
        proxy.stop()


class Client(http.client.HTTPConnection):
    """One connection, closed at the end of its block."""

    def __init__(self, proxy: FaultProxy, timeout: float = DEADLINE) -> None:
        super().__init__("127.0.0.1", proxy.port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, path: str = ACT, method: str = "POST") -> tuple[int, bytes]:
        self.request(method, path, b"order=1" if method == "POST" else None)
        with self.getresponse() as response:
            return response.status, response.read()

    def send_only(self, path: str = ACT) -> socket.socket:
        self.request("POST", path, b"order=1")
        assert self.sock is not None
        return self.sock


def ask(proxy: FaultProxy, path: str = ACT, method: str = "POST") -> tuple[int, bytes]:
    with Client(proxy) as client:
        return client.ask(path, method)


def read_all(raw: socket.socket) -> bytes:
    with raw.makefile("rb") as stream:
        return stream.read()


def talk(proxy: FaultProxy, said: bytes, *, more: bool = True) -> bytes:
    """Say something on a connection of its own and return all that comes back."""
    with socket.create_connection(("127.0.0.1", proxy.port), DEADLINE) as raw:
        raw.sendall(said)
        if not more:
            raw.shutdown(socket.SHUT_WR)
        return read_all(raw)


def until(condition: Callable[[], object]) -> None:
    """Wait for what has no event, at most until the deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        # Seen only by asking: the proxy's threads send no event. The deadline bounds it.
        time.sleep(0.002)


def test_without_faults_everything_passes(start: Start, upstream: Upstream) -> None:
    """Method, path, query, headers and body arrive unchanged; both lists name the request."""
    proxy = start()
    assert ask(proxy, f"{ACT}?a=1") == (200, BODY)
    assert upstream.got == [("POST", f"{ACT}?a=1", b"order=1")]
    assert proxy.seen == proxy.forwarded == [("POST", ACT)]
    assert proxy.url == f"http://127.0.0.1:{proxy.port}"


def test_many_requests_share_one_connection_on_either_side(
    start: Start, upstream: Upstream
) -> None:
    """Answers of every framing leave the connection usable."""
    proxy = start()
    with Client(proxy) as client:
        for path, expected in {
            LOOK: (200, BODY),
            "/empty": (204, b""),
            "/chunked": (200, BODY),
            "/interim": (200, BODY),
        }.items():
            assert client.ask(path) == expected
            assert client.ask(path, "GET") == expected
        assert client.ask(LOOK, "HEAD") == (200, b"")
        before = client.sock
        assert client.ask() == (200, BODY)
        assert client.sock is before is not None
    assert len(upstream.got) == 10
    assert len(set(upstream.callers)) == 1


def test_body_that_ends_with_the_connection_passes(start: Start) -> None:
    """Without a length the end of the connection is the end of the answer."""
    proxy = start()
    assert ask(proxy, "/endless") == (200, BODY)
    assert ask(proxy) == (200, BODY)


def test_chunked_request_passes(start: Start) -> None:
    """A request in chunks is read to its end; the next one on the connection is understood."""
    chunked = b"POST /empty HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    proxy = start(Cut.RESET_BEFORE, path="/next")
    with pytest.raises(ConnectionResetError):
        talk(proxy, chunked + b"3\r\nabc\r\n0\r\n\r\nPOST /next HTTP/1.1\r\n\r\n")
    assert proxy.seen == [("POST", "/empty"), ("POST", "/next")]


def test_announced_close_is_kept(start: Start) -> None:
    """A client that asks for the end of the connection gets the answer and the end."""
    answer = talk(start(), b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.endswith(BODY)


def test_half_closed_client_gets_its_answer(start: Start) -> None:
    """A client that says it will send no more is answered, then closed in good order."""
    assert talk(start(), b"GET /x HTTP/1.1\r\n\r\n", more=False).endswith(BODY)


def test_stale_server_connection_is_replaced(start: Start, upstream: Upstream) -> None:
    """A server that drops idle connections is no fault of the network."""
    with Client(start()) as client:
        for round_ in (1, 2):
            assert client.ask("/impatient") == (200, BODY)
            upstream.wait(lambda expected=round_: upstream.closed == expected)
        assert client.ask() == (200, BODY)
    assert len(set(upstream.callers)) == 3


def test_server_that_closes_without_answer(start: Start) -> None:
    """The client sees what it would see without a proxy."""
    with pytest.raises(http.client.RemoteDisconnected):
        ask(start(), "/mute")


def test_server_that_is_not_there(start: Start) -> None:
    """The client gets RST; the request is seen but not forwarded."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with FaultProxy(port, []) as proxy:
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        assert (proxy.seen, proxy.forwarded) == ([("POST", ACT)], [])


@pytest.mark.parametrize(
    "rubbish",
    [
        b"rubbish\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        b"x" * 200_000,
    ],
)
def test_rubbish_ends_its_connection_only(start: Start, rubbish: bytes) -> None:
    """What is no HTTP is neither seen nor forwarded."""
    proxy = start()
    with pytest.raises(ConnectionError):  # a pipe that breaks, if it is long
        talk(proxy, rubbish)
    assert ask(proxy) == (200, BODY)
    assert proxy.forwarded == [("POST", ACT)]


def test_reset_before_has_no_effect(start: Start, upstream: Upstream) -> None:
    """The client is reset, the server never hears of it; the next such request passes."""
    proxy = start(Cut.RESET_BEFORE)
    with pytest.raises(ConnectionResetError):
        ask(proxy)
    assert (proxy.seen, proxy.forwarded, upstream.got) == ([("POST", ACT)], [], [])
    assert ask(proxy) == (200, BODY)


def test_reset_after_has_its_effect(start: Start, upstream: Upstream) -> None:
    """By the time of the reset the server has answered; not a byte of it arrives."""
    proxy = start(Cut.RESET_AFTER)
    with Client(proxy) as client:
        raw = client.send_only()
        with pytest.raises(ConnectionResetError):
            raw.recv(1)
    assert upstream.paths == [ACT]
    assert proxy.forwarded == [("POST", ACT)]
    assert ask(proxy) == (200, BODY)


# http.client drops the part of a chunk that did arrive.
@pytest.mark.parametrize(("path", "arrived"), [("/plain", 100), ("/chunked", 3)])
def test_half_breaks_off_in_the_body(
    start: Start, upstream: Upstream, path: str, arrived: int
) -> None:
    """Status and headers arrive, then about half of the body, then the end."""
    proxy = start(Cut.HALF, path=path)
    with Client(proxy) as client:
        client.request("POST", path, b"order=1")
        response = client.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead) as broken:
            response.read()
        assert broken.value.partial == BODY[:arrived]
    assert upstream.paths == [path]


def test_half_of_an_answer_without_body_is_half_a_head(start: Start) -> None:
    """An answer without a body would be whole with its head."""
    with Client(start(Cut.HALF, path="/empty")) as client:
        raw = client.send_only("/empty")
        head = read_all(raw)
    assert head.startswith(b"HTTP/1.1 204")
    assert b"\r\n\r\n" not in head


def test_hang_delivers_late(start: Start, upstream: Upstream) -> None:
    """The effect is at once, the answer whole, but only after the pause."""
    proxy = start(Cut.HANG, seconds=patient(0.5))
    began = time.monotonic()
    with Client(proxy, timeout=0.1) as client:
        raw = client.send_only()
        with pytest.raises(TimeoutError):
            raw.recv(1)
        assert upstream.paths == [ACT]
        raw.settimeout(DEADLINE)
        with client.getresponse() as response:
            assert response.read() == BODY
        assert time.monotonic() - began > patient(0.49)
        assert client.ask() == (200, BODY)


def test_black_hole_swallows(start: Start, upstream: Upstream) -> None:
    """Nothing comes back and nothing is forwarded; the client may leave."""
    proxy = start(Cut.BLACK_HOLE)
    with Client(proxy, timeout=0.1) as client, pytest.raises(TimeoutError):
        client.ask()
    until(lambda: not proxy._clients)
    assert (proxy.seen, proxy.forwarded, upstream.got) == ([("POST", ACT)], [], [])
    assert ask(proxy) == (200, BODY)


def test_late_takes_effect_after_the_client_left(start: Start, upstream: Upstream) -> None:
    """The client gives up, looks and finds nothing; later the effect comes."""
    proxy = start(Cut.LATE, seconds=patient(0.6))
    with Client(proxy, timeout=0.05) as client, pytest.raises(TimeoutError):
        client.ask()
    assert ask(proxy, LOOK) == (200, BODY)
    assert upstream.paths == [LOOK]
    upstream.wait(lambda: len(upstream.got) == 2)
    assert upstream.got[1] == ("POST", ACT, b"order=1")
    assert proxy.seen == [("POST", ACT), ("POST", LOOK)]
    until(lambda: proxy.forwarded == [("POST", LOOK), ("POST", ACT)])


def test_late_answers_who_waits(start: Start) -> None:
    """A patient client gets the answer on the same connection."""
    with Client(start(Cut.LATE, seconds=0.1)) as client:
        assert client.ask(LOOK) == (200, BODY)
        began = time.monotonic()
        assert client.ask() == (200, BODY)
        assert time.monotonic() - began > 0.09


def test_late_outlives_the_server_connection(
    start: Start, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request held back longer than connections are kept goes out on a new one."""
    monkeypatch.setattr("qsm_bot.mock_portal.proxy._REUSE_SECONDS", 0.05)
    with Client(start(Cut.LATE, seconds=0.1)) as client:
        assert client.ask(LOOK) == client.ask() == (200, BODY)
    assert len(set(upstream.callers)) == 2


def test_slow_trickles(start: Start) -> None:
    """The beginning arrives early, the end after about the given time, all of it whole."""
    with Client(start(Cut.SLOW, seconds=patient(0.6))) as client:
        began = time.monotonic()
        raw = client.send_only()
        assert raw.recv(1, socket.MSG_PEEK) == b"H"
        first = time.monotonic() - began
        with client.getresponse() as response:
            assert response.read() == BODY
        whole = time.monotonic() - began
        assert first < whole / 2
        assert whole > patient(0.55)
        assert client.ask() == (200, BODY)


def test_close_idle_lets_reused_connections_die(start: Start, upstream: Upstream) -> None:
    """The answer is whole and promises nothing; the connection is gone when it is used again."""
    proxy = start(Cut.CLOSE_IDLE, path="", method="", times=0)
    with Client(proxy) as client:
        client.request("GET", LOOK)
        with client.getresponse() as response:
            assert response.read() == BODY
            assert response.getheader("Connection") is None
        assert client.sock is not None
        assert client.sock.recv(1) == b""
        with pytest.raises(ConnectionError):
            client.ask()
    assert ask(proxy) == (200, BODY)
    assert upstream.paths == [LOOK, ACT]


def test_down_resets_everybody_for_good(start: Start, upstream: Upstream) -> None:
    """The marked request, other open connections and new ones are reset; nothing goes through."""
    proxy = start(Cut.DOWN)
    with Client(proxy) as idle:
        assert idle.ask(LOOK) == (200, BODY)
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        assert idle.sock is not None
        with pytest.raises(ConnectionResetError):
            idle.sock.recv(1)
    for _ in range(3):
        # Connecting itself may already see it.
        with (
            pytest.raises(ConnectionResetError),
            socket.create_connection(("127.0.0.1", proxy.port), DEADLINE) as raw,
        ):
            raw.recv(1)
    assert upstream.paths == [LOOK]
    assert proxy.forwarded == [("POST", LOOK)]


def test_down_drops_what_is_held(start: Start, upstream: Upstream) -> None:
    """A request that is held back when the network goes down is lost with it."""
    late = NetworkFault(cut=Cut.LATE, path="/late", seconds=0.2)
    down = NetworkFault(cut=Cut.DOWN, path=ACT, seconds=0.1)
    proxy = start(faults=[late, down])
    with Client(proxy) as client:
        raw = client.send_only("/late")
        until(lambda: proxy.seen)
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        with pytest.raises(ConnectionResetError):
            raw.recv(1)
    assert upstream.got == []


def test_down_ends(start: Start, upstream: Upstream) -> None:
    """After its time the network is as before."""
    proxy = start(Cut.DOWN, seconds=patient(0.3))
    began = time.monotonic()
    with pytest.raises(ConnectionResetError):
        ask(proxy)

    def answered() -> bool:
        try:
            return ask(proxy) == (200, BODY)
        except ConnectionError:
            return False

    assert not answered()
    until(answered)
    assert time.monotonic() - began > patient(0.29)
    assert upstream.paths == [ACT]


def test_times_count_marked_requests_only(start: Start, upstream: Upstream) -> None:
    """Other paths and methods pass and do not count; the ending fits in any case."""
    proxy = start(Cut.RESET_BEFORE, path="asmx/ACT", times=2)
    outcomes = []
    for path, method in [
        (LOOK, "POST"),
        (ACT, "GET"),
        (ACT, "POST"),
        (f"{ACT}/more", "POST"),
        (f"{ACT.lower()}?a=1", "POST"),
        (ACT, "POST"),
    ]:
        try:
            outcomes.append(ask(proxy, path, method)[0])
        except ConnectionResetError:
            outcomes.append(0)
    assert outcomes == [200, 200, 0, 200, 0, 200]
    assert len(proxy.seen) == 6
    assert len(proxy.forwarded) == len(upstream.got) == 4


def test_times_zero_is_every_time(start: Start) -> None:
    """Nothing marked ever gets through."""
    proxy = start(Cut.RESET_BEFORE, times=0, method="", path="")
    for method in ("GET", "POST", "GET"):
        with pytest.raises(ConnectionResetError):
            ask(proxy, LOOK, method)
    assert proxy.forwarded == []


def test_faults_take_turns(start: Start, upstream: Upstream) -> None:
    """Of several faults for a request the first that is left takes it, and alone counts it."""
    cuts = (Cut.RESET_BEFORE, Cut.RESET_AFTER)
    proxy = start(faults=[NetworkFault(cut=cut, path=ACT) for cut in cuts])
    for effects in (0, 1):
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        assert len(upstream.got) == effects
    assert ask(proxy) == (200, BODY)


@pytest.mark.parametrize("cut", [Cut.BLACK_HOLE, Cut.HANG, Cut.LATE, Cut.SLOW, None])
def test_stop_frees_a_client_that_hangs(start: Start, cut: Cut | None) -> None:
    """Stopping is quick, resets who waits (or idles) and frees the port."""
    proxy = start(cut, seconds=3600.0) if cut else start()
    port = proxy.port
    with Client(proxy) as client:
        if cut:
            client.send_only()
            until(lambda: proxy.forwarded if cut in {Cut.HANG, Cut.SLOW} else proxy.seen)
        else:
            client.ask()
        raw = client.sock
        assert raw is not None
        began = time.monotonic()
        proxy.stop()
        assert time.monotonic() - began < patient(3)
        with pytest.raises(ConnectionResetError):
            raw.recv(1)
    proxy.stop()
    with socket.create_server(("127.0.0.1", port)):
        pass
    assert proxy.port == 0
    assert len(proxy.seen) == 1


@pytest.mark.parametrize("cut", [None, Cut.HALF])
def test_stop_frees_a_client_that_does_not_read(start: Start, cut: Cut | None) -> None:
    """An answer that nobody takes does not keep the proxy alive, not even when it is closing."""
    proxy = start(cut, path="/big") if cut else start()
    with Client(proxy) as client:
        raw = client.send_only("/big")
        assert raw.recv(1) == b"H"
        began = time.monotonic()
        proxy.stop()
        assert time.monotonic() - began < patient(3)
        with pytest.raises(ConnectionResetError):
            read_all(raw)


def test_stop_amid_arrivals(upstream: Upstream) -> None:
    """Connections that are just being accepted are closed, too."""
    for _ in range(20):
        proxy = FaultProxy(upstream.server_port, []).start()
        raws = [socket.create_connection(("127.0.0.1", proxy.port), DEADLINE) for _ in range(8)]
        proxy.stop()
        for raw in raws:
            with raw, suppress(ConnectionResetError):
                assert raw.recv(1) == b""


def test_proxy_starts_again(upstream: Upstream) -> None:
    """A stopped proxy may be started anew; its port in use is a plain error."""
    proxy = FaultProxy(upstream.server_port, [NetworkFault(cut=Cut.DOWN, path=ACT)])
    with proxy:
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        second = FaultProxy(upstream.server_port, [], port=proxy.port)
        with pytest.raises(OSError, match=str(proxy.port)):
            second.start()
        second.stop()
    with proxy:
        assert ask(proxy) == (200, BODY)


def test_many_clients_at_once(start: Start, upstream: Upstream) -> None:
    """Only the marked share of simultaneous requests is cut."""
    proxy = start(Cut.RESET_AFTER, times=3)
    outcomes: list[int] = []

    def visit() -> None:
        try:
            outcomes.append(ask(proxy)[0])
        except ConnectionResetError:
            outcomes.append(0)

    threads = [threading.Thread(target=visit) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert sorted(outcomes) == [0] * 3 + [200] * 9
    assert len(upstream.got) == len(proxy.seen) == 12


def test_before_the_mock_portal() -> None:
    """The portal answers through it, keeps the connection, and acts before a late reset."""
    fault = NetworkFault(cut=Cut.RESET_AFTER, path="/login.aspx")
    with MockPortal(World.seeded(3)) as portal, FaultProxy(portal.port, [fault]) as proxy:
        with Client(proxy) as client:
            assert client.ask("/", "GET") == (302, b"")
            assert client.ask("/favicon.ico", "GET") == (204, b"")
            before = client.sock
            status, page = client.ask(LOGIN, "GET")
            assert status == 200
            assert "QSM LOGIN" in page.decode()
            assert client.sock is before
            raw = client.send_only(LOGIN)
            with pytest.raises(ConnectionResetError):
                raw.recv(1)
        posts = [seen.path for seen in portal.journal.requests if seen.method == "POST"]
        assert posts == [LOGIN]
        assert ask(proxy, LOGIN)[0] == 302
