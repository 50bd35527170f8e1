"""Which numbers can be a carrier's, and by which names carriers go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.carriers import carrier_name, tracking_number, why_implausible

SEVENS = ["ヤマト運輸", "佐川急便", "日本郵便"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((each, "ヤマト運輸") for each in ("クロネコヤマト", "ﾔﾏﾄ運輸(株)", "Yamato", "YAMATO")),
        *((each, "佐川急便") for each in ("佐川急便株式会社", "Sagawa Express", "佐川")),
        *(
            (each, "日本郵便")
            for each in ("ゆうパック", "ゆうメール", "郵便局", "EMS", "Japan Post")
        ),
        *(("西濃", "西濃運輸"), ("福山通運㈱", "福山通運"), ("見本　急送", "見本 急送")),
    ],
)
def test_a_carrier_has_one_name_whatever_it_is_called(written: str, name: str) -> None:
    assert carrier_name(written) == name


def test_every_dash_and_width_of_a_number_is_the_same_number() -> None:
    assert tracking_number(" １２３４－5678‐901 3") == "123456789013"
    assert tracking_number("rr123456785jp") == "RR123456785JP"


@given(body=st.integers(0, 10**11 - 1), name=st.sampled_from(SEVENS))
def test_the_twelfth_digit_is_the_rest_of_the_division_by_seven(body: int, name: str) -> None:
    for digit in range(10):
        odd = why_implausible(f"{body:011}{digit}", name)
        assert (odd is None) == (digit == body % 7)


@given(body=st.integers(0, 10**10 - 1))
def test_the_eleventh_digit_of_registered_mail_likewise(body: int) -> None:
    assert why_implausible(f"{body:010}{body % 7}", "書留") is None
    assert why_implausible(f"{body:010}{body % 7 + 1}", "書留") is not None


@pytest.mark.parametrize(
    ("number", "carrier", "good"),
    [
        ("RB123456785GB", "日本郵便", True),  # the standard's own example
        ("RB123456784JP", "日本郵便", False),
        ("RB000000005JP", "日本郵便", True),  # the remainder 0 gives 5
        ("RB000000010JP", "日本郵便", False),
        ("RB123456785JP", "ヤマト運輸", False),
        ("1234567890123", "日本郵便", True),
        ("1234567890", "西濃運輸", True),
        ("1234567890", "福山通運", True),
        ("12345678", "西濃運輸", False),
        ("12345678901A", "佐川急便", False),
        ("12345678", None, True),
        ("ABC-12345", "見本急送", True),
        ("1234567", "見本急送", False),
        ("1" * 21, "", False),
        ("1234.5678", None, False),
        ("未発送です未発送です", None, False),
    ],
)
def test_what_can_be_a_number(number: str, carrier: str | None, good: bool) -> None:  # noqa: FBT001  # a value of the table
    assert (why_implausible(number, carrier) is None) == good


def test_why_not_is_said_in_both_languages() -> None:
    short = why_implausible("12345", "yamato")
    wrong = why_implausible("123456789014", "yamato")
    assert short is not None
    assert wrong is not None
    assert short.ja == "ヤマト運輸の番号は12桁です（「12345」は不可）"
    assert "wrong check digit for ヤマト運輸" in wrong.en
