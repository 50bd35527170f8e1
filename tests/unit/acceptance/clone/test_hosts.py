"""The kit is never pointed at the real portal, however its address is written."""

import pytest

from qsm_bot.acceptance.clone.hosts import clone_origin, is_local, names_real_host
from qsm_bot.base.errors.acceptance import CloneUrlInvalid, RealHost


@pytest.mark.parametrize(
    "url",
    [
        "https://qsm.qoo10.jp",
        "https://qoo10.jp",
        "http://www.qoo10.jp/gmkt.inc/",
        "https://api.qoo10.jp:443",
        "https://QSM.QOO10.JP",
        "https://qsm.qoo10.jp.",
        "https://qsm.qoo10.jp.:443/x",
        "https://user:pass@qsm.qoo10.jp",
        "https://127.0.0.1@qsm.qoo10.jp",
        "https://ｑｓｍ.ｑｏｏ１０.ｊｐ",
        "https://qsm。qoo10。jp",
        "https://qsm．qoo10．jp",
        "https://qsm.qoo%310.jp",
        "https://qsm.qoo\u00ad10.jp",
        "https://qsm.qo\to10.jp",
        " https://qsm.qoo10.jp\n",
        r"https:\\qsm.qoo10.jp",
        "https:qsm.qoo10.jp",
        "//qsm.qoo10.jp",
        "qsm.qoo10.jp",
        "qsm.qoo10.jp:443",
        "https://qsm.qoo10.jp?x=1",
        "https://qsm.qoo10.jp#x",
    ],
)
def test_the_real_portal_is_recognised(url: str) -> None:
    with pytest.raises(RealHost):
        clone_origin(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://myqoo10.jp",
        "https://qoo10.jp.staging.example",
        "https://qsm-qoo10-jp.example",
        "https://qoo10.jpn.example",
    ],
)
def test_a_host_that_only_looks_like_it_is_no_real_one(url: str) -> None:
    assert not names_real_host(url)
    assert clone_origin(url) == url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8808", "http://127.0.0.1:8808"),
        ("http://127.0.0.1:8808/", "http://127.0.0.1:8808"),
        ("HTTPS://Staging.Example", "https://staging.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://xn--wgv71a119e.example", "https://xn--wgv71a119e.example"),
    ],
)
def test_a_clone_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert clone_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "staging.example",
        "ftp://staging.example",
        "https://staging.example/GMKT.INC.Gsm.Web",
        "https://seller:secret@staging.example",
        "https://staging.example?x",
        "https://日本語.example",
        "https://stag ing.example",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_turned_down_without_being_repeated(url: str) -> None:
    with pytest.raises(CloneUrlInvalid) as caught:
        clone_origin(url)

    assert "secret" not in caught.value.message.en + caught.value.message.ja


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://127.0.0.1:8808", True),
        ("http://127.1.2.3", True),
        ("http://localhost:1", True),
        ("http://[::1]:8080", True),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_which_hosts_are_this_machine(origin: str, *, expected: bool) -> None:
    assert is_local(origin) is expected
