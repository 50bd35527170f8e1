"""The language to speak before any settings were read."""

import locale
from pathlib import Path

import pytest

from qsm_bot.cli.program import language as lang
from qsm_bot.cli.program.language import as_started, t
from qsm_bot.config.language import chosen_lang, lang_of_folder
from tests.program import call


@pytest.fixture(autouse=True)
def _english_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has an English locale."""
    monkeypatch.setattr(locale, "getlocale", lambda: ("en_US", "UTF-8"))


@pytest.mark.parametrize(
    ("words", "environment", "spoken"),
    [
        (["--lang", "ja"], {}, "ja"),
        (["--lang=ja"], {}, "ja"),
        (["plan", "--json", "--lang", "ja"], {}, "ja"),
        (["--lang", "ja"], {"QSM_LANG": "en"}, "ja"),
        (["--lang=en"], {"QSM_LANG": "ja", "LANG": "ja_JP.UTF-8"}, "en"),
        (["--lang", "ja", "--lang", "en"], {}, "en"),
        ([], {"QSM_LANG": "ja"}, "ja"),
        ([], {"QSM_LANG": "en", "LANG": "ja_JP.UTF-8"}, "en"),
        (["plan", "ja"], {}, "en"),
        ([], {"QSM_LANG": "", "LANG": "ja_JP.UTF-8"}, "ja"),
    ],
)
def test_the_option_beats_the_environment_and_that_the_locale(
    words: list[str], environment: dict[str, str], spoken: str
) -> None:
    assert chosen_lang(words, environment) == spoken


@pytest.mark.parametrize("spoken", ["ja", "en"])
@pytest.mark.parametrize("group", ["", "rules", "ledger", "schedule"])
def test_no_command_of_a_list_goes_without_its_sentence(
    group: str, spoken: str, tmp_path: Path
) -> None:
    words = [*group.split(), "--help"]
    said = call(*words, folder=tmp_path, environment={"QSM_LANG": spoken}, stdin="").out
    listed = said[said.index({"en": "\nCommands:", "ja": "\nコマンド:"}[spoken]) :]

    assert len(listed.splitlines()) > 3
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize("words", [["--lang", "fr"], ["--lang="], ["--lang"]])
@pytest.mark.parametrize(("locale_is", "spoken"), [("ja_JP.UTF-8", "ja"), ("C.UTF-8", "en")])
def test_an_unknown_language_leaves_it_to_the_locale(
    words: list[str], locale_is: str, spoken: str
) -> None:
    assert chosen_lang(words, {"QSM_LANG": "ja", "LANG": locale_is}) == spoken


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "C", "LC_MESSAGES": "ja_JP.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "", "LANG": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_of_the_environment_decides_in_its_usual_order(
    environment: dict[str, str], spoken: str
) -> None:
    assert chosen_lang([], environment) == spoken


@pytest.mark.parametrize(
    ("name", "spoken"), [("ja_JP", "ja"), ("Japanese_Japan", "ja"), ("en_US", "en"), (None, "en")]
)
def test_without_one_the_process_s_own_locale_decides(
    monkeypatch: pytest.MonkeyPatch, name: str | None, spoken: str
) -> None:
    """As on Windows."""
    monkeypatch.setattr(locale, "getlocale", lambda: (name, None))
    assert chosen_lang([], {}) == spoken


@pytest.mark.parametrize(("spoken", "text"), [("en", "order"), ("ja", "注文")])
def test_help_is_in_the_language_of_the_process(
    monkeypatch: pytest.MonkeyPatch, spoken: str, text: str
) -> None:
    monkeypatch.setattr(lang, "LANG", spoken)
    assert t("order", "注文") == text


@pytest.mark.parametrize(
    ("name", "text", "spoken"),
    [
        (".env", "QSM_SHOP=a\nexport QSM_LANG='ja'\n", "ja"),
        (".env", "# QSM_LANG=ja\n", ""),
        (".env", "QSM_LANG=fr\n", ""),
        ("qsm-bot.toml", '\ufeff# ours\nlive = false\nlang = "ja"\n[shops.a]\n', "ja"),
        ("qsm-bot.toml", '[shops.a]\nlang = "ja"\n', ""),
        ("qsm-bot.toml", 'lang = "ja\n', ""),
    ],
)
def test_the_folder_names_the_language_even_of_help_and_errors(
    tmp_path: Path, name: str, text: str, spoken: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert lang_of_folder(tmp_path) == spoken


def test_a_folder_may_name_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"QSM_LANG=\xff\xfe")

    assert lang_of_folder(tmp_path) == ""


@pytest.mark.parametrize(
    ("text", "with_uv"),
    [
        ("次: qsm-bot apply 4bf5", "次: uv run qsm-bot apply 4bf5"),
        ("`qsm-bot init` or `qsm-bot list`.", "`uv run qsm-bot init` or `uv run qsm-bot list`."),
        ("`uv run qsm-bot init`", "`uv run qsm-bot init`"),
        ("in qsm-bot.toml, of qsm-bot 0.2", "in qsm-bot.toml, of qsm-bot 0.2"),
    ],
)
def test_a_command_can_be_typed_as_it_is_told(
    text: str, with_uv: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_started(text) == text
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert as_started(text) == with_uv
