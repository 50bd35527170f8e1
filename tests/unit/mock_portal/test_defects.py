"""The catalogue of defects: whole in both languages, and every defect is done somewhere."""

import json
import re
from pathlib import Path

import pytest

from qsm_bot.base.resources import data_dir
from qsm_bot.mock_portal import defect_layer, pages
from qsm_bot.mock_portal.defects import (
    DEFECTS,
    Defect,
    Part,
    UnknownDefectError,
    for_script,
    parse_defects,
)

FOLDER = data_dir("html/portal")
STATEMENTS = [
    "sign-in",
    "home-counter",
    "menu-way",
    "two-views",
    "counter-labels",
    "counter-numbers",
    "counter-agrees",
    "four-days-note",
    "columns",
    "cells",
    "double-click",
    "details",
    "reasons",
    "other-hint",
    "buyer-reads-note",
    "three-buttons",
    "reason-required",
    "other-too-short",
    "other-enough",
    "confirm-text",
    "confirm-cancel",
    "completed-text",
    "row-leaves",
    "request-counter",
    "refused-counter",
    "back-to-delivery",
    "others-untouched",
    "sent-once",
    "reason-kept",
    "buyer-told",
    "not-again",
    "new-order",
    "late-order",
    "search-view",
]


def test_there_is_one_for_each_statement_in_the_order_of_the_manual() -> None:
    assert list(DEFECTS) == STATEMENTS
    assert len(STATEMENTS) == 34


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_it_is_told_in_both_languages_and_names_other_statements_by_their_ids(
    defect: Defect,
) -> None:
    assert defect.words.en.isprintable()
    assert defect.words.en.strip() == defect.words.en != ""
    assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", defect.words.ja)
    assert set(defect.also) <= set(DEFECTS)


def test_the_script_does_those_of_its_part_and_no_others() -> None:
    script = (FOLDER / "static" / "defects.js").read_text(encoding="utf-8")
    mine = {name for name, each in DEFECTS.items() if each.part is Part.SCRIPT}
    assert re.findall(r'wrong\("([^"]+)"', script) == [name for name in DEFECTS if name in mine]
    assert json.loads(for_script(DEFECTS)) == [name for name in DEFECTS if name in mine]


def test_the_others_are_named_once_or_more_where_they_are_done() -> None:
    places = [Path(str(module.__file__)) for module in (defect_layer, pages)]
    text = "".join(file.read_text(encoding="utf-8") for file in (*places, *FOLDER.glob("*.html")))
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', text))
    assert {n for n, each in DEFECTS.items() if each.part is not Part.SCRIPT} <= named


def test_names_become_a_set() -> None:
    assert parse_defects(["cells", "columns", "cells"]) == {"cells", "columns"}
    assert parse_defects([]) == frozenset()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("row-leavs", 'row-leavs: no such defect (did you mean "row-leaves"?)'),
        ("xyzzy", "xyzzy: no such defect"),
        ("", ": no such defect"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_one(name: str, told: str) -> None:
    with pytest.raises(UnknownDefectError) as caught:
        parse_defects(["cells", name])
    assert str(caught.value) == told
