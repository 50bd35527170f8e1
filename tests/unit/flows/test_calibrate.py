"""The walk of `calibrate`: what is asked for, in which order, and what a skipped element ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from flows.calibrate import Lesson, Wish
from flows.calibrate import calibrate as calibrate_
from qsm_bot.base.errors.orders import RowGone
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.cli.commands.calibrate import _show
from qsm_bot.cli.program.call import Job
from qsm_bot.portal.calibrate.teachable_elements import TEACHABLE, ElementPlace
from tests.unit.flows.conftest import Scene


@dataclass
class Seat:
    """A teacher without a browser: what it misses, and what the person skips."""

    missing: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    searches: bool = True
    did: list[str] = field(default_factory=list)

    def show(self, place: ElementPlace) -> None:
        self.did.append(f"show {place}")

    def open(self, order_no: str) -> None:
        if order_no in self.gone:
            raise RowGone(order=order_no)
        self.did.append(f"open {order_no}")

    def show_text_box(self) -> None:
        self.did.append("show その他")

    def misses(self, keys: Iterable[str], order_no: str = "") -> tuple[str, ...]:
        return tuple(key for key in keys if key in self.missing)

    def learn(self, key: str, order_no: str = "") -> str | None:
        self.did.append(f"ask {key}")
        if key in self.skipped:
            return None
        self.missing.discard(key)
        return f"css=#{key}"

    @property
    def asked(self) -> list[str]:
        return [each.removeprefix("ask ") for each in self.did if each.startswith("ask ")]


def calibrate(scene: Scene, seat: Seat, wish: Wish | None = None) -> Lesson:
    kept: dict[str, str] = {}
    lesson = calibrate_(scene.context, cast("Any", seat), wish or Wish(), kept.update)
    assert kept == lesson.taught
    return lesson


def test_only_what_is_missing_is_asked_for_place_by_place(scene: Scene) -> None:
    seat = Seat({"search_text", "refuse_button", "details_order_no", "shop_name", "login_id"})
    first, second = [order.order_no for order in scene.world.open_requests()][:2]
    seat.gone = {first}

    lesson = calibrate(scene, seat)

    assert seat.did == [
        f"open {second}",
        "ask details_order_no",
        "show その他",
        "ask refuse_button",
        "show search",
        "ask search_text",
    ]
    assert lesson.taught["refuse_button"] == "css=#refuse_button"
    assert lesson.left == []


def test_nothing_is_asked_for_where_nothing_is_missing(scene: Scene) -> None:
    assert calibrate(scene, Seat()) == Lesson({}, [])


def test_all_means_all(scene: Scene) -> None:
    seat = Seat()
    assert list(calibrate(scene, seat, Wish(all=True)).taught) == list(TEACHABLE)
    assert seat.did[0] == "show login"


def test_one_that_is_named_is_asked_for_alone(scene: Scene) -> None:
    seat = Seat({"refuse_button"})
    assert list(calibrate(scene, seat, Wish(keys=("reason",))).taught) == ["reason"]


def test_what_the_way_does_not_find_is_asked_for_on_the_way_once(scene: Scene) -> None:
    seat = Seat()

    def drift(call: str) -> None:
        if call == "sign_in":
            raise SelectorDrift(element="sign_out", detail="–")

    scene.portal.before_call = drift
    with pytest.raises(SelectorDrift):
        calibrate(scene, seat)
    assert seat.asked == ["sign_out"]


def test_one_that_is_skipped_is_left_and_ends_the_walk_if_it_is_the_way(scene: Scene) -> None:
    seat = Seat({"grid", "reason"}, skipped={"grid"})

    def drift(call: str) -> None:
        if call == "collect":
            raise SelectorDrift(element="grid", detail="–")

    scene.portal.before_call = drift
    assert calibrate(scene, seat).left == ["grid"]
    assert seat.asked == ["grid"]
    wish = Wish(keys=("grid", "reason"))
    assert calibrate(scene, seat, wish).left == ["grid", "reason"]


def test_one_that_was_skipped_is_not_asked_for_again_on_the_way(scene: Scene) -> None:
    seat = Seat({"counter"}, skipped={"counter"})

    def drift(call: str) -> None:
        if call == "collect":
            raise SelectorDrift(element="counter", detail="–")

    scene.portal.before_call = drift

    assert calibrate(scene, seat).left == ["counter"]
    assert seat.asked == ["counter"]


def test_behind_a_tab_that_is_skipped_nothing_is_asked_for(scene: Scene) -> None:
    seat = Seat({"by_search_tab", "search_text"}, skipped={"by_search_tab"})

    assert calibrate(scene, seat).left == ["by_search_tab"]
    assert seat.asked == ["by_search_tab"]
    assert "show search" not in seat.did


def test_what_lies_behind_a_missing_tab_is_left_if_it_was_named(scene: Scene) -> None:
    seat = Seat({"by_search_tab"})

    lesson = calibrate(scene, seat, Wish(keys=("search_text",)))

    assert (lesson.left, seat.asked) == (["search_text"], [])


def test_without_an_order_the_form_is_looked_at_all_the_same(scene: Scene) -> None:
    for order in scene.world.open_requests():
        scene.world.buyer_withdraws(order.order_no)
    seat = Seat({"details_order_no", "reason"}, searches=False)

    assert calibrate(scene, seat).taught == {"reason": "css=#reason"}


@pytest.mark.parametrize(
    ("lesson", "code"),
    [
        (Lesson({}, []), 10),
        (Lesson({"grid": "css=#a"}, []), 0),
        (Lesson({"grid": "css=#a"}, ["reason"]), 20),
    ],
)
def test_the_exit_code_says_what_is_left(lesson: Lesson, code: int, tmp_path: Any) -> None:
    assert _show(Job(as_json=True), lesson, tmp_path / "a.toml") == code


@pytest.mark.parametrize(
    ("said", "taught", "left"),
    [
        ("css=.ask: はい / いいえ", {"question": "css=.ask: はい / いいえ"}, []),
        ("", {}, []),
        (None, {}, ["question"]),
    ],
    ids=["shown", "native", "skipped"],
)
def test_how_the_portal_asks_is_shown_at_the_form(
    said: str | None, taught: dict[str, str], left: list[str], scene: Scene
) -> None:
    seat = Seat({"search_text"})

    def ask() -> str | None:
        seat.did.append("question")
        return said

    lesson = calibrate_(scene.context, cast("Any", seat), Wish(), lambda _: None, ask)

    assert seat.did[1:] == ["show その他", "question", "show search", "ask search_text"]
    assert lesson == Lesson(taught | {"search_text": "css=#search_text"}, left)


def test_without_an_order_no_question_can_be_shown(scene: Scene) -> None:
    seat = Seat(gone={order.order_no for order in scene.world.open_requests()})

    lesson = calibrate_(scene.context, cast("Any", seat), Wish(), lambda _: None, lambda: "never")

    assert lesson.left == ["question"]


def test_the_text_is_not_looked_for_where_other_things_are_to_be_shown(scene: Scene) -> None:
    seat = Seat()

    calibrate(scene, seat, Wish(keys=("refuse_button",)))

    assert "show その他" not in seat.did
