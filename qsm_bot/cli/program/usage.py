"""What is said of a command line that is not understood."""

import re
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from qsm_bot.base.words import Words
from qsm_bot.cli.program.language import t

PROGRAM = "qsm-bot"

# As Typer says it; what is not among them stays as it is.
_JAPANESE: Mapping[str, str] = {
    r"Missing option (.+?)\.": "{0} を指定してください",
    r"Missing argument (.+?)\.": "引数 {0} を指定してください",
    r"Missing command\.": "コマンドを指定してください",
    r"No such option: (\S+?)\.?": "{0} というオプションはありません",
    r"No such option: (\S+) \(Possible options: (.+)\)": (
        "{0} というオプションはありません（近いもの: {1}）"
    ),
    r"No such option: (\S+?)\.? Did you mean (.+?)\?": (
        "{0} というオプションはありません（{1} のことですか）"
    ),
    r"No such command (.+?)\.": "{0} というコマンドはありません",
    r"No such command (.+?)\. Did you mean (.+?)\?": (
        "{0} というコマンドはありません（{1} のことですか）"
    ),
    r"Option (.+?) requires an argument\.": "{0} には値が必要です",
    r"Got unexpected extra arguments? ?\(?s?\)? ?\((.+?)\)\.?": "余分な引数があります: {0}",
    r"Invalid value for (.+?): (?:Value error, )?('.*?') is not one of (.+?)\.?": (
        "{0} に {1} は使えません（使えるもの: {2}）"
    ),
    r"Invalid value for (.+?): (?:Value error, )?('.*?') is not a valid .+": (
        "{0} に {1} は使えません"
    ),
    r"Invalid value for (.+?): (.+)": "{0} の値が使えません: {1}",
}


# What Typer writes around the help texts.
_AROUND = {
    "Usage: ": "使い方: ",
    "[OPTIONS]": "[オプション]",
    "COMMAND [ARGS]...": "コマンド [引数]...",
    "Options:\n": "オプション:\n",
    "Arguments:\n": "引数:\n",
    "Commands:\n": "コマンド:\n",
    "[required]": "[必須]",
    "[default: ": "[既定: ",
}


class _HelpInOurWords:
    """Says what Typer itself adds to a help text in the language of the rest."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help as the library does, with our words around it."""
        super().format_help(ctx, formatter)  # type: ignore[misc]
        for english, japanese in _AROUND.items():
            said = t(english, japanese)
            formatter.buffer = [piece.replace(english, said) for piece in formatter.buffer]

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option as the library makes it, with our words."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = t("Show this message and exit.", "この説明を表示")
        return option


class OurCommand(_HelpInOurWords, TyperCommand):
    """A command."""


class OurGroup(_HelpInOurWords, TyperGroup):
    """A group of commands."""


def usage_words(message: str) -> Words:
    """Return Typer's message in both languages."""
    for pattern, words in _JAPANESE.items():
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found:
            return Words(message, words.format(*found.groups()))
    return Words(message, message)


def call_of(ctx: typer.Context | None) -> str:
    """Return the words that call a command, as `qsm-bot duty done`."""
    words: list[str] = []
    here: Any = ctx
    while here is not None and here.parent is not None:
        words.insert(0, here.info_name or "")
        here = here.parent
    return " ".join([PROGRAM, *words])
