"""Settings: the shop, its hours and rounds; and the switch that lets it act."""

import re
from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.words import Words
from qsm_bot.board.settings_form import Value, save_settings
from qsm_bot.board.shops import ONLY
from qsm_bot.board.visit import BoardVisit
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Wanted

NO_REHEARSAL = Words(
    "Rehearse one order first; then switch it on.", "先に1件で予行してから、本番にしてください。"
)
NO_TERMS = Words(
    "Tick that you have read the shop's terms.", "出店規約を確認し、チェックを入れてください。"
)
NO_NAME = Words(
    "Login ID and shop name are both needed.", "ログインIDとショップ名の両方を入れてください。"
)
SAVED = Words("Saved.", "保存しました。")


def show(visit: BoardVisit) -> Response:
    """Show the settings that the board can change."""
    return _shown(visit, said=SAVED if visit.asked("saved") else None)


def _shown(
    visit: BoardVisit,
    *,
    said: Words | None = None,
    problem: Words | None = None,
    status: int = 200,
) -> Response:
    settings = visit.desk.load()
    with visit.desk.ledger() as ledger:
        newest = next(iter(ledger.pending(settings.shop).plans), None)
    first = next(iter(newest.refuse), None) if newest else None
    return visit.page(
        "settings.html",
        status=status,
        settings=settings,
        registers=visit.desk.practice,
        has_shop=len(visit.shops.names()) > 1,
        rehearsed=_rehearsed(visit),
        first=first,
        said=said,
        problem=problem,
        given=visit.form,
    )


def save(visit: BoardVisit) -> Response:
    """Write what the form says; a value that is wrong changes nothing and is told."""
    login, name = visit.given("login_id"), visit.given("shop_name")
    if not (login and name):
        return _shown(visit, problem=NO_NAME, status=409)
    registers = visit.desk.practice
    if registers and len(visit.shops.names()) > 1:
        return visit.page("missing.html", status=404)
    values: dict[str, Value] = {"login_id": login, "shop_name": name}
    if not registers:
        values |= {
            "cutoff": visit.given("cutoff"),
            "carrier_cutoff": visit.given("carrier_cutoff"),
            "schedule_at": re.findall(r"\d{1,2}:\d{2}", visit.given("schedule_at")),
        }
    problem = _saved(visit, values)
    if problem is not None:
        return _shown(visit, problem=problem, status=409)
    if registers:
        return RedirectResponse(f"/{ONLY}/start", status_code=303)
    return visit.to("settings?saved=1")


def live(visit: BoardVisit) -> Response:
    """Let the shop act on QSM, or no longer; on only after a rehearsal and a word on the terms."""
    on = visit.given("live") == "on"
    if visit.desk.practice:
        return visit.page("missing.html", status=404)
    if on and not _rehearsed(visit):
        return _shown(visit, problem=NO_REHEARSAL, status=409)
    if on and visit.given("terms") != "yes":
        return _shown(visit, problem=NO_TERMS, status=409)
    problem = _saved(visit, {"live": on})
    return visit.to("settings?saved=1") if problem is None else _shown(visit, problem=problem)


def timer(visit: BoardVisit) -> Response:
    """Install the system's own timer for the rounds, or take it away."""
    words = "install" if visit.given("timer") == "on" else "remove"
    code, document = visit.jobs.call(["schedule", words], visit.lang)
    if code and isinstance(document, dict) and "error" in document:
        return visit.page("error.html", status=409, error=document["error"])
    return visit.to("settings?saved=1")


def try_message(visit: BoardVisit) -> Response:
    """Send a test message to whoever is told when a person is needed."""
    code, document = visit.jobs.call(["notify", "test"], visit.lang)
    if code and isinstance(document, dict) and "error" in document:
        return visit.page("error.html", status=409, error=document["error"])
    return visit.to("settings?saved=1")


def _saved(visit: BoardVisit, values: Mapping[str, Value]) -> Words | None:
    file = visit.shops.settings_file if visit.desk.practice else visit.desk.config
    try:
        save_settings(file or visit.shops.settings_file, visit.desk.shop, values)
    except SettingsInvalid as error:
        return error.message
    return None


def _rehearsed(visit: BoardVisit) -> bool:
    shop = visit.desk.load().shop
    wanted = Wanted(shop=shop, outcomes=[OutcomeKind.REHEARSED, OutcomeKind.REFUSED], limit=1)
    with visit.desk.ledger() as ledger:
        return bool(ledger.find(wanted))
