"""The real program in a process of its own, at a lab's portal and on the lab's ledger."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from qsm_bot.shop_lock import shop_lock
from qsm_bot.testing.judge import judge
from tests.faults.doomed import TRACE
from tests.faults.lab import SHOP, Lab
from tests.support import Said

ROOT = Path(__file__).parents[2]
SECONDS = 60


class Running:
    """A call of the program that has begun."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path, lab: Lab) -> None:
        self.process = process
        self._said = said
        self._lab = lab

    def wait_until_suspended(self) -> None:
        """Wait until its fate has stopped it."""
        info = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if info is None or info.si_code != os.CLD_STOPPED:
            raise AssertionError(self.end())

    def end(self) -> Said:
        """Wait for its end; what it said is judged with everything else."""
        code = self.process.wait(SECONDS)
        out, err = (self._said.with_suffix(end).read_text("utf-8") for end in (".out", ".err"))
        self._lab.outputs |= {f"{self._said.name} stdout": out, f"{self._said.name} stderr": err}
        return Said(code, out, err)


class Program:
    """`qsm-bot` with the settings of one machine."""

    def __init__(self, lab: Lab, folder: Path, **settings: str) -> None:
        self._lab = lab
        self._folder = folder
        self._calls = 0
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "QSM_LANG": "en",
            "QSM_DATA_DIR": str(folder),
            "QSM_PORTAL_URL": lab.server.url,
            "QSM_LOGIN_ID": lab.server.login_id,
            "QSM_PASSWORD": lab.server.password,
            "QSM_SHOP_NAME": SHOP,
            "QSM_TIMEOUT": "10",
            "QSM_ALERT_TIMEOUT": "5",
            "QSM_SETTLE_SECONDS": str(lab.context.settle_seconds),
            **settings,
        }

    @contextmanager
    def begun(self, *words: str, point: str = "never", fate: str = "killed") -> Iterator[Running]:
        """Start a command; it is killed if it outlives the block."""
        self._calls += 1
        self._folder.mkdir(exist_ok=True)
        said = self._folder / f"said {self._calls}"
        # Files, because a pipe would be held open by a browser that outlives the program.
        with said.with_suffix(".out").open("wb") as out, said.with_suffix(".err").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.doomed", point, fate, *words],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        try:
            yield Running(process, said, self._lab)
        finally:
            process.kill()
            process.wait()

    def run(self, *words: str, point: str = "never", fate: str = "killed") -> Said:
        """Run a command until it ends by itself, or by its fate."""
        with self.begun(*words, point=point, fate=fate) as running:
            return running.end()

    def refuse(self, order: str, point: str = "never", fate: str = "killed") -> Said:
        """Refuse one order as a script would."""
        words = ("refuse", order, "--reason", "shipped", "--yes", "--json")
        return self.run(*words, point=point, fate=fate)


def transactions(said: Said) -> list[list[str]]:
    """Return the kinds of entries that each transaction of a call wrote."""
    line = next(each for each in said.err.splitlines() if each.startswith(TRACE))
    kinds: list[list[str]] = json.loads(line.removeprefix(TRACE))
    return kinds


@contextmanager
def same_machine(lab: Lab, folder: Path) -> Iterator[Lab]:
    """Hold the shop as the next run on the program's machine does, with the lab's browser."""
    with shop_lock(folder / "locks", SHOP) as holder:
        yield lab.with_(holder=holder.name, is_dead=holder.is_dead)


def judge_halfway(lab: Lab) -> None:
    """Let the judge look while the newest run has no end, because it was killed."""
    found = [str(each) for each in judge(replace(lab.history(), may_be_open=True))]
    if found:
        raise AssertionError(found)
