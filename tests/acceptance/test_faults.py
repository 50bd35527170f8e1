"""The promise as a user sees it: the program against a portal that misbehaves."""

import pytest

from tests.acceptance.conftest import Shop, serving
from tests.patience import patient

ORDER, NEIGHBOUR = "762544202", "762544391"
REFUSE = ("refuse", ORDER, "--reason", "shipped", "--yes", "--json")
QUICK = {
    "QSM_TIMEOUT": str(patient(5)),
    "QSM_ALERT_TIMEOUT": str(patient(2.5)),
    "QSM_SETTLE_SECONDS": "3",
}


def agrees(shop: Shop) -> bool:
    """Whether the judge finds the portal's journal and the ledger in agreement."""
    journals = ("--journal", str(shop.journal), "--requests", str(shop.requests))
    said = shop.run("portal", "check", *journals, "--json")
    return (said.code, said.json["findings"]) == (0, [])


def outcome(document: dict[str, list[dict[str, str]]]) -> str:
    """Return the outcome of the one order."""
    (only,) = document["outcomes"]
    return only["outcome"]


def test_a_connection_reset_after_the_effect_leaves_one_effect_and_a_settled_ledger(
    bare_shop: Shop,
) -> None:
    with serving(bare_shop, "--fault", "reset-after-effect", "--fault", "list-down:1") as shop:
        refused = shop.run(*REFUSE, **QUICK)
        settled = shop.run("reconcile", "--json", **QUICK)
        again = shop.run(*REFUSE, **QUICK)

        assert (refused.code, outcome(refused.json)) == (30, "unknown")
        assert (settled.code, outcome(settled.json)) == (0, "refused")
        assert (again.code, outcome(again.json)) == (20, "already_refused")
        assert [effect["order"] for effect in shop.effects("refuse")] == [ORDER]
        assert agrees(shop)


def test_a_lost_request_is_settled_by_a_second_look_and_may_then_be_tried_again(
    bare_shop: Shop,
) -> None:
    with serving(bare_shop, "--fault", "reset-before-effect") as shop:
        lost = shop.run(*REFUSE, **QUICK)
        hasty = shop.run(
            "reconcile", "--no-wait", "--json", **(QUICK | {"QSM_SETTLE_SECONDS": "60"})
        )
        settled = shop.run("reconcile", "--json", **QUICK)
        again = shop.run(*REFUSE, **QUICK)

        assert (lost.code, outcome(lost.json)) == (30, "unknown")
        assert (hasty.code, outcome(hasty.json)) == (30, "unknown")
        assert (settled.code, outcome(settled.json)) == (20, "not_sent")
        assert (again.code, outcome(again.json)) == (0, "refused")
        assert len(shop.effects("refuse")) == 1
        assert agrees(shop)


@pytest.mark.night
def test_a_list_that_shifts_under_the_mouse_never_refuses_the_neighbour(bare_shop: Shop) -> None:
    with serving(bare_shop, "--fault", "shift-on-click") as shop:
        said = shop.run(*REFUSE, **QUICK)

        assert (said.code, outcome(said.json)) == (20, "not_sent")
        assert "opened 7" in said.json["outcomes"][0]["detail"]
        assert shop.effects("refuse") == []
        assert agrees(shop)


@pytest.mark.night
def test_too_many_unknown_outcomes_begin_nothing_new(bare_shop: Shop) -> None:
    with serving(bare_shop, "--fault", "black-hole", "--fault", "no-alert") as shop:
        first = shop.run(*REFUSE, **QUICK, QSM_MAX_UNKNOWN="0")
        slow = QUICK | {"QSM_SETTLE_SECONDS": "600", "QSM_MAX_UNKNOWN": "0"}
        other = shop.run("refuse", NEIGHBOUR, "--reason", "shipped", "--yes", "--json", **slow)

        assert outcome(first.json) == "unknown"
        assert (other.code, other.json["error"]["code"]) == (30, "TooManyUnknown")
        assert shop.effects("refuse") == []


def test_the_catalogue_is_listed_and_a_wrong_name_is_told(bare_shop: Shop) -> None:
    listed = bare_shop.run("portal", "--faults", "--json")
    table = bare_shop.run("portal", "--faults")
    wrong = bare_shop.run("portal", "--fault", "late-alrt", "--json")

    names = [fault["name"] for fault in listed.json["faults"]]
    assert len(names) > 70
    assert all(name in table.out for name in names)
    assert wrong.code == 60
    assert 'did you mean "late-alert"' in wrong.json["error"]["message"]


def test_the_defects_are_listed_one_is_served_and_a_wrong_name_is_told(bare_shop: Shop) -> None:
    listed = bare_shop.run("portal", "--defects", "--json")
    table = bare_shop.run("portal", "--defects", "--lang", "ja")
    wrong = bare_shop.run("portal", "--defect", "cells", "--defect", "row-leavs", "--json")

    defects = {defect["name"]: defect for defect in listed.json["defects"]}
    assert len(defects) == 34
    assert all(name in table.out for name in defects)
    assert set(defects["cells"]) == {"name", "part", "what", "also"}
    assert defects["cells"]["what"]["ja"] in table.out
    assert wrong.code == 60
    assert 'did you mean "row-leaves"' in wrong.json["error"]["message"]
    with serving(bare_shop, "--defect", "confirm-text", "--defect", "search-view") as shop:
        refused = shop.run(*REFUSE, **QUICK)
        assert (refused.code, outcome(refused.json)) == (0, "refused")


def test_a_list_in_another_grid_is_read_and_a_grid_of_no_name_is_told(bare_shop: Shop) -> None:
    with serving(bare_shop, "--grid", "paged", "--orders", "45") as shop:
        listed = shop.run("list", "--json")

    unknown = bare_shop.run("portal", "--grid", "pagde", "--json")

    assert (listed.code, len(listed.json["requests"])) == (0, 45)
    assert (unknown.code, unknown.json["error"]["code"]) == (60, "UsageInvalid")
