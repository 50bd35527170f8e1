"""Rules files with a mistake: each is told where, and what was expected, in both languages."""

import tomllib
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.rules import load_rules

FOLDER = Path(__file__).parents[3] / "fixtures" / "rules"
BROKEN = sorted((FOLDER / "broken").glob("*.toml"))
SAID = tomllib.loads((FOLDER / "broken.toml").read_text(encoding="utf-8"))


def test_every_broken_file_has_its_message_and_the_other_way_round() -> None:
    assert {file.stem for file in BROKEN} == set(SAID)
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_file_is_told_what_to_mend(file: Path) -> None:
    with pytest.raises(RulesInvalid) as caught:
        load_rules(file)

    assert caught.value.exit_code == 60
    message = caught.value.message
    assert message.en.startswith(str(file))
    assert SAID[file.stem]["en"] in message.en
    assert SAID[file.stem]["ja"] in message.ja
