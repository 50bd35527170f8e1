"""Channels: one after the other by apprise, and nothing of their URLs is told."""

import logging

import pytest

from qsm_bot.base.log import redactor
from qsm_bot.notify.channels import Channel, channels_of, secrets_of, split_urls
from qsm_bot.notify.message import MessageKind
from tests.sink import TOKEN, sink
from tests.unit.notify.parts import message


def test_several_urls_stand_in_one_text() -> None:
    mail = "mailtos://u:p@example.jp?to=a@example.jp,b@example.jp"
    assert split_urls(f"json://127.0.0.1 {mail}, slack://a/b\n") == [
        "json://127.0.0.1",
        mail,
        "slack://a/b",
    ]
    assert split_urls("") == []


def test_what_is_no_url_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="number 2 ") as caught:
        split_urls(f"json://127.0.0.1 {TOKEN}")
    assert TOKEN not in str(caught.value)


def test_all_that_may_be_a_token_is_hidden() -> None:
    url = "slack://invented-a/invented%2Fb/c?key=invented-d"
    found = set(secrets_of(url))
    assert {url, "invented-a", "invented%2Fb", "invented/b", "invented-d"} == found
    assert {"pass-word-1"} < set(secrets_of("mailto://user:pass-word-1@example.jp"))
    assert list(secrets_of("json://[")) == ["json://["]


def test_a_message_arrives_with_shop_and_time_in_the_language_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with sink() as place, caplog.at_level(logging.DEBUG):
        (channel,) = channels_of([place.url])
        assert channel.send(message(), "ja")
        place.status = 500
        assert not channel.send(message(kind=MessageKind.SUMMARY), "ja")
    (told,) = place.received
    assert told["title"] == "[qsm-bot] みほん商店: ログインが必要"
    assert told["message"] == "ログインしてください。\nみほん商店 · 2026-01-05 12:00 JST"
    assert told["type"] == "warning"
    assert repr(channel) == "Channel(1 json)"
    assert TOKEN not in caplog.text
    assert redactor(None, "", {"event": place.url})["event"] == "***"


def test_a_channel_that_is_none_is_a_failure_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Channel(1, "nonsense://a").send(message(), "en")
    with sink(up=False) as place:
        assert not Channel(1, place.url).send(message(), "en")
    monkeypatch.setattr("apprise.Apprise.notify", lambda *_, **__: 1 / 0)
    assert not Channel(1, "json://127.0.0.1:1").send(message(), "en")
