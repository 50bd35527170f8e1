"""Three shops, a simulated week, and what goes wrong in one: told once, and never lost.

The program's own parts, but for three: the clock, the browser with its portal, and the process
of a round, which is this one.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.outside import PortalUnreachable
from qsm_bot.base.errors.people import SignInFailed
from qsm_bot.base.words import Lang
from qsm_bot.cli.app import run
from qsm_bot.config.settings_file import load_settings
from qsm_bot.mock_portal.testing.memory import MemoryPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.notify.channels import Channel
from qsm_bot.notify.message import Message
from qsm_bot.portal.browser import launch
from qsm_bot.schedule import round_process
from qsm_bot.schedule.history import Ending
from qsm_bot.schedule.round_process import RoundProcess

MONDAY = datetime(2026, 1, 5, tzinfo=JST)
SHOPS = ("a", "b", "c")
CONFIG = """\
portal_url = "http://127.0.0.1:9"
keep_session = false
rules = "rules.toml"
notify = "json://127.0.0.1:9"
schedule_at = ["09:00", "10:00", "11:00", "12:00", "17:00"]
"""
SHOP = """\
[shops.{name}]
login_id = "{name}-id"
password = "{password}"
shop_name = "みほん商店"
"""
RULES = 'schema = 1\n[[rule]]\nname = "named"\nreason = "shipped"\norders = [{orders}]\n'
ROUNDS = (9, 10, 11, 12, 17)
KNOCKS = (*ROUNDS, 18, 22)
"""The hours at which the timer calls; in some of them no round is due."""


class Crash(Exception):
    """A bug that only shows on one day."""


@dataclass
class Week:
    """What three shops' portals, people and channels went through."""

    folder: Path
    worlds: dict[str, World]
    tries: Counter[str] = field(default_factory=Counter)
    told: list[tuple[datetime, str, str]] = field(default_factory=list)
    troubles: dict[str, Callable[[datetime], Exception | None]] = field(default_factory=dict)
    ended: dict[tuple[str, str], Ending] = field(default_factory=dict)

    def configure(self, **passwords: str) -> None:
        texts = [SHOP.format(name=each, password=passwords.get(each, "good")) for each in SHOPS]
        (self.folder / "qsm-bot.toml").write_text(CONFIG + "".join(texts), encoding="utf-8")

    def subjects(self, shop: str) -> list[str]:
        """Return what was told of a shop, but for what waits for a decision."""
        told = [subject for _, of, subject in self.told if of.endswith(f"(--shop {shop})")]
        return [subject for subject in told if "wait" not in subject]

    def pass_(self, until: datetime, since: datetime) -> None:
        """Let the timer knock for each shop, in all hours of the days in between."""
        day = since
        while day < until:
            for hour in KNOCKS:
                moment = day.replace(hour=hour)
                for shop in SHOPS if since <= moment < until else ():
                    with time_machine.travel(moment, tick=False), redirect_stdout(io.StringIO()):
                        run(["watch", "--once", "--json", "--shop", shop])
            day += timedelta(days=1)


class Seat(MemoryPortal):
    """A shop's portal, at which the password is looked at."""

    def __init__(self, week: Week, sign_in: Any) -> None:
        shop = sign_in.login_id.removesuffix("-id")
        super().__init__(week.worlds[shop], clock=now)
        self._week, self._of, self._who = week, shop, sign_in

    def sign_in(self) -> str:
        """Count the tries, and let in whoever knows the word."""
        trouble = self._week.troubles.get(self._of, lambda _: None)(now())
        if trouble is not None:
            raise trouble
        self._week.tries[self._of] += 1
        if self._who.password != "good":
            raise SignInFailed(alert="IDまたはパスワードが正しくありません。")
        return super().sign_in()


