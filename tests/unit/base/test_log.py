"""Logs go to stderr, and no secret is in them."""

import contextvars
import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from qsm_bot.base.log import Redactor, bound, configure_logging, get_logger, redactor

SECRET = "correct-horse"


def cleaned(event: dict[str, Any], *secrets: str) -> dict[str, Any]:
    hide = Redactor()
    hide.learn(*secrets)
    return hide(None, "info", event)


class TestRedactor:
    """Secrets are taken out by what they are and by where they stand."""

    def test_a_learned_secret_is_hidden_inside_a_message(self) -> None:
        assert cleaned({"event": f"sent {SECRET}!"}, SECRET) == {"event": "sent ***!"}

    @pytest.mark.parametrize("secrets", [("horse", "horse-2", "the-horse-2"), ("horse-2", "horse")])
    def test_the_longest_secret_is_hidden_first(self, secrets: tuple[str, ...]) -> None:
        longest = max(secrets, key=len)
        assert cleaned({"event": f"sent {longest} or horse"}, *secrets) == {
            "event": "sent *** or ***"
        }

    @pytest.mark.parametrize("secret", ["a\\b", 'a"b', "a'b", "a'\"b", "a\nb"])
    def test_a_secret_that_is_written_otherwise_inside_a_list_is_hidden_there_too(
        self, secret: str
    ) -> None:
        hidden = cleaned({"facts": [secret, {"deep": secret}]}, secret)["facts"]
        assert re.sub("[\"']", "", hidden) == "[***, {deep: ***}]"

    def test_every_place_of_every_secret_is_hidden(self) -> None:
        assert cleaned({"event": "a1 b2 a1"}, "a1", "b2") == {"event": "*** *** ***"}

    @pytest.mark.parametrize(
        "value",
        [
            [SECRET],
            {"deep": {"deeper": (1, f"x{SECRET}x")}},
            ValueError(SECRET),
            SECRET.encode(),
        ],
    )
    def test_a_learned_secret_is_hidden_in_any_kind_of_value(self, value: object) -> None:
        hidden = cleaned({"facts": value}, SECRET)["facts"]
        assert SECRET not in repr(hidden)
        assert "***" in hidden

    @pytest.mark.parametrize("value", ["plain", 3, None, [1, "two"], {"a": 1}])
    def test_values_without_a_secret_stay_as_they_are(self, value: object) -> None:
        assert cleaned({"facts": value}, SECRET)["facts"] is value

    @pytest.mark.parametrize(
        "key",
        ["password", "QSM_PASSWORD", "Set-Cookie", "client_secret", "api_key", "Authorization"],
    )
    @pytest.mark.parametrize("value", ["x", 3, None, ["x"]])
    def test_a_value_under_a_telling_name_is_hidden_unlearned(
        self, key: str, value: object
    ) -> None:
        assert cleaned({key: value}) == {key: "***"}

    def test_an_empty_secret_hides_nothing(self) -> None:
        assert cleaned({"event": "ab"}, "") == {"event": "ab"}

    def test_secrets_are_learned_one_after_another(self) -> None:
        hide = Redactor()
        hide.learn("one")
        hide.learn("two")
        assert hide(None, "info", {"event": "one two"}) == {"event": "*** ***"}


@pytest.fixture
def _logging() -> Iterator[None]:
    """What the test configures is taken back, and what it teaches is forgotten."""
    root = logging.getLogger()
    handlers, level, known = root.handlers, root.level, set(redactor._secrets)
    redactor.learn(SECRET)
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    redactor._secrets = known


@pytest.mark.usefixtures("_logging")
class TestConfigured:
    """The whole way of a record, to stderr."""

    def test_a_record_is_one_json_document_with_its_facts(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(verbose=True, as_json=True)
        get_logger("unit.a").info("looked", order="あ1")
        told = capsys.readouterr().err
        record = json.loads(told)
        assert record.pop("timestamp")
        assert record == {"event": "looked", "order": "あ1", "level": "info", "logger": "unit.a"}
        assert "あ1" in told

    def test_what_is_bound_stands_in_every_record_of_the_block_and_in_none_after_it(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(verbose=True, as_json=True)
        log = get_logger("unit.e")
        with bound(shop="みほん商店", url=f"https://h/?p={SECRET}"):
            with bound(run_id="r1"):
                # As Playwright calls a handler: the same thread, a context of its own.
                contextvars.Context().run(log.info, "inner")
                other = threading.Thread(target=log.info, args=("elsewhere",))
                other.start()
                other.join()
            log.info("outer", shop="own")
        log.info("after")

        records = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        told = {each["event"]: (each.get("shop"), each.get("run_id")) for each in records}
        assert told == {
            "inner": ("みほん商店", "r1"),
            "elsewhere": (None, None),
            "outer": ("own", None),
            "after": (None, None),
        }
        assert records[0]["url"] == "https://h/?p=***"

    def test_for_people_a_record_is_a_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logging(verbose=True, as_json=False)
        get_logger("unit.b").info("looked", order="1")
        told = capsys.readouterr().err
        assert "looked" in told
        assert "order=1" in told
        assert told.count("\n") == 1

    def test_without_verbose_only_warnings_are_told(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(verbose=False, as_json=True)
        log = get_logger("unit.c")
        log.info("quiet")
        log.warning("loud")
        assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == [
            "loud"
        ]

    @pytest.mark.parametrize("as_json", [True, False])
    def test_a_secret_is_in_no_record_of_ours(
        self, capsys: pytest.CaptureFixture[str], *, as_json: bool
    ) -> None:
        configure_logging(verbose=True, as_json=as_json)
        log = get_logger(f"unit.d.{as_json}")
        event = f"sent {SECRET}"
        log.warning(event, url=f"https://h/?p={SECRET}", nested={"deep": [SECRET]})
        try:
            raise ValueError(SECRET)
        except ValueError:
            log.exception("failed")
        told = capsys.readouterr().err
        assert "failed" in told
        assert "ValueError" in told
        assert SECRET not in told

    @pytest.mark.parametrize("as_json", [True, False])
    def test_a_secret_is_in_no_record_of_a_library(
        self, capsys: pytest.CaptureFixture[str], *, as_json: bool
    ) -> None:
        configure_logging(verbose=True, as_json=as_json)
        log = logging.getLogger("some.library")
        log.warning("connecting with %s", SECRET)
        try:
            raise ValueError(SECRET)
        except ValueError:
            log.exception("broke")
        told = capsys.readouterr().err
        assert "connecting with ***" in told
        assert "ValueError" in told
        assert SECRET not in told


def test_what_asyncio_says_of_unfinished_work_reaches_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(verbose=True, as_json=False)

    logging.getLogger("asyncio").error("Task was destroyed but it is pending!")

    assert capsys.readouterr().err == ""
