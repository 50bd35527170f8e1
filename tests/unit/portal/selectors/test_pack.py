"""The selector pack: every mistake is found before a page is touched."""

import re
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import PackInvalid
from qsm_bot.base.resources import data_dir
from qsm_bot.base.words import Words
from qsm_bot.domain.request import RefusalReason
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.pack import Pack, PageNeeds, PortalPage, load_pack

SHIPPED = (data_dir("selectors") / "qsm-jp.toml").read_text(encoding="utf-8")
ACTING = [need.key for need in NEEDS if need.acts]


def written(folder: Path, text: str) -> Path:
    file = folder / "pack.toml"
    file.write_text(text, encoding="utf-8")
    return file


def changed(folder: Path, before: str, after: str) -> Path:
    """Write the shipped pack with one change in it."""
    text = SHIPPED.replace(before, after, 1)
    assert text != SHIPPED
    return written(folder, text)


def problem(file: Path, needs: tuple[PageNeeds, ...] = NEEDS) -> str:
    with pytest.raises(PackInvalid) as caught:
        load_pack(file, needs)
    assert caught.value.facts["file"] == file
    detail = caught.value.facts["detail"]
    return detail.en if isinstance(detail, Words) else str(detail)


class TestShipped:
    """The pack that ships with the program."""

    def test_it_is_loaded_when_none_is_named(self) -> None:
        assert load_pack(None, NEEDS).name == "qsm-jp"

    def test_it_fits_the_needs_of_the_pages(self) -> None:
        assert set(load_pack(None, NEEDS).elements) == {need.key for need in NEEDS}

    def test_what_acts_is_fixed_and_has_one_selector(self) -> None:
        pack = load_pack(None, NEEDS)
        assert [(pack.elements[key].fixed, len(pack.elements[key].at)) for key in ACTING] == [
            (True, 1)
        ] * len(ACTING)

    def test_the_refuse_button_is_among_what_acts(self) -> None:
        assert sorted(ACTING) == ["reason", "reason_text", "refuse_button"]

    @pytest.mark.parametrize(
        ("reason", "label"),
        [
            (RefusalReason.SHIPPED, "商品発送完了"),
            (RefusalReason.READY, "発送準備完了"),
            (RefusalReason.MADE_TO_ORDER, "注文制作商品"),
            (RefusalReason.OTHER, "その他"),
        ],
    )
    def test_each_reason_has_the_label_of_the_manual(
        self, reason: RefusalReason, label: str
    ) -> None:
        assert load_pack(None, NEEDS).texts.label(reason) == label


class TestMistakes:
    """Each is told with its place."""

    def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        assert problem(tmp_path / "none.toml") == "No such file or directory"

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("schema = 1", "schema = 2", "schema: Input should be 1"),
            ('look = "search"', 'look = "guess"', "look: Input should be 'search' or 'lists'"),
            (
                "sign_out = ",
                "sing_out = ",
                'texts.sing_out: unknown key (did you mean "sign_out"?)',
            ),
            (
                'shipped = "商',
                'shiped = "商',
                'texts.reasons.shiped: unknown key (did you mean "shipped"?)',
            ),
            (
                "order_no = ",
                "ordre_no = ",
                'columns.ordre_no: unknown key (did you mean "order_no"?)',
            ),
            (
                "amount = ",
                "amuont = ",
                'optional_columns.amuont: unknown key (did you mean "amount"?)',
            ),
            ("[paths]", "[pahts]", 'pahts: unknown key (did you mean "paths"?)'),
            ("css=#txtLoginID", "#txtLoginID", "elements.login_id.at.1: String should match"),
            ("""["css=[id$='lbl_shop_name']"]""", "[]", "elements.shop_name.at: List should have"),
            (
                '2026"\nsure = "A"',
                '"\nsure = "C"',
                "elements.login_id.sure: Input should be 'A', 'B', 'guess' or 'pointed'",
            ),
            (
                "[elements.grid]\n",
                "[elements.grid]\nfixd = true\n",
                'elements.grid.fixd: unknown key (did you mean "fixed"?)',
            ),
        ],
    )
    def test_a_wrong_word_is_told_with_the_nearest_known_one(
        self, tmp_path: Path, before: str, after: str, told: str
    ) -> None:
        assert told in problem(changed(tmp_path, before, after))

    def test_an_unknown_element_is_told_with_the_nearest_known_one(self, tmp_path: Path) -> None:
        file = changed(tmp_path, "[elements.grid]", "[elements.gird]")
        assert problem(file) == 'elements.gird: unknown element (did you mean "grid"?)'

    def test_an_element_that_a_page_needs_must_be_there(self) -> None:
        with pytest.raises(PackInvalid, match=r"elements\.receipt: missing"):
            load_pack(None, (*NEEDS, PageNeeds("receipt", PortalPage.DETAILS)))

    @pytest.mark.parametrize("key", ACTING)
    def test_a_fallback_for_what_acts_is_refused(self, tmp_path: Path, key: str) -> None:
        text, times = re.subn(
            rf"(\[elements\.{key}\]\nfixed = true\nat = \[)",
            r"""\1"css=#another", """,
            SHIPPED,
        )
        assert times == 1
        assert problem(written(tmp_path, text)) == (
            f"elements.{key}: acts, so it must be fixed = true with a single selector"
        )

    @pytest.mark.parametrize("key", ACTING)
    def test_what_acts_must_say_that_it_is_fixed(self, tmp_path: Path, key: str) -> None:
        file = changed(tmp_path, f"[elements.{key}]\nfixed = true", f"[elements.{key}]")
        assert problem(file).startswith(f"elements.{key}: acts, so it must be fixed = true")

    def test_reading_may_fall_back(self, tmp_path: Path) -> None:
        file = changed(tmp_path, '["css=#txtLoginPwd", ', '["css=#txtLoginPwd", "css=#pwd", ')
        assert load_pack(file, NEEDS).elements["password"].at[:2] == [
            "css=#txtLoginPwd",
            "css=#pwd",
        ]