@pytest.fixture
def week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Week:
    """Three shops; a has a standing order for one of its requests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path / "data"))
    worlds = {each: World.seeded(3, seed=1, today=MONDAY.date()) for each in SHOPS}
    week = Week(tmp_path, worlds)
    week.configure(b="bad")
    orders = ", ".join(f'"{each.order_no}"' for each in worlds["a"].open_requests()[:1])
    Path("rules.toml").write_text(RULES.format(orders=orders), encoding="utf-8")

    @contextmanager
    def no_browser(*_: Any, **__: Any) -> Iterator[None]:
        yield None

    def seat(_context: None, *, sign_in: Any, **_: Any) -> Seat:
        return Seat(week, sign_in)

    def send(_channel: Channel, message: Message, _lang: Lang) -> bool:
        week.told.append((now(), message.shop, message.subject.en))
        return True

    def in_process(process: RoundProcess) -> Ending:
        out, words = io.StringIO(), process._command[3:]
        with redirect_stdout(out):
            try:
                code = run(list(words))
            except Crash:
                code = 80
        ending = round_process._ending(code, out.getvalue())
        week.ended[words[words.index("--shop") + 1], f"{now():%d %H}"] = ending
        return ending

    monkeypatch.setattr(launch, "open_context", no_browser)
    monkeypatch.setattr("qsm_bot.portal.qsm.QsmPortal", seat)
    monkeypatch.setattr(Channel, "send", send)
    monkeypatch.setattr(RoundProcess, "__call__", in_process)
    return week


def between(begin: datetime, hours: int, error: Exception) -> Callable[[datetime], Any]:
    return lambda at: error if begin <= at < begin + timedelta(hours=hours) else None


@pytest.mark.night
def test_a_week_in_which_nobody_looks(week: Week) -> None:
    down = MONDAY + timedelta(days=1, hours=10)
    week.troubles["c"] = between(down, 2, PortalUnreachable(url="http://127.0.0.1:9", detail="-"))
    crash = MONDAY + timedelta(days=2, hours=12)
    week.troubles["a"] = between(crash, 1, Crash())
    with time_machine.travel(MONDAY, tick=False), redirect_stdout(io.StringIO()):
        limits = ["--max-run", "1", "--max-day", "5", "--until", "2026-01-31", "--by", "Sato"]
        assert run(["standing-order", "new", "--rules", "named", "--shop", "a", *limits]) == 0

    # Monday: a refuses one order, and somebody ships it late in the evening.
    week.pass_(MONDAY + timedelta(days=1), MONDAY)
    still_open = {each.order_no for each in week.worlds["a"].open_requests()}
    (order,) = {each.order_no for each in week.worlds["b"].open_requests()} - still_open
    with time_machine.travel(MONDAY.replace(hour=23), tick=False), redirect_stdout(io.StringIO()):
        assert run(["duty", "done", order, "--note", "handed over", "--shop", "a"]) == 0
    assert week.subjects("a") == [
        "refused, and not shipped yet",
        "refused, and to be shipped within two hours",
    ]

    # Until Friday morning nobody looks after b; then its password is corrected.
    friday = MONDAY + timedelta(days=4)
    week.pass_(friday, MONDAY + timedelta(days=1))
    assert week.tries["b"] == 1
    assert week.subjects("b") == ["sign-in needed"]
    week.configure()
    week.pass_(MONDAY + timedelta(days=7), friday)
    assert week.tries["b"] == 1 + 3 * len(ROUNDS)

    # Each cause was told once, and each recovery.
    assert Counter(week.subjects("a"))["a run failed"] == 1
    assert week.subjects("c") == ["a run failed", "the portal works again"]
    # No round was lost without a word: each of each day ended, with its own code.
    rounds = 7 * len(ROUNDS)
    assert Counter(shop for shop, _ in week.ended) == dict.fromkeys(SHOPS, rounds)
    bad = {where: ending.exit_code for where, ending in week.ended.items() if ending.troubles}
    assert bad["a", "07 12"] == 80
    assert {code for (shop, _), code in bad.items() if shop == "b"} == {40}
    assert {where for where in bad if where[0] == "c"} == {("c", "06 10"), ("c", "06 11")}
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        assert {load_settings(None, each).called for each in SHOPS} == {
            f"みほん商店 (--shop {each})" for each in SHOPS
        }
