"""Answers of any form are read, or told as unknown: nothing else leaves the reader."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsm_bot.base.errors.qapi import QapiAnswerUnknown
from qsm_bot.qapi.answers import ClaimRow, OrderRow, ShipmentRow, read_envelope, read_rows

CLAIM = {"orderNo": 1, "packNo": 2, "itemCode": "3", "claimStatus": "1", "requestDate": ""}
ORDER = {"orderNo": "1", "shippingStatus": "配送中(4)", "claimStatus": None}
SHIPMENT = {"OrderNo": 1, "PackNo": 2, "ShippingStatus": "2"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*CLAIM, *ORDER, *SHIPMENT, "x"]), inner, max_size=6)
    ),
    max_leaves=12,
)


def read(rows: object, row: Any) -> Any:
    body = json.dumps({"ResultCode": 0, "ResultObject": rows}).encode()
    return read_rows(read_envelope(body, "Method"), row, "Method")


@given(st.binary(max_size=60))
@example(b"[" * 100_000)
@example(b"1" * 5000)
@example(b'{"ResultCode": ' + b"9" * 5000 + b"}")
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_an_answer_or_an_unknown_one(body: bytes) -> None:
    with suppress(QapiAnswerUnknown):
        assert isinstance(read_envelope(body, "Method").code, int)


@given(st.dictionaries(st.sampled_from(["ResultCode", "errorCode", "ResultMsg"]), json_values))
def test_only_a_whole_number_is_a_code(document: dict[str, Any]) -> None:
    try:
        told = read_envelope(json.dumps(document).encode(), "Method")
    except QapiAnswerUnknown:
        return
    given = document.get("errorCode", document.get("ResultCode"))
    assert not isinstance(given, bool)
    assert told.code == int(given)


@given(json_values, st.sampled_from([ClaimRow, OrderRow, ShipmentRow]))
def test_any_rows_are_read_or_unknown(rows: Any, row: Any) -> None:
    with suppress(QapiAnswerUnknown):
        assert all(each.order_no.isdigit() for each in read(rows, row))


@pytest.mark.parametrize(
    ("row", "kind"), [(CLAIM, ClaimRow), (ORDER, OrderRow), (SHIPMENT, ShipmentRow)]
)
def test_a_missing_field_is_told_by_its_name(row: dict[str, Any], kind: Any) -> None:
    assert len(read([row], kind)) == 1
    for name in row:
        with pytest.raises(QapiAnswerUnknown, match=f"row 2: {name.lower()} missing"):
            read([row, {key: row[key] for key in row if key != name}], kind)


@pytest.mark.parametrize("field", ["orderNo", "requestDate", "orderQty"])
@pytest.mark.parametrize("value", ["見本 花子", True, {}, [], 1.5, "2026-13-40", "-1"])
def test_a_value_of_another_kind_is_told_without_repeating_it(field: str, value: Any) -> None:
    with pytest.raises(QapiAnswerUnknown) as caught:
        read([CLAIM | {field: value}], ClaimRow)
    assert caught.value.facts["detail"] == f"row 1: {field.lower()} missing or not as known"


@pytest.mark.parametrize(
    "text", ["2026-01-05", "2026-01-05 23:59:59", "2026/01/05", "20260105", "20260105235959"]
)
def test_dates_are_days_in_japan_however_they_are_spelt(text: str) -> None:
    assert read([CLAIM | {"requestDate": text}], ClaimRow)[0].requested_on == date(2026, 1, 5)


def test_empty_dates_and_texts_are_none_and_empty() -> None:
    row = read(CLAIM | {"requestDate": None, "reason": None, "orderQty": ""}, ClaimRow)[0]
    assert (row.requested_on, row.reason, row.quantity) == (None, "", None)


@pytest.mark.parametrize("rows", [None, "", []])
def test_nothing_found_is_no_rows(rows: object) -> None:
    assert read(rows, ClaimRow) == []
