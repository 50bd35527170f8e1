"""What one refusal in the browser sent, and how the same is sent for another order.

Numbers that the list shows for an order (注文番号, カート番号, …) are exchanged for those of the
other order, and times in milliseconds for the present one. What else belongs to one order or
one page only cannot be known: then the scenario says why it cannot be used.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote_plus, urlsplit

from playwright.sync_api import BrowserContext, Error, Request

from qsm_bot.acceptance.clone.outgoing import SentRequest
from qsm_bot.base.words import Words, same

Cells = Mapping[str, str]
"""A row of the list by its headings."""

_LEFT_OUT = ("stylesheet", "script", "image", "font", "media", "manifest", "texttrack")
_NOT_OURS = ("host", "content-length", "connection", "cookie", "accept-encoding")
_NUMBER = re.compile(rb"(?<![0-9])[0-9]{6,}(?![0-9])")
_HIDDEN = re.compile(r"<input\b[^>]*\btype=[\"']?hidden[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(name|value)=[\"']([^\"']*)", re.IGNORECASE)
_SHORTEST_TOKEN = 8
_DAY_MS = 24 * 60 * 60 * 1000

_NOTHING = Words("the press sent nothing", "ボタンを押しても何も送信されませんでした")
_OTHER_HOST = Words(
    "the refusing request goes to another host: {host}", "拒否の送信先が別のホストです: {host}"
)
_NO_ORDER = Words(
    "the refusing request does not name the order in plain characters",
    "拒否の送信に注文番号が平文で含まれていません",
)
_TOKEN = Words(
    "the refusing request carries the page's hidden field {name}, which is good for that page",
    "拒否の送信に、その画面だけで有効な隠し項目 {name} が含まれています",
)
_UNKNOWN = Words(
    "the refusing request carries {number}, which an answer gave for this order and the list "
    "does not show",
    "拒否の送信に、一覧に表示されない注文ごとの番号 {number} が含まれています",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedCall:
    """One request as the browser sent it, and its answer; `acts`: it may change something."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer: bytes
    acts: bool = False

    @property
    def name(self) -> str:
        """The last part of its path."""
        return urlsplit(self.url).path.rpartition("/")[2] or "/"

    @property
    def sent(self) -> bytes:
        """All of it in which a number or a token may stand."""
        return b"\n".join([self.url.encode(), *map(str.encode, self.headers.values()), self.body])


