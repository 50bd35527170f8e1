"""The defects of services, rules and sign-in; the templates and `defects.js` do the others."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from qsm_bot.mock_portal import pages
from qsm_bot.mock_portal.fault_layer import COUNTS, LIST, REFUSAL
from qsm_bot.mock_portal.orders import OTHER_MIN_LENGTH, ClaimState, Order, OrderState
from qsm_bot.mock_portal.rules import Rules
from qsm_bot.mock_portal.services import STATUS_LABELS, row_of
from qsm_bot.mock_portal.world import World

Row = dict[str, Any]
Answer = dict[str, Any]

_REQUESTS, _REFUSED = "キャンセル要請", "キャンセル拒否完了"
_TWICE = 2
_OPEN = STATUS_LABELS[ClaimState.REQUESTED]


class DefectLayer:
    """Stands between the HTTP side of the mock portal and its services, as the faults' layer.

    Args:
        defects: their names.
        world: the orders; its rules are broken as the defects say.
    """

    def __init__(self, defects: Collection[str], world: World) -> None:
        self._on = frozenset(defects)
        self._world = world
        self._at_start = len(world.refused())
        self._pages_opened = 0
        self._refused_at: dict[str, int] = {}
        if self._on:
            world.rules = self._rules()
            world.tell(self._note)

    def landing(self, path: str) -> str:
        """Return where a sign-in leads to that should lead to `path`."""
        astray = "sign-in" in self._on and path.lower() == pages.HOME.lower()
        return pages.DELIVERY if astray else path

    def page_opens(self) -> None:
        """Take note that the claim page is opened anew."""
        self._pages_opened += 1

    def after(self, method: str, params: Mapping[str, Any], answer: Answer) -> Answer:
        """Return the service's answer as it leaves."""
        method = method.lower()
        if method == LIST:
            return answer | {"Rows": self._listed(params, answer["Rows"])}
        if method == COUNTS:
            return {"Rows": [self._counted(row) for row in answer["Rows"]]}
        if method == REFUSAL and answer["returnCode"] == 0 and "completed-text" in self._on:
            return answer | {"returnMessage": "処理が完了しました。"}
        return answer

    def _rules(self) -> Rules:
        taken = {"new-order": OrderState.NEW, "late-order": OrderState.DELAYED}
        waits = {state for name, state in taken.items() if name in self._on}
        return Rules(
            at_once=Rules().at_once - waits,
            refused_for_good="not-again" not in self._on,
            keeps_reason="reason-kept" not in self._on,
            tells_reason="buyer-told" not in self._on,
            needs_reason="reason-required" not in self._on,
            least=OTHER_MIN_LENGTH - ("other-too-short" in self._on),
        )

    def _note(self, kind: str, order: Order, _reason: str | None, _text: str | None) -> None:
        if kind == "refuse":
            self._refused_at[order.order_no] = self._pages_opened

    def _lingering(self) -> list[str]:
        """Return the refused orders after which the claim page was not opened twice yet."""
        return [
            order.order_no
            for order in self._world.refused()
            if self._pages_opened < self._refused_at.get(order.order_no, -_TWICE) + _TWICE
        ]

    def _listed(self, params: Mapping[str, Any], rows: list[Row]) -> list[Row]:
        requests = params.get("claim_sol_stat") == "S1" and params.get("claim_type") == "CN"
        if requests and "row-leaves" in self._on:
            rows = self._with_refused()
        if requests and rows and "others-untouched" in self._on:
            more = len(self._world.refused()) - self._at_start
            changed = f"{rows[0]['claim_why_nm']}（{more}）" if more else rows[0]["claim_why_nm"]
            rows = [rows[0] | {"claim_why_nm": changed}, *rows[1:]]
        if params.get("srch_option") == "contr_no" and "search-view" in self._on:
            rows = [row for row in rows if row["claim_stat_nm"] != _OPEN]
        if "cells" in self._on:
            rows = [row | {"contr_dt": row["contr_dt"].replace("/", "-")} for row in rows]
        return rows

    def _with_refused(self) -> list[Row]:
        """Return the list with the lingering orders in it, in their places."""
        kept = self._lingering()
        return [
            row_of(replace(order, claim_state=ClaimState.REQUESTED))
            for order in self._world.with_claim(ClaimState.REQUESTED, ClaimState.REFUSED)
            if order.claim_state is ClaimState.REQUESTED or order.order_no in kept
        ]

    def _counted(self, row: Row) -> Row:
        name, count = row["name"], row["cnt"]
        if name in (_REQUESTS, "キャンセルリクエスト") and "counter-agrees" in self._on:
            return row | {"cnt": count + 1}
        if name == _REQUESTS and "request-counter" in self._on:
            return row | {"cnt": count + len(self._lingering())}
        if name == _REFUSED and "refused-counter" in self._on:
            return row | {"cnt": self._at_start}
        return row
