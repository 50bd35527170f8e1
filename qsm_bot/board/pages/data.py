"""The shop's own data: files that say what was packed and shipped; dropped here, checked here."""

from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from qsm_bot.base.private_files import write_private
from qsm_bot.base.words import Words
from qsm_bot.board.settings_form import add_source
from qsm_bot.board.visit import BoardVisit
from qsm_bot.evidence.config import SUFFIXES

_NAME = "出荷データ"

NO_FILE = Words(
    "Choose a file that ends in {suffixes}.",
    "{suffixes} のファイルを選んでください。",
)


def show(visit: BoardVisit) -> Response:
    """Show the sources, what is read of each, and what is wrong with it."""
    return _shown(visit)


def _shown(visit: BoardVisit, problem: Words | None = None) -> Response:
    _, document = visit.jobs.call(["evidence", "check"], visit.lang)
    found = document if isinstance(document, dict) else {}
    return visit.page(
        "data.html",
        status=409 if problem else 200,
        sources=found.get("sources", []),
        doubts=found.get("doubts", []),
        error=found.get("error"),
        problem=problem,
    )


def upload(visit: BoardVisit) -> Response:
    """Keep a file beside the settings, in the place of the one before, and let it be read."""
    given = visit.form.get("file")
    suffix = Path(given.filename or "").suffix.casefold() if isinstance(given, UploadFile) else ""
    if not isinstance(given, UploadFile) or not given.size or suffix not in SUFFIXES:
        return _shown(visit, NO_FILE.filled(suffixes=" ".join(SUFFIXES)))
    settings = visit.desk.config or visit.shops.settings_file.absolute()
    file = settings.parent / f"{_NAME}{suffix}"
    write_private(file, given.file.read())
    if not visit.desk.practice:
        add_source(settings, visit.desk.shop, file)
    return visit.to("data")
