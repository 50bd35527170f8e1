"""Beyond the manual: many sellers at once; only where it is asked for."""

import pytest

from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.judge import Judge
from qsm_bot.acceptance.load import Load, run_load
from qsm_bot.acceptance.seeding import Seeding


@pytest.mark.under_load
def test_each_refusal_takes_effect_once_under_load(
    judge: Judge, qsm_desk: Desk, qsm_seeding: Seeding
) -> None:
    """Latencies and errors stand in the reports."""
    load = judge.options.load or Load(sellers=1, refusals=1)
    result = judge.run.load = run_load(load, [qsm_desk], qsm_seeding)
    if result.is_broken or result.trouble:
        pytest.fail(str(result.document("en")), pytrace=False)
