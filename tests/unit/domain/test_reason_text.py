"""The text for その他: thirty characters that a reader can see, in one spelling."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.base.words import Words
from qsm_bot.domain.reason_text import MINIMUM, checked_text, page_length, visible_length
from qsm_bot.domain.request import RefusalReason

OTHER = RefusalReason.OTHER
OTHERS = [reason for reason in RefusalReason if reason is not OTHER]


def test_the_portal_asks_for_thirty_characters() -> None:
    assert MINIMUM == 30


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("あ" * 15 + "\u3164" * 15, 15),
        ("\u2800" * 30, 0),
        ("か\u3099" * 15, 15),
        ("\u3000" * 30, 0),
        ("あ" * 29 + " ", 29),
        ("x\u0332" * 29, 29),
        ("", 0),
    ],
)
def test_a_text_with_too_few_visible_characters_is_refused_with_its_count(
    text: str, count: int
) -> None:
    assert visible_length(text) == count
    with pytest.raises(ReasonTextInvalid) as caught:
        checked_text(OTHER, text)
    assert caught.value.message.en == (
        f"The text: 30 characters or more are needed, it has {count}"
    )
    assert f"30文字以上必要です（現在{count}文字）" in caught.value.message.ja


def test_a_missing_text_counts_as_empty() -> None:
    with pytest.raises(ReasonTextInvalid, match="it has 0"):
        checked_text(OTHER, None)


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\n", r"U\+000A"),
        ("\r", r"U\+000D"),
        ("\t", r"U\+0009"),
        ("\x00", r"U\+0000"),
        ("\ud83d", r"U\+D83D"),
        ("\ue000", r"U\+E000"),
    ],
)
def test_a_character_that_is_no_printable_text_is_named_and_refused(char: str, name: str) -> None:
    with pytest.raises(ReasonTextInvalid, match=name):
        checked_text(OTHER, "あ" * 30 + char + "い")


def test_thirty_visible_characters_are_enough() -> None:
    assert checked_text(OTHER, "あ" * 30) == "あ" * 30


def test_space_around_the_text_is_taken_off_also_full_width() -> None:
    assert checked_text(OTHER, "\u3000 " + "あ" * 30 + " \n") == "あ" * 30


def test_space_inside_the_text_stays_but_does_not_count() -> None:
    text = "あ" * 15 + " " + "い" * 15
    assert checked_text(OTHER, text) == text


def test_decomposed_characters_are_composed() -> None:
    assert checked_text(OTHER, "か\u3099" * 30) == "が" * 30


@pytest.mark.parametrize("reason", OTHERS)
@pytest.mark.parametrize("text", [None, "", "\u3000 \n"])
def test_the_other_reasons_have_no_text(reason: RefusalReason, text: str | None) -> None:
    assert checked_text(reason, text) is None


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("😀", "U+1F600"),
        ("🀀", "U+1F000"),
        ("🇯", "U+1F1EF"),
        ("\u202e", "U+202E"),
        ("\u200b", "U+200B"),
        ("\u200d", "U+200D"),
        ("\ufeff", "U+FEFF"),
        ("❤\ufe0f", "U+FE0F"),
        ("\x07", "U+0007"),
        ("\n", "U+000A"),
        ("\u0378", "U+0378"),
    ],
)
def test_emoji_direction_marks_and_controls_never_reach_the_buyer(char: str, name: str) -> None:
    with pytest.raises(ReasonTextInvalid) as caught:
        checked_text(OTHER, "あ" * 30 + char + "あ" * 30)
    assert caught.value.facts["detail"] == Words(
        f"it contains {name}, which is no printable text", f"{name} は使えない文字です"
    )


@pytest.mark.parametrize("char", ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"])
def test_what_is_drawn_as_nothing_does_not_count(char: str) -> None:
    assert visible_length("あ" + char + "い") == 2


def test_rare_kanji_far_up_in_unicode_are_no_emoji() -> None:
    assert checked_text(OTHER, "𠮷" * 30) == "𠮷" * 30


def test_signs_that_japanese_shops_write_are_fine() -> None:
    text = "★重要★ご注文の品は①名入れ②検品を終え、既に発送準備が完了しております。※変更不可"
    assert checked_text(OTHER, text) == text


@pytest.mark.parametrize("reason", OTHERS)
def test_a_text_beside_another_reason_is_refused(reason: RefusalReason) -> None:
    with pytest.raises(ReasonTextInvalid, match=f"the reason {reason} takes no text"):
        checked_text(reason, "あ" * 30)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Co")), min_size=25, max_size=40))
def test_what_passes_is_long_enough_for_the_page_and_passes_again_unchanged(text: str) -> None:
    try:
        entered = checked_text(OTHER, text)
    except ReasonTextInvalid:
        unfit = any(
            unicodedata.category(char) in ("Cf", "Cn")
            or (unicodedata.category(char) == "So" and char >= "\U0001f000")
            or char == "\ufe0f"
            for char in text
        )
        assert unfit or visible_length(text) < MINIMUM
    else:
        assert entered == unicodedata.normalize("NFC", text).strip()
        assert len(entered.encode("utf-16-le")) // 2 >= MINIMUM
        assert checked_text(OTHER, entered) == entered


def test_emoji_may_stand_where_the_rules_allow_them_and_count_as_the_page_counts() -> None:
    text = "あ" * 29 + "😀"
    assert checked_text(OTHER, text, emoji=True) == text
    assert (visible_length(text), page_length(f" {text}\n")) == (30, 31)
    with pytest.raises(ReasonTextInvalid):
        checked_text(OTHER, text)
    with pytest.raises(ReasonTextInvalid, match=r"U\+200B"):
        checked_text(OTHER, text + "\u200b", emoji=True)


@pytest.mark.parametrize("word", ["絶対", "ＮＧ", "no  way"])
def test_a_forbidden_word_is_found_in_any_width_and_case(word: str) -> None:
    text = "あ" * 30 + "絶対 ng No way"
    with pytest.raises(ReasonTextInvalid, match="which the rules forbid"):
        checked_text(OTHER, text, forbidden=[word])
    assert checked_text(OTHER, text, forbidden=["無理"]) == text
