"""How this process speaks: its language, and the program by the name that it was called by."""

import os
import re
import sys
from pathlib import Path

from qsm_bot.base.words import Lang, Words
from qsm_bot.config.language import chosen_lang, lang_of_folder

_SAID = os.environ.get("QSM_LANG") or lang_of_folder(Path())
LANG: Lang = chosen_lang(sys.argv[1:], {**os.environ, "QSM_LANG": _SAID})
"""Help texts are fixed when the commands are declared, so it is read once, here."""


_COMMAND = re.compile(r"(?<![\w./-])(?<!uv run )qsm-bot (?=[a-z])")


def t(en: str, ja: str) -> str:
    """Return the help text in the language of this process."""
    return Words(en, ja).say(LANG)


def as_started(text: str) -> str:
    """Return a text whose commands can be typed as they stand, by whoever began with `uv run`."""
    # Without it nobody's path has the program; uv says so to what it starts.
    return _COMMAND.sub("uv run qsm-bot ", text) if "UV_RUN_RECURSION_DEPTH" in os.environ else text
