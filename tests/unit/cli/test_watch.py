"""What `watch` says of a wish to stop, by the moment at which it comes."""

from datetime import timedelta

import pytest

from qsm_bot.cli.commands.watch import Pause


def test_between_rounds_no_round_is_said_to_be_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = Pause()
    said: list[str] = []

    def asleep(_: float) -> None:
        said.append(pause.stopping.en)
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", asleep)
    pause(timedelta(seconds=1))

    assert said == ["asked to stop: no round is at hand"]
    assert "the round at hand is finished first" in pause.stopping.en
