"""The real program at a lab's portal and on the lab's ledger.

It is called in the test's process, unless something is to happen to it at some point: then it
is a process of its own, which may be killed.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from qsm_bot.base.shop_lock import shop_lock
from qsm_bot.domain.shop_identity import ShopIdentity
from qsm_bot.mock_portal.testing.invariants import breaches
from tests.faults.doomed import TRACE
from tests.faults.lab import SHOP, Lab
from tests.faults.nursery import Born
from tests.patience import patient
from tests.program import call
from tests.support import Said

SECONDS = patient(60)
NEVER = "never"


class Running:
    """A call of the program that has begun."""

    def __init__(self, process: Born, said: Path, lab: Lab) -> None:
        self.process = process
        self._said = said
        self._lab = lab

    def wait_until_suspended(self) -> None:
        """Wait until its fate has stopped it."""
        if not self.process.wait_until_stopped():
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
            "PYTHONUTF8": "1",
            "QSM_LANG": "en",
            "QSM_DATA_DIR": str(folder),
            "QSM_PORTAL_URL": lab.server.url,
            "QSM_LOGIN_ID": lab.server.login_id,
            "QSM_PASSWORD": lab.server.password,
            "QSM_SHOP_NAME": SHOP,
            "QSM_TIMEOUT": str(patient(5)),
            "QSM_ALERT_TIMEOUT": str(patient(2.5)),
            "QSM_SETTLE_SECONDS": str(lab.context.settle_seconds),
            **settings,
        }

    @contextmanager
    def begun(self, *words: str, point: str = NEVER, fate: str = "killed") -> Iterator[Running]:
        """Start a command; it is killed if it outlives the block."""
        self._calls += 1
        self._folder.mkdir(exist_ok=True)
        said = self._folder / f"said {self._calls}"
        # Files, because a pipe would be held open by a browser that outlives the program.
        process = self._lab.nursery().begin(
            *(point, fate, *words),
            folder=self._folder,
            environment=self._environment,
            out=said.with_suffix(".out"),
            err=said.with_suffix(".err"),
        )
        try:
            yield Running(process, said, self._lab)
        finally:
            process.kill()
            process.wait()

    def run(self, *words: str, point: str = NEVER, fate: str = "killed") -> Said:
        """Run a command until it ends by itself, or by its fate."""
        if point == NEVER:
            return self._called(*words)
        with self.begun(*words, point=point, fate=fate) as running:
            return running.end()

    def spawn(self, *words: str) -> Said:
        """Run a command in a process of its own."""
        with self.begun(*words) as running:
            return running.end()

    def _called(self, *words: str) -> Said:
        self._calls += 1
        self._folder.mkdir(exist_ok=True)
        said = call(
            *words,
            folder=self._folder,
            environment=self._environment,
            stdin="",
            playwright=self._lab.playwright,
        )
        name = f"said {self._calls}"
        self._lab.outputs |= {f"{name} stdout": said.out, f"{name} stderr": said.err}
        return said

    def refuse(self, order: str, point: str = NEVER, fate: str = "killed") -> Said:
        """Refuse one order as a script would."""
        return self.run(*refusal(order), point=point, fate=fate)


def refusal(order: str) -> tuple[str, ...]:
    """Return the words that refuse one order."""
    return ("refuse", order, "--reason", "shipped", "--yes", "--json")


def transactions(said: Said) -> list[list[str]]:
    """Return the kinds of entries that each transaction of a call wrote."""
    line = next(each for each in said.err.splitlines() if each.startswith(TRACE))
    kinds: list[list[str]] = json.loads(line.removeprefix(TRACE))
    return kinds


@contextmanager
def same_machine(lab: Lab, folder: Path) -> Iterator[Lab]:
    """Hold the shop as the next run on the program's machine does, with the lab's browser."""
    server = lab.server
    shop = ShopIdentity(portal=server.url, login_id=server.login_id, name=SHOP)
    with shop_lock(folder / "locks", shop.key) as holder:
        yield lab.with_(holder=holder.name, is_dead=holder.is_dead)


def judge_halfway(lab: Lab) -> None:
    """Let the judge look while the newest run has no end, because it was killed."""
    found = [str(each) for each in breaches(replace(lab.history(), may_be_open=True))]
    if found:
        raise AssertionError(found)
