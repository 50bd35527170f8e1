"""`doctor --portal`, and what later commands make of the page contract that it leaves."""

import json
from pathlib import Path

from tests.acceptance.conftest import Shop
from tests.support import shipped_pack

FIRST = "762544202"


def test_doctor_looks_for_every_element_and_later_runs_warn_of_drift(
    shop: Shop, tmp_path: Path
) -> None:
    said = shop.run("doctor", "--portal", "--json")

    assert (said.code, said.json["exit_code"]) == (0, 0), said.out + said.err
    states = {each["key"]: each["state"] for each in said.json["elements"]}
    assert set(states) >= set(shipped_pack().elements)
    assert set(states.values()) == {"found", "not shown"}
    assert said.json["verdict"]["ready_for"] == "refuse"
    pictures = {each["picture"] for each in said.json["elements"]} - {None}
    assert len(pictures) == 5
    assert all(Path(picture).is_file() for picture in pictures)

    # The portal is as it was; what is known of it is made another.
    (kept,) = (tmp_path / "data" / "contracts").glob("*.json")
    known = kept.read_text("utf-8")
    kept.write_text(known.replace('"注文番号"', '"受注番号"'), "utf-8")
    rehearsed = shop.run("rehearse", FIRST, "--reason", "shipped", "--json")
    shop.run("report", "--out", str(tmp_path / "report.html"))

    warning = "list of requests: heading of the list was “受注番号”, is “注文番号”"
    assert rehearsed.json["outcomes"][0]["outcome"] == "rehearsed"
    assert warning in rehearsed.json["warnings"]
    assert warning in rehearsed.err
    assert warning in (tmp_path / "report.html").read_text("utf-8")
    # Asking for lists and details is all that ever reached the portal.
    posts = [json.loads(line)["path"] for line in shop.requests.read_text("utf-8").splitlines()]
    assert not [path for path in posts if "/Set" in path]
    assert not shop.journal.exists() or shop.journal.read_text("utf-8") == ""


def test_a_portal_that_is_not_there_keeps_its_exit_code(bare_shop: Shop) -> None:
    settings = {"QSM_PORTAL_URL": "http://127.0.0.1:9", "QSM_LOGIN_ID": "x", "QSM_PASSWORD": "y"}

    said = bare_shop.run("doctor", "--portal", "--json", QSM_SHOP_NAME="みほん商店", **settings)

    assert (said.code, said.json["error"]["code"]) == (50, "PortalUnreachable")
    assert {each["state"] for each in said.json["elements"]} == {"not visited"}
