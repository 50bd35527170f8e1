"""The commands around QAPI's key, and how QAPI comes into a run."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import keyring
import pytest

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.cli.app import run
from qsm_bot.cli.commands.doctor import _qapi
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.wiring.qapi import status_source
from qsm_bot.config.settings import Settings
from tests.support import shipped_pack
from tests.unit.config.test_vault import Locked, Strong


@pytest.fixture(autouse=True)
def _strong_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without settings, and a keyring that encrypts."""
    monkeypatch.chdir(tmp_path)
    before = keyring.get_keyring()
    keyring.set_keyring(Strong())
    yield
    keyring.set_keyring(before)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_the_key_goes_into_the_keyring_and_out_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "invented-key\n")
    assert run(["secret", "set", "--qapi"]) == 0
    assert run(["secret", "status", "--json"]) == 0
    said = capsys.readouterr().out
    assert "The QAPI key of" in said
    assert json.loads(said[said.index("{") :])["qapi_key"] == "keyring"
    assert json.loads(said[said.index("{") :])["password"] is None
    assert "invented-key" not in said

    assert run(["secret", "forget", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["gone"] == ["QAPI key"]


def test_no_key_given_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "\n")
    assert run(["secret", "set", "--qapi"]) == 60
    assert "no QAPI key was given" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["ship", "7625x", "--carrier", "ヤマト宅急便", "--tracking", "1", "--yes"],
        ["ship", "762544202", "--carrier", "", "--tracking", "1", "--yes"],
        ["ship", "762544202", "--carrier", "ヤマト宅急便", "--tracking", "1" * 51, "--yes"],
        ["ship", "762544202", "--carrier", "ヤマト\n宅急便", "--tracking", "1", "--yes"],
    ],
)
def test_a_shipment_that_cannot_be_one_is_turned_down_first(words: list[str]) -> None:
    assert run(words) == 60


@pytest.mark.parametrize(
    ("carrier", "said"),
    [
        ("ヤマト輸送", "(did you mean ヤマト運輸?)"),
        ("見本急送", "Known: ヤマト運輸 佐川急便 日本郵便"),
        ("ヤマト運輸", None),
        ("ゆうパック", None),
    ],
)
def test_an_unknown_carrier_is_told_with_the_nearest(
    carrier: str, said: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["ship", "762544202", "--carrier", carrier, "--tracking", "1"])
    told = capsys.readouterr().err
    assert said in told if said else "no carrier" not in told


def settings_of(tmp_path: Path, **more: Any) -> Settings:
    here = {"portal_url": "http://127.0.0.1:1", "qapi_url": "http://127.0.0.1:1"}
    return Settings(**{"data_dir": tmp_path, **here, **more})


class TestBesideThePortal:
    """With a key the run has a second look; without one it is as before."""

    def source(self, settings: Settings, portal: object = None, said: Any = None) -> Any:
        with ExitStack() as stack:
            tell = (said if said is not None else []).append
            source = status_source(settings, shipped_pack(), cast("Any", portal), tell)
            return stack.enter_context(source)

    def test_without_a_key_there_is_none(self, tmp_path: Path) -> None:
        assert self.source(settings_of(tmp_path)) is None

    def test_a_keyring_that_is_locked_has_none(self, tmp_path: Path) -> None:
        keyring.set_keyring(Locked())
        assert self.source(settings_of(tmp_path)) is None

    def test_a_key_of_a_mock_is_not_used_beside_the_real_portal(self, tmp_path: Path) -> None:
        far = settings_of(
            tmp_path, qapi_key="invented-key-0002", portal_url="https://qsm.example.jp"
        )
        with pytest.raises(SettingsInvalid, match="set both"):
            self.source(far)

    def test_it_waits_by_the_pages_own_waiting_while_there_is_a_page(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slept: list[float] = []
        monkeypatch.setattr("time.sleep", slept.append)

        class Page:
            gone = False
            rested: list[float] = []  # noqa: RUF012 - one test's own

            def rest(self, seconds: float) -> None:
                if self.gone:
                    raise BrowserLost(detail="gone")
                self.rested.append(seconds)

        page = Page()
        rest = self.source(settings_of(tmp_path, qapi_key="invented-key-0002"), page)._client._rest
        rest(1.5)
        page.gone = True
        rest(2.5)
        assert (page.rested, slept) == ([1.5], [2.5])

    def test_a_key_that_ends_soon_is_told(self, tmp_path: Path) -> None:
        said: list[Any] = []
        issued = now().date() - timedelta(days=350)
        self.source(
            settings_of(tmp_path, qapi_key="invented-key-0003", qapi_key_issued=issued), None, said
        )
        assert "ask for a new one now" in said[0].en


def test_doctor_warns_of_an_old_key(tmp_path: Path) -> None:
    job = Job()
    job._settings = settings_of(tmp_path)
    assert _qapi(job) == []
    job._settings = settings_of(tmp_path, qapi_key_issued=now().date() - timedelta(days=400))
    assert [check.state for check in _qapi(job)] == ["warn"]
