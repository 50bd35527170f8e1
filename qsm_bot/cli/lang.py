"""The language of help texts and messages of this process."""

import os
import sys
from pathlib import Path

from qsm_bot.lang import chosen_lang, lang_of_folder
from qsm_bot.words import Lang, Words

_SAID = os.environ.get("QSM_LANG") or lang_of_folder(Path())
LANG: Lang = chosen_lang(sys.argv[1:], {**os.environ, "QSM_LANG": _SAID})
"""Help texts are fixed when the commands are declared, so it is read once, here."""


def t(en: str, ja: str) -> str:
    """Return the help text in the language of this process."""
    return Words(en, ja).say(LANG)
