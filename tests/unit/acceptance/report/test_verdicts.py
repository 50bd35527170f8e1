"""A run's verdicts and exit code."""

import pytest

from qsm_bot.acceptance.report.verdicts import Run
from qsm_bot.acceptance.statements import STATEMENTS
from qsm_bot.base.errors.outside import PortalUnreachable
from qsm_bot.base.errors.people import SessionEnded
from tests.unit.acceptance.report.runs import BROKEN, HELD, LEFT, MOMENT, WHY, run_of


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (run_of(columns=HELD, cells=HELD), 0),
        (run_of(columns=HELD, cells=LEFT), 20),
        (run_of(columns=LEFT), 20),
        (run_of(columns=BROKEN, cells=LEFT), 30),
        (run_of(), 20),
    ],
)
def test_only_a_run_that_judged_all_and_found_them_true_ends_with_0(run: Run, code: int) -> None:
    assert run.exit_code == code


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(PortalUnreachable(url="x", detail="y"), 50), (SessionEnded(page="x"), 40)],
)
def test_trouble_decides_the_exit_code_and_leaves_the_rest_unjudged(
    trouble: PortalUnreachable | SessionEnded, code: int
) -> None:
    run = Run(portal="x", pack="y", started=MOMENT)
    run.select(["columns", "cells"])
    run.records["columns"].judge(HELD)
    run.trouble = trouble

    run.close()

    assert run.exit_code == code
    assert run.records["cells"].verdict is LEFT
    assert run.records["cells"].why == trouble.message


def test_what_the_run_did_not_come_to_is_not_judged() -> None:
    run = run_of(columns=HELD)
    run.select(["cells"])

    run.close()

    assert run.records["cells"].verdict is LEFT
    assert run.exit_code == 20


def test_of_several_judgements_the_gravest_stays() -> None:
    """As when the kit runs in several browsers."""
    record = run_of(columns=HELD).records["columns"]
    record.judge(BROKEN, "seen")
    record.judge(LEFT, WHY)
    record.judge(HELD)

    assert (record.verdict, record.why) == (BROKEN, "seen")


def test_the_statements_of_a_run_stand_in_the_manuals_order() -> None:
    run = Run(portal="x", pack="y", started=MOMENT)
    run.select(reversed(list(STATEMENTS)))

    assert list(run.records) == list(STATEMENTS)
