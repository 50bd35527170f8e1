"""The language to speak: `--lang`, QSM_LANG, the folder's settings, else the locale's."""

import locale
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import get_args

from qsm_bot.base.words import Lang

_LINES = {
    ".env": re.compile(r"^\s*(?:export\s+)?QSM_LANG\s*=\s*[\"']?(ja|en)\b", re.MULTILINE),
    # Above the first table: what stands in one is of a shop.
    "qsm-bot.toml": re.compile(r"\A(?:(?!\[)[^\n]*\n)*?\s*lang\s*=\s*[\"'](ja|en)[\"']"),
}


def chosen_lang(argv: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language to speak before any settings file was read."""
    wanted = environment.get("QSM_LANG", "")
    for index, word in enumerate(argv):
        if word == "--lang":
            wanted = argv[index + 1] if index + 1 < len(argv) else ""
        elif word.startswith("--lang="):
            wanted = word.removeprefix("--lang=")
    if wanted in get_args(Lang):
        return "ja" if wanted == "ja" else "en"
    return "ja" if _locale_is_japanese(environment) else "en"


def lang_of_folder(folder: Path) -> str:
    """Return what a folder's .env or qsm-bot.toml names as language; "" if neither does.

    It is wanted before the settings are read, and even if they are wrong: for help and errors.
    """
    for name, line in _LINES.items():
        with suppress(OSError, ValueError):
            found = line.search((folder / name).read_text(encoding="utf-8-sig"))
            if found:
                return found[1]
    return ""


def _locale_is_japanese(environment: Mapping[str, str]) -> bool:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return environment[variable].startswith("ja")
    return (locale.getlocale()[0] or "").lower().startswith("ja")
