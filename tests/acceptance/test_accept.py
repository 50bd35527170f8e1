"""`qsm-bot accept` at the mock portal: every statement holds; of a defect exactly its own fail."""

import socket
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.acceptance.statements import STATEMENTS
from qsm_bot.mock_portal.world import World
from tests.acceptance.conftest import Shop, serving
from tests.acceptance.kit import accept, refusal_calls, telltale, verdicts
from tests.support import Said

BEFORE_THE_PRESS = (
    "reason-required",
    "other-too-short",
    "other-enough",
    "confirm-text",
    "confirm-cancel",
)
# The masks know the claim page only: 配送管理 is read; the reason comes from the journal.
UNSEEN = {"back-to-delivery", "reason-kept", "buyer-told"}


def test_at_the_mock_portal_every_statement_is_judged_and_holds(shop: Shop, tmp_path: Path) -> None:
    html, junit, last = (tmp_path / name for name in ("r.html", "r.xml", "last.json"))

    files = ("--html", str(html), "--junit", str(junit))
    said = accept(shop, "--clone-confirmed", "--json", *files)

    assert verdicts(said) == dict.fromkeys(STATEMENTS, "held")
    assert (said.code, said.json["exit_code"], said.json["error"]) == (0, 0, None)
    assert "late-order: held" in said.err
    # Two refusals, on orders that were made for it; nobody's order was cancelled by a button.
    refused = [effect["order"] for effect in shop.effects("refuse")]
    others = {order.order_no for order in World.seeded(12, seed=1).orders()}
    assert len(refused) == 2
    assert others.isdisjoint(refused)
    assert sorted(refusal_calls(shop)) == sorted(refused)
    assert shop.effects("cancel") == []
    _expect_reports(html, junit)
    _expect_evidence(said.json)
    _expect_nothing_changed(shop, said, last)


def _expect_reports(html: Path, junit: Path) -> None:
    page = html.read_text("utf-8")
    articles = page.split('<article class="statement" id="')[1:]
    judged = {part.partition('"')[0]: part for part in articles}
    assert {id_ for id_ in STATEMENTS if "data:image/jpeg;base64," not in judged[id_]} == UNSEEN
    assert "見本 花子" not in page
    suite = ET.parse(junit).getroot()[0]  # noqa: S314  # written by our own run
    named = {
        each.attrib["value"] for each in suite.iter("property") if each.attrib["name"] == "verdict"
    }
    assert suite.attrib["tests"] == str(len(STATEMENTS))
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("0", "0")
    assert named == {"held"}


def _expect_evidence(document: dict[str, Any]) -> None:
    contract = document["contract"]
    assert contract["refusal"]["dialogs"][-1] == "キャンセル拒否完了"
    assert contract["refusal"]["services"] == ["swe_ClaimBizService.asmx/SetCancelRefusal"]
    assert contract["list"]["headings"][:2] == ["選択", "処理状態"]
    assert {"home", "claims", "list", "search", "details", "refusal"} == set(contract)
    told = {dialog["text"] for each in document["statements"] for dialog in each["dialogs"]}
    assert "キャンセル拒否完了" in told


def _expect_nothing_changed(shop: Shop, said: Said, last: Path) -> None:
    last.write_text(said.out, encoding="utf-8")
    again = accept(shop, "--json", "--only", "two-views,columns", "--compare", str(last))
    assert (again.json["changes"], again.json["turned"]) == ([], {})
    assert again.json["compared_with"] == said.json["started_at"]
    assert again.code == 0


def test_without_consent_nothing_is_done_whatever_the_page_tries(bare_shop: Shop) -> None:
    """Also where the page sends although nobody agreed."""
    with serving(bare_shop, "--defect", "confirm-cancel") as shop:
        asked = ["--only", ",".join((*BEFORE_THE_PRESS, "row-leaves", "new-order"))]
        said = accept(shop, "--json", *asked)

    found = verdicts(said)
    assert found.pop("confirm-cancel") == "did not hold"
    assert (found.pop("row-leaves"), found.pop("new-order")) == ("not judged", "not judged")
    assert set(found.values()) == {"held"}
    assert refusal_calls(shop) == []
    assert not shop.journal.exists() or shop.journal.read_text("utf-8") == ""


def test_a_changed_page_is_told_as_a_difference(bare_shop: Shop, tmp_path: Path) -> None:
    last = tmp_path / "last.json"
    asked = ("--only", "columns,confirm-text")
    with serving(bare_shop) as shop:
        last.write_text(accept(shop, "--json", *asked).out, encoding="utf-8")
    with serving(bare_shop, "--defect", "columns", "--defect", "confirm-text") as shop:
        said = accept(shop, "--json", *asked, "--compare", str(last))
        told = accept(shop, "--only", "columns,row-leaves", "--compare", str(last))

    changes = {each["kind"]: each for each in said.json["changes"]}
    assert changes.keys() == {"headings", "dialogs"}
    assert changes["headings"]["old"].startswith("未受取理由 |")
    assert changes["dialogs"]["words"].endswith("拒否しますか?”")
    assert said.json["turned"] == dict.fromkeys(("columns", "confirm-text"), "held")
    _expect_a_table(told)


