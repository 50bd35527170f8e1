"""Which numbers can be a carrier's, and by which names carriers go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.domain.carriers import (
    carrier_name,
    is_known_carrier,
    tracking_number,
    why_implausible,
    why_no_proof,
)

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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *(
            (each, "ヤマト運輸")
            for each in (
                *(
                    "ヤマト（ネコポス）",
                    "ヤマト運輸 ネコポス",
                    "宅急便（発払い）",
                    "宅急便コンパクト",
                ),
                *("クロネコヤマト宅急便", "クロネコゆうパケット", "ヤマト・クール便", "ﾔﾏﾄ/代引き"),
            )
        ),
        *((each, "佐川急便") for each in ("佐川急便（元払い）", "SAGAWA", "飛脚宅配便(代引)")),
        *((each, "日本郵便") for each in ("日本郵便【ゆうパック】", "宅配便（ゆうパケット）")),
    ],
)
def test_brackets_and_services_beside_a_carrier_are_understood(written: str, name: str) -> None:
    assert carrier_name(written) == name


@pytest.mark.parametrize(
    "written",
    ["1001", "元払い", "宅配便", "ヤマトまたは佐川", "ヤマト 佐川", "佐川以外", "ヤマト(仮)"],
)
def test_what_does_not_name_one_carrier_for_certain_names_none(written: str) -> None:
    assert not is_known_carrier(written)


OWN = ("762544202", "250040690")


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        *(("762544202", name) for name in ("西濃運輸", "ヤマト運輸", None, "見本急送")),
        *(("000762544202", "日本郵便"), ("250040690000", "日本郵便")),
        *((digit * 12, name) for digit in "01789" for name in SEVENS),
        *(("0000000000000", "日本郵便"), ("1234567890123", "日本郵便")),
        *(("0312345678", "西濃運輸"), ("03-1234-5678", None), ("09012345678", "日本郵便")),
        *(("+81 90-1234-5678", "ヤマト運輸"), ("819012345678", None), ("81312345678", "日本郵便")),
        *(
            ("300000000005", "1001"),
            ("300000000005", "元払い"),
            ("300000000006", "宅急便（発払い）"),
        ),
        ("762000001", "福山通運"),
    ],
)
def test_what_proves_no_shipment_is_never_accepted(number: str, carrier: str | None) -> None:
    assert why_no_proof(number, carrier, OWN) is not None


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        *(
            ("300000000005", name)
            for name in ("ヤマト（ネコポス）", "佐川急便（元払い）", "ゆうパック")
        ),
        *(("3012345679", "西濃"), ("300000000005", None), ("RB123456785GB", "EMS")),
    ],
)
def test_a_number_of_a_known_carrier_does(number: str, carrier: str | None) -> None:
    assert why_no_proof(number, carrier, OWN) is None
