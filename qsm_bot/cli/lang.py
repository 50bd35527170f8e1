"""The language of help texts and messages of this process."""

import os
import sys

from qsm_bot.lang import chosen_lang
from qsm_bot.words import Lang, Words

LANG: Lang = chosen_lang(sys.argv[1:], os.environ)
"""Help texts are fixed when the commands are declared, so it is read once, here."""


def t(en: str, ja: str) -> str:
    """Return the help text in the language of this process."""
    return Words(en, ja).say(LANG)
