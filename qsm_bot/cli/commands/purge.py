"""The command purge: old evidence is deleted, once a person has seen what."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

if TYPE_CHECKING:
    from flows.purge import Purge

_NO_AGE = Words(
    "--older {given}: days, as in 90d", "--older {given}: 90d のように日数で指定してください"
)
_NONE = Words("No evidence is that old.", "該当する古いファイルはありません。")
_FOUND = Words(
    "Nothing was deleted. To delete these {files} files ({size}): "
    "qsm-bot purge --older {older} --yes",
    "まだ削除していません。{files} 件（{size}）を削除するには: qsm-bot purge --older {older} --yes",
)
_DELETED = Words(
    "{files} files deleted ({size}). The ledger stays, and says so.",
    "{files} 件（{size}）を削除し、台帳に記録しました。台帳は残ります。",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "purge",
        help=Words(
            "List, and with --yes delete, old pictures and reports; never the ledger.",
            "古い画像とレポートを一覧し、--yes で削除（台帳は対象外）",
        ),
        over_shops="if asked",
    )(purge)


def purge(
    job: Job,
    older: Annotated[
        str, typer.Option(metavar="DAYS", help=t("how old, as in 90d", "経過日数（例: 90d）"))
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help=t("delete what is listed", "一覧のファイルを削除"))
    ] = False,
) -> int:
    """List what is old enough in the data folder, and delete it only if told to."""
    from flows.purge import look_for_old
    from flows.purge import purge as delete
    from qsm_bot.base.retention import KeptFiles
    from qsm_bot.cli.wiring.stores import data_folder, open_ledger, whole_chain
    from qsm_bot.render.tables import purge_table

    age = _age(older)
    kept = KeptFiles(data_folder(job.settings))
    with open_ledger(job.settings) as ledger:
        found = look_for_old(ledger, kept, older=age, clock=now)
        if yes:
            whole_chain(ledger)
            delete(ledger, kept, found)
    job.show(
        _document(found, deleted=yes),
        lambda: purge_table(found.batches, job.lang) if found.batches else _NONE.say(job.lang),
    )
    if not found.batches:
        return ExitCode.NOTHING_TO_DO
    said = _DELETED if yes else _FOUND
    job.say(said.filled(files=found.files, size=f"{found.size:,} B", older=older))
    return 0


def _age(text: str) -> timedelta:
    days = re.fullmatch(r"([1-9]\d{0,4})d", text, re.ASCII)
    if days is None:
        raise UsageInvalid(detail=_NO_AGE.filled(given=text))
    return timedelta(days=int(days[1]))


def _document(found: "Purge", *, deleted: bool) -> dict[str, object]:
    return {
        "before": found.before.isoformat(),
        "deleted": deleted,
        "batches": [
            {
                "name": batch.name,
                "pictures": list(batch.pictures),
                "reports": list(batch.reports),
                "bytes": batch.size,
                "newest": batch.newest.isoformat(),
            }
            for batch in found.batches
        ],
        "files": found.files,
        "bytes": found.size,
    }
