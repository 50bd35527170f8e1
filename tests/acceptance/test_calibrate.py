"""A seller points at what the pack does not find; then everything works, without a line of code."""

import json
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Page

from qsm_bot.portal.calibrate import pointing
from tests.acceptance.conftest import Shop, serving
from tests.acceptance.kit import refusal_calls
from tests.acceptance.pointing import Quick
from tests.patience import patient

RULES = """schema = 1
[[rule]]
name = "named"
reason = "shipped"
orders = ["{order}"]
"""


def test_an_odd_portal_is_learned_by_pointing_and_worked_with(bare_shop: Shop) -> None:
    """Pointing sends nothing, the neighbours are refused; afterwards one refusal has one effect."""
    faults = ["--fault", "odd-markup", "--fault", "late-reasons:0.6"]
    with serving(bare_shop, *faults) as shop:
        wait = ("--wait", str(patient(10)))
        with patch.object(pointing, "AtTheWindow", Quick):
            done = shop.run(
                "calibrate", "--no-window", *wait, "--json", QSM_TIMEOUT=str(patient(3))
            )

        assert done.code == 0, done.err
        said = done.json
        assert list(said["shown"])[-3:] == ["reason", "reason_text", "refuse_button"]
        assert said["shown"]["refuse_button"].endswith("='キャンセル拒否']")
        assert said["left"] == []
        assert Path(said["file"]).name == "qsm-jp-127.0.0.1.toml"
        assert shop.journal.read_text("utf-8") == ""
        assert ".asmx/Set" not in shop.requests.read_text("utf-8")
        assert "dialog_unexpected" not in done.err

        order = shop.run("list", "--json").json["requests"][0]["order_no"]
        shop.write_rules(RULES.format(order=order))
        plan = shop.run("plan", "--json")
        assert [each["order_no"] for each in plan.json["refuse"]] == [order]
        rehearsed = shop.run("rehearse", order, "--reason", "shipped", "--json")
        assert rehearsed.outcomes == {order: "rehearsed"}
        text = "ご注文後すぐに制作を開始しており、キャンセルをお受けすることができません。"
        refused = shop.run("refuse", order, "--reason", "other", "--text", text, "--yes", "--json")
        assert (refused.code, refused.outcomes) == (0, {order: "refused"})
        effects = [json.loads(line) for line in shop.journal.read_text("utf-8").splitlines()]
        assert [(it["kind"], it["order"], it["text"]) for it in effects] == [
            ("refuse", order, text),
            ("notice", order, text),
        ]
    assert shop.run("calibrate", "--reset").code == 0
    assert not Path(said["file"]).exists()


class AtTheQuestion:
    """Points at something else first, then at the right button, twice."""

    def __init__(self) -> None:
        self.left = ["select:visible", "OK", "OK", "キャンセル"]

    def attend(self, key: str, page: Page) -> None:
        assert key == "question"
        said = self.left.pop(0)
        layer = page.locator("[role=dialog]")
        spot = page.locator(said) if ":" in said else layer.get_by_text(said, exact=True)
        at = spot.first.bounding_box()
        assert at is not None
        page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def test_a_question_that_is_a_layer_is_learned_without_sending_anything(bare_shop: Shop) -> None:
    with serving(bare_shop, "--style", "modal") as shop:
        order = shop.run("list", "--json").json["requests"][0]["order_no"]
        before = shop.run("rehearse", order, "--reason", "shipped", "--json")
        with patch.object(pointing, "AtTheWindow", AtTheQuestion):
            said = shop.run("calibrate", "--question", "--no-window", "--json")

        assert "calibrate --question" in before.json["error"]["next"]
        assert (said.code, said.json.get("left")) == (0, []), said.out + said.err
        assert said.json["shown"] == {"question": "css=[role=dialog]: OK / キャンセル"}
        assert shop.effects("refuse") == []
        assert refusal_calls(shop) == []

        rehearsed = shop.run("rehearse", order, "--reason", "shipped", "--json")
        refused = shop.run("refuse", order, "--reason", "shipped", "--yes", "--json")
        assert rehearsed.outcomes == {order: "rehearsed"}
        assert (refused.code, refused.outcomes) == (0, {order: "refused"})
        assert [each["order"] for each in shop.effects("refuse")] == [order]


def test_a_question_of_the_browser_needs_no_showing(bare_shop: Shop) -> None:
    with serving(bare_shop) as shop:
        said = shop.run("calibrate", "--question", "--no-window")

        assert said.code == 10
        assert "dialog of the browser" in said.err
        assert shop.effects("refuse") == []
