"""TOML files into models, with errors that people can act on."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from qsm_bot.base.errors.inputs import PackInvalid, RulesInvalid
from qsm_bot.base.toml import build, did_you_mean, load_toml, read_toml
from qsm_bot.base.words import Words


class Closed(BaseModel):
    """A model of the tests that knows its keys."""

    model_config = ConfigDict(extra="forbid")


def _small(number: int) -> int:
    if number > 9:
        raise ValueError("too big")
    return number


class Inner(Closed):
    colour: str = ""
    many: int = Field(default=0, alias="count")


class Outer(Closed):
    one: Inner = Inner()
    some: list[Inner] | None = None
    named: dict[str, Inner] = {}
    plain: int = 0
    small: Annotated[int, AfterValidator(_small)] = 0

    @model_validator(mode="after")
    def _is_not_thirteen(self) -> "Outer":
        if self.plain == 13:
            raise ValueError("not thirteen")
        return self


def told(document: dict[str, Any]) -> str:
    with pytest.raises(RulesInvalid) as caught:
        build(document, Outer, RulesInvalid, name="a.toml")
    assert caught.value.facts["file"] == "a.toml"
    return caught.value.message.en.removeprefix("a.toml: ")


def written(folder: Path, content: bytes) -> Path:
    file = folder / "a.toml"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    file = written(tmp_path, mark + "名 = 1".replace("名", '"名"').encode())
    assert read_toml(file, RulesInvalid) == {"名": 1}


def test_a_missing_file_is_told_in_the_class_asked_for(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid) as caught:
        read_toml(tmp_path / "a.toml", PackInvalid)
    assert caught.value.facts == {
        "file": tmp_path / "a.toml",
        "detail": Words("No such file or directory", "ファイルまたはフォルダーがありません"),
    }


def test_a_file_that_is_not_utf8_is_told_with_the_byte(tmp_path: Path) -> None:
    with pytest.raises(RulesInvalid) as caught:
        read_toml(written(tmp_path, b'a = "\x93\xfa"'), RulesInvalid)
    assert caught.value.facts["detail"] == Words(
        "not UTF-8 at byte 5; save the file as UTF-8 (line 1)",
        "文字コードが UTF-8 ではありません（1行目）。メモ帳の「名前を付けて保存」で文字コードを"
        "「UTF-8」にして保存し直してください",
    )


def test_a_file_that_is_not_toml_is_told_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(RulesInvalid, match="line 2"):
        read_toml(written(tmp_path, b"a = 1\nb = = 2"), RulesInvalid)


def test_a_file_is_loaded_into_its_model(tmp_path: Path) -> None:
    file = written(tmp_path, b"[one]\ncount = 3")
    assert load_toml(file, Outer, RulesInvalid) == Outer(one=Inner(count=3))


def test_a_mistake_in_a_file_is_told_with_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, b"plain = 'x'")
    with pytest.raises(RulesInvalid) as caught:
        load_toml(file, Outer, RulesInvalid)
    assert caught.value.facts["file"] == file


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({"plian": 1}, 'plian: unknown key (did you mean "plain"?)'),
        ({"one": {"color": ""}}, 'one.color: unknown key (did you mean "colour"?)'),
        ({"one": {"cuont": 1}}, 'one.cuont: unknown key (did you mean "count"?)'),
        ({"some": [{}, {"color": ""}]}, 'some.2.color: unknown key (did you mean "colour"?)'),
        ({"zzz": 1}, "zzz: unknown key"),
        ({"one": {"count": None}}, "one.count: Input should be a valid integer"),
        ({"plain": 13}, "not thirteen"),
        ({"small": 10}, "small: too big"),
        ({"named": {"a": {"color": ""}}}, 'named.a.color: unknown key (did you mean "colour"?)'),
        ({"named": {"a": {"cuont": 1}}}, 'named.a.cuont: unknown key (did you mean "count"?)'),
        ({"named": {"a": {"zzz": 1}}}, "named.a.zzz: unknown key"),
        ({"named": {"count": {"color": ""}}}, "named.count.color: unknown key"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_word(
    document: dict[str, Any], detail: str
) -> None:
    assert told(document) == detail


def test_all_mistakes_are_told_at_once() -> None:
    assert told({"plian": 1, "zzz": 1}).count("; ") == 1


@pytest.mark.parametrize(
    ("word", "hint"),
    [("rulse", ' (did you mean "rules"?)'), ("zzz", ""), ("", "")],
)
def test_only_a_near_word_is_suggested(word: str, hint: str) -> None:
    assert did_you_mean(word, ["rules", "limits"]).en == hint
