"""`accept --load` and `--faults`: what they tell, and their bounds."""

from pathlib import Path

import pytest

from tests.acceptance.conftest import Shop
from tests.acceptance.kit import accept, telltale


@pytest.mark.night
def test_load_and_bad_networks_are_told_in_the_same_document(shop: Shop) -> None:
    asked = ("--only", "completed-text", "--load", "3x2", "--faults")
    said = accept(shop, "--clone-confirmed", "--json", *asked)

    load, faults = said.json["load"], {each["name"]: each for each in said.json["faults"]}
    assert (load["begun"], load["completed"], load["confirmed"]) == (6, 6, 6)
    assert (load["twice"], load["unconfirmed"], load["errors"]) == ([], [], {})
    assert (faults["latency"]["exit_code"], faults["latency"]["differs"]) == (0, {})
    assert faults["reset-after"]["differs"] == {"completed-text": "did not hold"}
    assert faults["refuse"]["exit_code"] == 50
    assert said.code == 0
    # In its own run, once plainly, once to learn, six times replayed; once in each network that
    # lets it through.
    assert len(shop.effects("refuse")) == len({each["order"] for each in shop.effects("refuse")})


@pytest.mark.parametrize(
    "words",
    [
        ("--load", "3x2"),
        ("--clone-confirmed", "--load", "many"),
        ("--clone-confirmed", "--load", "100x100"),
        ("https://staging.example", "--clone-confirmed", "--load", "3x2"),
        ("https://staging.example", "--faults"),
    ],
)
def test_load_and_faults_have_their_bounds(
    bare_shop: Shop, tmp_path: Path, words: tuple[str, ...]
) -> None:
    url = () if words[0].startswith("https") else ("http://127.0.0.1:1",)
    said = bare_shop.run("accept", *url, *words, QSM_BROWSER=str(telltale(tmp_path)))

    assert said.code == 60
    assert not (tmp_path / "started").exists()
