"""One PostgreSQL server for a test run, on a free port of 127.0.0.1."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

_USER = "postgres"


class PostgresqlMissing(Exception):
    """The server's programs are not installed."""


def programs() -> Path:
    """Return the folder with initdb and pg_ctl.

    Raises:
        PostgresqlMissing: they are neither on PATH nor where Debian puts them.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*debian, *([Path(on_path).parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresqlMissing(
        "PostgreSQL's programs initdb and pg_ctl were not found; "
        "install the Debian package `postgresql`, then run the tests again"
    )


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Use the one server of this test run, and give its SQLAlchemy URL.

    Whoever comes first starts it, and who is the last to go stops it and removes its data.

    Args:
        folder: one that all workers of the run have in common.
    """
    lock, note = FileLock(folder / "postgresql.lock"), folder / "postgresql.json"
    with lock:
        server = json.loads(note.read_text("utf-8")) if note.exists() else _started() | {"users": 0}
        note.write_text(json.dumps(server | {"users": server["users"] + 1}), encoding="utf-8")
    try:
        yield server["url"]
    finally:
        with lock:
            left = json.loads(note.read_text("utf-8"))
            left["users"] -= 1
            if left["users"]:
                note.write_text(json.dumps(left), encoding="utf-8")
            else:
                note.unlink()
                _stop(Path(left["folder"]))


def _started() -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="qsm-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _USER, _USER)
    port = _free_port()
    try:
        _run(folder, "initdb", "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        options += " -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
        _run(folder, "pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
    except BaseException:
        shutil.rmtree(folder)
        raise
    url = f"postgresql+psycopg://{_USER}:not-a-secret@127.0.0.1:{port}/postgres"
    return {"url": url, "folder": str(folder)}


def _stop(folder: Path) -> None:
    try:
        _run(folder, "pg_ctl", "-w", "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, program: str, *words: str) -> None:
    is_root = os.geteuid() == 0  # the server refuses to run as root
    subprocess.run(
        [str(programs() / program), "-D", str(folder / "data"), *words],
        check=True,
        cwd=folder,
        user=_USER if is_root else None,
        group=_USER if is_root else None,
        extra_groups=[] if is_root else None,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
