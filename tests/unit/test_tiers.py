"""By day a few rows that are unlike one another, at night all; a word that names none is told."""

from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests import conftest, patience, tiers

STYLES, FAULTS = ["json", "full", "popup"], [f"F{number}" for number in range(6)]


def rows(*values: dict[str, object]) -> list[pytest.Function]:
    """Rows of one test, as far as the choice looks at them."""
    made = [
        SimpleNamespace(name=f"test[{'-'.join(map(str, each.values()))}]", callspec=None)
        for each in values
    ]
    for row, each in zip(made, values, strict=True):
        row.callspec = SimpleNamespace(params=each)
    return cast("list[pytest.Function]", made)


def names(chosen: list[Any]) -> list[str]:
    return [row.name.partition("[")[2].rstrip("]") for row in chosen]


def test_rows_of_several_values_are_chosen_for_as_many_values_as_can_be() -> None:
    table = rows(*({"style": s, "fault": f} for s, f in product(STYLES, FAULTS)))

    chosen = names(tiers._unlike(table, 6))

    assert len(chosen) == 6
    assert {each.partition("-")[0] for each in chosen} == set(STYLES)
    assert {each.partition("-")[2] for each in chosen} == set(FAULTS)


def test_rows_of_one_value_are_chosen_far_from_one_another() -> None:
    assert names(tiers._unlike(rows(*({"fault": f} for f in FAULTS)), 2)) == ["F0", "F5"]


def test_there_may_be_fewer_than_asked_for() -> None:
    assert len(tiers._unlike(rows({"fault": "F1"}), 3)) == 1


@pytest.mark.parametrize(
    ("word", "chosen"), [("F1", ["F1-full"]), ("full", ["F1-full", "F11-full"]), ("json", None)]
)
def test_a_word_is_a_whole_part_of_an_id_and_names_a_row(
    word: str, chosen: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = rows({"fault": "F1", "style": "full"}, {"fault": "F11", "style": "full"})
    for row in table:
        mark = SimpleNamespace(args=(word,))
        monkeypatch.setattr(row, "get_closest_marker", lambda _, mark=mark: mark, raising=False)

    if chosen is None:
        with pytest.raises(pytest.UsageError, match="no row is called json"):
            tiers._by_day("test", table)
    else:
        assert names(tiers._by_day("test", table)) == chosen


@pytest.mark.parametrize("args", [(), (0,), (2, "F1")])
def test_what_is_no_choice_is_told(
    args: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = rows({"fault": "F1"})
    mark = SimpleNamespace(args=args)
    monkeypatch.setattr(row, "get_closest_marker", lambda _: mark, raising=False)

    with pytest.raises(pytest.UsageError, match="takes a number, or words"):
        tiers._by_day("test", [row])


def test_of_some_rows_a_word_need_name_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--lf` leaves out the others before."""
    (row,) = rows({"fault": "F1"})
    mark = SimpleNamespace(args=("F2",))
    monkeypatch.setattr(row, "get_closest_marker", lambda _: mark, raising=False)

    assert tiers._by_day("test", [row], whole=False) == []


@pytest.mark.parametrize("left", [0, 3])
def test_how_many_are_left_to_the_night_is_said_by_who_started_the_workers(left: int) -> None:
    config, lines = SimpleNamespace(stash=pytest.Stash()), []
    reporter = SimpleNamespace(write_line=lines.append)

    conftest.pytest_testnodedown(
        SimpleNamespace(config=config, workeroutput={"tonight": left})  # as xdist hands it over
    )
    conftest.pytest_terminal_summary(reporter, cast("pytest.Config", config))

    assert [line.partition(" ")[0] for line in lines] == (["3"] if left else [])


@pytest.mark.parametrize("said", ["abc", "0", "-1", "nan", "inf", "1,5"])
def test_a_patience_that_is_none_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(patience.NAME, said)

    with pytest.raises(pytest.UsageError, match=said):
        patience.settle()
