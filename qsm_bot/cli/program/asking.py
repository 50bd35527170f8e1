"""What a person at the keyboard is asked for, and how names and numbers are read."""

import re
import unicodedata
from collections.abc import Sequence

import typer

from qsm_bot.base.errors.people import PersonDeclined
from qsm_bot.base.words import Lang, Words
from qsm_bot.cli.program.language import as_started, t


def ask(question: Words, lang: Lang) -> None:
    """Ask the person at the keyboard a yes-or-no question.

    Raises:
        PersonDeclined: the answer is no, or none.
    """
    asked = as_started(question.say(lang))
    try:
        agreed = _agreed_in_japanese(asked) if lang == "ja" else typer.confirm(asked)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise PersonDeclined


def ask_for_name(what: str) -> str:
    """Ask the person at the keyboard for a name, until there is one.

    Raises:
        PersonDeclined: they left without one.
    """
    try:
        return str(typer.prompt(what, value_proc=_asked_name))
    except typer.Abort:
        raise PersonDeclined from None


def name_of(said: str) -> str:
    """Return a person's name as it can be kept and shown; "" if it is none.

    What a terminal sends in another encoding arrives as characters that no file can hold.
    """
    name = " ".join(said.split())
    return "" if any(unicodedata.category(each).startswith("C") for each in name) else name


def named_in(given: Sequence[str] | None) -> list[str]:
    """Return the order numbers of an option, each by itself or several with commas."""
    return [each for value in given or () for each in re.split(r"[\s,、，]+", value) if each]


def _asked_name(said: str) -> str:
    if name := name_of(said):
        return name
    raise typer.BadParameter(t("Please write a name.", "お名前を入力してください。"))


def _agreed_in_japanese(question: str) -> bool:
    said = typer.prompt(f"{question} [はい/いいえ]", default="", show_default=False)
    return str(said).strip().casefold() in ("はい", "y", "yes")
