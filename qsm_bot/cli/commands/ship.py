"""The command that reports a shipment."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.refuse import OrderArgument
from qsm_bot.cli.program.asking import ask
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.streams import person_is_there
from qsm_bot.cli.wiring.announce import announce

if TYPE_CHECKING:
    pass

_MOST_CARRIER, _MOST_TRACKING = 200, 50  # the API's own limits

_ASK = Words(
    "Report {order} as shipped by {data}? The buyer is told.",
    "{order} を発送処理しますか？（{data}）お客様に通知されます。",
)
_ADD_YES = Words("add --yes to ship {order}", "{order} を発送処理するには --yes を付けてください")
_BAD_ORDER = Words("an order number has digits only", "注文番号は数字のみです")
_BAD_DATA = Words(
    "--carrier takes 1 to {carrier}, --tracking 1 to {tracking} characters in one line",
    "--carrier は1～{carrier}文字、--tracking は1～{tracking}文字（改行なし）で指定してください",
)
_UNKNOWN = Words(
    "“{carrier}” is no carrier that is known here{hint}; it is sent as written. Known: {known}",
    "「{carrier}」は未知の配送会社名です{hint}。このまま送信します。既知: {known}",
)
_NEAREST = Words(" (did you mean {name}?)", "（{name} のことですか）")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "ship",
        help=Words("Report one order as shipped, by QAPI.", "1件の発送処理を QAPI で送信"),
        announces=announce,
    )(ship)


def ship(
    job: Job,
    order: OrderArgument,
    carrier: Annotated[
        str,
        typer.Option(
            help=t("as ヤマト宅急便, ゆうパック, 佐川急便", "例: ヤマト宅急便・ゆうパック")
        ),
    ],
    tracking: Annotated[str, typer.Option(help=t("tracking number", "送り状番号"))],
    yes: Annotated[bool, typer.Option("--yes", help=t("do not ask", "確認を省く"))] = False,
) -> int:
    """Report one order as shipped."""
    from flows.ship import ship as ship_one
    from qsm_bot.cli.wiring.run import open_shipping_run
    from qsm_bot.domain.shipment import Shipment
    from qsm_bot.render.documents import ship_document
    from qsm_bot.render.tables import ship_table

    shipment = Shipment(
        order_no=order, carrier=carrier.strip(), tracking=tracking.strip(), who=getpass.getuser()
    )
    _raise_if_unfit(shipment.order_no, shipment.carrier, shipment.tracking)
    _tell_if_unknown(job, shipment.carrier)
    job.settings.raise_if_not_live(job.settings.qapi_url)
    if not yes:
        if job.as_json or not person_is_there():
            raise UsageInvalid(detail=_ADD_YES.filled(order=order))
        ask(_ASK.filled(order=order, data=shipment.data), job.lang)
    with open_shipping_run(job.settings, job) as run:
        result = ship_one(run, shipment)
    job.show(ship_document(result, job.lang), lambda: ship_table(result, job.lang))
    if result.error is not None and not job.as_json:
        job.show_error(result.error)
    if result.error is not None:
        announce(job, result.error)
    return result.exit_code


def _tell_if_unknown(job: Job, carrier: str) -> None:
    # The API's own list is not public: what is not known here may be known there.
    from qsm_bot.domain.carriers import is_known_carrier, known_carriers, nearest_carrier

    if is_known_carrier(carrier):
        return
    near = nearest_carrier(carrier)
    hint = _NEAREST.filled(name=near) if near else ""
    known = " ".join(known_carriers())
    job.tell(_UNKNOWN.filled(carrier=carrier, hint=hint, known=known))


def _raise_if_unfit(order_no: str, carrier: str, tracking: str) -> None:
    if not (order_no.isascii() and order_no.isdigit()):
        raise UsageInvalid(detail=_BAD_ORDER)
    for text, most in ((carrier, _MOST_CARRIER), (tracking, _MOST_TRACKING)):
        if not (0 < len(text) <= most and text.isprintable()):
            raise UsageInvalid(
                detail=_BAD_DATA.filled(carrier=_MOST_CARRIER, tracking=_MOST_TRACKING)
            )
