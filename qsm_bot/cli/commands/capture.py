"""`qsm-bot capture`: what the portal looks like, without anything that is anybody's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.asking import ask
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.streams import person_is_there

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.portal.capture.draft import Draft

_ADD_YES = Words("add --yes to write the pages", "保存するには --yes を付けてください")
_ASK = Words("Write these files to {folder}?", "{folder} に保存しますか？")
_DONE = Words(
    "Written to {folder}. Nothing was sent to anybody. Open the pages and look before you pass "
    "them on: whatever you recognise does not belong there.",
    "{folder} に保存しました。どこにも送信していません。渡す前に必ずページを開き、"
    "見覚えのある情報が残っていないか確認してください。",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "capture",
        help=Words(
            "Save the portal's pages with every value replaced by an invented one.",
            "画面を保存（個人情報と秘密はすべて架空の値に置換）",
        ),
    )(capture)


def capture(
    job: Job,
    out: Annotated[
        Path | None,
        typer.Option(help=t("folder; default: in the data folder", "保存先（既定: データ内）")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=t("do not ask", "確認を省く"))] = False,
) -> int:
    """Take the pages, show what would be written, ask, and write."""
    from flows.capture import raise_if_taken, write
    from qsm_bot.render.captures import capture_document, capture_table

    if not yes and (job.as_json or not person_is_there()):
        raise UsageInvalid(detail=_ADD_YES)
    folder = out or _free_folder(job.settings)
    raise_if_taken(folder)
    draft = _draft(job)
    document = capture_document(draft, folder)
    if not yes:
        job.show(document, lambda: capture_table(draft, job.lang))
        ask(_ASK.filled(folder=folder), job.lang)
    write(draft, folder)
    if yes:
        job.show(document, lambda: capture_table(draft, job.lang))
    job.say(_DONE.filled(folder=folder))
    return draft.exit_code


def _draft(job: Job) -> "Draft":
    from flows.capture import ShopSecrets, take
    from qsm_bot.cli.wiring.portal import open_portal, password_if_any
    from qsm_bot.cli.wiring.stores import load_pack, open_ledger

    settings = job.settings
    pack = load_pack(settings)
    with open_ledger(settings) as ledger, open_portal(settings, pack) as portal:
        shop = ShopSecrets(
            login_id=settings.login_id,
            secrets=(password_if_any(settings), settings.sub_id),
            name=settings.shop_name,
            orders={attempt.order_no for attempt in ledger.attempts()},
            portal=settings.portal_url if settings.is_loopback else "",
        )
        return take(portal, shop, pack, now=now(), tell=job.tell)


def _free_folder(settings: "Settings") -> Path:
    parent, day = settings.data_dir / "captures", f"{now():%Y-%m-%d}"
    number = 1
    while (parent / (name := day if number == 1 else f"{day}-{number}")).exists():
        number += 1
    return parent / name
