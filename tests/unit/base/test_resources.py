"""The data that ships with the program is found in the wheel or in the checkout."""

from pathlib import Path

import pytest

from qsm_bot.base import resources
from qsm_bot.base.resources import data_dir


@pytest.mark.parametrize(
    ("name", "file"), [("selectors", "qsm-jp.toml"), ("html/portal", "layout.html")]
)
def test_shipped_data_is_found(name: str, file: str) -> None:
    assert (data_dir(name) / file).is_file()


@pytest.mark.parametrize(
    ("name", "folder"), [("selectors", "selectors"), ("html/portal", "fixtures/html/portal")]
)
def test_a_checkout_has_it_in_its_own_folders(
    name: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGED", tmp_path / "none")
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)
    (tmp_path / folder).mkdir(parents=True)
    assert data_dir(name) == tmp_path / folder


def test_an_installed_program_has_it_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGED", tmp_path)
    (tmp_path / "selectors").mkdir()
    assert data_dir("selectors") == tmp_path / "selectors"


def test_an_incomplete_installation_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGED", tmp_path)
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)
    with pytest.raises(FileNotFoundError, match="no data folder 'selectors'"):
        data_dir("selectors")
