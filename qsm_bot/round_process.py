"""One round as a process of its own: it ends by itself, whatever becomes of who began it."""

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from qsm_bot.errors import EvidenceUnwritable
from qsm_bot.private_files import private_file
from qsm_bot.rounds import Ending

_ASKED_EVERY = 1.0
_GRACE_SECONDS = 180.0
_BROKEN = 80
_OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    # A session of its own: Ctrl-C at the terminal reaches the watch only.
    else {"start_new_session": True}
)


class RoundProcess:
    """Runs a command that prints one JSON document, and waits for its end.

    Args:
        command: the program and its words.
        log: the file for what it says on stderr; each round writes it anew.
        seconds: after which it is asked to end; three minutes later it is ended.
        end_early: asked each second whether the round is to end between two orders.
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
        """Run it. Ctrl-C asks it to end between two orders, and waits all the same.

        Raises:
            EvidenceUnwritable: the files for its output cannot be made.
        """
        document = self._log.with_suffix(".out")
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Files, because a pipe would be held open by a browser that outlives the round.
            with private_file(document) as out, private_file(self._log) as err:
                code = self._wait(self._begin(out, err))
            return _ending(code, document.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise EvidenceUnwritable(path=self._log, detail=error.strerror or repr(error)) from None

    def _begin(self, out: IO[bytes], err: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603  # the program itself, or what a test puts there
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, "PYTHONUTF8": "1"},
            **_OWN_GROUP,
        )

    def _wait(self, process: "subprocess.Popen[bytes]") -> int:
        asked = False
        until = time.monotonic() + self._seconds
        while True:
            try:
                return process.wait(_ASKED_EVERY)
            except subprocess.TimeoutExpired:
                wanted = self._end_early()
            except KeyboardInterrupt:
                wanted = True
            late = time.monotonic() - until
            if late > _GRACE_SECONDS:
                # It hangs. What it left is settled by the next round.
                process.kill()
            elif (wanted or late > 0) and not asked and os.name != "nt":
                # On Windows this would be a kill, in the midst of an order.
                process.terminate()
                asked = True


def _ending(code: int, text: str) -> Ending:
    document: Any = None
    with suppress(ValueError):
        document = json.loads(text)
    if not isinstance(document, dict):
        return Ending(exit_code=code if code > 0 else _BROKEN, error="NoDocument")
    return Ending(
        exit_code=code if code >= 0 else _BROKEN,
        run_id=document.get("run_id"),
        error=(document.get("error") or {}).get("code"),
        outcomes=Counter(
            str(each.get("outcome"))
            # A round of all shops has a document of each.
            for part in (document, *(document.get("shops") or ()))
            for each in part.get("outcomes") or ()
        ),
    )
