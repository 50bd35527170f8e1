"""Seconds per refused order in each way to build the claim page: ours, and a bare script's.

Both refuse the same orders, one right after the other; the first after the sign-in counts.
"""

import statistics
import tempfile
import time
from pathlib import Path

from peers import CLAIMS, LABEL, Portal, mock_portal, open_orders, ours
from playwright.sync_api import BrowserContext, Dialog, Frame, Response

from qsm_bot.mock_portal.styles import PACKS, STYLES

ORDERS = 5
_COUNTER = "#ctl00_ctl00_MainMaster_MainHolder_cancel_request"
_CELL = "xpath=//td[normalize-space()='{order}']"
_BUTTON = (
    "xpath=//a[.='キャンセル拒否'] | //button[.='キャンセル拒否']"
    " | //input[@value='キャンセル拒否']"
)


def measure(rounds: int) -> dict[str, object]:
    """Measure in turn, print each style's medians, and return all figures."""
    figures: dict[str, dict[str, list[float]]] = {}
    for style in STYLES:
        figures[style] = {"qsm-bot": [], "bare script": []}
        for _ in range(rounds):
            for name, refuse in (("qsm-bot", _ours), ("bare script", _bare)):
                with mock_portal(ORDERS, 0, style) as portal:
                    seconds = refuse(portal, style)
                    if sorted(portal.refused()) != sorted(open_orders(ORDERS)):
                        raise SystemExit(f"{name}, {style}: {portal.refused()}")
                figures[style][name].append(seconds / ORDERS)
        mine, bare = (statistics.median(each) for each in figures[style].values())
        print(f"{style:8} {mine:6.2f} s an order; bare {bare:6.2f} s; {mine / bare:4.2f} x")
    return {"rounds": rounds, "styles": figures}


def _ours(portal: Portal, style: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack.toml" if style in PACKS else None
        if pack:
            pack.write_text(PACKS[style], encoding="utf-8")
        return ours(portal, open_orders(ORDERS), pack)


def _bare(portal: Portal, style: str) -> float:
    from qsm_bot.portal.browser.launch import open_context

    with open_context("chromium", headless=True, loopback_only=True, timeout=20) as context:
        heard: list[str] = []

        def answer(dialog: Dialog) -> None:
            heard.append(dialog.message)
            dialog.accept()

        context.on("dialog", answer)
        page = context.new_page()
        page.goto(portal.url + CLAIMS)
        page.fill("#txtLoginID", portal.login_id)
        page.fill("#txtLoginPwd", portal.password)
        page.click("button.g-recaptcha")
        page.wait_for_url(f"**{CLAIMS}")
        start = time.perf_counter()
        for done, order in enumerate(open_orders(ORDERS), start=1):
            _refuse(context, order, style)
            while style != "modal" and len(heard) < 2 * done:
                page.wait_for_timeout(5)
        return time.perf_counter() - start


def _refuse(context: BrowserContext, order: str, style: str) -> None:
    page = context.pages[0]
    claims: Frame | None = page.frame("content") if style == "frames" else page.main_frame
    while claims is None:
        page.wait_for_timeout(5)
        claims = page.frame("content")
    with page.expect_response(_is_of_claims):
        claims.locator(_COUNTER).click()
    cell = claims.locator(_CELL.format(order=order)).first
    if style in ("popup", "frames"):
        with page.expect_popup() as opened:
            cell.dblclick()
        pane = opened.value.main_frame
    else:
        cell.dblclick()
        pane = claims
    reason = pane.locator("select").filter(has=pane.locator("option", has_text=LABEL))
    pane.locator(f"xpath=//th[.='注文番号']/following-sibling::td[.='{order}']").wait_for()
    if style == "json":
        reason.select_option(label=LABEL)
    else:
        with pane.page.expect_response(_is_of_claims):
            reason.select_option(label=LABEL)
        pane.page.wait_for_load_state("domcontentloaded")
    pane.locator(_BUTTON).click()
    if style == "modal":
        for label in ("OK", "確認"):
            pane.locator(f"[role=dialog] button:text-is('{label}')").click()
    elif style == "popup":
        page.wait_for_timeout(50)
        pane.page.close()


def _is_of_claims(response: Response) -> bool:
    return response.request.method == "POST" and "/Claim" in response.url.replace("swe_", "/")
