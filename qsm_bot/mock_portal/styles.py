"""The ways in which the mock portal's claim page can be built."""

from dataclasses import dataclass
from typing import Literal, get_args

StyleName = Literal["json", "partial", "mixed", "full", "popup", "frames", "modal"]
STYLES: tuple[StyleName, ...] = get_args(StyleName)


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a claim page is built that the server draws.

    Attributes:
        partial: a click posts by XMLHttpRequest, and a panel of the page is replaced.
        plain_acts: an act is a full post all the same.
        window: 取引情報 opens in a window of its own, in which each click is a full post.
        closes: that window closes itself after an act, and has its opener drawn anew.
        frames: menu and claim page are frames.
        dialogs: questions and messages are layers of the page, not the browser's own.
        both: requests and refused orders are two lists with equal headings.
    """

    partial: bool = False
    plain_acts: bool = False
    window: bool = False
    closes: bool = False
    frames: bool = False
    dialogs: bool = False
    both: bool = False


DRAWN: dict[str, Style] = {
    "partial": Style(partial=True),
    "mixed": Style(partial=True, plain_acts=True, both=True),
    "full": Style(),
    "popup": Style(window=True),
    "frames": Style(window=True, closes=True, frames=True),
    "modal": Style(partial=True, dialogs=True),
}
"""The styles that the server draws; `json` is drawn by the page's own script."""

PACKS = {
    "modal": """\
schema = 1
extends = "qsm-jp"
name = "mock-modal"

[layers]
at = "css=[role=dialog]"
go_on = "OK"
give_up = "キャンセル"
close = "確認"
"""
}
"""What a selector pack must say besides, by style: of layers the program knows nothing itself."""
