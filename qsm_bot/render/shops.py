"""The runs of all shops as one document and one table."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.people import RunStopped
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.request import OUTCOME_WORDS
from qsm_bot.render.documents import SCHEMA, error_document
from qsm_bot.render.report_words import EXIT_WORDS
from qsm_bot.render.tables import plain_table

if TYPE_CHECKING:
    from qsm_bot.schedule.processes import Ended

_SHOP = Words("shop", "ショップ")
_CODE = Words("ending", "終わり方")
_OUTCOMES = Words("outcomes", "結果")
_WAITS = Words("waits for a person", "確認が必要")
_TROUBLE = Words("trouble", "問題")
_COUNT = Words("{outcome} {count}", "{outcome} {count} 件")
_DIGITS = 12


def shop_document(ended: "Ended", lang: Lang) -> dict[str, Any]:
    """Return the document of one shop's run, with its name in the settings.

    A process that left none has one that says so.
    """
    document: object = None
    with suppress(ValueError):
        document = json.loads(ended.out)
    if not isinstance(document, dict) or not isinstance(document.get("exit_code"), int):
        error = RunStopped() if ended.code is None else QsmBotError(detail=_left(ended.code))
        document = error_document(error, lang)
    return {"name": ended.name, **document}


def _left(code: int) -> str:
    return f"the process ended without a document, exit code {code}"


def shops_document(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document of `run --all-shops`."""
    codes = [document["exit_code"] for document in documents]
    return {"schema": SCHEMA, "shops": list(documents), "exit_code": worst(codes)}


def worst(codes: Sequence[int]) -> int:
    """Return the exit code that says most: a shop with nothing to do is no worse than a good one.

    Args:
        codes: at least one exit code of the contract.
    """
    good = 0 in codes and max(codes) <= ExitCode.NOTHING_TO_DO
    return 0 if good else max(codes)


def shops_table(documents: Sequence[Mapping[str, Any]], lang: Lang) -> Table:
    """Return one line for each shop."""
    table = plain_table(lang, "", _SHOP, _CODE, _OUTCOMES, _WAITS, _TROUBLE)
    for document in documents:
        error = document.get("error") or {}
        trouble = " ".join(str(error.get(key, "")) for key in ("code", "message"))
        table.add_row(
            Text(document["name"]),
            _ending(document["exit_code"], lang),
            _counts(document.get("outcomes", ()), lang),
            str(document.get("waiting") or "")[:_DIGITS],
            Text(trouble.strip()),
        )
    return table


def _ending(code: int, lang: Lang) -> str:
    words = EXIT_WORDS.get(code)
    return f"{code} {words.say(lang)}" if words else str(code)


def _counts(outcomes: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    counted = Counter(each["outcome"] for each in outcomes)
    return "\n".join(
        _COUNT.filled(outcome=OUTCOME_WORDS[kind], count=count).say(lang)
        for kind, count in counted.items()
    )
