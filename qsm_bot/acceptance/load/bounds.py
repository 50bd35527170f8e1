"""How much load is asked for, and whether it may be put on a clone."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from qsm_bot.acceptance.clone.hosts import REAL, is_local, names_real_host
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.base.errors.acceptance import RealHost
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words

MOST_SELLERS = 100
MOST_REFUSALS = 1000
_FORM = re.compile(r"([0-9]{1,4})x([0-9]{1,4})")

_NOT_LOAD = Words(
    "--load takes SELLERSxREFUSALS, such as 50x10, not {given!r}",
    "--load は 50x10 のように「人数x件数」で指定してください（{given!r}）",
)
_TOO_MUCH = Words(
    f"at most {MOST_SELLERS} sellers and {MOST_REFUSALS} refusals in all",
    f"最大 {MOST_SELLERS} 人、合計 {MOST_REFUSALS} 件です",
)
_NOT_CONFIRMED = Words(
    "load refuses orders: only with --clone-confirmed",
    "負荷試験は注文を拒否します（--clone-confirmed が必要です）",
)
_NOT_NAMED = Words(
    "{host} is not this machine, and was not named for load",
    "{host} はこのPCではなく、負荷試験の対象として指定されていません",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """How many sellers, how many refusals each, and the bounds.

    Attributes:
        seconds: after this time no refusal is begun.
        timeout: seconds that one answer may take.
        hosts: besides this machine, the hosts that may be put under load.
    """

    sellers: int
    refusals: int
    seconds: float = 300
    timeout: float = 30
    hosts: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """All refusals together."""
        return self.sellers * self.refusals


def parse_load(given: str) -> Load:
    """Read `50x10`: sellers, and refusals of each.

    Raises:
        UsageInvalid: it is no such text, or too much.
    """
    found = _FORM.fullmatch(given.strip().casefold())
    if not found or not all(map(int, found.groups())):
        raise UsageInvalid(detail=_NOT_LOAD.filled(given=given))
    load = Load(sellers=int(found[1]), refusals=int(found[2]))
    _raise_if_too_much(load)
    return load


def raise_if_not_allowed(load: Load, target: Target) -> None:
    """Check that this much may be done there.

    Raises:
        UsageInvalid, RealHost: see `run_load`.
    """
    if names_real_host(target.origin) or any(map(names_real_host, load.hosts)):
        raise RealHost(host=REAL)
    _raise_if_too_much(load)
    host = urlsplit(target.origin).hostname or ""
    if not is_local(target.origin) and host not in load.hosts:
        raise UsageInvalid(detail=_NOT_NAMED.filled(host=host))
    if not target.confirmed:
        raise UsageInvalid(detail=_NOT_CONFIRMED)


def _raise_if_too_much(load: Load) -> None:
    if load.sellers > MOST_SELLERS or load.total > MOST_REFUSALS:
        raise UsageInvalid(detail=_TOO_MUCH)
