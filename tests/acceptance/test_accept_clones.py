"""Clones that are built otherwise, or offer less."""

from http import HTTPStatus
from pathlib import Path
from typing import get_args

import pytest

from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.styles import PACKS, StyleName
from qsm_bot.mock_portal.world import World
from tests.acceptance.conftest import Shop, serving
from tests.acceptance.kit import accept, verdicts
from tests.support import answering

LOOKS = (
    "home-counter",
    "menu-way",
    "two-views",
    "counter-labels",
    "search-view",
    "reasons",
    "other-hint",
    "three-buttons",
    "completed-text",
    "back-to-delivery",
)


def test_a_clone_in_other_markup_is_judged_by_what_is_seen(bare_shop: Shop) -> None:
    """And with 取引情報 in a window of its own."""
    with serving(bare_shop, "--fault", "other-markup", "--fault", "pane-popup") as shop:
        said = accept(shop, "--clone-confirmed", "--json", "--only", ",".join(LOOKS))

    assert verdicts(said) == dict.fromkeys(LOOKS, "held")


PRESSED = ("confirm-text", "completed-text")


@pytest.mark.by_day("modal")
@pytest.mark.parametrize("style", get_args(StyleName))
def test_a_clone_of_each_style_is_asked_and_answers(
    style: str, bare_shop: Shop, tmp_path: Path
) -> None:
    """Its questions may be layers of the page, by what the pack says of them."""
    pack = tmp_path / "pack.toml"
    pack.write_text(PACKS.get(style, 'schema = 1\nextends = "qsm-jp"\nname = "same"\n'), "utf-8")
    asked = ("--clone-confirmed", "--json", "--selectors", str(pack), "--only", ",".join(PRESSED))
    with serving(bare_shop, "--style", style) as shop:
        said = accept(shop, *asked)

    assert verdicts(said) == dict.fromkeys(PRESSED, "held")


def test_what_a_statement_needs_is_made_on_request_or_it_is_not_judged(bare_shop: Shop) -> None:
    asked = ("--json", "--only", "cells,details")
    with serving(bare_shop, "--orders", "1") as shop:
        without, with_consent = accept(shop, *asked), accept(shop, *asked, "--clone-confirmed")

    assert verdicts(without) == {"cells": "held", "details": "not judged"}
    assert verdicts(with_consent) == {"cells": "held", "details": "held"}


@pytest.mark.night
def test_a_clone_without_the_seeding_contract_is_judged_as_far_as_it_shows(bare_shop: Shop) -> None:
    """The reason stands in 取引情報 of the refused order; a notice lies over the home page."""
    asked = "home-counter,row-leaves,reason-kept,buyer-told,not-again,new-order"
    world = World.seeded(3, seed=1)
    with MockPortal(world, options=PortalOptions(qa=False, notice=True)) as portal:
        said = bare_shop.run("accept", portal.url, "--clone-confirmed", "--json", "--only", asked)

    assert verdicts(said) == dict.fromkeys(
        ["home-counter", "row-leaves", "reason-kept"], "held"
    ) | (dict.fromkeys(["buyer-told", "not-again", "new-order"], "not judged"))
    assert said.code == 20


@pytest.mark.night
def test_a_pack_that_does_not_fit_judges_nothing_of_the_list(
    bare_shop: Shop, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text('extends = "qsm-jp"\nname = "odd"\n[grid]\nkind = "aria"\n', "utf-8")
    asked = ("--json", "--only", "counter-labels,columns,cells", "--selectors", str(pack))
    with serving(bare_shop, "--grid", "table") as shop:
        said = accept(shop, *asked)

    assert verdicts(said) == {
        "counter-labels": "held",
        "columns": "not judged",
        "cells": "not judged",
    }
    assert said.code == 20
    assert all("--selectors" in each["why"] for each in said.json["statements"][1:])


@pytest.mark.parametrize("body", [b"", "<p>メンテナンス中</p>".encode()], ids=["empty", "page"])
@pytest.mark.by_day("empty")
def test_a_portal_that_answers_with_an_error_is_none_to_judge(bare_shop: Shop, body: bytes) -> None:
    with answering(HTTPStatus.SERVICE_UNAVAILABLE, body) as url:
        said = bare_shop.run("accept", url, "--json", "--only", "sign-in,columns")

    assert (said.code, said.json["error"]["code"]) == (50, "PortalUnreachable")
    assert "HTTP 503" in said.json["error"]["message"]
    assert set(verdicts(said).values()) == {"not judged"}


def test_ok_is_pressed_in_a_confirm_that_speaks_of_a_refusal_only(bare_shop: Shop) -> None:
    """Else the kit would do on the clone what nobody agreed to."""
    with serving(bare_shop, "--fault", "confirm-other") as shop:
        asked = ("--clone-confirmed", "--json", "--only", "confirm-text,row-leaves,sent-once")
        said = accept(shop, *asked)

    assert verdicts(said) == {
        "confirm-text": "did not hold",
        "row-leaves": "not judged",
        "sent-once": "not judged",
    }
    assert shop.effects("cancel") == shop.effects("refuse") == []
