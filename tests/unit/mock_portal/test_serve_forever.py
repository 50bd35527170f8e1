"""The portal in the foreground, as the command line serves it."""

import http.client
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

_PROGRAM = """
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
MockPortal(World.seeded(3)).serve_forever(lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_the_server_cleanly(number: signal.Signals) -> None:
    """Ctrl-C and a service manager's stop both end with exit code 0."""
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().status == 302
        connection.close()
        os.kill(process.pid, number)
        assert (process.communicate(timeout=10)[0], process.returncode) == ("ended\n", 0)
