"""What a newcomer meets first: help, init, doctor, the demo."""

import json
from pathlib import Path

from qsm_bot.config.settings_file import load_settings
from qsm_bot.rules import load_rules
from tests.acceptance.conftest import Shop


def test_the_demo_tells_the_whole_story_and_its_two_books_agree(
    bare_shop: Shop, tmp_path: Path
) -> None:
    said = bare_shop.run("demo", "--keep", str(tmp_path / "demo"), "--json")

    assert said.code == 0, said.err
    document = said.json
    assert document["agrees"] is True
    assert [row["outcome"] for row in document["outcomes"]] == ["refused"] * 3 + ["gone"]
    assert document["journal"] == {"refuse": 3, "withdraw": 1}
    journal = (tmp_path / "demo" / "portal-journal.jsonl").read_text("utf-8").splitlines()
    reasons = [e["reason"] for line in journal if (e := json.loads(line))["kind"] == "refuse"]
    assert reasons == ["商品発送完了", "発送準備完了", "その他"]
    assert Path(document["report"]).is_file()


def test_the_demo_ignores_the_sellers_own_settings(bare_shop: Shop) -> None:
    said = bare_shop.run(
        "demo", "--json", QSM_PORTAL_URL="https://portal.invalid", QSM_PASSWORD="secret"
    )

    assert said.code == 0, said.err


def test_init_writes_files_that_load_and_replaces_none(bare_shop: Shop) -> None:
    first, second = bare_shop.run("init", "--json"), bare_shop.run("init", "--json")

    assert first.code == 0
    assert (second.code, second.json["error"]["code"]) == (60, "FileExists")
    assert load_settings(bare_shop.folder / "qsm-bot.toml").portal_url == "https://qsm.qoo10.jp"
    assert load_rules(bare_shop.folder / "rules.toml").rules == []


def test_doctor_checks_each_part_of_the_machine(bare_shop: Shop) -> None:
    said = bare_shop.run("doctor", "--json")

    assert said.code == 0, said.out
    states = {check["name"]: check["state"] for check in said.json["checks"]}
    assert set(states) == {
        "python",
        "settings",
        "sign-in",
        "selector pack",
        "rules",
        "ledger",
        "browser",
        "font",
    }
    assert "fail" not in states.values()


def test_doctor_names_a_broken_ledger(bare_shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.sqlite3").write_text("this is no ledger " * 100, "utf-8")

    said = bare_shop.run("doctor", "--json")

    checks = {check["name"]: check["state"] for check in said.json["checks"]}
    assert (said.code, checks["ledger"]) == (80, "fail")


def test_help_names_every_command_in_both_languages(bare_shop: Shop) -> None:
    english, japanese = bare_shop.run("--help"), bare_shop.run("--help", QSM_LANG="ja")

    commands = ("demo", "init", "doctor", "list", "plan", "show", "approve", "apply", "refuse")
    for name in (
        *commands,
        "capture",
        "rules",
        "rehearse",
        "reconcile",
        "history",
        "report",
        "ledger",
        "portal",
    ):
        assert name in english.out
        assert name in japanese.out
    assert "キャンセル要請の一覧" in japanese.out
    assert english.code == japanese.code == 0


def test_a_wrong_option_is_a_usage_error_of_the_contract(bare_shop: Shop) -> None:
    plain, as_json = bare_shop.run("list", "--nope"), bare_shop.run("list", "--nope", "--json")

    assert (plain.code, as_json.code) == (60, 60)
    assert "--nope" in plain.err
    assert as_json.json["error"]["code"] == "UsageInvalid"


def test_the_version_is_told(bare_shop: Shop) -> None:
    assert bare_shop.run("--version").out.startswith("qsm-bot ")


def test_the_portal_says_when_its_port_is_taken(shop: Shop) -> None:
    port = shop.portal["QSM_PORTAL_URL"].rpartition(":")[2]

    said = shop.run("portal", "--port", port, "--json")

    assert (said.code, said.json["error"]["code"]) == (60, "PortTaken")
    assert port in said.json["error"]["message"]
