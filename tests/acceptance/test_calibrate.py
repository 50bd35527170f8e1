"""A seller points at what the pack does not find; then everything works, without a line of code."""

import json
import subprocess
import sys
from pathlib import Path

from tests.acceptance.conftest import Shop, serving

PERSON = Path(__file__).with_name("pointing.py")
ROOT = Path(__file__).parents[2]
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
        done = subprocess.run(
            [sys.executable, PERSON, "calibrate", "--no-window", "--wait", "20", "--json"],
            cwd=shop.folder,
            env={**shop.environment, **shop.portal, "QSM_TIMEOUT": "6", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert list(said["shown"])[-3:] == ["reason", "reason_text", "refuse_button"]
        assert said["shown"]["refuse_button"].endswith("='キャンセル拒否']")
        assert said["left"] == []
        assert Path(said["file"]).name == "qsm-jp-127.0.0.1.toml"
        assert shop.journal.read_text("utf-8") == ""
        assert ".asmx/Set" not in shop.requests.read_text("utf-8")
        assert "dialog_unexpected" not in done.stderr

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
