"""How slow this machine is today: one factor by which every limit of a test is stretched.

It is measured once, where the test run starts, and handed to the workers in the environment;
`QSM_TEST_PATIENCE` says it instead. A limit only ends what hangs; it never decides a test.
"""

import math
import os
import subprocess
import sys
import time

import pytest

NAME = "QSM_TEST_PATIENCE"
# One start of Python on a quiet two-core machine, in seconds.
_QUIET = 0.05
_STARTS = 3
# The tests crowd one another: more of them run at once than the machine has cores.
_CROWD = 2.0
_MOST = 40.0


def measured() -> float:
    """Return how many times longer than on a quiet machine a small program takes here."""
    began = time.monotonic()
    for _ in range(_STARTS):
        subprocess.run([sys.executable, "-I", "-c", "import json"], check=True)
    slow = (time.monotonic() - began) / _STARTS / _QUIET
    return round(min(_MOST, _CROWD * max(1.0, slow)), 1)


def settle() -> float:
    """Return the factor of this test run, measured if nobody has said it, for all its processes.

    Raises:
        pytest.UsageError: what was said is no factor.
    """
    if not os.environ.get(NAME):
        os.environ[NAME] = str(measured())
    said = os.environ[NAME]
    try:
        factor = float(said)
    except ValueError:
        factor = 0
    if not 0 < factor < math.inf:
        raise pytest.UsageError(f"{NAME} is a number above 0, such as 3, not {said!r}")
    return factor


def patient(seconds: float) -> float:
    """Return a limit for this machine, of one that is ample on a quiet one."""
    return seconds * settle()
