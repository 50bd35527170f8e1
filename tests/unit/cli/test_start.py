"""What every call waits for: the program's start brings in nothing that only some commands use."""

import subprocess
import sys

LATE = (
    "asyncio",
    "openpyxl",
    "playwright",
    "pydantic_settings",
    "qsm_bot.domain.plan",
    "socket",
    "sqlalchemy",
    "structlog",
    "webbrowser",
)


def test_the_start_brings_in_no_library_that_only_some_commands_use() -> None:
    script = f"import qsm_bot.cli.app, sys; print([each for each in {LATE} if each in sys.modules])"

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )

    assert said.stdout.strip() == "[]"
