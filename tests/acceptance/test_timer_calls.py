"""What `schedule print` prints is run as the system would, with nothing in the environment."""

import html
import json
import os
import plistlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import Shop
from tests.patience import patient

RULES = 'schema = 1\n[[rule]]\nname = "none"\nreason = "shipped"\norders = ["999999999"]\n'
CONFIG = """\
portal_url = "{portal}"
data_dir = "{data}"
trace_dir = "{data}/trace"
rules = "rules.toml"
schedule_every = "1m"
keep_session = false

[shops.good]
login_id = "{login}"
password = "{password}"
shop_name = "{name}"

[shops.bad]
login_id = "another-id"
password = "not the password"
shop_name = "{name}"
"""


def cron_call(text: str, folder: Path) -> tuple[list[str], Path]:
    line = text.strip()
    return ["/bin/sh", "-c", line.split(None, 5)[5].replace(r"\%", "%")], folder


def systemd_call(text: str, folder: Path) -> tuple[list[str], Path]:
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return shlex.split(values["ExecStart"]), Path(values["WorkingDirectory"])


def launchd_call(text: str, folder: Path) -> tuple[list[str], Path]:
    agent = plistlib.loads(text.encode())
    return list(agent["ProgramArguments"]), Path(agent["WorkingDirectory"])


def windows_call(text: str, folder: Path) -> tuple[list[str], Path]:
    found = re.findall(r"<(Command|Arguments|WorkingDirectory)>(.*?)</", text)
    parts = {name: html.unescape(value) for name, value in found}
    words = shlex.split(parts["Arguments"])
    return [parts["Command"], *words], Path(parts["WorkingDirectory"])


CALLS = {
    "cron": cron_call,
    "systemd": systemd_call,
    "launchd": launchd_call,
    "windows": windows_call,
}


@pytest.mark.by_day("cron")
@pytest.mark.parametrize("kind", CALLS)
def test_a_timer_s_call_runs_all_shops_in_a_bare_environment(
    shop: Shop, tmp_path: Path, kind: str
) -> None:
    portal, data = shop.portal, tmp_path / "all"
    shop.write_rules(RULES)
    (shop.folder / "qsm-bot.toml").write_text(
        CONFIG.format(
            portal=portal["QSM_PORTAL_URL"],
            data=data.as_posix(),
            login=portal["QSM_LOGIN_ID"],
            password=portal["QSM_PASSWORD"],
            name=portal["QSM_SHOP_NAME"],
        ),
        encoding="utf-8",
    )
    shop.portal = {}
    printed = shop.run("schedule", "print", "--for", kind, "--all-shops", "--json")
    assert printed.code == 0
    call, folder = CALLS[kind](_text_of(printed.json["files"]), shop.folder)

    done = _as_the_system_does(call, folder, tmp_path)

    pages = list((data / "schedule").glob("all-shops-*.json"))
    (line,) = json.loads(pages[0].read_text(encoding="utf-8"))["lines"]
    ended = line["ending"]["shops"]
    assert ended["good"] in ("0", "10"), done.stderr
    assert ended["bad"] == "40 SignInFailed"
    assert "bad: " in done.stderr
    assert "40 SignInFailed" in done.stderr
    assert "good: " not in done.stderr


def _text_of(files: dict[str, str]) -> str:
    return next(text for name, text in files.items() if not name.endswith(".timer"))


def _as_the_system_does(
    call: list[str], folder: Path, home: Path
) -> "subprocess.CompletedProcess[str]":
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
    # Where the browser is downloaded to is the machine's, not the shop's.
    bare |= {name: os.environ[name] for name in ("PLAYWRIGHT_BROWSERS_PATH",) if name in os.environ}
    return subprocess.run(
        call,
        cwd=folder,
        env=bare,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=patient(120),
    )
