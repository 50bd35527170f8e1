"""Which pages are taken on the walk, and that nothing is made when a secret is left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from flows.capture import _raise_if_told, _walk, write
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import FileUnwritable
from qsm_bot.base.errors.orders import NothingToOpen
from qsm_bot.base.errors.outside import BrowserLost, PortalErrorPage
from qsm_bot.base.errors.people import SessionEnded
from qsm_bot.base.errors.safety import SecretSurvives, SelectorDrift
from qsm_bot.base.words import Words
from qsm_bot.portal.capture.anonymise import Anonymiser
from qsm_bot.portal.capture.draft import Draft
from qsm_bot.portal.capture.kinds import DataKind
from qsm_bot.portal.capture.spots import Vocabulary
from qsm_bot.portal.capture.tree import Node
from qsm_bot.portal.survey.walk import PortalPage, Visit

DRIFT = SelectorDrift(element="search_by", detail="gone")
PLACES = (
    PortalPage.HOME,
    PortalPage.CLAIMS,
    PortalPage.LIST,
    PortalPage.SEARCH,
    PortalPage.DETAILS,
)
CLOSED = PortalErrorPage(url="/Notice.aspx")
DRAFT = Draft(files={"home/page.html": "new"}, replaced={}, samples={}, missed={})


class Walked:
    """A walk that is written down; each page that is taken names its place."""

    def __init__(self, **troubles: QsmBotError) -> None:
        self._troubles = troubles
        self._here = ""

    def visits(self) -> Iterator[Visit]:
        for place in PLACES:
            self._here = place
            yield Visit(place, self._troubles.get(place))

    def take(self, *, details: bool = False) -> Node:
        return Node("html", {"lang": self._here})


def walked(**troubles: QsmBotError) -> tuple[list[str], dict[str, str], list[Words]]:
    told: list[Words] = []
    walk = Walked(**troubles)
    pages, missed = _walk(walk.visits(), cast("Any", walk), told.append)
    assert [page.attrs["lang"] for page in pages.values()] == list(pages)
    return list(pages), missed, told


def test_what_is_not_reached_is_left_out_and_named() -> None:
    pages, missed, told = walked(search=DRIFT, details=NothingToOpen())

    assert pages == ["home", "claims", "list"]
    assert missed == {"search": "SelectorDrift: search_by", "details": "NothingToOpen"}
    assert len(told) == 5


@pytest.mark.parametrize("over", [SessionEnded(page="/"), BrowserLost(detail="gone")])
def test_the_end_of_the_session_or_of_the_browser_ends_the_capture(over: QsmBotError) -> None:
    with pytest.raises(type(over)):
        walked(list=over, search=over, details=over)


def test_without_any_page_the_first_trouble_is_told() -> None:
    with pytest.raises(PortalErrorPage):
        walked(**dict.fromkeys(PLACES, CLOSED) | {"details": DRIFT})


def test_a_secret_that_is_left_is_told_by_kind_and_page_never_by_value() -> None:
    made = Anonymiser(Vocabulary(), {"Kanaria-77": DataKind.SECRET}).run([Node("html")])

    with pytest.raises(SecretSurvives) as caught:
        _raise_if_told({"home/page.html": "<p>Kanaria-77</p>"}, made)

    assert caught.value.exit_code == 90
    assert "secret in home/page.html" in caught.value.message.en
    assert "Kanaria" not in caught.value.message.en + caught.value.message.ja


def test_an_older_capture_is_not_mixed_with_a_new_one(tmp_path: Path) -> None:
    older = tmp_path / "page.html"
    older.write_text("old", "utf-8")

    for taken in (tmp_path, older):
        with pytest.raises(FileUnwritable, match="must be an empty folder"):
            write(DRAFT, taken)

    assert [(file, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [(older, "old")]


def test_a_place_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", "utf-8")

    with pytest.raises(FileUnwritable) as caught:
        write(DRAFT, file / "captures")

    assert caught.value.facts["file"] == file / "captures"
    assert caught.value.facts["detail"]
