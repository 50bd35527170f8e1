"""The grids that can be read, how their rows are opened, and what is said of any other."""

from typing import Literal

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words

GridKind = Literal["auto", "dhtmlx", "jqgrid", "slickgrid", "aria", "table"]
"""A reader of `scripts/grids/`; "auto" takes the one that fits."""

RowOpening = Literal["dblclick", "click", "enter"]
"""What opens a row; "enter" is a click and then the key."""

_ODD = {
    "none": Words("built as no known grid ({seen})", "既知の一覧表の形式ではありません（{seen}）"),
    "several": Words("several grids fit: {seen}", "該当する一覧表が複数あります: {seen}"),
    "parts": Words("{seen}", "{seen}"),
    "halves": Words("its halves are out of step", "一覧表の左右の行がずれています"),
    "frozen": Words("rows are frozen", "固定された行があります"),
    "stuck": Words("page {seen} cannot be turned", "{seen} ページ目から先へ進めません"),
    "no way back": Words(
        "from the second page nothing leads back to the first",
        "2ページ目から先頭ページへ戻れません",
    ),
    "endless": Words("more than {seen} pages", "{seen} ページを超えています"),
}


def odd_grid(what: str, seen: str) -> SelectorDrift:
    """Return the error for a list that no reader can read."""
    return SelectorDrift(element="grid", detail=_ODD[what].filled(seen=seen))
