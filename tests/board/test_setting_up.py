"""Setting up on the board: settings as a person wrote them, rules as sentences, own data."""

import io
from pathlib import Path

import pytest

from flows.approve import approve
from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.tables import workbook
from qsm_bot.board import rule_sentence as rule_words
from qsm_bot.board.rule_sentence import rule_sentence
from qsm_bot.board.settings_form import add_source, save_settings
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind
from qsm_bot.mock_portal.testing.builders import planned
from qsm_bot.rules import Rule
from qsm_bot.rules.conditions import Conditions, EvidenceConditions
from tests.board.conftest import HOST, ORIGIN, ROOM, Board

FILE = """\
# 店長が書いた行
login_id = "old"   # 変えないこと
shop_name = "みほん商店"

[[evidence]]
kind = "file"
path = "a.xlsx"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_what_a_person_wrote_stays_and_the_file_before_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "qsm-bot.toml"
    file.write_text(FILE, encoding="utf-8")

    save_settings(file, None, {"login_id": "new", "cutoff": "16:00", "shop_name": "みほん商店"})

    text = file.read_text("utf-8")
    assert 'login_id = "new"   # 変えないこと' in text
    assert text.index('cutoff = "16:00"') < text.index("[[evidence]]")
    assert (tmp_path / "qsm-bot.toml.before").read_text("utf-8") == FILE


@pytest.mark.parametrize("bad", [{"cutoff": "25:00"}, {"portal_url": "no address"}])
def test_what_is_not_valid_is_not_written(tmp_path: Path, bad: dict[str, str]) -> None:
    file = tmp_path / "qsm-bot.toml"
    file.write_text(FILE, encoding="utf-8")

    with pytest.raises(SettingsInvalid):
        save_settings(file, None, bad)

    assert file.read_text("utf-8") == FILE
    assert [each.name for each in tmp_path.iterdir()] == ["qsm-bot.toml"]


def test_a_shop_of_several_has_its_own_values(tmp_path: Path) -> None:
    file = tmp_path / "qsm-bot.toml"
    file.write_text('[shops.tokyo]\nlogin_id = "t"\n[shops.osaka]\nlogin_id = "o"\n', "utf-8")

    save_settings(file, "osaka", {"cutoff": "16:00", "login_id": ""})

    tokyo, osaka = file.read_text("utf-8").split("[shops.osaka]")
    assert "cutoff" not in tokyo
    assert osaka.strip() == 'cutoff = "16:00"'


def test_a_file_is_named_as_own_data_once(tmp_path: Path) -> None:
    file = tmp_path / "qsm-bot.toml"
    file.write_text(FILE, encoding="utf-8")

    for _ in range(2):
        add_source(file, None, tmp_path / "出荷データ.csv")

    assert file.read_text("utf-8").count("[[evidence]]") == 2


def test_a_damaged_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "qsm-bot.toml"
    file.write_text('login_id = "', encoding="utf-8")

    with pytest.raises(SettingsInvalid):
        save_settings(file, None, {"login_id": "x"})
    assert file.read_text("utf-8") == 'login_id = "'


def test_a_shop_is_registered_and_then_has_a_desk_of_its_own(board: Board, home: Path) -> None:
    csrf = board.come_in()
    assert board.client.get("/shop/").status_code == 404

    assert board.post("settings", csrf, login_id="mihon", shop_name="").status_code == 409
    answer = board.post("settings", csrf, login_id="mihon", shop_name="みほん商店")

    assert answer.headers["location"] == "/shop/start"
    assert 'login_id = "mihon"' in (home / "qsm-bot.toml").read_text("utf-8")
    assert board.client.get("/shop/").status_code == 200
    # A second registration would write over the shop's.
    assert board.post("settings", csrf, login_id="x", shop_name="y").status_code == 404


def test_live_is_switched_on_after_a_rehearsal_and_a_word_about_the_terms_only(
    board: Board, home: Path
) -> None:
    csrf = board.come_in()
    board.post("settings", csrf, login_id="mihon", shop_name="みほん商店")
    headers = {"origin": ORIGIN}
    on = {"csrf": csrf, "live": "on", "terms": "yes"}

    assert "予行" in board.client.post("/shop/live", data=on, headers=headers).text
    desk = board.shops.desk("shop")
    assert desk is not None
    with desk.ledger() as ledger:
        made = board.record("762544001")
        ledger.record_plan(made)
        approve(ledger, made, who="佐藤", now=now())
        run = ledger.begin_run("みほん商店", "rehearse", made.digest)
        row = planned(order_no="762544001")
        permit = ledger.issue_permit(run, "みほん商店", row, made.digest, PermitKind.REHEARSAL)
        act = ledger.act(permit)
        act.opened({})
        act.ready({})
        act.armed()
        act.confirm_open("?")
        act.settle(Outcome(kind=OutcomeKind.REHEARSED))
    board.client.post("/shop/live", data={**on, "terms": ""}, headers=headers)
    assert "live" not in (home / "qsm-bot.toml").read_text("utf-8")
    board.client.post("/shop/live", data=on, headers=headers)
    assert "live = true" in (home / "qsm-bot.toml").read_text("utf-8")


def test_a_rule_is_one_sentence() -> None:
    rule = Rule(
        name="x",
        reason="made_to_order",
        when=Conditions(item_name=["*名入れ*"], min_amount=1000),
        evidence=EvidenceConditions(packed=True, max_packed_days=3, columns={"棚番": ["A", "B"]}),
    )

    assert rule_sentence(rule).ja == (
        "梱包が終わっている ＋ 梱包から3日以内 ＋ 列「棚番」が「A」か「B」 ＋ "
        "商品名が「*名入れ*」 ＋ 金額が1000円以上 → 「注文制作商品」で拒否する"
    )


@pytest.mark.parametrize("part", [Conditions, EvidenceConditions])
def test_each_condition_has_words(part: type[Conditions | EvidenceConditions]) -> None:
    known = {*rule_words._YES_NO, *rule_words._VALUES, "columns"}
    assert set(part.model_fields) <= known


def test_an_excel_with_a_mistake_changes_no_rule(board: Board) -> None:
    csrf = board.come_in()
    before = board.desk.load().rules.read_bytes()
    file = io.BytesIO(workbook({"rules": [["name", "reason"], ["x", "nonsense"]]}))
    answer = board.client.post(
        f"{ROOM}/rules",
        data={"csrf": csrf},
        files={"file": ("rules.xlsx", file)},
        headers={"origin": f"http://{HOST}"},
    )

    assert answer.status_code == 409
    assert "ルールは元のままです" in answer.text
    assert board.desk.load().rules.read_bytes() == before


def test_a_file_that_is_dropped_is_read_in_the_place_of_the_one_before(board: Board) -> None:
    csrf = board.come_in()
    sheet = [["注文番号", "配送会社", "送り状番号"], ["762544202", "ヤマト運輸", "300000000005"]]
    page = board.client.post(
        f"{ROOM}/data",
        data={"csrf": csrf},
        files={"file": ("出荷.xlsx", io.BytesIO(workbook({"出荷": sheet})))},
        headers={"origin": ORIGIN},
    ).text

    assert "注文 1件" in page


def test_another_kind_of_file_is_not_taken(board: Board) -> None:
    csrf = board.come_in()
    answer = board.client.post(
        f"{ROOM}/data",
        data={"csrf": csrf},
        files={"file": ("../../evil.exe", io.BytesIO(b"MZ"))},
        headers={"origin": ORIGIN},
    )

    assert answer.status_code == 409
    assert not list(board.desk.folder.rglob("*.exe"))
