"""What no eye can see is shown as a sign; what can be seen stays as it is."""

import pytest

from qsm_bot.base.plain_text import visible, visible_in
from qsm_bot.base.words import Words

UNSEEN = ("\x1b", "\x9b", "\u202e", "\u200b", "\u2028", "\ufeff", "\x00", "\ud800", "\U000e0041")
SEEN = ("[size: L]", "［大］　名入れ", "a\tb\nc\r\nd", "♥️", "👩‍🚀", "ﾊﾞｯｸﾞ", "é")


@pytest.mark.parametrize("char", UNSEEN)
def test_an_unseen_character_becomes_its_number(char: str) -> None:
    assert visible(f"a{char}b") == f"a<U+{ord(char):04X}>b"


@pytest.mark.parametrize("text", SEEN)
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == text


def test_a_joiner_outside_a_picture_is_shown() -> None:
    assert visible("a\u200db") == "a<U+200D>b"


def test_plain_values_are_gone_through_to_the_last() -> None:
    document = {"a\x1b": ["\u202e", {"b": ("\x9b", 1, None)}]}

    assert visible_in(document) == {"a<U+001B>": ["<U+202E>", {"b": ["<U+009B>", 1, None]}]}


def test_what_is_filled_into_a_sentence_is_text() -> None:
    said = Words("{name}!", "{name}！").filled(name="\x1b[2J")

    assert (said.en, said.ja) == ("<U+001B>[2J!", "<U+001B>[2J！")
