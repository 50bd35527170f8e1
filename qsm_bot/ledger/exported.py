"""The chain of an exported file: whoever has the file can walk it, without the ledger."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.errors.ledger import ExportBroken
from qsm_bot.domain.request import canonical_json
from qsm_bot.ledger.chain import GENESIS, HASHED, ChainReport, damage

_FIELDS = {*HASHED, "hash"}
_HEAD_MISSING = "no entry has the hash {head}; the tail is cut off, or another ledger wrote it"
_OTHERWISE = "the own ledger has another entry {entry}"
_MORE = "the own ledger ends before entry {entry}"
_NO_ENTRY = "line {line} is no entry of a ledger"
_NOT_AS_WRITTEN = "entry {line} is not written as the export writes it"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainWalk:
    """What a walk along a file found, and the hashes of the entries that fit, in order."""

    report: ChainReport
    hashes: tuple[str, ...]

    def newer_in(self, own: Sequence[str], file: Path) -> int:
        """Return how many entries the own ledger has beyond the file's.

        A file that ends before the ledger does is an older export, and no worse for it.

        Args:
            own: the hashes of the own ledger's entries, in order.
            file: the file's name, for the error.

        Raises:
            ExportBroken: the own ledger has another entry, or none, where the file has one.
        """
        for entry, digest in enumerate(self.hashes, start=1):
            if entry > len(own):
                raise ExportBroken(file=file, entry=entry, detail=_MORE.format(entry=entry))
            if own[entry - 1] != digest:
                raise ExportBroken(file=file, entry=entry, detail=_OTHERWISE.format(entry=entry))
        return len(own) - len(self.hashes)


def walk(lines: Iterable[bytes]) -> ChainWalk:
    """Walk along the lines of an export and report the first entry that does not fit.

    Every hash is computed anew. What this cannot see is a tail that was cut off, or a book
    that was written anew from some entry on; for that a hash is needed that was noted
    elsewhere, or the ledger itself.
    """
    hashes: list[str] = []
    wrong = ""
    for line in lines:
        prev = hashes[-1] if hashes else GENESIS
        entry, wrong = _entry(line, len(hashes) + 1, prev)
        if wrong:
            break
        hashes.append(entry["hash"])
    report = ChainReport(
        entries=len(hashes),
        head=hashes[-1] if hashes else GENESIS,
        broken=len(hashes) + 1 if wrong else None,
        detail=wrong,
    )
    return ChainWalk(report=report, hashes=tuple(hashes))


def _entry(line: bytes, seq: int, prev: str) -> tuple[dict[str, Any], str]:
    """Return the entry of a line, and what is wrong with it or ""."""
    try:
        text = line.decode("utf-8-sig" if seq == 1 else "utf-8").rstrip("\r\n")
        entry = json.loads(text)
        # The hash covers the known fields only: nothing may stand beside them.
        if set(entry) != _FIELDS or not isinstance(entry["hash"], str):
            raise ValueError(seq)
        written = canonical_json(entry)
        row = {**entry, "body": canonical_json(entry["body"])}
    except (ValueError, TypeError, RecursionError):
        return {}, _NO_ENTRY.format(line=seq)
    wrong = damage(row, seq, prev)
    if not wrong and written != text:
        wrong = _NOT_AS_WRITTEN.format(line=seq)
    return entry, wrong


def verified_file(file: Path, *, head: str | None = None) -> ChainWalk:
    """Walk along an exported file and return what was found: that it is whole.

    Args:
        file: the export.
        head: a hash noted elsewhere, as in a report, that one of its entries must have.

    Raises:
        UsageInvalid: the file cannot be read.
        ExportBroken: an entry does not fit, or none has that hash.
    """
    try:
        with file.open("rb") as lines:
            found = walk(lines)
    except OSError as error:
        raise UsageInvalid(detail=f"{file}: {error.strerror}") from error
    report = found.report
    if report.broken is not None:
        raise ExportBroken(file=file, entry=report.broken, detail=report.detail)
    if head is not None and head not in found.hashes:
        detail = _HEAD_MISSING.format(head=f"{head[:12]}…")
        raise ExportBroken(file=file, entry=report.entries + 1, detail=detail)
    return found
