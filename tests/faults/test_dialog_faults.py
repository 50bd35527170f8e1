"""Rows of dialogs that the portal plays."""

import pytest

from tests.faults.conftest import OpenLab
from tests.faults.plays import DONE, Play, run_play

PLAYS = [
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
]


@pytest.mark.by_day(7)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_row(play: Play, open_lab: OpenLab) -> None:
    run_play(play, open_lab)
