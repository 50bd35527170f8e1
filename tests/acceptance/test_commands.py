"""The public contract, command by command, against a running mock portal."""

import hashlib
import json
from pathlib import Path

import pytest

from qsm_bot.ledger import Ledger
from tests.acceptance.conftest import Shop, spawned_portal
from tests.support import LONG_TEXT

FIRST = "762544202"
RULES = f"""\
schema = 1
[[rule]]
name = "handed over"
reason = "shipped"
orders = ["{FIRST}"]
"""


def test_list_gives_the_contracts_document(shop: Shop) -> None:
    said = shop.run("list", "--json")

    assert said.code == 0
    assert set(said.json) == {"schema", "shop", "requests"}
    assert len(said.json["requests"]) == 12
    assert said.json["requests"][0] == {
        "order_no": FIRST,
        "cart_no": "250040690",
        "item_code": "931204118",
        "status": "キャンセル・処理要請",
        "buyer_reason": "注文キャンセル",
        "requested_on": said.json["requests"][0]["requested_on"],
        "ordered_on": said.json["requests"][0]["ordered_on"],
    }


def test_plan_approve_apply_refuses_exactly_what_was_approved(shop: Shop) -> None:
    shop.write_rules(RULES)

    plan = shop.run("plan", "--json")
    digest = plan.json["plan"]
    early = shop.run("apply", digest, "--json")
    approved = shop.run("approve", digest[:8], "--by", "owner", "--json")
    applied = shop.run("apply", digest[:12], "--json")
    again = shop.run("apply", digest, "--json")

    assert plan.code == 0
    assert set(plan.json) == {"schema", "shop", "plan", "expires_at", "refuse", "leave", "ask"}
    assert plan.json["refuse"] == [
        {
            "order_no": FIRST,
            "reason": "shipped",
            "text": None,
            "rule": "handed over",
            "because": [f"✓ order {FIRST} is named by the rule; who wrote it vouches"],
        }
    ]
    assert len(plan.json["leave"]) == 11
    assert (early.code, early.json["error"]["code"]) == (60, "PlanNotApproved")
    assert (approved.code, approved.json["approved_by"]) == (0, "owner")
    assert applied.code == applied.json["exit_code"] == 0
    assert applied.json["outcomes"] == [
        {
            "order_no": FIRST,
            "outcome": "refused",
            "proofs": ["alert", "list_absent", "refused_list", "counter"],
            "detail": None,
        }
    ]
    assert again.json["outcomes"][0]["outcome"] == "already_refused"
    assert [(e["order"], e["reason"], e["text"]) for e in shop.effects("refuse")] == [
        (FIRST, "商品発送完了", None)
    ]


def test_refuse_by_hand_refuses_once_however_often_it_is_called(bare_shop: Shop) -> None:
    """By the installed program, in processes of its own, at the portal that it serves."""
    command = ("refuse", FIRST, "--reason", "shipped", "--yes", "--json")

    with spawned_portal(bare_shop) as shop:
        first, second = shop.spawn(*command), shop.spawn(*command)

    assert (first.code, first.json["outcomes"][0]["outcome"]) == (0, "refused")
    assert (second.code, second.json["outcomes"][0]["outcome"]) == (20, "already_refused")
    assert [e["order"] for e in shop.effects("refuse")] == [FIRST]
    assert shop.effects("cancel") == shop.effects("retraction") == []


def test_the_text_for_other_arrives_whole(shop: Shop) -> None:
    said = shop.run("refuse", FIRST, "--reason", "other", "--text", LONG_TEXT, "--yes", "--json")

    assert said.code == 0
    assert [(e["reason"], e["text"]) for e in shop.effects("refuse")] == [("その他", LONG_TEXT)]


def test_a_short_text_is_turned_down_with_its_count_before_anything_happens(shop: Shop) -> None:
    english = shop.run("refuse", FIRST, "--reason", "other", "--text", "短い", "--yes", "--json")
    japanese = shop.run(
        "refuse", FIRST, "--reason", "other", "--text", "短い", "--yes", "--lang", "ja"
    )

    assert (english.code, english.json["exit_code"]) == (60, 60)
    assert english.json["error"]["code"] == "ReasonTextInvalid"
    assert "30 characters or more are needed, it has 2" in english.json["error"]["message"]
    assert japanese.code == 60
    assert "30文字以上必要です（現在2文字）" in japanese.err
    assert japanese.out == ""
    assert shop.effects("refuse") == []


def test_refuse_without_yes_is_not_done_unasked(shop: Shop) -> None:
    said = shop.run("refuse", FIRST, "--reason", "shipped", "--json")

    assert (said.code, said.json["error"]["code"]) == (60, "UsageInvalid")
    assert shop.effects("refuse") == []


def test_rehearse_leaves_the_journal_empty(shop: Shop) -> None:
    said = shop.run("rehearse", FIRST, "--reason", "ready", "--json")

    assert (said.code, said.json["outcomes"][0]["outcome"]) == (0, "rehearsed")
    assert shop.effects("refuse") == shop.effects("cancel") == []


def test_reconcile_without_anything_unknown_has_nothing_to_do(shop: Shop) -> None:
    said = shop.run("reconcile", "--json")

    assert (said.code, said.json["outcomes"], said.json["plan"]) == (10, [], None)


