"""A folder with many shops, as their seller has it, and a mock portal for each of them.

The portals run in processes of their own: no part of what is measured.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from peers import Portal, open_orders

PROGRAM = (sys.executable, "-m", "qsm_bot")
ENVIRONMENT = {
    **{
        name: value
        for name, value in os.environ.items()
        # Without its compiled modules each start would compile them all: twice the seconds.
        if not name.startswith("QSM_") and name != "PYTHONDONTWRITEBYTECODE"
    },
    "QSM_LANG": "en",
    "PYTHONUTF8": "1",
}
FAR = "2099-12-31"

_SETTINGS = """
[shops.{name}]
portal_url = "{portal.url}"
login_id = "{portal.login_id}"
password = "{portal.password}"
shop_name = "{portal.shop}"
rules = "{name}.toml"
"""
_RULES = """schema = 1
[limits]
max_count = {count}
max_share = 1
[[rule]]
name = "all"
reason = "shipped"
orders = {orders}
"""


@dataclass(frozen=True)
class Shop:
    """A shop: its name in the settings, its portal, and the orders that are open there.

    `requests` is the file in which the portal notes what it was asked.
    """

    name: str
    portal: Portal
    orders: list[str]
    requests: Path
    qapi_key: str = "mihon-qapi-key-1"

    def wrong(self) -> str:
        """Say what the portal's journal has other than each order refused once; or ""."""
        counted = Counter(self.portal.refused())
        never = [order for order in self.orders if not counted[order]]
        often = {order: times for order, times in counted.items() if times > 1}
        other = sorted(counted.keys() - set(self.orders))
        facts = {"never refused": never, "more than once": often, "not asked for": other}
        told = "; ".join(f"{what}: {which}" for what, which in facts.items() if which)
        return f"{self.name}: {told}" if told else ""


@dataclass(frozen=True)
class Shops:
    """Some shops in one folder with settings, rules and standing orders."""

    folder: Path
    all: Sequence[Shop]

    def popen(self, *words: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a command of the program; `out.json` has its document, `err.txt` its progress."""
        with (
            (self.folder / "out.json").open("wb") as out,
            (self.folder / "err.txt").open("wb") as err,
        ):
            return subprocess.Popen(
                [*PROGRAM, *words],
                cwd=self.folder,
                env=ENVIRONMENT | settings,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def said(self) -> dict[str, Any]:
        """Return the document of the last command."""
        return json.loads((self.folder / "out.json").read_text(encoding="utf-8"))

    def break_rules(self, shop: Shop) -> None:
        """Spoil a shop's rules file, as a slip while editing does."""
        with (self.folder / f"{shop.name}.toml").open("a", encoding="utf-8") as file:
            file.write("[[rule]\n")


@contextmanager
def open_shops(
    count: int, orders: int, *, faults: Mapping[int, str] | None = None, own_data: bool = False
) -> Iterator[Shops]:
    """Yield `count` shops with as many open requests each, all of which may be refused.

    Args:
        count: how many shops.
        orders: open requests of each.
        faults: what goes wrong at whose portal, by the shop's place.
        own_data: whether each shop has a data folder of its own; else one holds for all.
    """
    # No clean-up error may hide a figure: a browser that was ended may still write.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        # All are started, then each is waited for.
        begun = [
            _begin(stack, folder, place, orders, (faults or {}).get(place))
            for place in range(count)
        ]
        served = [_ready(name, pipe) for name, pipe in begun]
        found = [
            Shop(name, portal, open_orders(orders, seed=place + 1), folder / f"{name}.requests")
            for place, (name, portal) in enumerate(served)
        ]
        shops = Shops(folder, found)
        _write(shops, own_data=own_data)
        if orders:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(partial(_let_through, shops), found))
        yield shops


def _begin(
    stack: ExitStack, folder: Path, place: int, orders: int, fault: str | None
) -> tuple[str, Connection]:
    name = f"shop{place + 1:02}"
    methods = multiprocessing.get_all_start_methods()
    kind = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    kind.set_forkserver_preload(["qsm_bot.mock_portal.server"])
    ours, theirs = kind.Pipe()
    process = kind.Process(target=serve, args=(folder / name, orders, place + 1, fault, theirs))
    process.start()
    theirs.close()
    stack.callback(process.join)
    stack.callback(process.terminate)
    return name, ours


def _ready(name: str, pipe: Connection) -> tuple[str, Portal]:
    try:
        return name, pipe.recv()
    except EOFError:
        raise SystemExit(f"the mock portal of {name} did not start") from None


def serve(file: Path, orders: int, seed: int, fault: str | None, ready: Connection) -> None:
    """Serve one shop's mock portal with an account of its own, until SIGTERM."""
    from qsm_bot.mock_portal.faults import parse_faults
    from qsm_bot.mock_portal.journal import Journal
    from qsm_bot.mock_portal.options import PortalOptions
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.world import World

    journal = file.with_suffix(".journal")
    journal.touch()
    server = MockPortal(
        World.seeded(orders, seed, shop_name=f"みほん商店{seed}号店"),
        journal=Journal(journal, file.with_suffix(".requests")),
        login_id=file.name,
        password=f"mihon-pass-{seed}",
        options=PortalOptions(faults=parse_faults([fault] if fault else ())),
    )
    server.serve_forever(
        ready=lambda url: ready.send(
            Portal(url, server.login_id, server.password, server.world.shop_name, journal)
        )
    )


def _write(shops: Shops, *, own_data: bool) -> None:
    # A key in a file, as on a server: the keyring of whoever measures is left alone.
    _call(shops, "secret", "key", "session.key")
    lines = ['data_dir = "data"', 'session_key_file = "session.key"', "duty_warn_hour = 23"]
    for shop in shops.all:
        lines.append(_SETTINGS.format(name=shop.name, portal=shop.portal))
        lines += [f'data_dir = "data-{shop.name}"'] if own_data else []
        rules = _RULES.format(count=max(1, len(shop.orders)), orders=shop.orders)
        if not shop.orders:
            rules = "schema = 1\n"
        (shops.folder / f"{shop.name}.toml").write_text(rules, encoding="utf-8")
    (shops.folder / "qsm-bot.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _let_through(shops: Shops, shop: Shop) -> None:
    most = str(len(shop.orders))
    limits = ("--max-run", most, "--max-day", most, "--until", FAR, "--by", "benchmark")
    _call(shops, "standing-order", "new", "--rules", "all", *limits, "--shop", shop.name)


def _call(shops: Shops, *words: str) -> None:
    command = [*PROGRAM, *words]
    done = subprocess.run(
        command, cwd=shops.folder, env=ENVIRONMENT, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {(done.stdout + done.stderr).decode()}")
