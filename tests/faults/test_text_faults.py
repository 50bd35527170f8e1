"""The row about a text that tells who the buyer is: it never reaches a plan or a page."""

from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.request import AskPerson
from qsm_bot.mock_portal.testing import builders
from qsm_bot.rules import RuleBook, load_rules
from qsm_bot.rules.decide import decide
from tests.faults.rows import row
from tests.faults.test_evidence_faults import qsm_bot
from tests.unit.evidence.parts import write_csv

SORRY = "ご注文の品は既に制作を始めており、キャンセルをお受けできません。{more}"
RULES = """\
schema = 1
[[rule]]
name = "customs"
reason = "other"
orders = ["700000001"]
text = "{text}"
"""
SETTINGS = """
[[evidence]]
kind = "file"
path = "受注.csv"
extra_columns = ["購入者名"]
"""


@pytest.mark.parametrize(
    ("more", "what"),
    [
        pytest.param("見本 花子様のお名前を刺繍済みです。", "氏名", id="F27-name"),
        pytest.param("000-1234-5678へお電話します。", "電話番号", id="F27-phone"),
        pytest.param("０００ １２３４ ５６７８へお電話します。", "電話番号", id="F27-wide-phone"),
        pytest.param("hanako@example.jpへご連絡します。", "メールアドレス", id="F27-mail"),
        pytest.param("〒000-0000の倉庫から出荷します。", "郵便番号", id="F27-postal"),
        pytest.param("見本市例町3-15へお届けします。", "住所", id="F27-address"),
    ],
)
def test_rules_whose_text_names_a_buyer_are_turned_down(
    tmp_path: Path, more: str, what: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES.format(text=SORRY.format(more=more)), encoding="utf-8")

    with pytest.raises(RulesInvalid) as caught:
        load_rules(file)

    assert caught.value.exit_code == 60
    assert f"個人情報が含まれます（{what}）" in caught.value.message.ja
    assert "customs" in caught.value.message.ja


@row("F27")
def test_a_text_by_hand_is_compared_with_what_the_shop_s_files_say_of_the_buyer(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "受注.csv", ("注文番号", "購入者名"), ("762544202", "架空　太郎"))
    (tmp_path / "qsm-bot.toml").write_text(SETTINGS, encoding="utf-8")
    text = SORRY.format(more="架空太郎と刻印いたしました。")

    said = qsm_bot(tmp_path, "refuse", "762544202", "--reason", "other", "--text", text, "--yes")

    # No portal is there: had it gone on, the error would be another one.
    assert (said.code, said.json["error"]["code"]) == (60, "ReasonTextInvalid")
    assert "個人情報が含まれます（購入者名 列）" in said.json["error"]["message"]


@row("F27")
def test_an_order_whose_text_would_repeat_the_buyer_s_own_words_goes_to_a_person() -> None:
    text = SORRY.format(more="「{item_name}」は刻印済みです。")
    book = RuleBook.model_validate(
        {
            "schema": 1,
            "rule": [{"name": "a", "reason": "other", "orders": ["700000001"], "text": text}],
        }
    )
    asked = builders.request(item_name="革ケース（HANAKO）", option="刻印:HANAKO/色:青")
    known = Known(facts=(Fact(value="見本 花子", source=Source(file="受注.csv", row=2)),))
    by_file = Evidence(columns={"購入者名": known})

    for request, evidence in (
        (asked, Evidence()),
        (builders.request(item_name="見本花子の皿"), by_file),
    ):
        decision = decide(request, evidence, book, builders.NOW)
        assert isinstance(decision, AskPerson)
        assert "個人情報が含まれます" in decision.why.ja
