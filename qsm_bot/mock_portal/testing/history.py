"""What is judged: the portal's journal, the ledger, and what the runs put out."""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from typing import Self
from urllib.parse import quote, quote_plus

from qsm_bot.domain.duty import Duty
from qsm_bot.ledger import Attempt, Event, Ledger, RunRecord
from qsm_bot.mock_portal.journal import Effect, RequestSeen

REFUSAL = "SetCancelRefusal"
_ENCODINGS = ("utf-8", "cp932")
_BITS = 6  # in each character of base64
_TELLING = 6  # fewer characters of base64 stand in any picture by chance
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One way in which a history breaks an invariant; `judge` says which there are."""

    invariant: str
    order_no: str | None
    words: str

    def __str__(self) -> str:
        return self.words if self.order_no is None else f"{self.order_no}: {self.words}"


@dataclass(frozen=True, kw_only=True)
class History:
    """Both books of one shop, and what its runs put out.

    Attributes:
        effects: what took effect at the portal, and what it told buyers.
        requests: what reached the portal, with the order that each names. All of them
            count as ours: what a person sent is left out by whoever knows it.
        attempts: every attempt in the ledger.
        events: every entry of the ledger, in order.
        runs: every run.
        duties: what must be shipped, as the program derives it.
        labels: the portal's label of each reason.
        confirm: the only confirm that may be accepted; "" = any.
        outputs: what runs put out, by name: terminal, logs, reports, JSON.
        secrets: canaries that must stand in none of them.
        others: orders on which somebody else acted: a person, another program.
        fused: whether each permit lets one request out; else only its effects are counted.
        may_be_open: whether the newest run was killed by the test, so that it has no end.
        refusal: ending of the path of the requests that refuse.
    """

    effects: Sequence[Effect]
    requests: Sequence[RequestSeen]
    attempts: Sequence[Attempt]
    events: Sequence[Event]
    runs: Sequence[RunRecord]
    labels: Mapping[str, str]
    duties: Sequence[Duty] = ()
    confirm: str = ""
    outputs: Mapping[str, str | bytes] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    others: Collection[str] = ()
    fused: bool = True
    may_be_open: bool = False
    refusal: str = REFUSAL

    @property
    def acts(self) -> dict[str, int]:
        """How often each kind of act took effect; what the buyers were told goes with them."""
        return dict(Counter(effect.kind for effect in self.effects if effect.kind != "notice"))

    @classmethod
    def read(
        cls,
        ledger: Ledger,
        *,
        shop: str,
        effects: Sequence[Effect],
        requests: Sequence[RequestSeen],
        labels: Mapping[str, str],
        confirm: str = "",
        fused: bool = True,
        run_id: str | None = None,
    ) -> Self:
        """Return the history of a shop, or of one of its runs; `replace` adds the rest."""
        events = [entry for entry in ledger.events(run_id=run_id) if entry.shop == shop]
        attempts = ledger.attempts(shop=shop, run_id=run_id)
        orders = {attempt.order_no for attempt in attempts}
        return cls(
            effects=tuple(effects),
            requests=tuple(requests),
            attempts=attempts,
            duties=[duty for duty in ledger.duties(shop) if duty.order_no in orders],
            events=events,
            runs=[run for run in ledger.runs(shop=shop) if run_id in (None, run.id)],
            labels=labels,
            confirm=confirm,
            fused=fused,
        )

    @cached_property
    def entries(self) -> Mapping[str, Sequence[Event]]:
        """The entries of each attempt, in order, by its id."""
        found: dict[str, list[Event]] = {}
        for entry in self.events:
            if entry.attempt_id is not None:
                found.setdefault(entry.attempt_id, []).append(entry)
        return found

    def has(self, attempt_id: str, kind: str) -> bool:
        """Say whether an entry of that kind belongs to the attempt."""
        return any(entry.kind == kind for entry in self.entries.get(attempt_id, ()))

    def leaks(self) -> Iterator[tuple[str, int]]:
        """Give the name of each output in which a secret stands, and which secret, from 1."""
        for name, output in self.outputs.items():
            seen = output if isinstance(output, bytes) else output.encode(errors="surrogatepass")
            # A terminal folds its lines, and so does base64 in a mail.
            place = _squeezed(seen)
            for number, secret in enumerate(self.secrets, start=1):
                if any(shape in place for shape in _shapes(secret)):
                    yield name, number


def _squeezed(content: bytes) -> bytes:
    return b"".join(content.split())


@cache
def _shapes(secret: str) -> frozenset[bytes]:
    return frozenset(map(_squeezed, _disguises(secret)))


def _disguises(secret: str) -> Iterator[bytes]:
    """Give a secret as it may stand in text, JSON, HTML or a URL, plain or as base64."""
    for encoding in _ENCODINGS if secret.strip() else ():
        # What an encoding lacks cannot have been written in it.
        with suppress(UnicodeEncodeError):
            plain = secret.encode(encoding)
            yield plain
            yield escape(secret).encode(encoding)
            for ascii_only in (True, False):
                yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1].encode(encoding)
            for quoted in (quote, quote_plus):
                yield quoted(plain, safe="").encode()
            yield from _in_base64(plain)


def _in_base64(content: bytes) -> Iterator[bytes]:
    """Give what base64 makes of the content whatever stands around it, as in `user:password`."""
    for before in range(3):
        first = -(-8 * before // _BITS)
        last = 8 * (before + len(content)) // _BITS
        whole = base64.b64encode(b"\0" * before + content)[first:last]
        if len(whole) >= _TELLING:
            yield whole
            yield whole.translate(_URL_SAFE)
