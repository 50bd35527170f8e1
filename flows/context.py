"""What every flow works with."""

from collections.abc import Callable
from dataclasses import dataclass

from qsm_bot.artifacts import ArtifactStore
from qsm_bot.clock import Clock
from qsm_bot.ledger import Ledger
from qsm_bot.portal.protocol import Portal
from qsm_bot.words import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class RunContext:
    """The parts of one shop's run.

    `shop` and `portal_url` must be those of the plans that are applied; `pack` is the
    selector pack's digest; `holder` names this run to others who want the shop;
    `tell` is given a line for people at each step; times are seconds.
    """

    shop: str
    portal_url: str
    pack: str
    portal: Portal
    ledger: Ledger
    artifacts: ArtifactStore
    clock: Clock
    holder: str
    tell: Callable[[Words], None]
    lease_seconds: float = 300
    settle_seconds: float = 120