def test_a_plan_file_can_be_shown_and_an_edited_one_cannot(shop: Shop) -> None:
    shop.write_rules(RULES)
    digest = shop.run("plan", "--out", "plan.json", "--json").json["plan"]
    file = shop.folder / "plan.json"

    shown = shop.run("show", "plan.json", "--json")
    file.write_text(file.read_text("utf-8").replace("shipped", "ready", 1), encoding="utf-8")
    edited = shop.run("approve", "plan.json", "--json")

    assert (shown.code, shown.json["plan"]) == (0, digest)
    assert (edited.code, edited.json["error"]["code"]) == (60, "PlanTampered")


def test_rules_changed_after_the_approval_make_the_plan_stale(shop: Shop) -> None:
    shop.write_rules(RULES)
    digest = shop.run("plan", "--json").json["plan"]
    shop.run("approve", digest)
    shop.write_rules(RULES.replace("shipped", "ready"))

    said = shop.run("apply", digest, "--json")

    assert (said.code, said.json["error"]["code"]) == (60, "PlanStale")
    assert shop.effects("refuse") == []


def test_more_than_the_limits_is_a_safety_stop(shop: Shop) -> None:
    shop.write_rules(
        'schema = 1\n[[rule]]\nname = "all"\nreason = "made_to_order"\n'
        'when = {item_code = ["93*"]}\n'
    )

    said = shop.run("plan", "--json")

    assert (said.code, said.json["error"]["code"]) == (90, "LimitExceeded")


def test_the_book_can_be_read_reported_verified_and_exported(shop: Shop, tmp_path: Path) -> None:
    shop.run("refuse", FIRST, "--reason", "shipped", "--yes")

    history = shop.run("history", "--json")
    report = shop.run("report", "--out", str(tmp_path / "r.html"), "--json")
    verified = shop.run("ledger", "verify", "--json")
    exported = shop.run("ledger", "export", "--out", str(tmp_path / "book.jsonl"), "--json")

    attempt = history.json["attempts"][0]
    assert (attempt["order_no"], attempt["outcome"]) == (FIRST, "refused")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert report.code == 0
    assert FIRST in html
    assert html.count("data:image/png;base64,") >= 3
    assert (verified.code, verified.json["broken"]) == (0, None)
    lines = (tmp_path / "book.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == exported.json["entries"] == verified.json["entries"]
    assert json.loads(lines[-1])["hash"] == verified.json["head"]


def test_every_picture_is_on_disk_as_the_ledger_says(shop: Shop, tmp_path: Path) -> None:
    shop.run("refuse", FIRST, "--reason", "shipped", "--yes")
    shop.run("ledger", "export", "--out", str(tmp_path / "book.jsonl"))

    entries = map(json.loads, (tmp_path / "book.jsonl").read_text("utf-8").splitlines())
    pictures = [entry["body"] for entry in entries if entry["kind"] == "attempt.evidence"]
    assert len(pictures) == 3
    for picture in pictures:
        content = (tmp_path / "data" / "pictures" / picture["path"]).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert hashlib.sha256(content).hexdigest() == picture["sha256"]


@pytest.mark.parametrize(
    ("settings", "code", "error"),
    [
        ({"QSM_PASSWORD": "wrong"}, 40, "SignInFailed"),
        ({"QSM_SHOP_NAME": "べつの店"}, 40, "WrongShop"),
        ({"QSM_PORTAL_URL": "http://127.0.0.1:9"}, 50, "PortalUnreachable"),
        ({"QSM_PORTAL_URL": "not a url"}, 60, "SettingsInvalid"),
        ({"QSM_LOGIN_ID": ""}, 60, "SettingsInvalid"),
        ({"QSM_BROWSER": "/no/such/browser"}, 60, "BrowserSettingInvalid"),
        ({"QSM_BROWSER": "chrome-beta"}, 60, "BrowserSettingInvalid"),
        ({"QSM_SELECTORS": "no-such-pack.toml"}, 60, "PackInvalid"),
    ],
)
def test_trouble_ends_with_its_exit_code_and_names_itself(
    shop: Shop, settings: dict[str, str], code: int, error: str
) -> None:
    said = shop.run("list", "--json", **settings)

    assert (said.code, said.json["exit_code"], said.json["error"]["code"]) == (code, code, error)
    assert all(said.json["error"][key] for key in ("message", "meaning", "next"))


def test_a_real_host_is_not_acted_on_without_consent(bare_shop: Shop) -> None:
    said = bare_shop.run(
        "refuse",
        FIRST,
        "--reason",
        "shipped",
        "--yes",
        "--json",
        QSM_PORTAL_URL="https://portal.invalid",
        QSM_LOGIN_ID="x",
        QSM_PASSWORD="y",
    )

    assert (said.code, said.json["error"]["code"]) == (60, "NotLive")


def test_a_shop_that_another_run_holds_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    url = f"sqlite:///{tmp_path / 'data' / 'ledger.sqlite3'}"
    with Ledger.open(url) as ledger, ledger.lease("みほん商店", "other pid 1", seconds=300):
        said = shop.run("refuse", FIRST, "--reason", "shipped", "--yes", "--json")

    assert (said.code, said.json["error"]["code"]) == (70, "ShopBusy")
    assert shop.effects("refuse") == []


def test_no_secret_stands_in_any_output(shop: Shop, tmp_path: Path) -> None:
    password = shop.portal["QSM_PASSWORD"]
    said = [
        shop.run("refuse", FIRST, "--reason", "shipped", "--yes", "--verbose"),
        shop.run("list", "--json", "--verbose", QSM_PASSWORD="another-secret-1"),
    ]

    for words in said:
        assert password not in words.out + words.err
        assert "another-secret-1" not in words.out + words.err
    kept = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert kept
    for file in kept:
        assert password.encode() not in file.read_bytes()