class Recorder:
    """Keeps the requests of a browser context from now on."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._requests: list[Request] = []
        context.on("request", self._note)

    def calls(self, acts: Sequence[SentRequest]) -> list[RecordedCall]:
        """Return what was answered, without styles, scripts and pictures, and end recording."""
        self._context.remove_listener("request", self._note)
        return list(filter(None, (_call(request, acts) for request in self._requests)))

    def _note(self, request: Request) -> None:
        self._requests.append(request)


def _call(request: Request, acts: Sequence[SentRequest]) -> RecordedCall | None:
    if request.resource_type in _LEFT_OUT:
        return None
    try:
        response = request.response()
        if response is None:
            return None
        answer = b""
        with suppress(Error):  # a page that was left has no body any more
            answer = response.body()
        return RecordedCall(
            method=request.method,
            url=request.url,
            headers={
                name: value
                for name, value in request.all_headers().items()
                if name not in _NOT_OURS and not name.startswith(":")
            },
            body=request.post_data_buffer or b"",
            status=response.status,
            answer=answer,
            acts=SentRequest(request.method, urlsplit(request.url).path) in acts,
        )
    except Error:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioStep:
    """One request of the scenario; `name` is its own among the steps."""

    name: str
    call: RecordedCall


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadScenario:
    """The requests of one refusal.

    Attributes:
        steps: in order.
        cells: the row of the order that was refused.
        made_at: when, in ms.
        elsewhere: hosts to which further requests went; they are left out.
        trouble: why it cannot be used for other orders, if so.
    """

    steps: tuple[ScenarioStep, ...]
    cells: Cells
    made_at: float
    elsewhere: tuple[str, ...] = ()
    trouble: Words | None = None

    def request(self, step: ScenarioStep, cells: Cells) -> tuple[str, bytes]:
        """Return URL and body of a step for the order of another row."""
        values = self._values(cells)
        url = self._exchanged(step.call.url.encode(), values).decode()
        return url, self._exchanged(step.call.body, values)

    def is_as_learned(self, step: ScenarioStep, cells: Cells, status: int, answer: bytes) -> bool:
        """Whether a step was answered for another order as it was for the learned one."""
        expected = self._exchanged(step.call.answer, self._values(cells))
        return status == step.call.status and _plain(answer) == _plain(expected)

    def _values(self, cells: Cells) -> dict[bytes, bytes]:
        old, new = _numbers(self.cells), _numbers(cells)
        return {old[name]: new[name] for name in old if name in new}

    def _exchanged(self, raw: bytes, values: Mapping[bytes, bytes]) -> bytes:
        def exchange(found: re.Match[bytes]) -> bytes:
            number = found[0]
            if self._is_time(number):
                return str(int(time.time() * 1000)).encode()
            return values.get(number, number)

        return _NUMBER.sub(exchange, raw)

    def _is_time(self, number: bytes) -> bool:
        return _is_time(number, self.made_at)


def scenario_of(
    calls: Sequence[RecordedCall], cells: Cells, rows: Iterable[Cells], origin: str
) -> LoadScenario:
    """Build the scenario from the calls of one refusal.

    Args:
        calls: from the opening of the claim page to the completion.
        cells: the row of the order that was refused.
        rows: the rows of other orders.
        origin: the clone; requests to other hosts are left out.
    """
    made_at = time.time() * 1000
    mine = [call for call in calls if _origin(call.url) == origin]
    elsewhere = dict.fromkeys(_origin(call.url) for call in calls if _origin(call.url) != origin)
    acts = [call for call in calls if call.acts]
    others = {same(value) for row in rows for value in row.values()} - set(
        map(same, cells.values())
    )
    return LoadScenario(
        steps=tuple(_named(mine)),
        cells=cells,
        made_at=made_at,
        elsewhere=tuple(elsewhere),
        trouble=_trouble(acts, mine, cells, others, origin, made_at),
    )


def _trouble(
    acts: Sequence[RecordedCall],
    calls: Sequence[RecordedCall],
    cells: Cells,
    others: set[str],
    origin: str,
    made_at: float,
) -> Words | None:
    if not acts:
        return _NOTHING
    for act in acts:
        if _origin(act.url) != origin:
            return _OTHER_HOST.filled(host=_origin(act.url))
    known = set(_numbers(cells).values())
    if not any(known & set(_NUMBER.findall(act.url.encode() + b" " + act.body)) for act in acts):
        return _NO_ORDER
    answers = [call.answer for call in calls if not call.acts]
    for act in acts:
        for name, value in _hidden_fields(answers):
            if value.encode() in act.sent or quote_plus(value).encode() in act.sent:
                return _TOKEN.filled(name=name)
        for number in _NUMBER.findall(act.url.encode() + b" " + act.body):
            own = number not in known and not _is_time(number, made_at)
            if own and number in _numbers_of_one(answers, cells, others):
                return _UNKNOWN.filled(number=number.decode())
    return None


def _hidden_fields(answers: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    for answer in answers:
        for tag in _HIDDEN.findall(answer.decode("utf-8", "replace")):
            fields = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
            if len(fields.get("value", "")) >= _SHORTEST_TOKEN:
                yield fields.get("name", "?"), fields["value"]


def _numbers_of_one(answers: Iterable[bytes], cells: Cells, others: set[str]) -> set[bytes]:
    """Return the numbers that JSON answers give for this order and for no other."""
    own: set[str] = set()
    foreign: set[str] = set()
    numbers = {value.decode() for value in _numbers(cells).values()}
    for answer in answers:
        for row in _objects(_plain(answer)):
            values = {str(value) for value in row.values()}
            if values & numbers:
                own |= values
            elif values & others:
                foreign |= values
    return {value.encode() for value in own - foreign if value.isascii() and value.isdigit()}


def _objects(document: object) -> Iterator[dict[str, object]]:
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from _objects(each)


def _plain(answer: bytes) -> object:
    try:
        return json.loads(answer)
    except ValueError:
        return answer


def _numbers(cells: Cells) -> dict[str, bytes]:
    even = {name: same(value).encode() for name, value in cells.items()}
    return {name: value for name, value in even.items() if _NUMBER.fullmatch(value)}


def _is_time(number: bytes, made_at: float) -> bool:
    return abs(int(number) - made_at) < _DAY_MS


def _named(calls: Iterable[RecordedCall]) -> Iterator[ScenarioStep]:
    times: dict[str, int] = {}
    for call in calls:
        times[call.name] = times.get(call.name, 0) + 1
        again = f" {times[call.name]}" if times[call.name] > 1 else ""
        yield ScenarioStep(name=call.name + again, call=call)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".casefold()
