"""What stands in a shop's way: kept between commands, without the password."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.words import Words
from qsm_bot.schedule.shop_state import ShopState

NOW = datetime(2026, 1, 5, 9, tzinfo=JST)
WHY = Words("turned down", "拒否")
SECRET = "a portal\nmihon\npassword-1"


@pytest.fixture
def state(tmp_path: Path) -> ShopState:
    return ShopState(tmp_path / "state", "a shop")


def test_a_sign_in_that_was_turned_down_is_known_by_its_credentials(state: ShopState) -> None:
    assert state.hold is None
    state.hold_sign_in(SECRET, "SignInFailed", WHY, NOW)
    hold = state.hold
    assert hold is not None
    assert (hold.since, hold.code, hold.message) == (NOW, "SignInFailed", WHY)
    assert hold.is_of(SECRET)
    assert not hold.is_of(SECRET + "2")
    kept = state.path.read_text(encoding="utf-8")
    assert "password-1" not in kept
    assert state.path.stat().st_mode & 0o077 == 0


def test_the_same_password_leaves_another_digest_each_time(state: ShopState) -> None:
    digests = set()
    for _ in range(2):
        state.hold_sign_in(SECRET, "SignInFailed", WHY, NOW)
        assert state.hold is not None
        digests.add(state.hold.digest)
    assert len(digests) == 2


def test_a_portal_that_is_down_is_left_alone_longer_and_longer(state: ShopState) -> None:
    moment, waited = NOW, []
    for _ in range(6):
        down = state.note_down("PortalSlow", WHY, moment)
        waited.append(int((down.next_at - moment) / timedelta(minutes=1)))
        assert (down, down.since) == (state.down, NOW)
        moment = down.next_at
    assert waited == [1, 5, 15, 60, 60, 60]
    assert state.note_up() == down
    assert state.note_up() is None
    assert state.note_down("PortalSlow", WHY, moment).failures == 1


def test_one_trouble_leaves_the_other_as_it_is(state: ShopState) -> None:
    state.hold_sign_in(SECRET, "SignInFailed", WHY, NOW)
    state.note_down("PortalSlow", WHY, NOW)
    state.release_sign_in()
    assert state.hold is None
    assert state.down is not None
    state.release_sign_in()


@pytest.mark.parametrize("content", ["", "[]", '{"sign_in": {"since": 1}, "portal": null}'])
def test_a_damaged_file_stops_nobody(state: ShopState, content: str) -> None:
    state.path.parent.mkdir()
    state.path.write_text(content)
    assert (state.hold, state.down) == (None, None)
    state.note_down("PortalSlow", WHY, NOW)
    assert state.down is not None


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the folder's place")
    with pytest.raises(EvidenceUnwritable):
        ShopState(tmp_path / "state", "a shop").note_down("PortalSlow", WHY, NOW)
