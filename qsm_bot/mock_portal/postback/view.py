"""What one server-drawn claim page shows, and how a post-back changes that: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from qsm_bot.mock_portal.pages import COUNTER_ROWS, FINISHED, Counter

PREFIX = "ctl00$ctl00$MainMaster$MainHolder$"
"""What ASP.NET puts before each control's name."""

ACTS = {
    "btn_cancel_refuse": "SetCancelRefusal",
    "btn_cancel_confirm": "SetCancelConfirm",
    "btn_claim_retraction": "SetClaimRetraction",
}
"""The service that each of the three buttons stands for."""

COUNTERS: dict[str, Counter] = {
    counter.name: counter
    for _, *counters in COUNTER_ROWS
    for counter in (*counters, FINISHED)
    if counter is not None
}


@dataclass(frozen=True, kw_only=True)
class View:
    """What the page shows.

    Attributes:
        stat: the list, as `claim_sol_stat`; "" before any was asked for.
        searching: 選択条件照会 is open.
        found: the order number that was searched, or None.
        page: of the list, from 1.
        order: whose 取引情報; "" = none.
        reason: the code chosen in the pull-down.
        text: what その他's box holds.
    """

    stat: str = ""
    searching: bool = False
    found: str | None = None
    page: int = 1
    order: str = ""
    reason: str = ""
    text: str = ""

    def after(self, target: str, argument: str, fields: Mapping[str, str]) -> "View":
        """Return the view after a post-back that does not act."""
        kept = replace(
            self,
            reason=fields.get("ddl_refuse_reason", self.reason),
            text=fields.get("txt_refuse_reason", ""),
        )
        if target in COUNTERS:
            return View(stat=COUNTERS[target].stat or "-")
        if target in ("tab_status", "tab_search"):
            return replace(kept, searching=target == "tab_search")
        if target == "btn_search":
            return View(searching=True, found=fields.get("txt_srch_value", "").strip())
        if target == "gv_claim":
            what, _, which = argument.partition("$")
            if what == "Page":
                return replace(kept, page=int(which))
            return replace(kept, order=which, reason="", text="")
        return kept

    def done(self) -> "View":
        """Return the view after an act on the order: its 取引情報 is empty."""
        return replace(self, order="", reason="", text="")
