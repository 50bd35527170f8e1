"""Rows F87, F89 and F90: the page changes by itself while the bot works on it."""

import pytest
from playwright.sync_api import Page

from qsm_bot.domain.request import RefusalReason
from tests.faults.conftest import OpenLab
from tests.support import LONG_TEXT

REDRAW = """
const redraw = () => {
  const pane = document.getElementById("div_cancel_refuse");
  const kept = ["sel_refuse_reason", "txt_refuse_reason"].map((id) => document.getElementById(id));
  for (const old of kept) {
    const fresh = old.cloneNode(true);
    %s
    old.replaceWith(fresh);
  }
};
document.addEventListener("change", (event) => {
  if (event.target.id !== "sel_refuse_reason" || window.redrawn) return;
  window.redrawn = true;
  setTimeout(redraw, %d);
}, true);
"""
KEEPS = "fresh.value = old.value; fresh.disabled = false;"
LOSES = "fresh.value = ''; fresh.disabled = false;"


@pytest.mark.by_day(2)
@pytest.mark.parametrize("milliseconds", [0, 30])
@pytest.mark.parametrize("how", [KEEPS, LOSES], ids=["F87-keeps", "F87-loses"])
def test_the_form_is_drawn_anew_right_after_the_choice(
    how: str, milliseconds: int, open_lab: OpenLab
) -> None:
    """Either the reason and the text that were planned arrive, or nothing does."""
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    lab.page.add_init_script(REDRAW % (how, milliseconds))

    ending = lab.refuse(order, RefusalReason.OTHER, LONG_TEXT)

    assert ending.outcomes[order] in ("refused", "not_sent")
    effects = [(each.reason, each.text) for each in lab.server.journal.effects_of("refuse")]
    assert effects == [("その他", LONG_TEXT)] * (ending.outcomes[order] == "refused")


TRANSLATE = """
document.addEventListener("DOMContentLoaded", () => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(%r, %r);
});
"""


@pytest.mark.by_day(1)
@pytest.mark.parametrize(
    ("japanese", "english"),
    [
        pytest.param("キャンセル拒否", "Refuse cancellation", id="F90-button"),
        pytest.param("商品発送完了", "Item shipped", id="F90-reason"),
        pytest.param("キャンセル要請", "Cancel request", id="F90-counter"),
    ],
)
def test_labels_that_a_translator_changed_stop_the_run(
    japanese: str, english: str, open_lab: OpenLab
) -> None:
    lab = open_lab(settle_seconds=0.5, timeout=5)
    order = lab.orders[0]
    lab.page.add_init_script(TRANSLATE % (japanese, english))

    ending = lab.refuse(order)

    assert ending.outcomes.get(order, "not_sent") == "not_sent"
    assert ending.code in (20, 90)
    assert lab.sent() == 0


OPENS = """
document.addEventListener("change", (event) => {
  if (event.target.id === "sel_refuse_reason") window.open(%r);
}, true);
"""


@pytest.mark.parametrize("address", ["about:blank", "/GMKT.INC.Gsm.Web/Default.aspx"])
def test_f89_an_unexpected_tab_opens_during_the_act(address: str, open_lab: OpenLab) -> None:
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    lab.page.add_init_script(OPENS % address)
    tabs: list[Page] = []

    def note(tab: Page) -> None:
        tabs.append(tab)

    lab.page.on("popup", note)

    ending = lab.refuse(order)

    assert [tab.is_closed() for tab in tabs] == [True]
    assert (ending.outcomes, ending.facts) == ({order: "refused"}, {})
    assert lab.refused() == [order]


SWAPS = """
document.addEventListener("change", (event) => {
  if (event.target.id !== "sel_refuse_reason") return;
  new MutationObserver(() => { event.target.value = "R2"; }).observe(
    document.documentElement, { attributes: true, attributeFilter: ["class"], subtree: true });
}, true);
"""


def test_f87_another_reason_after_the_read_back_is_not_sent(open_lab: OpenLab) -> None:
    """It changes as the picture is taken: the masks change classes, after the reading back."""
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    lab.page.add_init_script(SWAPS)

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 20)
    assert lab.sent() == 0
