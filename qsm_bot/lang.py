"""The language to speak: `--lang`, QSM_LANG, else the locale's."""

import locale
from collections.abc import Mapping, Sequence
from typing import get_args

from qsm_bot.words import Lang


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


def _locale_is_japanese(environment: Mapping[str, str]) -> bool:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return environment[variable].startswith("ja")
    return (locale.getlocale()[0] or "").lower().startswith("ja")
