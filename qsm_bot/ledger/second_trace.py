"""A second trace of each press, outside the ledger: one small file per shop and user.

A ledger that was copied back, deleted or doubled does not know what it has forgotten. This
file does: it stands in the user's state folder, whichever data folder is used.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock

from qsm_bot.base.clock import aware
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.private_files import write_private
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.domain.request import OutcomeKind

KEPT_DAYS = 180
_TIDY_BYTES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A press that was about to be made; `outcome` is None while it is not known to have ended."""

    order_no: str
    permit: str
    at: datetime
    outcome: OutcomeKind | None = None

    @property
    def is_open(self) -> bool:
        """Whether its request may still be on its way."""
        return self.outcome in (None, OutcomeKind.UNKNOWN)


class SecondTrace:
    """The file of one shop.

    Args:
        folder: of all shops' files.
        shop: the shop's key.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        self.path = folder / f"{shop_slug(shop)}.jsonl"
        self._shop = shop

    def begin(self, order_no: str, permit: str, at: datetime) -> None:
        """Write that the button is about to be pressed; it is on disk when this returns.

        Raises:
            EvidenceUnwritable: it cannot be written; then the button must not be pressed.
        """
        body = {"shop": self._shop, "order_no": order_no, "permit": permit}
        self._append({**body, "at": at.isoformat()})

    def end(self, permit: str, outcome: OutcomeKind) -> None:
        """Write what became of a press.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        self._append({"permit": permit, "outcome": outcome.value})

    def presses(self) -> list[Press]:
        """Return the presses, oldest first.

        Raises:
            EvidenceUnwritable: the file is there and cannot be read.
        """
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._trouble(error) from error
        return _read(lines)

    def _append(self, body: dict[str, str]) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock")):
                self._tidy()
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                with os.fdopen(os.open(self.path, flags, 0o600), "ab") as file:
                    # In front, too: what a crash left of a line must not spoil this one.
                    file.write(f"\n{json.dumps(body, ensure_ascii=False)}\n".encode())
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise self._trouble(error) from error

    def _tidy(self) -> None:
        if not self.path.exists() or self.path.stat().st_size < _TIDY_BYTES:
            return
        presses = self.presses()
        newest = max(press.at for press in presses)
        kept = [p for p in presses if p.is_open or newest - p.at < timedelta(days=KEPT_DAYS)]
        write_private(self.path, "".join(map(self._lines, kept)).encode())

    def _lines(self, press: Press) -> str:
        body = {"shop": self._shop, "order_no": press.order_no, "permit": press.permit}
        lines = [{**body, "at": press.at.isoformat()}]
        if press.outcome is not None:
            lines.append({"permit": press.permit, "outcome": press.outcome.value})
        return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)

    def _trouble(self, error: OSError) -> EvidenceUnwritable:
        return EvidenceUnwritable(path=self.path, detail=error.strerror or repr(error))


def _read(lines: Sequence[str]) -> list[Press]:
    begun: dict[str, Press] = {}
    for line in lines:
        try:
            body = json.loads(line)
            permit = str(body["permit"])
            if "outcome" in body:
                kind = OutcomeKind(body["outcome"])
                before = begun[permit]
                begun[permit] = Press(
                    order_no=before.order_no, permit=permit, at=before.at, outcome=kind
                )
            else:
                at = aware(datetime.fromisoformat(body["at"]))
                begun[permit] = Press(order_no=str(body["order_no"]), permit=permit, at=at)
        except (ValueError, LookupError, TypeError):
            # Cut off by a crash: then the button was not pressed, or its end not yet told.
            continue
    return list(begun.values())
