"""A PostgreSQL server of its own for one test session, on a free port of 127.0.0.1."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
def running() -> Iterator[str]:
    """Start a server and give its SQLAlchemy URL; stop it and remove its data at the end."""
    folder = Path(tempfile.mkdtemp(prefix="qsm-pg-"))
    is_root = os.geteuid() == 0  # the server refuses to run as root
    if is_root:
        shutil.chown(folder, _USER, _USER)
    port = _free_port()
    data, binaries = folder / "data", programs()

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [str(binaries / program), "-D", str(data), *words],
            check=True,
            cwd=folder,
            user=_USER if is_root else None,
            group=_USER if is_root else None,
            extra_groups=[] if is_root else None,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run("pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{_USER}:not-a-secret@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
