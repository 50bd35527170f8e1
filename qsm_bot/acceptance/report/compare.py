"""What has changed since an earlier run: names on the pages, dialogs, services, verdicts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qsm_bot.acceptance.report.documents import SCHEMA
from qsm_bot.acceptance.report.verdicts import Run
from qsm_bot.base.errors.acceptance import LastRunUnreadable
from qsm_bot.base.words import Words
from qsm_bot.domain.page_fingerprint import PageFingerprint, compare

_OTHER = Words(
    "no document of `qsm-bot accept --json`", "`qsm-bot accept --json` の出力ではありません"
)
_NOTHING = Words(
    "that run could not judge: {code}, {message}",
    "判定できなかった実行の記録です: {code} {message}",
)


@dataclass(frozen=True, slots=True)
class LastRun:
    """An earlier run, as its document tells it."""

    contract: PageFingerprint
    verdicts: Mapping[str, str]


def load_last(file: Path) -> LastRun:
    """Read the document of an earlier run.

    Raises:
        LastRunUnreadable: it is none.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema {document['schema']}")
        if document["error"]:
            raise LastRunUnreadable(file=file, detail=_NOTHING.filled(**document["error"]))
        places = {
            place: {kind: tuple(map(str, names)) for kind, names in kinds.items()}
            for place, kinds in document["contract"].items()
        }
        verdicts = {each["id"]: str(each["verdict"]) for each in document["statements"]}
        read_at = datetime.fromisoformat(document["started_at"])
    except OSError as error:
        raise LastRunUnreadable(file=file, detail=error.strerror) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LastRunUnreadable(file=file, detail=_OTHER) from error
    return LastRun(PageFingerprint(places, read_at), verdicts)


def note_changes(run: Run, last: LastRun) -> None:
    """Note in the run what has changed since the last one."""
    run.compared_with = last.contract.read_at
    run.changes = compare(last.contract, run.contract)
    run.turned = {
        id_: last.verdicts[id_]
        for id_, record in run.records.items()
        if id_ in last.verdicts and last.verdicts[id_] != record.verdict
    }
