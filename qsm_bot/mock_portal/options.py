"""Switches of the mock portal's look and behaviour."""

from dataclasses import dataclass

from qsm_bot.mock_portal.faults import Fault
from qsm_bot.mock_portal.grid_names import GridName
from qsm_bot.mock_portal.styles import StyleName


@dataclass(frozen=True, kw_only=True)
class PortalOptions:
    """How this portal looks and behaves; the defaults are the manual's portal on a good day.

    Attributes:
        notice: the home page opens with a notice layer over it.
        reload_after_refusal: list and counters reload after the completion alert.
        style: how the claim page is built; "json" draws itself from services.
        grid: what the list is shown in; "smart" keeps only visible rows, however few there are.
        smart_rendering_from: number of rows from which a grid keeps only visible rows.
        captcha: sign-in asks for a challenge that only a click inside its frame solves.
        session_expired_after: requests of one sign-in after which it has expired.
        faults: what goes wrong: see `faults.toml`.
        defects: where it departs from the manual: names in `defects.toml`.
        qa: it offers the seeding contract: see `qa`.
    """

    notice: bool = False
    reload_after_refusal: bool = True
    style: StyleName = "json"
    grid: GridName = "dhtmlx"
    smart_rendering_from: int = 60
    captcha: bool = False
    session_expired_after: int | None = None
    faults: tuple[Fault, ...] = ()
    defects: frozenset[str] = frozenset()
    qa: bool = True
