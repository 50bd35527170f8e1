"""What is shipped: everything the program needs, and nothing that is git-ignored."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support import common_folder

ROOT = Path(__file__).parents[2]
SHIPPED = ("qsm_bot", "flows", "selectors", "fixtures")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the tree with two private files planted in it, once a run."""
    folder = common_folder(tmp_path_factory) / "tree"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            # In place only once it is whole.
            build(folder.with_suffix(".new")).rename(folder)
    return next((folder / "dist").glob("*.whl"))


def build(folder: Path) -> Path:
    """Build the wheel in a new folder and return the folder."""
    folder.mkdir()
    for name in (*SHIPPED, "pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    private = folder / "fixtures" / "html" / "portal" / ".env"
    private.write_text("QSM_PASSWORD=planted", encoding="utf-8")
    (folder / "qsm_bot" / "ledger.sqlite3").write_bytes(b"planted")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_module_template_script_and_pack_is_in_the_wheel(wheel: Path) -> None:
    def tracked(folder: str, under: str) -> set[str]:
        files = (ROOT / folder).rglob("*")
        return {
            f"{under}/{file.relative_to(ROOT / folder).as_posix()}"
            for file in files
            if file.is_file() and "__pycache__" not in file.parts
        }

    expected = (
        tracked("qsm_bot", "qsm_bot")
        | tracked("flows", "flows")
        | tracked("selectors", "qsm_bot/_data/selectors")
        | tracked("fixtures/html/portal", "qsm_bot/_data/html/portal")
    )
    inside = {name for name in names(wheel) if ".dist-info/" not in name}
    assert inside == expected


def test_nothing_that_git_ignores_is_in_the_wheel(wheel: Path) -> None:
    assert not [name for name in names(wheel) if name.endswith((".env", ".sqlite3", ".pyc"))]


def test_the_wheel_brings_the_acceptance_kit_as_a_plugin_and_an_extra(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = {
            Path(name).name: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }

    assert "[pytest11]\nqsm_bot_acceptance = qsm_bot.acceptance.plugin" in told["entry_points.txt"]
    assert "Provides-Extra: qa" in told["METADATA"]
    # Without the extra nothing of pytest is asked for.
    asked = [line for line in told["METADATA"].splitlines() if line.startswith("Requires-Dist: py")]
    assert all("extra == 'qa'" in line for line in asked if "pytest" in line)
    assert "qsm_bot/acceptance/tests/test_1_the_way_in.py" in names(wheel)


def test_no_package_of_ours_shadows_the_standard_librarys_selectors(wheel: Path) -> None:
    assert not (ROOT / "selectors" / "__init__.py").exists()
    assert not [name for name in names(wheel) if name.startswith("selectors/")]


def test_the_wheel_runs_elsewhere_with_its_own_files(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Dependencies come from the environment of the tests; the program must not.
    Path(site, "dependencies.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages")), encoding="utf-8"
    )
    code = "import qsm_bot, flows; from qsm_bot.base.resources import data_dir as d;"
    code += "print(qsm_bot.__file__, flows.__file__, d('html/portal'), d('selectors'), sep='\\n')"

    said = subprocess.run(
        [python, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.splitlines()

    assert [line for line in said if not line.startswith(site)] == []
