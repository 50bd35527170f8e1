"""Beyond the manual: many sellers at once; only where it is asked for."""

import pytest

from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.seeding import Seeding
from qsm_bot.acceptance.load.bounds import Load
from qsm_bot.acceptance.load.run import run_load
from qsm_bot.acceptance.pytest_hooks import PytestHooks


@pytest.mark.under_load
def test_each_refusal_takes_effect_once_under_load(
    hooks: PytestHooks, qsm_clone_page: ClonePage, qsm_seeding: Seeding
) -> None:
    """Latencies and errors stand in the reports."""
    load = hooks.options.load or Load(sellers=1, refusals=1)
    result = hooks.run.load = run_load(load, qsm_clone_page, qsm_seeding)
    if result.is_broken or result.trouble:
        pytest.fail(str(result.document("en")), pytrace=False)