def _expect_a_table(told: Said) -> None:
    """What was not judged is no pass, and it is said what would be needed."""
    assert told.code == 30
    for line in (
        "columns: held → did not hold",
        "heading of the list, another order: was 未受取理由",
        "it acts on orders: only with --clone-confirmed",
        "0 held, 1 did not hold, 1 not judged.",
        "--clone-confirmed says that it is a clone.",
    ):
        assert line in told.out


def test_a_wrong_password_ends_with_the_code_of_the_sign_in(shop: Shop) -> None:
    said = accept(shop, "--json", "--only", "sign-in,columns", QSM_PASSWORD="wrong")

    assert said.code == 40
    assert said.json["error"]["code"] == "SignInFailed"
    assert set(verdicts(said).values()) == {"not judged"}


def test_a_clone_that_does_not_answer_ends_with_50(bare_shop: Shop) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        said = bare_shop.run("accept", url, "--json", "--only", "columns")

    assert said.code == 50
    error = said.json["error"]
    assert error.keys() == {"code", "message", "meaning", "next"}
    assert (error["code"], error["message"].startswith(url)) == ("PortalUnreachable", True)
    assert verdicts(said) == {"columns": "not judged"}


@pytest.mark.parametrize(
    "words",
    [
        ("https://qsm.qoo10.jp", "--clone-confirmed"),
        ("http://seller:secret@127.0.0.1:1",),
        ("http://127.0.0.1:1", "--only", "colums"),
        ("http://127.0.0.1:1", "--compare", "nowhere.json"),
        ("http://127.0.0.1:1", "--html", "no/such/folder/r.html"),
        ("http://127.0.0.1:1", "--selectors", "nowhere.toml"),
        ("http://127.0.0.1:1", "--shop", "tokyo"),
        ("http://127.0.0.1:99999",),
        (),
    ],
)
def test_what_makes_no_sense_is_told_before_any_browser_starts(
    bare_shop: Shop, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = bare_shop.run("accept", *words, QSM_BROWSER=str(telltale(tmp_path)))

    assert said.code == 60
    assert "secret" not in said.out + said.err
    assert not (tmp_path / "started").exists()


@pytest.mark.night
def test_a_night_that_could_not_judge_is_no_night_to_compare_with(
    bare_shop: Shop, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    with serving(bare_shop) as shop:
        good.write_text(accept(shop, "--json", "--only", "columns").out, encoding="utf-8")
        asked = ("--json", "--only", "columns", "--compare")
        refused = accept(shop, *asked, str(good), QSM_PASSWORD="wrong", QSM_LOGIN_ID="somebody")
        bad.write_text(refused.out, encoding="utf-8")
        after = accept(shop, *asked, str(bad))

    assert (refused.code, refused.json["changes"], refused.json["turned"]) == (40, [], {})
    assert (after.code, after.error) == (60, "LastRunUnreadable")
    assert "SignInFailed" in after.json["error"]["message"]


@pytest.mark.parametrize("login_id", ["mihon_shop", ""], ids=["said", "of the mock portal"])
@pytest.mark.by_day(1)
def test_in_another_shop_nothing_is_judged_and_nothing_done(shop: Shop, login_id: str) -> None:
    asked = ("--clone-confirmed", "--json", "--only", "sign-in,completed-text")
    said = accept(shop, *asked, QSM_SHOP_NAME="ほかの店", QSM_LOGIN_ID=login_id)

    assert (said.code, said.json["error"]["code"]) == (40, "WrongShop")
    assert set(verdicts(said).values()) == {"not judged"}
    assert shop.effects("refuse") == refusal_calls(shop) == []


def test_the_password_may_stand_in_a_file(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mihon-pass-1\n", encoding="utf-8")
    asked = {"QSM_PASSWORD": "", "QSM_PASSWORD_FILE": str(tmp_path / "secret")}
    said = accept(shop, "--json", "--only", "sign-in", **asked)

    assert verdicts(said) == {"sign-in": "held"}


def test_the_statements_are_listed(bare_shop: Shop) -> None:
    said = bare_shop.run("accept", "--list", "--json")

    assert [each["id"] for each in said.json["statements"]] == list(STATEMENTS)


def test_the_telltale_tells(bare_shop: Shop, tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    bare_shop.run(
        "accept", "http://127.0.0.1:1", "--only", "columns", QSM_BROWSER=str(telltale(tmp_path))
    )

    assert (tmp_path / "started").exists()
