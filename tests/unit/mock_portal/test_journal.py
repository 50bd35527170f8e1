"""The journal of effects and requests."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.mock_portal.journal import Journal, read_effects, read_requests
from qsm_bot.mock_portal.world import World

REQUEST = '{"time": "2026-01-05T10:00:00+09:00", "method": "POST", "path": "/", "order": "1"}'


def test_each_effect_is_one_line(tmp_path: Path) -> None:
    """An effect is on disk, with the time in Japan, when the act returns."""
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    world = World.seeded(2, record=journal.note)
    world.refuse("762544202", "商品発送完了", None)
    world.refuse("762544202", "商品発送完了", None)
    lines = path.read_text(encoding="utf-8").splitlines()
    row, notice = map(json.loads, lines)
    assert list(row) == list(notice) == ["time", "kind", "order", "reason", "text"]
    assert tuple(row.values())[1:] == ("refuse", "762544202", "商品発送完了", None)
    assert tuple(notice.values())[1:] == ("notice", "762544202", "商品発送完了", None)
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
    assert [journal.effects[2]] == journal.effects_of("retraction", second)


def test_calls_are_counted_whatever_the_case_of_the_path() -> None:
    """A service call counts for its method, and for its order if asked."""
    journal = Journal()
    journal.see("POST", "/a/swe_ClaimBizService.asmx/SetCancelRefusal", "1")
    journal.see("POST", "/a/swe_claimbizservice.asmx/setcancelrefusal", "2")
    journal.see("POST", "/a/swe_ClaimBizService.asmx/GetClaimList", None)
    assert len(journal.calls("SetCancelRefusal")) == 2
    assert [seen.order for seen in journal.calls("SetCancelRefusal", "2")] == ["2"]


def test_each_request_is_one_line_of_its_own_file(tmp_path: Path) -> None:
    """A request is on disk when it was seen; effects and requests do not mix."""
    journal = Journal(tmp_path / "effects.jsonl", tmp_path / "requests.jsonl")
    journal.see("POST", "/a/swe_ClaimBizService.asmx/SetCancelRefusal", "1")
    journal.see("GET", "/a/", None)
    lines = (tmp_path / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [list(row) for row in rows] == [["time", "method", "path", "order"]] * 2
    assert [row["order"] for row in rows] == ["1", None]
    assert rows[0]["time"].endswith("+09:00")
    assert not (tmp_path / "effects.jsonl").exists()


def test_without_a_file_requests_stay_in_memory(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "effects.jsonl")
    journal.see("GET", "/", None)
    assert list(tmp_path.iterdir()) == []
    assert len(journal.requests) == 1


def test_what_was_written_is_read_back_the_same(tmp_path: Path) -> None:
    """Texts with line breaks and separators of any kind come back whole."""
    effects, requests = tmp_path / "effects.jsonl", tmp_path / "requests.jsonl"
    journal = Journal(effects, requests)
    (order,) = World.seeded(1).open_requests()
    journal.note("refuse", order, "その他", "一行目\n二行目\r\u2028\x85 \x1f")
    journal.note("withdraw", order, None, None)
    journal.see("POST", "/改行\n", "half a pair: \ud83d")
    journal.see("GET", "/", None)
    assert read_effects(effects) == journal.effects
    assert read_requests(requests) == journal.requests


def test_an_empty_file_has_no_entries(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.touch()
    assert read_effects(file) == []
    assert read_requests(file) == []


def test_lines_of_windows_and_a_last_line_without_an_end_are_read(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_bytes(f"{REQUEST}\r\n{REQUEST}".encode())
    assert [seen.order for seen in read_requests(file)] == ["1", "1"]


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_effects(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", "Expecting value"),
        (b'{"time": "2026-01-05T10:00:00+09:00", "meth', "Unterminated string"),
        (b"\xff\xfe", "codec can't decode"),
        (b"[" * 100_000, "recursion"),
        (b"[]", "not an object with time, method, path, order"),
        (b'"time"', "not an object with time, method, path, order"),
        (b'{"time": "2026-01-05T10:00:00+09:00"}', "not an object with"),
        (REQUEST.replace('"order"', '"older"').encode(), "not an object with"),
        (REQUEST.replace("}", ', "more": 1}').encode(), "not an object with"),
        (REQUEST.replace("2026-01-05", "yesterday").encode(), "Invalid isoformat string"),
        (REQUEST.replace("+09:00", "").encode(), "a time without a zone"),
        (REQUEST.replace('"2026-01-05T10:00:00+09:00"', "5").encode(), "must be str"),
        (REQUEST.replace('"1"', "1").encode(), "order is 1"),
        (REQUEST.replace('"POST"', "null").encode(), "method is None"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes, why: str) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_bytes(REQUEST.encode() + b"\n" + line + b"\n" + REQUEST.encode() + b"\n")
    with pytest.raises(ValueError, match="is damaged") as caught:
        read_requests(file)
    assert str(caught.value).startswith(f"{file}, line 2 is damaged: ")
    assert why in str(caught.value)


def test_the_two_files_are_not_taken_for_each_other(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(REQUEST, encoding="utf-8")
    with pytest.raises(ValueError, match="line 1 is damaged: not an object with time, kind, order"):
        read_effects(file)
