"""What a request carries: which service it asks, by which button, and which orders it names."""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from playwright.sync_api import Error, Request

from qsm_bot.base.words import same
from qsm_bot.portal.act.markup import plain
from qsm_bot.portal.act.request_body import (
    LONGEST,
    Field,
    fields_of,
    is_markup,
    is_wrapped,
    outline_of,
)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TIME = re.compile(r"\d{10,}")
_NUMBER = re.compile(r"(?<!\d)\d+(?!\d)")
_RANDOM = re.compile(r"0?\.\d{6,}")
_BY_CHANCE = re.compile(
    r"0?\.\d{6,}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}",
    re.IGNORECASE,
)
_DAY, _LONGEST_TIME = 86_400.0, 13
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z_$.:-]{1,40}")
_TARGET = "__EVENTTARGET"
_ASYNC = "__ASYNCPOST"

Kind = tuple[str, str, str, frozenset[Field]]


@dataclass(frozen=True)
class Carried:
    """One request, read once.

    Args:
        method: its method, in capitals.
        url: its address.
        content: its Content-Type, or "".
        body: its body, or "".
    """

    method: str
    url: str
    content: str = ""
    body: str = ""

    @classmethod
    def of(cls, request: Request) -> "Carried":
        """Read a request of the browser; what is no text is read as far as it is one."""
        try:
            body = request.post_data_buffer or b""
        except Error:
            body = b""
        content = request.headers.get("content-type", "")
        return cls(request.method.upper(), request.url, content, body.decode("utf-8", "replace"))

    @property
    def changes_state(self) -> bool:
        """Whether its method is one that changes something."""
        return self.method not in SAFE_METHODS

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.url).path

    @property
    def words(self) -> str:
        """The request as people are told of it."""
        return f"{self.method} {self.path}"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Names and values, in address and body; a value without a name has the name ""."""
        query = parse_qsl(urlsplit(self.url).query, keep_blank_values=True)
        parts = [("", unquote(part)) for part in self.path.split("/") if part.isdigit()]
        return (*query, *parts, *fields_of(self.content, self.body))

    @cached_property
    def is_form(self) -> bool:
        """Whether it is a form's post, in which a page sends its whole state along."""
        return "form" in self.content and not is_wrapped(self.body)

    @cached_property
    def target(self) -> str:
        """The control of a WebForms page that posts: by `__EVENTTARGET`, or the part's trigger."""
        named = dict(self.fields)
        if named.get(_TARGET):
            return named[_TARGET]
        if _ASYNC not in named:
            return ""
        triggers = [value.partition("|")[2] for name, value in self.fields if "|" in value]
        return next(filter(None, triggers), "")

    @cached_property
    def same_act(self) -> tuple[str, str]:
        """What two requests share that would do the same thing twice: service and control.

        One service may be asked by another method, or by an address that is written otherwise.
        """
        parts = [part for part in unquote(self.path).casefold().split("/") if part]
        return "/".join(parts), self.target

    @property
    def same_reading(self) -> tuple[str, frozenset[Field]]:
        """What two requests share that ask for the same; what keeps caches off says nothing."""
        fields = ((name, "" if _keeps_caches_off(value) else value) for name, value in self.fields)
        return _RANDOM.sub("", self.same_act[0]), frozenset(fields)

    @cached_property
    def kind(self) -> Kind:
        """What requests share that a page sends again and again: all but numbers and states."""
        fields = ((name, value if _WORD.fullmatch(value) else "") for name, value in self.fields)
        return self.method, *self.same_act, frozenset(fields)

    @property
    def words_said(self) -> tuple[Field, ...]:
        """The fields whose values are one word each."""
        return tuple(field for field in self.fields if _WORD.fullmatch(field[1]))

    @cached_property
    def outline(self) -> frozenset[str]:
        """What wraps the fields up, and is none: the ways to the leaves of JSON, and tags."""
        return frozenset() if self.is_form else frozenset(outline_of(self.body))

    def is_sent_again_by(self, status: int) -> bool:
        """Whether a browser would follow an answer of that status by sending the same once more."""
        if status in (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT):
            return True
        moved = status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND)
        return moved and self.method != "POST" and self.changes_state

    def orders(self, known: Collection[str]) -> frozenset[str]:
        """Return which of the known order numbers it names.

        In a form's post numbered fields of one kind that name several orders are the rows of
        the page's own list, which it sends along with everything; they name none.
        """
        named = [
            (name, (self._numbers(name) | self._numbers(value)) & {*known})
            for name, value in self.fields
        ]
        named = [(name, numbers) for name, numbers in named if numbers]
        rows = _rows_among(named) if self.is_form else frozenset()
        found = [numbers for name, numbers in named if _like(name) not in rows]
        # Parts of the path, attributes of a tag and what is wrapped up in one are no fields.
        loose = self._numbers(unquote(self.path)) | self._numbers(plain(self._marked_up))
        return frozenset(loose & {*known}).union(*found)

    @cached_property
    def _marked_up(self) -> str:
        return self.body if not self.is_form and is_markup(self.body) else ""

    def without(self, names: Collection[str]) -> "Carried":
        """Return the request without the fields called so: the page's own search box, say."""
        if not any(name in names for name, _ in self.fields):
            return self
        left = Carried(self.method, self.url, self.content, self.body)
        # A frozen value keeps what it has worked out in its own dictionary.
        left.__dict__["fields"] = tuple(each for each in self.fields if each[0] not in names)
        return left

    def values(self, name: str) -> frozenset[str]:
        """Return the values of the fields called so: services read the first, or the last.

        Capitals tell no two fields apart: to ASP.NET they are the same name.
        One that is empty beside others is a page's placeholder, and says nothing.
        """
        called = name.casefold()
        values = frozenset(
            value for each, value in self.fields if name and each.casefold() == called
        )
        return values - {""} or values

    @staticmethod
    def _numbers(value: str) -> set[str]:
        return set(_NUMBER.findall(same(value))) if len(value) <= LONGEST else set()


def _keeps_caches_off(value: str) -> bool:
    """Whether a value is a time of today, in seconds or milliseconds, or made by chance."""
    if TIME.fullmatch(value) and len(value) <= _LONGEST_TIME:
        return any(abs(int(value) / unit - time.time()) < _DAY for unit in (1, 1000))
    return _BY_CHANCE.fullmatch(value) is not None


def is_whole_page(request: Request) -> bool:
    """Return whether it asks for what becomes the page itself, not a part of it."""
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:
        # The first request of a window that is being opened has no frame yet.
        return request.is_navigation_request()


def _like(name: str) -> str:
    return _DIGITS.sub("#", name)


def _rows_among(named: Collection[tuple[str, Collection[str]]]) -> frozenset[str]:
    """Return the kinds of field, without their numbers, of which several name several orders."""
    by_kind: dict[str, dict[str, set[str]]] = {}
    for name, numbers in named:
        by_kind.setdefault(_like(name), {}).setdefault(name, set()).update(numbers)
    return frozenset(
        kind
        for kind, fields in by_kind.items()
        if len(fields) > 1 and len(set().union(*fields.values())) > 1
    )
