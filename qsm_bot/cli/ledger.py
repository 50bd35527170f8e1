"""Commands on the ledger itself: ledger verify, ledger export."""

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from qsm_bot.cli.command import Job, command, writable
from qsm_bot.cli.lang import t
from qsm_bot.errors import UsageInvalid
from qsm_bot.words import Words

_CHAIN_GOOD = Words(
    "{entries} entries, the chain is whole. Head: {head}",
    "{entries} 件、改変はありません。末尾: {head}",
)
_OWN_GOOD = Words(
    "This shop's ledger has the same entries, and {newer} newer ones.",
    "台帳と一致しています（台帳のみの新しい記録 {newer} 件）。",
)
_EXPORTED = Words("{entries} entries written to {path}", "{entries} 件を {path} に出力しました")
_FILE_FIRST = Words(
    "--head and --own are for an exported FILE", "--head と --own には FILE の指定が必要です"
)
_NO_HEAD = Words("--head takes 64 hex digits", "--head は16進64桁で指定してください")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        rich_markup_mode=None, help=t("Check or export the ledger.", "台帳の検査・出力")
    )
    app.add_typer(group, name="ledger")
    command(
        group,
        "verify",
        help=Words(
            "Walk the hash chain of the ledger, or of an exported file without a ledger.",
            "台帳、または出力済みファイルのハッシュ鎖を検査",
        ),
    )(verify)
    command(group, "export", help=Words("Write all entries as JSON lines.", "全件をJSON行で出力"))(
        export
    )


def verify(
    job: Job,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help=t("an exported ledger", "出力済みの台帳ファイル")),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            help=t("a hash noted elsewhere that FILE must have", "FILE に含まれるべきハッシュ"),
        ),
    ] = None,
    own: Annotated[
        bool,
        typer.Option("--own", help=t("compare FILE with the own ledger", "自分の台帳とも照合")),
    ] = False,
) -> int:
    """Walk the hash chain and say where it is broken, if it is."""
    if file is None:
        if head is not None or own:
            raise UsageInvalid(detail=_FILE_FIRST)
        return _verify_own(job)
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise UsageInvalid(detail=_NO_HEAD)
    return _verify_file(job, file, head, own=own)


def _verify_own(job: Job) -> int:
    from qsm_bot.cli.parts import open_ledger, whole_chain

    with open_ledger(job.settings) as ledger:
        chain = whole_chain(ledger)
    document = {"schema": 1, "entries": chain.entries, "head": chain.head, "broken": None}
    said = _CHAIN_GOOD.filled(entries=chain.entries, head=chain.head)
    job.show(document, lambda: said.say(job.lang))
    return 0


def _verify_file(job: Job, file: Path, head: str | None, *, own: bool) -> int:
    from qsm_bot.cli.parts import open_ledger, whole_chain
    from qsm_bot.ledger.exported import verified_file

    walk = verified_file(file, head=head)
    chain = walk.report
    document: dict[str, Any] = {"schema": 1, "entries": chain.entries, "head": chain.head}
    document |= {"broken": None, "file": str(file)}
    lines = [_CHAIN_GOOD.filled(entries=chain.entries, head=chain.head)]
    if own:
        with open_ledger(job.settings) as ledger:
            whole_chain(ledger)
            newer = walk.newer_in(ledger.hashes(), file)
        document["newer_in_ledger"] = newer
        lines.append(_OWN_GOOD.filled(newer=newer))
    job.show(document, lambda: "\n".join(line.say(job.lang) for line in lines))
    return 0


def export(
    job: Job,
    out: Annotated[
        Path | None, typer.Option(help=t("file; default: stdout", "出力先（既定: 標準出力）"))
    ] = None,
) -> int:
    """Write all entries as JSON lines that anyone can verify with SHA-256."""
    from qsm_bot.cli.parts import open_ledger

    with open_ledger(job.settings) as ledger:
        if out is None:
            ledger.export(sys.stdout)
            return 0
        with writable(out) as file:
            entries = ledger.export(file)
    document = {"schema": 1, "entries": entries, "file": str(out)}
    job.show(document, lambda: _EXPORTED.filled(entries=entries, path=out).say(job.lang))
    return 0