CLONE = """
extends = "qsm-jp"
name = "clone"

[grid]
kind = "slickgrid"

[columns]
order_no = "受注番号"

[elements.grid]
at = ["css=#claims"]
seen = "our own page"
sure = "A"
"""


class TestExtending:
    """A pack of a few lines that takes the rest from a shipped one."""

    def test_what_it_says_stands_in_place_of_the_same_and_nothing_else_changes(
        self, tmp_path: Path
    ) -> None:
        own, base = load_pack(written(tmp_path, CLONE), NEEDS), load_pack(None, NEEDS)
        assert own.grid.kind == "slickgrid"
        assert own.grid.open == base.grid.open
        assert own.elements["grid"].at == ["css=#claims"]
        grid = {"grid": base.grid, "elements": base.elements}
        columns = own.columns.model_copy(update={"order_no": base.columns.order_no})
        same = own.model_copy(update={**grid, "columns": columns, "name": base.name})
        assert same == base
        others = {key: element for key, element in own.elements.items() if key != "grid"}
        assert others == {key: base.elements[key] for key in others}

    def test_what_acts_stays_what_acts(self, tmp_path: Path) -> None:
        button = '[elements.reason]\nat = ["css=#why"]\nseen = "here"\nsure = "A"\n'
        pack = load_pack(written(tmp_path, CLONE + button), NEEDS)
        assert pack.elements["reason"].fixed

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ('"qsm-jp"', '"qsm-jo"', "extends: no shipped pack is called 'qsm-jo' (did you mean"),
            ('name = "clone"', "", "name: a pack that extends another needs its own"),
            ('name = "clone"', 'name = "qsm-jp"', "name: a pack that extends another needs its"),
            ('"slickgrid"', '"slikgrid"', "grid.kind: Input should be 'auto', 'dhtmlx', 'jqgrid'"),
            ("kind =", "kimd =", 'grid.kimd: unknown key (did you mean "kind"?)'),
            ("elements.grid", "elements.gird", 'unknown element (did you mean "grid"?)'),
            ('seen = "our own page"\n', "", "elements.grid.seen: Field required"),
            ('[columns]\norder_no = "受注番号"', "[columns.order_no]", "columns.order_no: Input"),
            ('at = ["css=#claims"]', 'at = ["#claims"]', "elements.grid.at.1: String should match"),
        ],
    )
    def test_its_mistakes_are_told_as_in_a_whole_one(
        self, tmp_path: Path, before: str, after: str, told: str
    ) -> None:
        assert CLONE.count(before) == 1
        assert told in problem(written(tmp_path, CLONE.replace(before, after)))

    @pytest.mark.parametrize(
        "text", ["extends = 1", 'extends = "qsm-jp"\nname = "x"\nelements = 3']
    )
    def test_what_is_no_table_is_told(self, tmp_path: Path, text: str) -> None:
        assert problem(written(tmp_path, text)) != ""


class TestDigest:
    """Plans name the pack that they were made under."""

    def test_it_is_the_same_for_the_same_content(self, tmp_path: Path) -> None:
        file = written(tmp_path, "# a remark\n" + SHIPPED)
        assert load_pack(file, NEEDS).digest == load_pack(None, NEEDS).digest

    @pytest.mark.parametrize(
        ("before", "after"),
        [("キャンセル拒否しますか", "拒否しますか"), ("#txtLoginID", "#id"), ("注文日", "日付")],
    )
    def test_it_changes_with_the_content(self, tmp_path: Path, before: str, after: str) -> None:
        digest = load_pack(changed(tmp_path, before, after), NEEDS).digest
        assert digest != load_pack(None, NEEDS).digest

    def test_it_does_not_depend_on_how_the_pack_was_made(self) -> None:
        pack = load_pack(None, NEEDS)
        again = Pack.model_validate(pack.model_dump(mode="json", by_alias=True))
        assert again.digest == pack.digest
