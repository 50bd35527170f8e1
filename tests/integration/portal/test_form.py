"""The form キャンセル拒否: filled in, read back, and waited for where a page is slow."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from qsm_bot.base.errors.orders import ReadBackMismatch, ReasonMissing
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import page_of
from tests.patience import patient
from tests.support import LONG_TEXT, OpenPortal

Open = Callable[..., QsmPortal]


@pytest.fixture
def at_form(open_portal: OpenPortal) -> Iterator[Open]:
    """Opens the first order at a portal with these faults."""
    with ExitStack() as stack:

        def at_form(*faults: str, **options: float) -> QsmPortal:
            world = World.seeded(3, seed=1)
            made = MockPortal(world, options=PortalOptions(faults=parse_faults(faults)))
            portal = open_portal(stack.enter_context(made), **options)
            portal.sign_in()
            portal.open(world.open_requests()[0].order_no)
            return portal

        yield at_form


def test_a_reason_that_is_there_is_not_waited_for(
    at_form: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = patient(60)  # ample: waited for, it would take all of that
    monkeypatch.setattr("qsm_bot.portal.pages.claim_page._REASON_MS", limit * 1000)
    portal = at_form(timeout=limit)
    began = time.monotonic()

    chosen = portal.choose(RefusalReason.READY, None)

    assert (chosen.label, chosen.text) == ("発送準備完了", "")
    assert time.monotonic() - began < limit


def test_labels_with_blanks_around_them_are_the_known_ones(at_form: Open) -> None:
    chosen = at_form("wide-labels").choose(RefusalReason.MADE_TO_ORDER, None)

    assert chosen.label.strip() == "注文制作商品"


class TestALateList:
    """A page may fill in the reasons after the order is shown."""

    def test_a_reason_that_comes_late_is_chosen(self, at_form: Open) -> None:
        chosen = at_form("late-reasons:0.8").choose(RefusalReason.SHIPPED, None)

        assert chosen.label == "商品発送完了"

    def test_it_is_not_waited_for_longer_than_for_anything_else(self, at_form: Open) -> None:
        portal = at_form("late-reasons:600", timeout=patient(1))
        began = time.monotonic()

        with pytest.raises(ReasonMissing):
            portal.choose(RefusalReason.SHIPPED, None)

        assert min(patient(1), 5) - 0.1 <= time.monotonic() - began < 300

    def test_a_patient_program_waits_five_seconds_at_most(self, at_form: Open) -> None:
        portal = at_form("reason-missing:発送準備完了", timeout=900)
        began = time.monotonic()

        with pytest.raises(ReasonMissing) as caught:
            portal.choose(RefusalReason.READY, None)

        assert 4.9 <= time.monotonic() - began < 450
        assert caught.value.facts["label"] == "発送準備完了"
        assert "商品発送完了" in str(caught.value.facts["offered"])

    def test_the_other_reasons_can_still_be_chosen(self, at_form: Open) -> None:
        chosen = at_form("reason-missing:発送準備完了").choose(RefusalReason.SHIPPED, None)

        assert chosen.label == "商品発送完了"

    def test_without_a_pull_down_nothing_is_chosen(self, at_form: Open) -> None:
        portal = at_form(timeout=patient(5))
        page_of(portal).evaluate("document.querySelector('#sel_refuse_reason').remove()")

        with pytest.raises(ReasonMissing) as caught:
            portal.choose(RefusalReason.SHIPPED, None)

        assert caught.value.facts["offered"] == "(0 pull-downs)"


class TestAChoiceThatIsNotKept:
    """It is made once more, since nothing is sent by it; then it is told."""

    def test_a_form_that_is_set_back_once_is_filled_in_again(self, at_form: Open) -> None:
        assert at_form("reason-reset:1").choose(RefusalReason.SHIPPED, None).label == "商品発送完了"

    def test_one_that_is_set_back_each_time_is_told(self, at_form: Open) -> None:
        portal = at_form("reason-reset:2")

        with pytest.raises(ReadBackMismatch):
            portal.choose(RefusalReason.SHIPPED, None)

    def test_a_text_that_is_cut_is_told(self, at_form: Open) -> None:
        portal = at_form("short-box:20")

        with pytest.raises(ReadBackMismatch) as caught:
            portal.choose(RefusalReason.OTHER, LONG_TEXT)

        assert LONG_TEXT[:20] in str(caught.value.facts.values())

    def test_a_box_that_opens_late_takes_the_whole_text(self, at_form: Open) -> None:
        chosen = at_form("late-box:0.8").choose(RefusalReason.OTHER, LONG_TEXT)

        assert (chosen.label, chosen.text) == ("その他", LONG_TEXT)
