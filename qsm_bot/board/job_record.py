"""What a job is, as its folder keeps it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qsm_bot.base.words import Words


class JobKind(StrEnum):
    """What a job is for."""

    READ = "read"
    DECIDE = "decide"
    REHEARSE = "rehearse"
    SETTLE = "settle"
    ROUND = "round"
    CHECK = "check"
    SIGN_IN = "sign_in"
    TEACH = "teach"
    BOOK = "book"


KIND_WORDS: Mapping[JobKind, Words] = {
    JobKind.READ: Words("reading the list", "一覧の読み取り"),
    JobKind.DECIDE: Words("refusing", "拒否"),
    JobKind.REHEARSE: Words("rehearsing (nothing is sent)", "予行（送信なし）"),
    JobKind.SETTLE: Words("looking what became of it", "結果の確認"),
    JobKind.ROUND: Words("one round", "自動実行（1回）"),
    JobKind.CHECK: Words("checking the pages", "画面の点検"),
    JobKind.SIGN_IN: Words("signing in", "サインイン"),
    JobKind.TEACH: Words("teaching the pages", "画面を教える"),
    JobKind.BOOK: Words("checking the records", "記録の点検"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRecord:
    """One job: its commands, who wanted it and when; `plan` is a digest or ""."""

    name: str
    kind: JobKind
    steps: tuple[tuple[str, ...], ...]
    plan: str
    who: str
    at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return the form in which it is kept."""
        return asdict(self) | {"kind": self.kind.value, "at": self.at.isoformat()}


def recorded(folder: Path) -> JobRecord | None:
    """Return the job of a folder; None if there is none that can be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        document = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        return JobRecord(
            name=folder.name,
            kind=JobKind(document["kind"]),
            steps=tuple(tuple(step) for step in document["steps"]),
            plan=document["plan"],
            who=document["who"],
            at=datetime.fromisoformat(document["at"]),
        )
    return None


def end_of(folder: Path) -> int | None:
    """Return the exit code with which a job ended; -1 if it died; None if it has not ended."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((folder / "end.json").read_text(encoding="utf-8"))["code"])
    return None
