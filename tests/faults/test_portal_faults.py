"""Rows of the matrix that the portal plays: a named fault, one order, what must come out.

Each play refuses the first order, reconciles, and refuses it again; the judge then compares
the portal's journal of requests and effects with the ledger.
"""

from dataclasses import dataclass

import pytest

from qsm_bot.model import RefusalReason
from tests.faults.conftest import OpenLab
from tests.support import LONG_TEXT


@dataclass(frozen=True)
class Play:
    """One row: what goes wrong, how the three commands end, and what reached the portal.

    `first` and `again` are outcomes, or names of errors; `then` is what reconcile makes of
    it ("" = there was nothing to settle); without `again` it is not tried again. `sent` and
    `done` count refusal requests that reached the server and refusals that took effect,
    after the first command.
    """

    row: str
    faults: str
    first: str
    code: int
    sent: int
    done: int
    then: str = ""
    again: str = ""
    text: str | None = None
    others: bool = False
    fuse: str = "strict"
    broken: str = ""

    @property
    def id(self) -> str:
        """The row's number and the fault, as pytest shows it."""
        return f"{self.row}-{self.faults.replace(' ', '+')}" + (
            "" if self.fuse == "strict" else f"-{self.fuse}"
        )


DONE = "already_refused"
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
    Play("F08", "duplicate-row", "CountMismatch", 90, 0, 0, again="CountMismatch"),
    Play("F10", "wide-numbers", "refused", 0, 1, 1, again=DONE),
    Play("F13", "broken-row", "needs_person", 30, 0, 0, again="needs_person"),
    Play("F14", "renamed-heading", "SelectorDrift", 90, 0, 0),
    Play("F14", "moved-columns", "refused", 0, 1, 1, again=DONE),
    Play("F15", "shift-on-click", "not_sent", 20, 0, 0),
    Play("F16", "rerender-on-click:1", "refused", 0, 1, 1, again=DONE),
    Play("F17", "stale-detail:1", "refused", 0, 1, 1, again=DONE),
    Play("F17", "stale-detail:9", "not_sent", 20, 0, 0),
    Play("F35", "error-page:9", "PortalErrorPage", 50, 0, 0),
    Play("F50", "stale-list:9", "needs_person", 30, 1, 1, again="CountMismatch"),
    Play("F69", "slow-list:2", "refused", 0, 1, 1, again=DONE),
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
    # Dialogs
    Play("F40", "confirm-changed", "not_sent", 90, 0, 0),
    Play("F41", "confirm-width", "refused", 0, 1, 1, again=DONE),
    Play("F42", "confirm-other", "not_sent", 90, 0, 0),
    Play("F43", "no-confirm", "not_sent", 20, 0, 0),
    Play("F43", "silent-button", "not_sent", 20, 0, 0),
    Play("F44", "two-confirms", "unknown", 30, 0, 0, then="not_sent", again="unknown"),
    Play("F45", "prompt", "not_sent", 90, 0, 0),
    Play("F45", "html-dialog", "not_sent", 20, 0, 0),
    Play("F46", "no-alert", "refused", 0, 1, 1, again=DONE),
    Play(
        "F47", "no-alert reset-before-effect", "unknown", 30, 0, 0, then="not_sent", again="refused"
    ),
    Play("F48", "error-text", "rejected", 20, 1, 0, again="needs_person"),
    Play("F49", "already-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F51", "late-alert:6", "refused", 0, 1, 1, again=DONE),
    Play("F51", "late-alert:1", "refused", 0, 1, 1, again=DONE),
    Play("F52", "frame-alert", "refused", 0, 1, 1, again=DONE),
    Play("F53", "leave-question", "refused", 0, 1, 1, again=DONE),
    Play("F54", "expire-on-refusal", "unknown", 30, 1, 0, then="not_sent", again="refused"),
    # The network
    Play("F60", "reset-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F60", "reset-after-effect list-down:1", "unknown", 30, 1, 1, then="refused", again=DONE),
    Play("F61", "reset-before-effect", "unknown", 30, 0, 0, then="not_sent", again="refused"),
    Play("F62", "half-answer", "refused", 0, 1, 1, again=DONE),
    Play("F63", "hang:30", "refused", 0, 1, 1, again=DONE),
    Play("F63", "late-effect:4", "unknown", 30, 0, 0, then="refused", again=DONE),
    Play("F63", "black-hole", "unknown", 30, 0, 0, then="not_sent", again="refused"),
    Play("F64", "error-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F65", "error-before-effect", "unknown", 30, 1, 0, then="not_sent", again="refused"),
    Play("F66", "redirect-after-effect", "unknown", 30, 1, 1, then="refused", again=DONE),
    Play("F67", "offline:2", "unknown", 30, 0, 0, then="not_sent", again="refused"),
    Play("F68", "down", "PortalUnreachable", 50, 0, 0),
    Play("F31", "maintenance", "PortalErrorPage", 50, 0, 0),
    Play("F70", "blocked", "PortalErrorPage", 50, 0, 0),
    Play("F62", "slow-answer:1", "refused", 0, 1, 1, again=DONE),
    Play("F60", "close-idle", "refused", 0, 1, 1, again=DONE),
    # The ways in which a page may send, and send once more
    Play("F60", "double-send", "refused", 0, 1, 1, again=DONE),
    Play("F60", "resend reset-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F60", "log-first", "refused", 0, 1, 1, again=DONE),
    Play("F60", "sync-xhr", "refused", 0, 1, 1, again=DONE),
    Play("F60", "form-post", "refused", 0, 1, 1, again=DONE),
    Play("F60", "sync-xhr reset-after-effect no-alert", "refused", 0, 1, 1, again=DONE),
    Play("F60", "form-post reset-after-effect no-alert", "refused", 0, 1, 1, again=DONE),
    # The sign-in
    Play("F37", "other-shop", "WrongShop", 40, 0, 0),
    Play("F103", "expire-on-list:1", "SessionEnded", 40, 0, 0, again="refused"),
    Play("F104", "expire-on-open", "unknown", 30, 1, 0, then="not_sent", again="refused"),
    Play("F132", "clock-off:30", "ClockSkew", 90, 0, 0),
    # Without the strict fuse: perhaps more requests, never more effects
    Play("F49", "reset-after-effect", "refused", 0, 2, 1, again=DONE, fuse="count"),
    Play("F49", "reset-after-effect", "refused", 0, 2, 1, again=DONE, fuse="off"),
    Play(
        "F43",
        "no-confirm",
        "unknown",
        30,
        1,
        1,
        then="refused",
        again=DONE,
        fuse="count",
        broken="I1 I2",
    ),
]


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_row(play: Play, open_lab: OpenLab) -> None:
    lab = open_lab(*play.faults.split(), fuse=play.fuse)
    order = lab.orders[0]
    lab.broken = set(play.broken.split())
    if play.others:
        lab.others = {order}
    reason = RefusalReason.OTHER if play.text else RefusalReason.SHIPPED

    first = lab.refuse(order, reason, play.text)
    seen = (lab.sent(), len(lab.refused()))
    then = lab.reconcile()

    assert (first.outcomes.get(order, first.error), first.code) == (play.first, play.code)
    assert seen == (play.sent, play.done)
    assert then.outcomes.get(order, "") == play.then
    if play.again:
        again = lab.refuse(order, reason, play.text)
        assert again.outcomes.get(order, again.error) == play.again
