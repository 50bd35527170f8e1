"""QAPI as a look at one order, and the age of its key."""

from datetime import date, datetime

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.domain.order_status import ClaimWords, StatusLook, standing_of
from qsm_bot.mock_portal.world import World
from qsm_bot.qapi import QapiStatus
from qsm_bot.qapi.status import key_warning
from tests.support import shipped_pack
from tests.unit.qapi.parts import NO, TODAY, api_of, client

AT = datetime(2026, 1, 5, 10, 0, tzinfo=JST)
WORDS = ClaimWords()


def test_the_shipped_pack_says_what_the_program_takes_for_granted_and_calls_it_a_guess() -> None:
    assert shipped_pack().qapi == WORDS
    assert WORDS.sure == "guess"


def standing(claim: str, shipping: str = "配送準備(3)", words: ClaimWords = WORDS) -> StatusLook:
    return standing_of(words, order_no=NO, shipping=shipping, claim=claim, at=AT)


class TestWhatTheValuesMean:
    @pytest.mark.parametrize(
        ("claim", "shipping", "is_open", "refused", "speaks"),
        [
            ("1", "配送準備(3)", True, False, False),
            ("キャンセル要請(1)", "", True, False, False),
            ("キャンセル要請", "", True, False, False),
            ("3", "", False, False, False),
            ("キャンセル完了(3)", "配送準備(3)", False, False, False),
            ("キャンセル拒否", "配送準備(3)", False, True, True),
            ("", "配送準備(3)", False, None, True),
            ("", "On delivery(4)", False, None, True),
            ("", "2", False, None, True),
            ("", "", None, None, False),
            ("", "配送待ち(1)", None, None, False),
            ("4", "配送中(4)", None, None, False),
            ("11", "配送準備(3)", None, None, False),
            ("unheard of", "配送準備(3)", None, None, False),
        ],
    )
    def test_by_default(
        self,
        claim: str,
        shipping: str,
        *,
        is_open: bool | None,
        refused: bool | None,
        speaks: bool,
    ) -> None:
        seen = standing(claim, shipping)
        assert (seen.open, seen.refused, seen.speaks_for_refusal) == (is_open, refused, speaks)
        assert claim in seen.text
        assert shipping in seen.text

    def test_the_pack_can_say_otherwise(self) -> None:
        words = ClaimWords(refused=("17",), none=())
        assert standing("拒否(17)", words=words).refused is True
        assert standing("", words=words).open is None


class TestSource:
    def test_it_follows_the_order(self) -> None:
        world = World.seeded(3, seed=1, today=TODAY)
        with client(api_of(world)) as api:
            source = QapiStatus(api, WORDS, lambda: AT)
            before = source.status(NO)
            world.refuse(NO, "商品発送完了")
            after = source.status(NO)
            unknown = source.status("1")
        assert (before.open, before.refused) == (True, False)
        assert (after.open, after.refused, after.at) == (False, None, AT)
        assert (unknown.open, unknown.refused, unknown.text) == (None, None, "no such order")


@pytest.mark.parametrize(
    ("issued", "today", "told"),
    [
        (None, date(2026, 1, 5), None),
        (date(2026, 1, 5), date(2026, 12, 5), None),
        (date(2026, 1, 5), date(2026, 12, 6), "ends on 2027-01-05"),
        (date(2026, 1, 5), date(2027, 1, 4), "ends on 2027-01-05"),
        (date(2026, 1, 5), date(2027, 1, 5), "its year ended on 2027-01-05"),
        (date(2024, 2, 29), date(2025, 2, 1), "ends on 2025-02-28"),
    ],
)
def test_a_key_is_warned_of_for_its_last_30_days(
    issued: date | None, today: date, told: str | None
) -> None:
    warning = key_warning(issued, today)
    assert (warning is None) if told is None else (warning and told in warning.en)
