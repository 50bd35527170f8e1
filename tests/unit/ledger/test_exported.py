"""A file alone suffices to find the first entry that was changed, moved, added or left out."""

from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.errors.ledger import ExportBroken
from qsm_bot.domain.request import canonical_json
from qsm_bot.ledger.chain import GENESIS, HASHED, entry_hash
from qsm_bot.ledger.exported import verified_file, walk


def entries(count: int = 5, text: str = "拒否\u2028") -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for seq in range(1, count + 1):
        entry: dict[str, Any] = dict.fromkeys(HASHED)
        entry |= {"seq": seq, "at": "2026-01-05T11:30:00.000000+00:00", "kind": "seen"}
        entry |= {"body": {"text": text}, "prev": made[-1]["hash"] if made else GENESIS}
        made.append(entry | {"hash": entry_hash(entry)})
    return made


def lines(made: list[dict[str, Any]]) -> list[bytes]:
    return [f"{canonical_json(entry)}\n".encode() for entry in made]


GOOD = lines(entries())
OTHER = lines(entries(text="other"))
HEAD = entries()[-1]["hash"]


@pytest.mark.parametrize(
    "whole",
    [
        GOOD,
        [line.replace(b"\n", b"\r\n") for line in GOOD],
        [b"\xef\xbb\xbf" + GOOD[0], *GOOD[1:]],
        [*GOOD[:-1], GOOD[-1].rstrip()],
    ],
)
def test_an_export_is_whole_however_its_lines_end(whole: list[bytes]) -> None:
    found = walk(whole)
    assert (found.report.entries, found.report.head, found.report.broken) == (5, HEAD, None)
    assert found.hashes[-1] == HEAD


def test_an_empty_file_is_the_export_of_an_empty_ledger() -> None:
    assert (walk([]).report.entries, walk([]).report.head) == (0, GENESIS)


@pytest.mark.parametrize(
    ("damaged", "broken", "told"),
    [
        ([*GOOD[:2], GOOD[2].replace(b"seen", b"Seen"), *GOOD[3:]], 3, "was changed"),
        ([*GOOD[:2], GOOD[2].replace(b'"shop":null', b'"shop":"x"'), *GOOD[3:]], 3, "was changed"),
        ([*GOOD[:2], *GOOD[3:]], 3, "entry 3 is missing"),
        (GOOD[1:], 1, "entry 1 is missing"),
        ([*GOOD[:2], GOOD[1], *GOOD[2:]], 3, "entry 3 is missing"),
        ([GOOD[0], OTHER[1], *GOOD[2:]], 2, "does not follow"),
        ([*GOOD[:2], GOOD[2].replace(b'{"at"', b'{"added":1,"at"'), *GOOD[3:]], 3, "no entry"),
        ([*GOOD[:2], GOOD[2].replace(b'":"', b'": "', 1), *GOOD[3:]], 3, "not written as"),
        ([*GOOD[:2], GOOD[2].replace(b'{"at"', b'{"at":"x","at"'), *GOOD[3:]], 3, "not written"),
        ([*GOOD[:4], GOOD[4][:40]], 5, "no entry"),
        ([*GOOD, b"\n"], 6, "no entry"),
        ([*GOOD[:2], b"\xff\n", *GOOD[3:]], 3, "no entry"),
        ([b"[" * 100_000], 1, "no entry"),
        ([b"[1]\n"], 1, "no entry"),
        ([GOOD[0].replace(b'"seq":1', b'"seq":[]')], 1, "is missing"),
    ],
)
def test_damage_is_named_by_its_first_entry(damaged: list[bytes], broken: int, told: str) -> None:
    report = walk(damaged).report
    assert (report.broken, report.entries) == (broken, broken - 1)
    assert told in report.detail


def test_a_tail_that_was_cut_off_is_seen_by_a_hash_noted_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    file.write_bytes(b"".join(GOOD[:4]))

    assert verified_file(file).report.entries == 4
    with pytest.raises(ExportBroken, match="from entry 5 on") as caught:
        verified_file(file, head=HEAD)
    assert caught.value.exit_code == 80
    file.write_bytes(b"".join(GOOD))
    assert verified_file(file, head=entries()[2]["hash"]).report.head == HEAD
    with pytest.raises(UsageInvalid):
        verified_file(tmp_path / "none.jsonl")


def test_an_older_export_agrees_with_its_ledger_and_another_ledgers_does_not(
    tmp_path: Path,
) -> None:
    own = [entry["hash"] for entry in entries(7)]
    forged = [entry["hash"] for entry in entries(3)] + ["0" * 64]

    assert walk(GOOD).newer_in(own, tmp_path) == 2
    with pytest.raises(ExportBroken, match="from entry 4 on"):
        walk(GOOD).newer_in(forged, tmp_path)
    with pytest.raises(ExportBroken, match="from entry 4 on"):
        walk(GOOD).newer_in(own[:3], tmp_path)


def test_a_damaged_file_is_told_with_its_first_wrong_entry(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    file.write_bytes(b"".join([*GOOD[:2], *GOOD[3:]]))

    with pytest.raises(ExportBroken, match="entry 3 is missing") as caught:
        verified_file(file, head=HEAD)
    assert (caught.value.facts["file"], caught.value.facts["entry"]) == (file, 3)
