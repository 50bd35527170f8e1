"""Sentences in two languages, and texts compared with width and space made even."""

import pytest

from qsm_bot.base.words import Lang, Words, age, same


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("キャンセル", "キャンセル"),
        ("７０１", "701"),
        ("ｷｬﾝｾﾙ", "キャンセル"),
        ("  色:　 青\n", "色: 青"),
        ("か\u3099", "が"),
        ("\u3000", ""),
    ],
)
def test_same_makes_width_and_white_space_even(text: str, even: str) -> None:
    assert same(text) == even


@pytest.mark.parametrize(("lang", "said"), [("en", "two rows"), ("ja", "二行")])
def test_a_sentence_is_said_in_the_language_asked_for(lang: Lang, said: str) -> None:
    assert Words("two rows", "二行").say(lang) == said


def test_names_are_filled_in_both_languages() -> None:
    sentence = Words("{count} of {total}", "{total}件中{count}件")
    assert sentence.filled(count=2, total=5) == Words("2 of 5", "5件中2件")


def test_a_value_that_is_a_sentence_is_filled_in_by_language() -> None:
    sentence = Words("because {why}", "理由: {why}")
    assert sentence.filled(why=Words("late", "遅延")) == Words("because late", "理由: 遅延")


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert Words("{text}", "{text}").filled(text="{count}") == Words("{count}", "{count}")


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="count"):
        Words("{count}", "{count}").filled(total=5)


def test_a_value_that_the_sentence_does_not_name_is_left_out() -> None:
    assert Words("done", "完了").filled(count=1) == Words("done", "完了")


def test_the_plain_form_round_trips() -> None:
    document = {"en": "done", "ja": "完了"}
    assert Words("done", "完了").to_dict() == document
    assert Words.from_dict(document) == Words("done", "完了")


def test_the_plain_form_needs_both_languages() -> None:
    with pytest.raises(KeyError, match="ja"):
        Words.from_dict({"en": "done"})


@pytest.mark.parametrize(
    ("hours", "said"), [(24.5, "24.5 時間"), (48, "48 時間"), (26515.4, "1104 日")]
)
def test_an_age_beyond_48_hours_is_told_in_days(hours: float, said: str) -> None:
    assert age(hours).ja == said
