"""Commands on the seller's own facts: evidence show, evidence check."""

from typing import Annotated

import typer

from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup

OrderArgument = Annotated[
    str, typer.Argument(metavar="ORDER", help=t("order number (注文番号)", "注文番号"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t(
            "Look at the shop's own facts about orders.", "注文を裏付ける自社データの表示・点検"
        ),
    )
    app.add_typer(group, name="evidence")
    command(
        group,
        "show",
        help=Words("Show what is known of an order, and from where.", "注文のデータと出典を表示"),
    )(show)
    command(
        group,
        "check",
        help=Words("Read all sources and show their problems.", "すべての取得元を読み、点検"),
        over_shops="if asked",
    )(check)


def show(job: Job, order: OrderArgument) -> int:
    """Show what the sources know of one order."""
    from qsm_bot.cli.wiring.stores import load_evidence
    from qsm_bot.render.evidence import show_code, show_document, show_table

    settings = job.settings
    found = load_evidence(settings)
    job.show(
        show_document(found, settings.shop, order, job.lang),
        lambda: show_table(found, order, job.lang),
    )
    return show_code(found, order)


def check(job: Job) -> int:
    """Read every source, and every row of it."""
    from qsm_bot.cli.wiring.stores import load_evidence
    from qsm_bot.render.evidence import all_doubts, check_code, check_document, check_table

    settings = job.settings
    found = load_evidence(settings)
    doubts = all_doubts(found)
    job.show(
        check_document(found, doubts, settings.shop, job.lang),
        lambda: check_table(found, doubts, job.lang),
    )
    return check_code(found, doubts)
