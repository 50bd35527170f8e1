"""What the kit's browser context does not let out, wherever a clone's links lead."""

import pytest

from qsm_bot.acceptance.clone.sign_in import REAL_URL


@pytest.mark.parametrize(
    "url",
    [
        "https://qsm.qoo10.jp/GMKT.INC.Gsm.Web/Login.aspx",
        "http://qoo10.jp",
        "https://QOO10.JP/",
        "https://api.qoo10.jp:443/x",
        "https://qsm.qoo10.jp./",
        "wss://qsm.qoo10.jp/",
    ],
)
def test_the_real_hosts_are_shut_off(url: str) -> None:
    assert REAL_URL.match(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8808/?from=https://qsm.qoo10.jp/",
        "https://qoo10.jp.staging.example/",
        "https://myqoo10.jp/",
    ],
)
def test_others_are_not(url: str) -> None:
    assert not REAL_URL.match(url)
