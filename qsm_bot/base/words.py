"""Sentences for people, in both languages of the program, and how texts are compared."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qsm_bot.base.plain_text import visible

Lang = Literal["en", "ja"]

_HOURS_TOLD = 48


def same(text: str) -> str:
    """Return `text` with width and white space made even, for comparing what a page shows."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def some_of(names: Sequence[str], most: int = 12) -> str:
    """Return names in one line; of many, the first ones."""
    return " ".join(names[:most]) + (" …" if len(names) > most else "")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in English and Japanese; `{names}` in it are filled in later."""

    en: str
    ja: str

    def filled(self, **values: object) -> "Words":
        """Return the sentence with its `{names}` replaced, in both languages.

        A value may be `Words` itself; each language then takes its own.

        Raises:
            KeyError: a name of the sentence has no value.
        """
        return Words(
            self.en.format(**{name: _in(value, "en") for name, value in values.items()}),
            self.ja.format(**{name: _in(value, "ja") for name, value in values.items()}),
        )

    def say(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return self.ja if lang == "ja" else self.en

    def to_dict(self) -> dict[str, str]:
        """Return `{"en": …, "ja": …}`, the form in which the ledger and plans keep it."""
        return {"en": self.en, "ja": self.ja}

    @classmethod
    def from_dict(cls, document: dict[str, str]) -> "Words":
        """Build from `to_dict`'s form.

        Raises:
            KeyError: a language is missing.
        """
        return cls(document["en"], document["ja"])


class ModelObjection(ValueError):  # what a model says of itself, not an error of ours
    """A model's own objection, in both languages."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


def joined(lines: Sequence[Words]) -> Words:
    """Return several sentences as one."""
    return Words("; ".join(each.en for each in lines), "、".join(each.ja for each in lines))


def age(hours: float) -> Words:
    """Return an age: beyond 48 hours in days."""
    if hours <= _HOURS_TOLD:
        return Words(f"{hours:g} hours", f"{hours:g} 時間")
    days = int(hours // 24)
    return Words(f"{days} days", f"{days} 日")


def _in(value: object, lang: Lang) -> object:
    if isinstance(value, Words):
        return value.say(lang)
    return visible(str(value)) if isinstance(value, str | Path) else value
