"""`portal check`: the portal's journal beside the ledger, on good days and on doctored ones."""

import json
from pathlib import Path
from typing import Any

from tests.acceptance.conftest import Shop
from tests.support import Said

FIRST = "762544202"


def check(shop: Shop, *words: str) -> Said:
    files = ("--journal", str(shop.journal), "--requests", str(shop.requests))
    return shop.run("portal", "check", *files, *words)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def rewrite(file: Path, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")


def broken(said: Said) -> set[tuple[str, str | None]]:
    return {(each["invariant"], each["order_no"]) for each in said.json["findings"]}


def test_a_shop_where_nothing_was_done_agrees(shop: Shop) -> None:
    said = check(shop, "--json")

    assert said.code == 0, said.out + said.err
    assert said.json == {
        "schema": 1,
        "agrees": True,
        "findings": [],
        "effects": {},
        "requests": 0,
        "exit_code": 0,
    }


def test_what_the_program_did_agrees_and_what_is_doctored_is_found(shop: Shop) -> None:
    rehearsed = shop.run("rehearse", FIRST, "--reason", "ready", "--json")
    refused = shop.run("refuse", FIRST, "--reason", "shipped", "--yes", "--json")
    effects, requests = lines(shop.journal), lines(shop.requests)
    (refusal,) = (row for row in requests if row["path"].endswith("/SetCancelRefusal"))

    good = check(shop, "--json")
    table = check(shop)
    japanese = check(shop, "--lang", "ja")
    uncounted = shop.run("portal", "check", "--journal", str(shop.journal), "--json")

    assert (rehearsed.code, refused.code) == (0, 0)
    assert good.code == 0, good.out
    assert good.json["agrees"] is True
    assert good.json["effects"] == {"refuse": 1}
    assert good.json["requests"] == len(requests) > 1
    assert (table.code, table.out) == (0, "The portal's journal and the ledger agree: refuse 1.\n")
    assert japanese.out == "ポータルの記録と台帳は一致しています: 拒否 1件。\n"
    assert (uncounted.code, uncounted.json["requests"]) == (0, None)

    rewrite(shop.requests, [*requests, refusal])
    assert broken(check(shop, "--json")) == {("I1", FIRST)}
    rewrite(shop.requests, [*requests, refusal | {"order": "700000009"}])
    assert broken(check(shop, "--json")) == {("I1", "700000009"), ("I2", "700000009")}
    rewrite(shop.requests, requests)

    rewrite(shop.journal, [effects[0] | {"reason": "発送準備完了"}])
    doctored = check(shop, "--json")
    assert (doctored.code, doctored.json["exit_code"], doctored.json["agrees"]) == (90, 90, False)
    assert doctored.json["findings"] == [
        {
            "invariant": "agreement",
            "order_no": FIRST,
            "what": "reason 発送準備完了, planned shipped",
        }
    ]
    rewrite(shop.journal, [*effects, *effects, effects[0] | {"kind": "cancel"}])
    twice = check(shop)
    assert twice.code == 90
    assert "refused 2 times" in twice.out
    assert "the portal recorded a cancel" in twice.out
    assert "記録" not in twice.out
    assert "許可1件に送信1回" in check(shop, "--lang", "ja").out
    rewrite(shop.journal, [])
    assert broken(check(shop, "--json")) == {("agreement", FIRST)}


def test_each_shop_is_judged_by_its_own_ledger(shop: Shop) -> None:
    shop.run("refuse", FIRST, "--reason", "shipped", "--yes")

    said = shop.run(
        "portal", "check", "--journal", str(shop.journal), "--json", QSM_LOGIN_ID="betsuno-mise"
    )

    assert (said.code, broken(said)) == (90, {("agreement", FIRST)})


def test_a_journal_that_is_not_there_or_damaged_is_an_error_that_names_it(bare_shop: Shop) -> None:
    missing = bare_shop.run("portal", "check", "--journal", "none.jsonl", "--json")
    unnamed = bare_shop.run("portal", "check", "--json")
    (bare_shop.folder / "bad.jsonl").write_text('{"time": "now"}\n', encoding="utf-8")
    damaged = bare_shop.run("portal", "check", "--journal", "bad.jsonl", "--json")

    for said in (missing, unnamed, damaged):
        assert (said.code, said.json["exit_code"]) == (60, 60)
        assert said.json["error"]["code"] == "UsageInvalid"
    assert "none.jsonl cannot be read" in missing.json["error"]["message"]
    assert "--journal" in unnamed.json["error"]["message"]
    assert "bad.jsonl, line 1 is damaged" in damaged.json["error"]["message"]


def test_a_broken_ledger_is_no_measure(bare_shop: Shop, tmp_path: Path) -> None:
    bare_shop.journal.touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.sqlite3").write_text("this is no ledger " * 100, "utf-8")

    said = bare_shop.run("portal", "check", "--journal", str(bare_shop.journal), "--json")

    assert (said.code, said.json["error"]["code"]) == (80, "LedgerCorrupt")


def test_an_option_that_would_be_forgotten_is_turned_down(bare_shop: Shop) -> None:
    bare_shop.journal.touch()

    said = bare_shop.run(
        "portal", "--shop", "b", "check", "--journal", str(bare_shop.journal), "--json"
    )

    assert (said.code, said.json["error"]["code"]) == (60, "UsageInvalid")
    assert "portal check" in said.json["error"]["message"]


def test_the_portal_serves_only_if_its_files_can_be_written(bare_shop: Shop) -> None:
    for option in ("--journal", "--requests"):
        said = bare_shop.run("portal", "--port", "0", option, "no/such/folder/j", "--json")
        assert (said.code, said.json["error"]["code"]) == (60, "FileUnwritable")


def test_help_tells_serving_and_checking_in_both_languages(bare_shop: Shop) -> None:
    english, japanese = (bare_shop.run("portal", "--help", QSM_LANG=lang) for lang in ("en", "ja"))

    for said in (english, japanese):
        assert said.code == 0
        assert all(word in said.out for word in ("--port", "--requests", "check"))
    assert "ポータルの記録と台帳を突き合わせる" in japanese.out
