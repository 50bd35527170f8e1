"""Pictures of the page, with everything about the buyer covered before they are taken."""

from pathlib import Path

from playwright.sync_api import Page

from qsm_bot.portal.border import border
from qsm_bot.portal.elements import Elements

_MASK = (Path(__file__).parent / "scripts" / "mask.js").read_text(encoding="utf-8")
_UNMASK = "() => document.querySelectorAll('.qsm-bot-mask').forEach((patch) => patch.remove())"


def masked_picture(page: Page, elements: Elements) -> bytes:
    """Return what the window shows as PNG, masked by an allow-list of labels.

    Raises:
        BrowserLost, PortalSlow, PortalUnreachable: no picture; an unmasked one is never taken.
    """
    with border("picture", page):
        grid = elements.find("grid")
        page.evaluate(
            _MASK,
            {
                "grid": grid.element_handle() if grid else None,
                "publicLabels": elements.pack.texts.public_labels,
            },
        )
        try:
            return page.screenshot(animations="allow", caret="initial")
        finally:
            page.evaluate(_UNMASK)
