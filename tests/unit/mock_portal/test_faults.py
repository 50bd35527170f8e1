"""The catalogue of the fault lab: whole in both languages, and every fault is done somewhere."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from qsm_bot.base.resources import data_dir
from qsm_bot.mock_portal import app, fault_layer, faults, qapi, server
from qsm_bot.mock_portal.faults import (
    CATALOGUE,
    Area,
    Fault,
    FaultKind,
    UnknownFaultError,
    parse_faults,
)

ON_THE_SERVER = {"error-page", "maintenance", "blocked", "other-markup"}
"""Faults of pages that the server does: no script of the claim page could."""
DONE_BY_BOTH = {"get-refusal", "socket-refusal"}
"""Faults of the script for which the server listens otherwise as well."""
SCRIPT = (data_dir("html/portal") / "static" / "faults.js").read_text(encoding="utf-8")


def in_the_script() -> set[str]:
    """The names that `faults.js` asks for: one by one, and in its two tables."""
    asked = re.findall(r'(?:isOn|takes)\("([^"]+)"\)|FAULTS\["([^"]+)"\]', SCRIPT)
    tables = re.findall(r"^const (?:asks|sends) = \{\n(.*?)^\};", SCRIPT, re.DOTALL | re.MULTILINE)
    assert len(tables) == 2
    rows = re.findall(r'^  "?([a-z-]+)"?: ', "".join(tables), re.MULTILINE)
    return {name for pair in asked for name in pair if name} | set(rows)


def strings_of(module: object) -> set[str]:
    """Every text that stands in the module's code."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in found if isinstance(value, str)}


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
class TestEachEntry:
    """What a person reads who looks for a fault."""

    def test_it_is_told_in_both_languages(self, kind: FaultKind) -> None:
        assert kind.words.en.isprintable()
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", kind.words.ja)
        assert kind.words.en.strip() == kind.words.en != ""
        assert kind.words.ja.strip() == kind.words.ja

    def test_its_words_name_the_value_if_it_takes_one(self, kind: FaultKind) -> None:
        takes_one = kind.value is not None
        assert ["VALUE" in kind.words.en, "VALUE" in kind.words.ja] == [takes_one, takes_one]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_name_is_plain_and_parses_to_its_default(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)
    assert parse_faults([name]) == (Fault(name, CATALOGUE[name].value),)


def test_no_name_stands_in_two_areas() -> None:
    text = (Path(faults.__file__).parent / "faults.toml").read_text(encoding="utf-8")
    rows = [name for area in tomllib.loads(text).values() for name in area]
    assert sorted(rows) == sorted(CATALOGUE)


def test_every_area_has_faults() -> None:
    assert {kind.area for kind in CATALOGUE.values()} == set(Area)


class TestWhereTheyAreDone:
    """A fault that nobody does, or that nobody can name, is a mistake of spelling."""

    def test_the_pages_script_does_the_faults_of_its_areas_and_no_others(self) -> None:
        areas = (Area.PAGE, Area.FORM, Area.DIALOG)
        wanted = {name for name, kind in CATALOGUE.items() if kind.area in areas}
        assert in_the_script() == wanted - ON_THE_SERVER

    def test_a_fault_that_the_script_counts_has_a_number(self) -> None:
        counted = re.findall(r'takes\("([^"]+)"\)', SCRIPT)
        assert counted
        assert all(isinstance(CATALOGUE[name].value, int) for name in counted)

    def test_the_rest_is_done_by_the_layer_and_the_server(self) -> None:
        elsewhere = set().union(*map(strings_of, (fault_layer, server, app, qapi)))
        assert set(CATALOGUE) - elsewhere == in_the_script() - DONE_BY_BOTH

    def test_the_layer_asks_for_no_fault_that_is_not_there(self) -> None:
        source = Path(fault_layer.__file__).read_text(encoding="utf-8")
        asked = re.findall(
            r'(?:_takes\(|_someone_acts\(order_no, |_on\[)"([^"]+)"|"([^"]+)" in self\._on', source
        )
        names = {name for pair in asked for name in pair if name}
        assert len(names) > 20
        assert names <= set(CATALOGUE)


class TestParsing:
    """`NAME` or `NAME:VALUE`."""

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("late-alert", Fault("late-alert", 3)),
            ("late-alert:", Fault("late-alert", 3)),
            ("late-alert:0.5", Fault("late-alert", 0.5)),
            ("wrong-counter:-2", Fault("wrong-counter", -2)),
            ("list-down:0", Fault("list-down", 0)),
            ("other-shop", Fault("other-shop", "べつの商店")),
            ("other-shop:甲:乙", Fault("other-shop", "甲:乙")),
            ("no-alert", Fault("no-alert", None)),
        ],
    )
    def test_a_value_is_of_the_defaults_kind(self, text: str, fault: Fault) -> None:
        assert parse_faults([text]) == (fault,)

    def test_several_keep_their_order(self) -> None:
        assert [f.name for f in parse_faults(["prompt", "blocked"])] == ["prompt", "blocked"]

    def test_none_are_none(self) -> None:
        assert parse_faults([]) == ()

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("late-alart", 'late-alart: no such fault (did you mean "late-alert"?)'),
            ("no-premission:1", 'no-premission: no such fault (did you mean "no-permission"?)'),
            ("double send", 'double send: no such fault (did you mean "double-send"?)'),
            ("xyzzy", "xyzzy: no such fault"),
            ("", ": no such fault"),
            ("no-alert:3", "no-alert takes no value, not '3'"),
            ("late-alert:soon", "late-alert takes a number, not 'soon'"),
            ("late-alert:nan", "late-alert takes a number, not 'nan'"),
            ("hang:inf", "hang takes a number, not 'inf'"),
        ],
    )
    def test_what_does_not_fit_is_told(self, text: str, told: str) -> None:
        with pytest.raises(UnknownFaultError) as caught:
            parse_faults(["prompt", text])
        assert str(caught.value) == told

    @pytest.mark.parametrize(
        ("text", "number"), [("late-alert:4", 4), ("no-alert", 0), ("other-shop:7", 0)]
    )
    def test_the_number_is_zero_unless_it_is_one(self, text: str, number: float) -> None:
        assert parse_faults([text])[0].number == number
