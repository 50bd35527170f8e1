"""Rules: each as a sentence, with what it does today and did before; by Excel both ways."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from qsm_bot.base.clock import now
from qsm_bot.base.words import Words
from qsm_bot.board.rule_sentence import rule_sentence
from qsm_bot.board.visit import BoardVisit
from qsm_bot.ledger import Wanted
from qsm_bot.rules import load_rules

_DAYS = 90
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NO_FILE = Words("Choose the Excel file first.", "先に Excel ファイルを選んでください。")
WRITTEN = Words("The rules were replaced.", "ルールを置き換えました。")


def show(visit: BoardVisit) -> Response:
    """Show the rules."""
    return _shown(visit)


def _shown(
    visit: BoardVisit,
    *,
    said: Words | None = None,
    error: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    settings = visit.desk.load()
    rules = load_rules(settings.rules).rules if settings.rules.exists() else []
    with visit.desk.ledger() as ledger:
        newest = next(iter(ledger.pending(settings.shop).plans), None)
        since = now() - timedelta(days=_DAYS)
        before = ledger.find(Wanted(shop=settings.shop, since=since))
    return visit.page(
        "rules.html",
        status=status,
        rules=[(rule, rule_sentence(rule)) for rule in rules],
        newest=newest,
        today=Counter(row.rule for row in newest.refuse) if newest else Counter(),
        before=Counter(each.rule for each in before if each.outcome == "refused"),
        said=said,
        error=error,
    )


def download(visit: BoardVisit) -> Response:
    """Give the rules as an Excel file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rules.xlsx"
        code, document = visit.jobs.call(["rules", "export", str(file)], visit.lang)
        if code:
            return visit.page("error.html", status=409, error=_error(document))
        content = file.read_bytes()
    headers = {"content-disposition": 'attachment; filename="rules.xlsx"'}
    return Response(content, media_type=_XLSX, headers=headers)


def upload(visit: BoardVisit) -> Response:
    """Replace the rules by those of an Excel file; one with a mistake changes nothing."""
    given = visit.form.get("file")
    if not isinstance(given, UploadFile) or not given.size:
        return _shown(visit, error={"message": NO_FILE.say(visit.lang)}, status=409)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rules.xlsx"
        file.write_bytes(given.file.read())
        code, document = visit.jobs.call(["rules", "import", str(file), "--force"], visit.lang)
    if code:
        return _shown(visit, error=_error(document), status=409)
    return _shown(visit, said=WRITTEN)


def _error(document: object) -> Mapping[str, str]:
    if isinstance(document, dict) and isinstance(document.get("error"), dict):
        return dict(document["error"])
    raise HTTPException(500)
