"""The shop's own facts on the command line, in both languages and as JSON."""

from tests.acceptance.conftest import Shop

SETTINGS = """
[[evidence]]
kind = "file"
path = "出荷.csv"
"""
OF_A_SHOP = """
[[shops.tokyo.evidence]]
kind = "folder"
path = "exports"
pattern = "出荷*"
"""
TABLE = "注文番号,配送会社,送り状番号,発送日\n762544202,クロネコヤマト,1234-5678-9013,2026/11/20\n"


def test_what_is_known_of_an_order_is_shown_and_sources_in_error_are_told(bare_shop: Shop) -> None:
    (bare_shop.folder / "qsm-bot.toml").write_text(SETTINGS, encoding="utf-8")
    (bare_shop.folder / "出荷.csv").write_bytes(TABLE.encode("cp932"))

    shown = bare_shop.run("evidence", "show", "762544202", "--lang", "ja")
    checked = bare_shop.run("evidence", "check", "--json")
    (bare_shop.folder / "qsm-bot.toml").write_text(SETTINGS + OF_A_SHOP, encoding="utf-8")
    in_error = bare_shop.run("evidence", "check", "--shop", "tokyo")

    assert shown.code == 0, shown.err
    for said in ("ヤマト運輸", "123456789013", "2026-11-20", "出荷.csv 2行目"):
        assert said in shown.out
    assert (checked.code, checked.json["sources"][0]["orders"]) == (0, 1)
    assert in_error.code == 60
    assert "EvidenceMissing" in in_error.out
