"""The real grid libraries and axe, for tests: fetched by npm once, checked, kept in a cache.

Which version, and the SHA-512 that npm's registry gives for it, stand in `libraries.json`.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

_HERE = Path(__file__).parent
_SECONDS = 60

LIBRARIES: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads(
    (_HERE / "libraries.json").read_text(encoding="utf-8")
)
"""By the grid's name: its packages, each with version, integrity and the files that are used."""


class NotToBeHadError(Exception):
    """A package could not be fetched, or is not the one that was fetched before."""


def folder(name: str, package: Mapping[str, Any]) -> Path:
    """Return where a package's files are kept."""
    return user_cache_path("qsm-bot-tests") / "grids" / f"{name}-{package['version']}"


def missing() -> list[str]:
    """Return the packages of which the cache lacks a file."""
    return [
        name
        for packages in LIBRARIES.values()
        for name, package in packages.items()
        if not all((folder(name, package) / file).is_file() for file in package["files"])
    ]


def fetch() -> None:
    """Fetch what is missing, by npm's own configuration.

    Raises:
        NotToBeHadError: npm or the network is missing, or a package differs from what it was.
    """
    for packages in LIBRARIES.values():
        for name in packages.keys() & set(missing()):
            _fetch(name, packages[name])


def parts(library: str, ending: str) -> Iterator[str]:
    """Yield the texts of a library's scripts (`.js`) or style sheets (`.css`), in their order."""
    for name, package in LIBRARIES[library].items():
        for file in package["files"]:
            if file.endswith(ending):
                yield (folder(name, package) / file).read_text(encoding="utf-8")


def _fetch(name: str, package: Mapping[str, Any]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotToBeHadError("npm is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        command = [npm, "pack", f"{name}@{package['version']}", "--ignore-scripts"]
        command += ["--fetch-retries=0", f"--pack-destination={scratch}"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS, cwd=scratch)
            (archive,) = Path(scratch).glob("*.tgz")
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise NotToBeHadError(f"npm does not give {name}") from error
        _unpack(name, package, archive)


def _unpack(name: str, package: Mapping[str, Any], archive: Path) -> None:
    content = archive.read_bytes()
    seen = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if seen != package["integrity"]:
        raise NotToBeHadError(f"{name} {package['version']} is not what it was: {seen}")
    with tarfile.open(archive) as inside:
        for file in package["files"]:
            member = inside.extractfile(f"package/{file}")
            assert member is not None, file
            target = folder(name, package) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: another run may look at the same moment.
            part = target.with_suffix(f"{target.suffix}.{id(member)}")
            part.write_bytes(member.read())
            part.replace(target)
