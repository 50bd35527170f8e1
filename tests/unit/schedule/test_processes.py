"""One process for each shop: none of them reaches another."""

import os
import signal
import sys

import pytest

from qsm_bot.base.errors.people import RunStopped
from qsm_bot.render.shops import shop_document, shops_document, worst
from qsm_bot.schedule.processes import Ended, ShopCall, run_each
from tests.patience import patient

FOREVER = "import time; time.sleep(600)"


def call(name: str, code: str, seconds: float = patient(60)) -> ShopCall:
    return ShopCall(name=name, command=[sys.executable, "-c", code], seconds=seconds)


def test_each_has_its_own_output_and_exit_code_in_the_order_of_the_calls() -> None:
    calls = [
        call("a", "print('見本'); raise SystemExit(30)"),
        call("b", "raise ValueError"),
        call("c", "import sys; print(sys.stdin.read() + '{}')"),
    ]

    ended = run_each(calls, jobs=2)

    assert [(each.name, each.code) for each in ended] == [("a", 30), ("b", 1), ("c", 0)]
    assert [each.out.strip() for each in ended] == ["見本", "", "{}"]


def test_one_that_hangs_is_ended_and_the_next_one_runs() -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"
    calls = [call("hangs", deaf, seconds=0.2), call("next", "print(1)")]

    hung, after = run_each(calls, jobs=1, grace=0.2)

    assert hung.code not in (0, None)
    assert (after.code, after.out) == (0, "1\n")


def test_a_signal_ends_those_that_run_and_begins_no_other() -> None:
    begun = []

    def began(name: str) -> None:
        begun.append(name)
        os.kill(os.getpid(), signal.SIGTERM)

    first, second = run_each([call("a", FOREVER), call("b", FOREVER)], jobs=1, began=began)

    assert begun == ["a"]
    assert first.code not in (0, None)
    assert second.code is None


@pytest.mark.parametrize(
    ("codes", "said"),
    [([0], 0), ([10, 10], 10), ([0, 10], 0), ([10, 20, 0], 20), ([30, 90, 50], 90)],
)
def test_the_worst_code_counts_and_nothing_to_do_is_not_bad(codes: list[int], said: int) -> None:
    assert worst(codes) == said


def test_a_process_without_a_document_has_one_that_says_so() -> None:
    good = Ended(name="a", code=0, out='{"schema": 1, "shop": "みほん商店", "exit_code": 0}')
    documents = [
        shop_document(each, "en")
        for each in (
            good,
            Ended(name="b", code=-9, out="{"),
            Ended(name="c", code=1, out="[]"),
            Ended(name="d", code=None, out=""),
        )
    ]

    assert documents[0] == {"name": "a", "schema": 1, "shop": "みほん商店", "exit_code": 0}
    assert [d["exit_code"] for d in documents] == [0, 80, 80, 20]
    assert "exit code -9" in documents[1]["error"]["message"]
    assert documents[3]["error"]["code"] == RunStopped().code
    assert shops_document(documents)["exit_code"] == 80
