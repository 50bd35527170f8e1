"""Files of cases that cannot be read."""

from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import CasesInvalid
from qsm_bot.rules.cases import load_cases


@pytest.mark.parametrize("name", ["none.csv", "none.toml"])
def test_a_file_that_is_not_there_is_told_with_its_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(CasesInvalid) as caught:
        load_cases(tmp_path / name)

    assert name in caught.value.message.en
