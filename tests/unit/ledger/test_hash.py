"""What an entry's hash covers."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.ledger.chain import GENESIS, HASHED, entry_hash, plain

ENTRY: dict[str, Any] = {
    "seq": 1,
    "at": "2026-01-05T11:30:00.000000+00:00",
    "shop": "shop-a",
    "run_id": None,
    "order_no": "762544202",
    "attempt_id": None,
    "kind": "note",
    "body": {"text": "拒否"},
    "prev": GENESIS,
}


def test_the_hash_is_the_plain_sha256_of_sorted_json() -> None:
    text = json.dumps(ENTRY, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert entry_hash(ENTRY) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", HASHED)
def test_every_field_is_covered(name: str) -> None:
    assert entry_hash(ENTRY | {name: "changed"}) != entry_hash(ENTRY)


def test_what_json_does_not_know_becomes_text_and_half_a_character_a_question_mark() -> None:
    text, values = plain({"path": Path("a"), "text": "\ud83d!"})
    assert values == {"path": "a", "text": "?!"}
    assert json.loads(text) == values
