"""The journal of effects and requests."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.world import World


def test_each_effect_is_one_line(tmp_path: Path) -> None:
    """An effect is on disk, with the time in Japan, when the act returns."""
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    world = World.seeded(2, record=journal.note)
    world.refuse("762544202", "商品発送完了", None)
    world.refuse("762544202", "商品発送完了", None)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    row = json.loads(lines[0])
    assert list(row) == ["time", "kind", "order", "reason", "text"]
    assert tuple(row.values())[1:] == ("refuse", "762544202", "商品発送完了", None)
    assert row["time"].endswith("+09:00")
    assert timedelta(hours=9) == datetime.fromisoformat(row["time"]).utcoffset()


def test_a_second_journal_appends(tmp_path: Path) -> None:
    """A file that is there already is continued."""
    path = tmp_path / "journal.jsonl"
    for _ in range(2):
        World.seeded(1, record=Journal(path).note).approve_cancel("762544202")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_effects_can_be_asked_for_by_kind_and_order() -> None:
    """Tests count effects of one order."""
    journal = Journal()
    world = World.seeded(2, record=journal.note)
    first, second = (order.order_no for order in world.open_requests())
    world.refuse(first, "商品発送完了")
    world.ask_retraction(second)
    assert [journal.effects[0]] == journal.effects_of("refuse")
    assert journal.effects_of("refuse", second) == []
    assert [journal.effects[1]] == journal.effects_of("retraction", second)


def test_calls_are_counted_whatever_the_case_of_the_path() -> None:
    """A service call counts for its method, and for its order if asked."""
    journal = Journal()
    journal.see("POST", "/a/swe_ClaimBizService.asmx/SetCancelRefusal", "1")
    journal.see("POST", "/a/swe_claimbizservice.asmx/setcancelrefusal", "2")
    journal.see("POST", "/a/swe_ClaimBizService.asmx/GetClaimList", None)
    assert len(journal.calls("SetCancelRefusal")) == 2
    assert [seen.order for seen in journal.calls("SetCancelRefusal", "2")] == ["2"]
