"""Several shops: none is taken for all, and each is led to by its own settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.approve import approve
from qsm_bot.base.clock import now
from qsm_bot.board.app import BoardApp
from qsm_bot.board.practice import KEY, PracticeShop
from qsm_bot.board.sessions import Sessions
from qsm_bot.board.shops import Shops
from qsm_bot.mock_portal.testing.builders import plan, planned
from tests.board.conftest import HOST, ORIGIN, TestClient

FILE = """
[shops."東京"]
login_id = "t"
shop_name = "東京店"
data_dir = "t"
[shops.osaka]
login_id = "o"
shop_name = "大阪店"
data_dir = "o"
"""


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[Shops]:
    file = tmp_path / "qsm-bot.toml"
    file.write_text(FILE, encoding="utf-8")
    practice = PracticeShop()
    yield Shops(file, practice)
    practice.close()


def client(shops: Shops) -> TestClient:
    sessions = Sessions()
    made = TestClient(BoardApp(shops, sessions, [HOST], "ja").asgi, base_url=ORIGIN)
    made.get(f"/?token={sessions.token()}")
    return made


def test_each_shop_of_the_file_is_there_and_the_practice_shop_last(shops: Shops) -> None:
    assert shops.names() == ["東京", "osaka", KEY]
    desk = shops.desk("osaka")
    assert desk is not None
    assert desk.load().shop == "大阪店"
    assert desk.command(["plan"], "ja", events=None)[-2:] == ["--shop", "osaka"]


def test_one_shop_shows_what_waits_in_another(shops: Shops) -> None:
    desk = shops.desk("osaka")
    assert desk is not None
    at = now()
    made = plan(
        shop="大阪店",
        created_at=at,
        expires_at=at.replace(year=at.year + 1),
        refuse=(planned(order_no="762544001"),),
    )
    with desk.ledger() as ledger:
        ledger.record_plan(made)

    page = client(shops).get("/東京/").text

    assert "ほかのショップ" in page
    assert "承認待ち 1" in page


def test_a_plan_is_not_decided_in_the_name_of_another_shop(shops: Shops) -> None:
    desk = shops.desk("東京")
    assert desk is not None
    made = plan(shop="大阪店", refuse=(planned(order_no="762544001"),))
    with desk.ledger() as ledger:
        ledger.record_plan(made)
        approve(ledger, made, who="佐藤", now=made.created_at)

    page = client(shops).get(f"/東京/plans/{made.digest}").text

    assert "を拒否する</button>" not in page


def test_settings_with_a_mistake_are_told_on_the_page(shops: Shops) -> None:
    opened = client(shops)
    file = shops.settings_file
    file.write_text(FILE.replace('login_id = "o"', "login_id = "), encoding="utf-8")

    for path in ("/", "/osaka/", "/東京/duty"):
        answer = opened.get(path)
        assert answer.status_code == 409
        assert "設定に誤りがあります" in answer.text
    assert opened.get(f"/{KEY}/").status_code == 200


def test_practice_never_hears_of_the_settings_of_a_real_shop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QSM_PORTAL_URL", "https://qsm.qoo10.jp")
    monkeypatch.setenv("QSM_LIVE", "true")
    practice = PracticeShop()
    try:
        desk = practice.desk()
        assert desk.load().portal_url == practice.portal.url
        assert not [name for name in desk.environment() if name.startswith("QSM_")]
        assert desk.folder != Path.cwd()
    finally:
        practice.close()
