"""Texts that would tell who the buyer is, and texts that only look so."""

import pytest

from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.personal_data import personal_data
from qsm_bot.mock_portal.testing.builders import request


@pytest.mark.parametrize(
    "text",
    [
        "お客様のご注文は発送準備が完了しております。",
        "皆様にご案内しております。ご購入者様へ。注文者さまへ。",
        "仕様の変更はできません。同様の商品、多様な色、模様の入った品。",
        "この様な場合、発送できます様に手配しております。",
        "ご注文番号 762544202 は 2026-11-23 に発送しました。",
        "お荷物番号 1234-5678-9013 でお届けします。",
        "1,980円以上、2〜3日でお届けします。",
        "京都市内の工房で1点ずつ制作しています。",
        "",
    ],
)
def test_what_shops_write_is_fine(text: str) -> None:
    assert personal_data(text) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("見本花子様のご注文", "氏名"),
        ("ミホン ハナコさま", "氏名"),
        ("試験さくら様へ", "氏名"),
        ("Mihon様に", "氏名"),
        ("+81 90 0000 0000", "電話番号"),
        ("09000000000まで", "電話番号"),
        ("000(1234)5678", "電話番号"),
        ("a.b+c@example.jp", "メールアドレス"),
        ("１２３－４５６７", "郵便番号"),
        ("見本1丁目", "住所"),
    ],
)
def test_what_looks_like_a_person_is_found(text: str, what: str) -> None:
    found = personal_data(text)
    assert found is not None
    assert f"（{what}）" in found.ja


def test_the_shop_s_own_phone_and_the_order_s_own_numbers_may_stand_there() -> None:
    assert personal_data("000-1234-5678まで", allowed=["000-1234-5678"]) is None
    number = Known(facts=(Fact(value="01234567890", source=Source(file="a.csv")),))
    assert personal_data("番号01234567890") is not None
    assert personal_data("番号01234567890", evidence=Evidence(tracking_no=number)) is None
    assert personal_data("番号0123456789", request=request(order_no="0123456789")) is None


@pytest.mark.parametrize(
    ("heading", "value", "text", "found"),
    [
        ("購入者名", "見本 花子", "見本 花子", True),
        ("お届け先カナ", "ﾐﾎﾝ ﾊﾅｺ", "ミホン", True),
        ("電話", "12", "12点", True),
        ("棚番", "A-12", "A-12", False),
        ("商品名", "青い皿", "青い皿", False),
        ("氏名", "見", "見本", False),
    ],
)
def test_columns_about_the_buyer_are_compared(
    heading: str, value: str, text: str, *, found: bool
) -> None:
    facts = Known(facts=(Fact(value=value, source=Source(file="a.csv")),))
    told = personal_data(f"お品物は{text}です", evidence=Evidence(columns={heading: facts}))
    assert (told is not None) is found


def test_what_the_buyer_had_engraved_is_his_and_a_colour_is_not() -> None:
    row = request(option="刻印:HANAKO/カラー:ネイビー")
    assert personal_data("ネイビーの品です", request=row) is None
    assert personal_data("Ｈａｎａｋｏと HANAKO", request=row) is not None
