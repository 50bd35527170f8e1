"""Commands on the ledger itself: ledger verify, export, trace, merge."""

import getpass
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job, writable
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup

if TYPE_CHECKING:
    from qsm_bot.ledger import Press

ByOption = Annotated[
    str | None, typer.Option("--by", help=t("who; default: the user", "担当者（既定: ログイン名）"))
]

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
_TRACE_GOOD = Words(
    "The ledger knows every press of this shop on this computer.",
    "このPCでの操作はすべて台帳にあります。",
)
_LOST = Words(
    "{order}: pressed {at:%Y-%m-%d %H:%M} JST, {outcome}",
    "{order}: {at:%Y-%m-%d %H:%M} JST に操作（{outcome}）",
)
_ACCEPTED = Words(
    "Written down: {who} has looked at them. This program presses none of them again.",
    "{who} が確認済みと記録しました。これらの注文をこのプログラムが再度操作することはありません。",
)
_NAMES = Words(
    "Names that mean no shop of the settings yet: {names}",
    "どのショップのものか分からない名前: {names}",
)
_NO_NAMES = Words("Every name in the ledger is known.", "台帳の名前はすべて確認済みです。")
_MERGED = Words("{name} means {shop} from now on.", "{name} を {shop} に統合しました。")
_NOT_MERGED = Words(
    "no such name waits in the ledger: {name}", "台帳に該当する名前がありません: {name}"
)
_NO_HEAD = Words("--head takes 64 hex digits", "--head は16進64桁で指定してください")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t("Check or export the ledger.", "台帳の検査・出力"),
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
    command(
        group,
        "trace",
        help=Words(
            "What was pressed for this shop on this computer and is not in this ledger.",
            "このPCで拒否を操作したが台帳にない注文",
        ),
    )(trace)
    command(
        group,
        "merge",
        help=Words(
            "Let a name that an earlier version knew a shop by mean this shop.",
            "旧版で使用していたショップ名をこのショップに統合",
        ),
    )(merge)
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
    from qsm_bot.cli.wiring.stores import open_ledger, whole_chain

    with open_ledger(job.settings) as ledger:
        chain = whole_chain(ledger)
    document = {"entries": chain.entries, "head": chain.head, "broken": None}
    said = _CHAIN_GOOD.filled(entries=chain.entries, head=chain.head)
    job.show(document, lambda: said.say(job.lang))
    return 0


def _verify_file(job: Job, file: Path, head: str | None, *, own: bool) -> int:
    from qsm_bot.cli.wiring.stores import open_ledger, whole_chain
    from qsm_bot.ledger.exported import verified_file

    walk = verified_file(file, head=head)
    chain = walk.report
    document: dict[str, Any] = {"entries": chain.entries, "head": chain.head}
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
    from qsm_bot.cli.wiring.stores import open_ledger

    with open_ledger(job.settings) as ledger:
        if out is None:
            ledger.export(sys.stdout)
            return 0
        with writable(out) as file:
            entries = ledger.export(file)
    document = {"entries": entries, "file": str(out)}
    job.show(document, lambda: _EXPORTED.filled(entries=entries, path=out).say(job.lang))
    return 0


def trace(
    job: Job,
    accept: Annotated[
        bool,
        typer.Option("--accept", help=t("you have looked at each of them", "各注文を確認済み")),
    ] = False,
    who: ByOption = None,
) -> int:
    """Show what the second trace knows and the ledger does not."""
    from flows._parts.forgotten import accept as accept_all
    from flows._parts.forgotten import accepted, forgotten
    from qsm_bot.cli.wiring.stores import open_whole_ledger, second_trace

    settings = job.settings
    with open_whole_ledger(settings) as ledger:
        lost = forgotten(ledger, second_trace(settings), settings.portal_url)
        done = accepted(ledger)
        lost = [press for press in lost if press.permit not in done]
        if accept and lost:
            accept_all(ledger, settings.shop, lost, who or getpass.getuser())
    lines = [
        _LOST.filled(
            order=press.order_no,
            at=press.at.astimezone(JST),
            outcome=press.outcome.value if press.outcome else "?",
        )
        for press in lost
    ]
    if accept and lost:
        lines.append(_ACCEPTED.filled(who=who or getpass.getuser()))
    job.show(
        {"shop": settings.shop, "accepted": accept, "presses": [_press(each) for each in lost]},
        lambda: "\n".join(line.say(job.lang) for line in lines or [_TRACE_GOOD]),
    )
    return ExitCode.PERSON_NEEDED if lost and not accept else ExitCode.OK


def merge(
    job: Job,
    name: Annotated[
        str | None, typer.Argument(help=t("without it the names are shown", "省略時は一覧"))
    ] = None,
    who: ByOption = None,
) -> int:
    """Show the names of earlier versions that mean no shop, or let one mean this shop."""
    from qsm_bot.cli.wiring.stores import open_whole_ledger

    shop = job.settings.shop
    with open_whole_ledger(job.settings) as ledger:
        if name is not None:
            if not ledger.merge_name(name, who=who or getpass.getuser()):
                raise UsageInvalid(detail=_NOT_MERGED.filled(name=name))
            said = _MERGED.filled(name=name, shop=shop)
            job.show({"shop": shop, "merged": name}, lambda: said.say(job.lang))
            return 0
        names = ledger.unclaimed_names()
    told = _NAMES.filled(names=", ".join(names)) if names else _NO_NAMES
    job.show({"shop": shop, "names": names}, lambda: told.say(job.lang))
    return 0


def _press(press: "Press") -> dict[str, str | None]:
    return {
        "order_no": press.order_no,
        "at": press.at.isoformat(),
        "outcome": press.outcome.value if press.outcome else None,
    }
