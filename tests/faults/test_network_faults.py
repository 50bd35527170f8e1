"""Rows of the network and the sign-in that the portal and its proxy play."""

import pytest

from tests.faults.conftest import OpenLab
from tests.faults.plays import DONE, Play, run_play

PLAYS = [
    # The network
    Play("F60", "reset-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F60", "reset-after-effect list-down:1", "unknown", 30, 1, 1, then="refused", again=DONE),
    Play("F61", "reset-before-effect", "unknown", 30, 0, 0, then="not_sent", again="refused"),
    Play("F62", "half-answer", "refused", 0, 1, 1, again=DONE),
    Play("F63", "hang:30", "refused", 0, 1, 1, again=DONE),
    Play("F63", "late-effect:6", "unknown", 30, 0, 0, then="refused", again=DONE),
    Play("F63", "black-hole", "unknown", 30, 0, 0, then="not_sent", again="refused"),
    Play("F64", "error-after-effect", "refused", 0, 1, 1, again=DONE),
    Play("F65", "error-before-effect", "unknown", 30, 1, 0, then="not_sent", again="refused"),
    Play("F66", "redirect-after-effect", "unknown", 30, 1, 1, then="refused", again=DONE),
    Play("F67", "offline:60", "unknown", 30, 0, 0, then="PortalUnreachable"),
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
    Play("F30", "language", "SignInNeedsPerson", 40, 0, 0),
    Play("F33", "password-change", "SignInNeedsPerson", 40, 0, 0),
    Play("F34", "terms", "SignInNeedsPerson", 40, 0, 0),
    Play("F100", "captcha", "SignInNeedsPerson", 40, 0, 0),
    Play("F101", "sub-id", "SignInNeedsPerson", 40, 0, 0),
    Play("F106", "half-dead", "SessionEnded", 40, 0, 0),
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


@pytest.mark.by_day(8)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_row(play: Play, open_lab: OpenLab) -> None:
    run_play(play, open_lab)
