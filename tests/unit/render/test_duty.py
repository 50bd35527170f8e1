"""What `duty` tells, and the packing lists that it writes."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from rich.console import Console
from rich.table import Table

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.request import RefusalReason
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.evidence.protocol import EvidenceSet
from qsm_bot.render.duty import (
    DutyTable,
    board_of,
    closed_lines,
    duty_document,
    duty_table,
    ends_of,
    ship_lines,
)
from qsm_bot.render.packing import SUFFIXES, packing_list

REFUSED = datetime(2026, 1, 5, 15, 0, tzinfo=JST)
EVENING = REFUSED.replace(hour=20)
TODAY = Duty(
    order_no="762544202", cart_no="250040690", reason=RefusalReason.READY, refused_at=REFUSED
)
YESTERDAY = Duty(
    order_no="762544206", refused_at=REFUSED - timedelta(days=1), by_others=True, reopened=True
)
CLOSED = Duty(
    order_no="762544276",
    refused_at=REFUSED,
    closing=Closing(by=ClosedBy.PERSON, who="Sato", why=Words("posted", "投函済み")),
)
NOTHING: Mapping[str, Evidence] = {}
GOODS = {
    TODAY.order_no: SeenRequest(item_name="帆布トート", quantity=2, amount=3980, buyer_reason="")
}


def known(value: Any) -> Known[Any]:
    return Known(facts=(Fact(value=value, source=Source(file="出荷.csv", row=2)),))


FACTS = {
    TODAY.order_no: Evidence(
        tracking_no=known("123456789013"),
        shipped_on=known(REFUSED.date() - timedelta(days=1)),
        made_to_order=known(value=True),
        columns={"棚番": known("=HYPERLINK(1)"), "印": known("＋1")},
    )
}


def board(
    *duties: Duty, now: datetime = EVENING, facts: Mapping[str, Evidence] = NOTHING
) -> DutyTable:
    open_ = [duty for duty in duties if not duty.closing]
    closed = [duty for duty in duties if duty.closing]
    evidence = EvidenceSet(by_order=facts)
    return board_of("みほん商店", (open_, closed), evidence, GOODS, now=now, warn_hour=18)


def printed(table: Table | str) -> str:
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (board(), 10),
        (board(CLOSED), 10),
        (board(TODAY, now=REFUSED), 0),
        (board(TODAY), 30),
        (board(YESTERDAY, now=REFUSED), 30),
    ],
)
def test_the_exit_code_says_whether_a_person_is_needed(shown: DutyTable, code: int) -> None:
    assert shown.exit_code == code
    assert duty_document(shown, "en")["exit_code"] == code


def test_the_document_has_each_open_duty_and_what_was_closed() -> None:
    document = duty_document(board(YESTERDAY, TODAY, CLOSED), "ja", "packing.csv")

    over, open_ = document["duties"]
    assert (over["order_no"], over["state"], over["by_others"]) == ("762544206", "overdue", True)
    assert over["minutes_left"] == -1201
    assert open_ == {
        "order_no": "762544202",
        "cart_no": "250040690",
        "reason": "ready",
        "by_others": False,
        "refused_at": "2026-01-05T15:00:00+09:00",
        "due": "2026-01-05T23:59:59+09:00",
        "state": "at_risk",
        "minutes_left": 239,
        "notes": [],
        "item_name": "帆布トート",
        "quantity": 2,
    }
    (closed,) = document["closed"]
    assert closed["closing"] == {"by": "person", "who": "Sato", "why": "投函済み"}
    assert (document["out"], document["now"]) == ("packing.csv", "2026-01-05T20:00:00+09:00")


def test_the_table_marks_what_is_overdue_and_says_what_is_known() -> None:
    text = printed(duty_table(board(YESTERDAY, TODAY, facts=FACTS), "en"))

    assert "over by 20 h 00 min" in text
    assert text.index("762544206") < text.index("762544202")
    for said in ("OVERDUE", "AT RISK", "3 h 59 min", "refused by somebody else", "taken up again"):
        assert said in text
    assert "before the refusal" in text
    assert printed(duty_table(board(CLOSED), "ja")).strip() == "発送が必要な注文はありません。"


def test_a_run_ends_with_a_line_for_each_day() -> None:
    lines = [words.en for words in ship_lines([TODAY, YESTERDAY], EVENING)]
    assert lines == [
        "Ship by 2026-01-04 23:59 JST (over by 20 h 00 min): 762544206",
        "Ship by 2026-01-05 23:59 JST (3 h 59 min left): 762544202",
    ]
    assert list(ship_lines([], EVENING)) == []


def test_what_was_closed_is_told_with_who_says_so() -> None:
    assert [words.en for words in closed_lines([CLOSED, TODAY])] == ["762544276: Sato: posted"]


def test_a_report_knows_what_became_of_a_duty() -> None:
    ends = dict(ends_of([TODAY, YESTERDAY, CLOSED], EVENING))
    assert {order: key for order, (key, _) in ends.items()} == {
        "762544202": "refused",
        "762544206": "overdue",
        "762544276": "shipped",
    }
    why = ends["762544276"][1]
    assert why is not None
    assert why.ja == "Sato: 投函済み"


def test_a_csv_list_opens_in_excel_as_text_and_runs_nothing() -> None:
    content = packing_list(board(TODAY, facts=FACTS), ".csv", "ja")

    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert '"762544202","帆布トート","2","250040690","2026-01-05 23:59"' in text
    headings, cells = csv.reader(io.StringIO(text))
    row = dict(zip(headings, cells, strict=True))
    assert (row["送り状番号"], row["拒否理由"]) == ("'123456789013", "発送準備完了")
    assert (row["棚番"], row["印"]) == ("'=HYPERLINK(1)", "'＋1")
    assert "拒否日より前" in row["備考"]


def test_an_excel_list_holds_text_and_quantities_that_can_be_added_up() -> None:
    content = packing_list(board(YESTERDAY, TODAY, facts=FACTS), ".xlsx", "en")

    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    columns = {cell.value: cell.column for cell in sheet[1]}
    numbers = [cell for cell in cells if cell.data_type != "s"]
    assert {(cell.column, cell.value) for cell in numbers} == {(columns["quantity"], 2)}
    assert sheet.title == "To ship"
    assert sheet.cell(3, columns["order"]).value == "762544202"
    assert sheet.cell(3, columns["棚番"]).value == "=HYPERLINK(1)"
    assert sheet.cell(3, columns["order"]).number_format == "@"
    assert sheet.column_dimensions["A"].width >= 9


def test_an_html_list_loads_nothing_and_escapes_what_it_shows() -> None:
    evil = {TODAY.order_no: Evidence(columns={"<b>": known("<script>x</script>")})}
    page = packing_list(board(TODAY, facts=evil), ".html", "ja").decode()

    assert "default-src 'none'" in page
    assert "&lt;script&gt;x" in page
    assert "<script" not in page
    assert 'class="amber"><span>期限間近' in page
    assert "762544202" in page


def test_a_note_of_several_orders_stands_once_below_the_printed_list() -> None:
    others = [replace(YESTERDAY, order_no=order) for order in ("762544203", "762544204")]
    page = packing_list(board(*others, TODAY), ".html", "ja").decode()

    below = page.partition('class="notes"')[2]
    assert page.count("ショップの誰かが拒否済み") == 1
    assert page.count("<small>※1 ※2</small>") == 2
    assert "<b>※1</b><span>ショップの誰か" in below
    assert "<th>備考" not in page
    assert "<th>送り状番号" not in page


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_list_can_be_written_too(suffix: str) -> None:
    assert packing_list(board(), suffix, "en")
