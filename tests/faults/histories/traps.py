"""What a process may run into, and how often it did: places, deeds, and traps to draw.

A trap is armed for one process; whether it is reached depends on what that process does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.ledger import LedgerBusy, LedgerFailed
from qsm_bot.base.errors.orders import (
    DetailNotOpened,
    NotEligible,
    ReadBackMismatch,
    ReasonMissing,
    RowGone,
    WrongOrderOpened,
)
from qsm_bot.base.errors.outside import (
    BrowserLost,
    EvidenceUnwritable,
    PortalSlow,
    PortalUnreachable,
)
from qsm_bot.base.errors.people import SessionEnded, SignInFailed
from qsm_bot.base.errors.safety import (
    ButtonAmbiguous,
    CountMismatch,
    SelectorDrift,
    UnexpectedDialog,
)
from qsm_bot.ledger import ActState

struck: Counter[str] = Counter()
"""How often each fault really took place."""


@dataclass(frozen=True, slots=True)
class Trap:
    """At the `nth` passage through `place`, and `times - 1` more, `deed` is done.

    Places are the seat's calls and their ends ("look", "look done"), its "network", its
    "stopping"; the book's "read", "begin", "commit" (still in the transaction), "committed",
    and each entry by its name. `seconds` also chooses where a deed has several ways.
    """

    place: str
    deed: str
    nth: int = 1
    seconds: int = 0
    times: int = 1


# Whatever an error's sentence asks for.
WORDS = "url detail what page counted listed element order seen label offered expected kind text"
FACTS = dict.fromkeys(f"{WORDS} alert path status entry".split(), "invented") | {"seconds": 1}
CALLS: dict[str, tuple[type[QsmBotError], ...]] = {
    "sign_in": (PortalUnreachable, SignInFailed, SessionEnded),
    "collect": (CountMismatch, SelectorDrift, SessionEnded),
    "open": (WrongOrderOpened, DetailNotOpened, NotEligible, RowGone),
    "choose": (ReadBackMismatch, ReasonMissing, PortalSlow),
    "press": (ButtonAmbiguous, UnexpectedDialog, BrowserLost),
    "look": (PortalSlow, SessionEnded, BrowserLost),
    "picture": (BrowserLost,),
    "rest": (BrowserLost,),
}
WRITING = (LedgerBusy, EvidenceUnwritable, LedgerFailed)
ERRORS = {kind.__name__: kind for kinds in (*CALLS.values(), WRITING) for kind in kinds}
OUTSIDE = ("buyer withdraws", "person refuses", "person cancels", "person asks back")
# What becomes of a refusal request, and what the seat hears of it.
ARRIVES = ("at once", "late", "never", *OUTSIDE)
HEARD = ("the answer", "nothing", "an error text", "the page's own alert", "no alert", "death")
ENTRIES = [f"attempt.{state}" for state in (*ActState, "answered", "looked")]
IN_BETWEEN = ("kill", "hang", "another bot")


def _traps(places: Sequence[str], deeds: Sequence[str], most: int) -> st.SearchStrategy[Trap]:
    return st.builds(
        Trap,
        st.sampled_from(places),
        st.sampled_from(deeds),
        nth=st.integers(1, most),
        seconds=st.sampled_from([1, 2, 3, 30, 61, 100, 119, 130, 310, 4000]),
        times=st.sampled_from([1, 1, 2, 4]),
    )


def _one_of(*kinds: st.SearchStrategy[Trap]) -> st.SearchStrategy[Trap]:
    """Draw each kind as often as each other; hypothesis's own `one_of` would flatten them."""
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


NETWORK = [
    f"{arrives}, {heard}"
    for arrives in ARRIVES
    for heard in HEARD
    # A portal that says no in words, and acts all the same later, cannot be told from one that
    # keeps its word: docs/explanation/reliability.md.
    if (arrives, heard) not in (("never", "the answer"), ("late", "an error text"))
]
NAMES = [kind.__name__ for kind in WRITING]
NETWORK_TRAPS = _traps(["network"], NETWORK, 2)
LEDGER_TRAPS = _one_of(
    _traps(["begin", "commit", "committed", "read"], [*NAMES, "kill"], 30),
    _traps(["committed"], IN_BETWEEN, 30),
    _traps(ENTRIES, [*IN_BETWEEN, *NAMES], 2),
)
SEAT_TRAPS = _one_of(
    *(
        _traps([call, f"{call} done"], [kind.__name__ for kind in kinds], 3)
        for call, kinds in CALLS.items()
    ),
    *[_traps([*CALLS, *(f"{call} done" for call in CALLS)], [*IN_BETWEEN, *OUTSIDE], 3)] * 8,
    _traps(["press"], ["confirm changed"], 2),
    _traps(["stopping"], ["stop"], 4),
    _traps(["keep"], ["EvidenceUnwritable"], 3),
)
TRAPS = _one_of(NETWORK_TRAPS, NETWORK_TRAPS, LEDGER_TRAPS, SEAT_TRAPS)
SOME_TRAPS = st.lists(TRAPS, max_size=2)
AROUND_A_LOOK = ["sign_in done", "look", "look done", "attempt.looked", "attempt.unknown"]
LOOKING_TRAPS = st.lists(_traps(AROUND_A_LOOK, [*IN_BETWEEN, *OUTSIDE], 2), max_size=2)
