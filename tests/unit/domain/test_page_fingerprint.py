"""The page contract: what has changed between two readings, and how it is told and kept."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.base.clock import JST
from qsm_bot.domain.page_fingerprint import Change, Drift, PageFingerprint, compare

NAMES = st.lists(st.sampled_from("ABCDE")).map(tuple)


def headings(*names: str, place: str = "list") -> PageFingerprint:
    return PageFingerprint({place: {"headings": names}})


def changes(old: str, new: str) -> list[tuple[str | None, str | None, bool]]:
    found = compare(headings(*old.split()), headings(*new.split()))
    return [(each.old, each.new, each.moved) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A B C", "A B C", []),
        ("A B C", "A X C", [("B", "X", False)]),
        ("A B C", "A C", [("B", None, False)]),
        ("A C", "A B C", [(None, "B", False)]),
        ("A B C D", "A C B D", [("B | C", "C | B", True)]),
        ("A B C", "C X A", [("B", None, False), (None, "X", False), ("A | C", "C | A", True)]),
    ],
)
def test_what_came_went_or_stands_elsewhere_is_told(
    old: str, new: str, told: list[tuple[str | None, str | None, bool]]
) -> None:
    assert sorted(changes(old, new), key=str) == sorted(told, key=str)


@given(old=NAMES, new=NAMES)
def test_every_name_that_came_or_went_is_told_once(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    found = compare(headings(*old), headings(*new))
    plain = [each for each in found if not each.moved]

    assert sorted(each.new for each in plain if each.new) == sorted(set(new) - set(old))
    assert sorted(each.old for each in plain if each.old) == sorted(set(old) - set(new))
    assert bool(found) == (list(dict.fromkeys(old)) != list(dict.fromkeys(new)))


def test_services_have_no_order() -> None:
    old, new = (
        PageFingerprint({"home": {"services": names}}) for names in (("a", "b"), ("b", "a"))
    )

    assert compare(old, new) == ()


def test_a_change_of_one_page_is_told_at_the_first_of_its_places_only() -> None:
    old = PageFingerprint({place: {"buttons": ("照会",)} for place in ("claims", "list")})
    new = PageFingerprint({place: {"buttons": ("検索",)} for place in ("list", "claims")})

    assert compare(old, new) == (Change("claims", "buttons", "照会", "検索"),)


def test_only_what_both_know_is_compared() -> None:
    """A place that was not visited, and a kind that was not asked for, have not changed."""
    old = PageFingerprint({"list": {"headings": ("A",), "services": ("x",)}, "details": {}})
    new = PageFingerprint({"list": {"headings": ("A",)}, "home": {"headings": ("B",)}})

    assert compare(old, new) == ()


def test_what_a_walk_did_not_reach_stays_as_it_was() -> None:
    both = PageFingerprint({"list": {"headings": ("A",)}, "details": {"buttons": ("B",)}})

    renewed = both.renewed(headings("C"))

    assert renewed.places == {"list": {"headings": ("C",)}, "details": {"buttons": ("B",)}}


def test_its_text_means_the_same_contract() -> None:
    contract = PageFingerprint(
        {"list": {"headings": ("注文番号", "カート番号")}}, datetime(2026, 1, 5, 10, tzinfo=JST)
    )

    assert PageFingerprint.from_text(contract.to_text()) == contract
    assert "注文番号" in contract.to_text()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"schema": 2}', '{"schema": 1, "read_at": null, "places": [1]}']
)
def test_another_text_is_no_contract(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PageFingerprint.from_text(text)


def test_warnings_show_old_and_new_side_by_side() -> None:
    drift = Drift(
        ("grid",), compare(headings("注文番号", "A", "B", "C"), headings("受注番号", "B", "A"))
    )

    assert [words.en for words in drift.warnings] == [
        "elements.grid was found by a fallback selector only",
        "list of requests: heading of the list was “注文番号”, is “受注番号”",
        "list of requests: heading of the list “C” is gone",
        "list of requests: heading of the list, another order: was A | B, is B | A",
    ]
    assert [words.ja for words in drift.warnings][1:3] == [
        "要請一覧: 一覧の見出しが「注文番号」から「受注番号」に変わりました",
        "要請一覧: 一覧の見出し「C」がなくなりました",
    ]
    assert drift.to_dict()["changes"][0] == {
        "place": "list",
        "kind": "headings",
        "old": "注文番号",
        "new": "受注番号",
        "moved": False,
    }


def test_a_page_that_has_become_another_is_one_warning_for_each_kind() -> None:
    gone = [Change("list", "labels", f"old {number}", None) for number in range(5)]
    few = [Change("list", "buttons", "照会", "検索")]

    warnings = [words.en for words in Drift(changes=(*gone, *few)).warnings]

    assert warnings == [
        "list of requests: 5 changes of kind “label”; `qsm-bot doctor --portal -v` shows each",
        "list of requests: button was “照会”, is “検索”",
    ]
