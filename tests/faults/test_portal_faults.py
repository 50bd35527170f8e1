"""Rows of orders, pages and the form that the portal plays."""

import pytest

from tests.faults.conftest import OpenLab
from tests.faults.plays import DONE, Play, run_play
from tests.support import LONG_TEXT

PLAYS = [
    # Orders and other people
    Play("F03", "withdraw-on-refusal", "rejected", 20, 1, 0, again="gone", others=True),
    Play("F03", "withdraw-on-open", "rejected", 20, 1, 0, again="gone", others=True),
    Play("F111", "refused-on-open", "refused", 0, 1, 1, again=DONE, others=True),
    Play("F05", "ineligible-row", "needs_person", 30, 0, 0, again="needs_person"),
    Play("F38", "old-request:9", "refused", 0, 1, 1, again=DONE),
    Play("F111", "refused-by-other", "refused", 0, 1, 1, again=DONE, others=True),
    Play("F112", "cancelled-by-other", "rejected", 20, 1, 0, again="gone", others=True),
    # The list
    Play("F06", "wrong-counter", "CountMismatch", 90, 0, 0, again="CountMismatch"),
    Play("F07", "list-changes:2", "refused", 0, 1, 1, again=DONE),
    Play("F08", "duplicate-row", "needs_person", 30, 0, 0, again="needs_person"),
    Play("F10", "wide-numbers", "refused", 0, 1, 1, again=DONE),
    Play("F13", "broken-row", "needs_person", 30, 0, 0, again="needs_person"),
    Play("F14", "renamed-heading", "SelectorDrift", 90, 0, 0),
    Play("F14", "moved-columns", "refused", 0, 1, 1, again=DONE),
    Play("F15", "shift-on-click", "not_sent", 20, 0, 0),
    Play("F16", "rerender-on-click:1", "refused", 0, 1, 1, again=DONE),
    Play("F17", "stale-detail:1", "refused", 0, 1, 1, again=DONE),
    Play("F17", "stale-detail:9", "not_sent", 20, 0, 0),
    Play("F35", "error-page:9", "PortalErrorPage", 50, 0, 0),
    Play("F50", "stale-list:9", "needs_person", 90, 1, 1, again=DONE),
    Play("F69", "slow-list:1", "refused", 0, 1, 1, again=DONE),
    Play("F71", "list-down:2", "unknown", 30, 1, 1, then="refused", again=DONE),
    Play("F72", "stale-list:1", "refused", 0, 1, 1, again=DONE),
    Play("F72", "no-search", "refused", 0, 1, 1, again=DONE),
    # The form
    Play("F19", "reason-missing", "not_sent", 20, 0, 0),
    Play("F20", "wide-labels", "refused", 0, 1, 1, again=DONE),
    Play("F21", "late-reasons:1", "refused", 0, 1, 1, again=DONE),
    Play("F22", "reason-reset:1", "refused", 0, 1, 1, again=DONE),
    Play("F22", "reason-reset:9", "not_sent", 20, 0, 0),
    Play("F25", "short-box:20", "not_sent", 20, 0, 0, text=LONG_TEXT),
    Play("F26", "late-box:1", "refused", 0, 1, 1, again=DONE, text=LONG_TEXT),
    Play("F28", "button-missing", "not_sent", 90, 0, 0),
    Play("F28", "button-disabled", "not_sent", 90, 0, 0),
    Play("F29", "button-twice", "not_sent", 90, 0, 0),
    Play("F29", "buttons-moved", "refused", 0, 1, 1, again=DONE),
    Play("F36", "no-permission", "rejected", 20, 1, 0, again="needs_person"),
]


@pytest.mark.by_day(8)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_row(play: Play, open_lab: OpenLab) -> None:
    run_play(play, open_lab)
