"""What is written for each system's timer, and by which commands it is set up."""

import json
import plistlib
import re
import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from qsm_bot.base.errors.outside import TimerToolFailed, TimerToolMissing
from qsm_bot.domain.schedule import RoundHours, Schedule, every_times
from qsm_bot.schedule.timers.known import TIMERS
from qsm_bot.schedule.timers.task import Task, TimerKind, kind_of_system, task_name

OFFICE = RoundHours(9 * 60, 18 * 60)
QUARTERS = Schedule(
    times=every_times(timedelta(minutes=15), OFFICE), every=timedelta(minutes=15), hours=OFFICE
)
TWICE = Schedule(times=(time(9), time(13, 30)), weekdays=frozenset({"mon", "sat"}))
NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

ToolFolder = Callable[..., Path]


def task(schedule: Schedule = QUARTERS, name: str = "qsm-bot") -> Task:
    command = ("/opt/a b/python", "-m", "qsm_bot", "watch", "--once", "--shop", '50%"$x')
    return Task(
        name=name,
        command=command,
        folder=Path("/srv/100% shop"),
        schedule=schedule,
        today=date(2026, 1, 5),
    )


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToolFolder:
    """Puts a program on PATH, alone there, that notes how it is called and says what it is told."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def put(name: str, **answers: tuple[int, str, str]) -> Path:
        calls = tmp_path / "calls.jsonl"
        program = folder / name
        program.write_text(
            f"#!{sys.executable}\n"
            "import json, sys\n"
            f"answers = {answers!r}\n"
            "words = sys.argv[1:]\n"
            "given = '' if sys.stdin.isatty() else sys.stdin.read()\n"
            f"with open({str(calls)!r}, 'a') as file:\n"
            "    print(json.dumps([words, given]), file=file)\n"
            "wanted = [a for key, a in answers.items() if any(key in w for w in words)]\n"
            "code, out, err = wanted[0] if wanted else (0, '', '')\n"
            "sys.stdout.write(out); sys.stderr.write(err); sys.exit(code)\n",
            encoding="utf-8",
        )
        program.chmod(0o755)
        return calls

    return put


def calls_of(file: Path) -> list[str]:
    """Return the calls as they were typed; what was piped in stands behind `<`."""
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [" ".join(words) + (f" < {given}" if given else "") for words, given in lines]


class TestSystemd:
    """A user service and its timer."""

    def test_the_timer_knows_japan_s_time_and_starts_what_was_missed(self) -> None:
        timer = TIMERS[TimerKind.SYSTEMD].files(task())["qsm-bot.timer"].decode()
        hours = ",".join(f"{hour:02}" for hour in range(9, 18))
        assert f"\nOnCalendar=*-*-* {hours}:00,15,30,45:00 Asia/Tokyo\n" in timer
        assert "\nPersistent=true\n" in timer

    def test_hours_with_other_minutes_have_lines_of_their_own(self) -> None:
        timer = TIMERS[TimerKind.SYSTEMD].files(task(TWICE))["qsm-bot.timer"].decode()
        assert re.findall("OnCalendar=(.*)", timer) == [
            "Mon,Sat *-*-* 09:00:00 Asia/Tokyo",
            "Mon,Sat *-*-* 13:30:00 Asia/Tokyo",
        ]

    def test_no_word_of_the_command_is_taken_for_something_else(self) -> None:
        service = TIMERS[TimerKind.SYSTEMD].files(task())["qsm-bot.service"].decode()
        quoted = '"/opt/a b/python" "-m" "qsm_bot" "watch" "--once" "--shop" "50%%\\"$$x"'
        assert f"\nExecStart={quoted}\n" in service
        assert "\nWorkingDirectory=/srv/100%% shop\n" in service
        assert "\nKillMode=mixed\n" in service

    def test_it_is_set_up_and_taken_away_by_systemctl(
        self, tool: ToolFolder, tmp_path: Path
    ) -> None:
        calls = tool("systemctl")
        units = tmp_path / "home" / ".config" / "systemd" / "user"
        timer = TIMERS[TimerKind.SYSTEMD]

        timer.install(task())
        written = {path.name: path.read_bytes() for path in units.iterdir()}
        timer.remove("qsm-bot")
        timer.remove("qsm-bot")

        assert written == timer.files(task())
        assert list(units.iterdir()) == []
        assert calls_of(calls) == [
            "--version",
            "--user daemon-reload",
            "--user enable qsm-bot.timer",
            "--user restart qsm-bot.timer",
            "--user disable --now qsm-bot.timer",
            "--user daemon-reload",
            "--user daemon-reload",
        ]

    def test_what_it_says_when_it_fails_is_told(self, tool: ToolFolder) -> None:
        tool("systemctl", enable=(1, "", "Failed to connect to bus\n"))
        with pytest.raises(TimerToolFailed, match="Failed to connect to bus") as caught:
            TIMERS[TimerKind.SYSTEMD].install(task())
        assert caught.value.exit_code == 80
        # `is-enabled` is told by its exit code.
        assert not TIMERS[TimerKind.SYSTEMD].is_installed("qsm-bot")


class TestWindows:
    """A task of the Task Scheduler."""

    def document(self, schedule: Schedule) -> ET.Element:
        ((name, content),) = TIMERS[TimerKind.WINDOWS].files(task(schedule)).items()
        assert name == "qsm-bot.xml"
        assert content[:2] in {b"\xff\xfe", b"\xfe\xff"}
        assert "encoding='utf-16'" in content.decode("utf-16").splitlines()[0]
        return ET.fromstring(content)  # noqa: S314  # our own

    def test_a_step_is_one_trigger_that_repeats_itself_until_the_last_round(self) -> None:
        (trigger,) = self.document(QUARTERS).findall("t:Triggers/*", NAMESPACE)
        assert {child.tag.partition("}")[2]: (child.text or "").strip() for child in trigger} == {
            "Repetition": "",
            "StartBoundary": "2026-01-05T09:00:00+09:00",
            "Enabled": "true",
            "ScheduleByDay": "",
        }
        assert [child.text for child in trigger[0]] == ["PT15M", "PT526M", "false"]

    def test_times_are_a_trigger_each(self) -> None:
        begins = self.document(TWICE).findall("t:Triggers/*/t:StartBoundary", NAMESPACE)
        assert [begin.text for begin in begins] == [
            "2026-01-05T09:00:00+09:00",
            "2026-01-05T13:30:00+09:00",
        ]

    def test_it_starts_late_wakes_the_computer_and_never_runs_twice_at_once(self) -> None:
        (settings,) = self.document(QUARTERS).findall("t:Settings", NAMESPACE)
        found = {child.tag.partition("}")[2]: child.text for child in settings}
        assert found["StartWhenAvailable"] == found["WakeToRun"] == "true"
        assert found["MultipleInstancesPolicy"] == "IgnoreNew"
        assert found["ExecutionTimeLimit"] == "PT2H"

    def test_the_command_is_quoted_as_windows_does(self) -> None:
        (action,) = self.document(QUARTERS).findall("t:Actions/t:Exec", NAMESPACE)
        assert [child.text for child in action] == [
            "/opt/a b/python",
            '-m qsm_bot watch --once --shop 50%\\"$x',
            "/srv/100% shop",
        ]

    def test_it_is_set_up_and_taken_away_by_schtasks(self, tool: ToolFolder) -> None:
        calls = tool("schtasks")
        timer = TIMERS[TimerKind.WINDOWS]

        timer.install(task())
        there = timer.is_installed("qsm-bot")
        timer.remove("qsm-bot")

        create, *others = calls_of(calls)
        assert re.fullmatch(r"/Create /TN qsm-bot /XML \S+qsm-bot\.xml /F", create)
        assert there
        assert others == [
            "/Query /TN qsm-bot",
            "/Query /TN qsm-bot",
            "/Delete /TN qsm-bot /F",
        ]


class TestLaunchd:
    """An agent of macOS."""

    def test_it_knocks_at_each_minute_that_could_be_meant(self) -> None:
        ((name, content),) = TIMERS[TimerKind.LAUNCHD].files(task()).items()
        agent = plistlib.loads(content)
        assert name == "qsm-bot.plist"
        assert agent["Label"] == "qsm-bot"
        assert agent["ProgramArguments"] == list(task().command)
        assert agent["WorkingDirectory"] == "/srv/100% shop"
        assert agent["StartCalendarInterval"] == [{"Minute": m} for m in (0, 15, 30, 45)]

    def test_it_is_set_up_and_taken_away_by_launchctl(
        self, tool: ToolFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("os.getuid", lambda: 501)
        calls = tool("launchctl")
        file = tmp_path / "home" / "Library" / "LaunchAgents" / "qsm-bot.plist"
        timer = TIMERS[TimerKind.LAUNCHD]

        timer.install(task())
        written = file.read_bytes()
        timer.remove("qsm-bot")

        assert written == timer.files(task())["qsm-bot.plist"]
        assert not file.exists()
        assert calls_of(calls) == [
            "print gui/501/qsm-bot",
            "bootout gui/501/qsm-bot",
            f"bootstrap gui/501 {file}",
            "print gui/501/qsm-bot",
            "bootout gui/501/qsm-bot",
        ]


class TestCron:
    """A line of the crontab; the others are somebody else's."""

    LINE = (
        r"*/15 * * * * cd '/srv/100\% shop' && '/opt/a b/python' -m qsm_bot watch --once --shop "
        r"""'50\%"$x' >/dev/null # timer qsm-bot"""
    )
    OTHERS = "MAILTO=x\n0 4 * * * backup\n"

    def test_the_line(self) -> None:
        assert TIMERS[TimerKind.CRON].files(task())["crontab"].decode() == f"{self.LINE}\n"

    @pytest.mark.parametrize(
        ("times", "minutes"),
        [((time(9, 7),), "7,22,37,52"), (every_times(timedelta(minutes=20)), "*/5")],
    )
    def test_the_minutes_are_right_in_zones_that_differ_by_quarters(
        self, times: tuple[time, ...], minutes: str
    ) -> None:
        line = TIMERS[TimerKind.CRON].files(task(Schedule(times=times)))["crontab"].decode()
        assert line.split()[0] == minutes

    def test_other_lines_stay_and_an_older_one_is_replaced(self, tool: ToolFolder) -> None:
        older = "0 * * * * older # timer qsm-bot\n1 * * * * kept # timer qsm-bot-tokyo\n"
        calls = tool("crontab", **{"-l": (0, self.OTHERS + older, "")})
        timer = TIMERS[TimerKind.CRON]

        timer.install(task())
        timer.remove("qsm-bot")

        kept = self.OTHERS + "1 * * * * kept # timer qsm-bot-tokyo\n"
        assert calls_of(calls) == [
            "-l",
            f"- < {kept}{self.LINE}\n",
            "-l",
            f"- < {kept}",
        ]

    def test_the_first_line_of_a_user_who_has_none(self, tool: ToolFolder) -> None:
        calls = tool("crontab", **{"-l": (1, "", "no crontab for mihon\n")})
        timer = TIMERS[TimerKind.CRON]

        there = timer.is_installed("qsm-bot")
        timer.remove("qsm-bot")
        timer.install(task())

        assert not there
        assert calls_of(calls) == ["-l", "-l", "-l", f"- < {self.LINE}\n"]

    def test_a_table_that_cannot_be_read_is_not_overwritten(self, tool: ToolFolder) -> None:
        calls = tool("crontab", **{"-l": (1, "", "crontab: not allowed\n")})
        with pytest.raises(TimerToolFailed, match="not allowed"):
            TIMERS[TimerKind.CRON].install(task())
        assert calls_of(calls) == ["-l"]


@pytest.mark.parametrize("kind", TimerKind)
def test_without_the_system_s_program_nothing_is_set_up(
    kind: TimerKind, tool: ToolFolder, tmp_path: Path
) -> None:
    timer = TIMERS[kind]
    for call in (
        lambda: timer.install(task()),
        lambda: timer.is_installed("qsm-bot"),
    ):
        with pytest.raises(TimerToolMissing, match="is not on this computer") as caught:
            call()
        assert caught.value.exit_code == 80
    assert not (tmp_path / "home").exists()


def test_a_timer_has_a_name_in_ascii_for_each_shop() -> None:
    assert [task_name(shop) for shop in (None, "", "tokyo")] == [
        "qsm-bot",
        "qsm-bot",
        "qsm-bot-tokyo",
    ]
    names = {task_name(shop) for shop in ("東京", "大阪", "a b", "a.b")}
    assert len(names) == 4
    assert all(re.fullmatch(r"qsm-bot-[\w-]+", name, re.ASCII) for name in names)


def test_each_platform_has_its_kind() -> None:
    kinds = [kind_of_system(name) for name in ("linux", "win32", "darwin")]
    assert kinds == [TimerKind.SYSTEMD, TimerKind.WINDOWS, TimerKind.LAUNCHD]
