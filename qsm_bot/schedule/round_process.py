"""One round as a process of its own: it ends by itself, whatever becomes of who began it."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import private_file
from qsm_bot.schedule.child import Child
from qsm_bot.schedule.history import Ending

_KEPT_LOGS = 30
_LONGEST_LOG = 1_000_000


class RoundProcess:
    """Runs a command that prints one JSON document, and waits for its end.

    Args:
        command: the program and its words.
        log: the file for what it says on stderr; each round writes it anew, and those of the
            last 30 rounds are kept beside it.
        seconds: after which it is asked to end; three minutes later it is ended.
        end_early: asked again and again whether the round is to end between two orders.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        seconds: float,
        end_early: Callable[[], bool] = lambda: False,
    ) -> None:
        self._command = tuple(command)
        self._log = log
        self._seconds = seconds
        self._end_early = end_early

    def __call__(self) -> Ending:
        """Run it. Ctrl-C asks it to end between two orders, and waits anyway.

        Raises:
            EvidenceUnwritable: the files for its output cannot be made.
        """
        document = self._log.with_suffix(".out")
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with private_file(document) as out, private_file(self._log) as err:
                child = Child(self._command, out=out, err=err)
                code = child.wait(self._seconds, end_early=self._end_early)
            self._keep_log()
            return _ending(code, document.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise EvidenceUnwritable(path=self._log, detail=os_words(error)) from None

    def _keep_log(self) -> None:
        """Keep what the last rounds said, each in a file of its own."""
        folder = self._log.with_suffix(".logs")
        folder.mkdir(mode=0o700, exist_ok=True)
        name = f"{datetime.now(JST):%Y%m%d-%H%M%S}.log"
        with private_file(folder / name) as file:
            file.write(self._log.read_bytes()[-_LONGEST_LOG:])
        for old in sorted(folder.glob("*.log"))[:-_KEPT_LOGS]:
            old.unlink(missing_ok=True)


def _told(document: dict[str, Any]) -> str:
    error = (document.get("error") or {}).get("code") or ""
    return f"{document.get('exit_code', int(ExitCode.INTERNAL))} {error}".strip()


def _ending(code: int, text: str) -> Ending:
    document: Any = None
    with suppress(ValueError):
        document = json.loads(text)
    if not isinstance(document, dict):
        return Ending(exit_code=code if code > 0 else ExitCode.INTERNAL, error="NoDocument")
    shops = document.get("shops") or ()
    return Ending(
        shops={str(each["name"]): _told(each) for each in shops if "name" in each},
        exit_code=code if code >= 0 else ExitCode.INTERNAL,
        run_id=document.get("run_id"),
        error=(document.get("error") or {}).get("code"),
        outcomes=Counter(
            str(each.get("outcome"))
            # A round of all shops has a document of each.
            for part in (document, *shops)
            for each in part.get("outcomes") or ()
        ),
    )
