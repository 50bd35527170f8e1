"""What is checked before the kit's own process begins."""

import pytest

from qsm_bot.acceptance import process
from qsm_bot.acceptance.process import KitCall, run_kit
from qsm_bot.base.errors.acceptance import KitMissing


@pytest.mark.parametrize(
    ("missing", "named"), [("pytest", "pytest"), ("pytest_playwright", "pytest-playwright")]
)
def test_without_the_extra_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, missing: str, named: str
) -> None:
    there = process.find_spec
    monkeypatch.setattr(process, "find_spec", lambda name: None if name == missing else there(name))

    with pytest.raises(KitMissing) as caught:
        run_kit(KitCall(url="http://127.0.0.1:1"))

    assert caught.value.facts["missing"] == named
    assert "qsm-bot[qa]" in caught.value.next_words.en
    assert caught.value.exit_code == 60
