"""QAPI by the installed program: the detector, the shipment, and where its key is not."""

import json
from pathlib import Path

from tests.acceptance.conftest import Shop, serving

FIRST = "762544202"
SHIP = ("ship", FIRST, "--carrier", "ヤマト宅急便", "--tracking", "0000-1111-2222")


def test_list_by_qapi_gives_the_contracts_document_without_a_browser(shop: Shop) -> None:
    said = shop.run("list", "--by", "qapi", "--json", QSM_BROWSER="/no/browser", **shop.qapi)

    assert said.code == 0, said.err
    assert set(said.json) == {"schema", "shop", "requests"}
    assert len(said.json["requests"]) == 12
    first = said.json["requests"][0]
    assert list(first) == [
        "order_no",
        "cart_no",
        "item_code",
        "status",
        "buyer_reason",
        "requested_on",
        "ordered_on",
    ]
    assert (first["order_no"], first["status"]) == (FIRST, "キャンセル要請")


def test_refuse_then_ship_and_ship_again(shop: Shop, tmp_path: Path) -> None:
    key = shop.qapi["QSM_QAPI_KEY"]
    refused = shop.run("refuse", FIRST, "--reason", "shipped", "--yes", "--json", **shop.qapi)
    asked_back = shop.run(*SHIP, "--json", **shop.qapi)
    shipped = shop.run(*SHIP, "--yes", "--json", "--verbose", **shop.qapi)
    again = shop.run(*SHIP, "--yes", **shop.qapi)
    check = shop.run(
        *("portal", "check", "--json"),
        *("--journal", str(shop.journal), "--requests", str(shop.requests)),
    )

    assert "qapi" in refused.json["outcomes"][0]["proofs"]
    assert (asked_back.code, asked_back.json["error"]["code"]) == (60, "UsageInvalid")
    assert shipped.code == 0, shipped.out + shipped.err
    assert shipped.json == {
        "schema": 1,
        "shop": "みほん商店",
        "run_id": shipped.json["run_id"],
        "order_no": FIRST,
        "carrier": "ヤマト宅急便",
        "tracking": "0000-1111-2222",
        "outcome": "shipped",
        "answer": {"code": 0, "message": "SUCCESS"},
        "shown": {
            "shipping": "配送中(4)",
            "claim": "",
            "carrier": "ヤマト宅急便",
            "tracking": "0000-1111-2222",
        },
        "exit_code": 0,
    }
    assert again.code == 10
    assert "was reported as shipped before" in again.out
    assert [(e["order"], e["text"]) for e in shop.effects("ship")] == [(FIRST, "0000-1111-2222")]
    assert check.json["agrees"], check.out
    for said in (refused, shipped, again):
        assert key not in said.out + said.err
    kept = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert any(file.name == f"{FIRST}-ship-answer.json" for file in kept)
    assert not any(key.encode() in file.read_bytes() for file in kept)


def test_nothing_is_shipped_at_a_real_host_that_was_not_allowed(bare_shop: Shop) -> None:
    real = {"QSM_QAPI_KEY": "invented-key", "QSM_PORTAL_URL": "https://qsm.example.jp"}

    said = bare_shop.run(*SHIP, "--yes", "--json", QSM_QAPI_URL="https://api.example.jp", **real)

    assert (said.code, said.json["error"]["code"]) == (60, "NotLive")
    assert "api.example.jp" in said.json["error"]["message"]


def test_outages_and_an_old_key_are_told(bare_shop: Shop) -> None:
    with serving(bare_shop, "--fault", "qapi-bad-key") as shop:
        said = shop.run(
            "list", "--by", "qapi", "--json", QSM_QAPI_KEY_ISSUED="2020-01-05", **shop.qapi
        )

    assert (said.code, json.loads(said.out)["error"]["code"]) == (60, "QapiKeyInvalid")
    assert "its year ended on 2021-01-05" in said.err
