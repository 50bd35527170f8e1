"""A person who knows where to click."""

from playwright.sync_api import Page

SPOTS = {
    "grid": "#ctl00_Main_claims .objbox",
    "reason": "#ddl_why",
    "reason_text": "#tb_why",
    "refuse_button": ".btn_area [role=button]",
}


class Quick:
    """Double-clicks on what is asked for, and on the neighbours of the button before it."""

    def __init__(self) -> None:
        self._neighbours = ["#btn_cancel_confirm", "#btn_claim_retraction"]

    def attend(self, key: str, page: Page) -> None:
        wrong = self._neighbours if key == "refuse_button" else []
        spot = page.locator(wrong.pop() if wrong else SPOTS[key])
        spot.scroll_into_view_if_needed()
        at = spot.bounding_box()
        assert at is not None
        page.mouse.dblclick(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
