"""The hooks of a run in which statements are judged: verdicts, reports, the guard."""

import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from qsm_bot.acceptance.case import DidNotHoldError, NotJudged
from qsm_bot.acceptance.clone.seeding import SeedingContractError
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.acceptance.load.bounds import raise_if_not_allowed
from qsm_bot.acceptance.markers import KIT, STATEMENT, UNDER_LOAD
from qsm_bot.acceptance.options import Options, base_url, read_options, target_of
from qsm_bot.acceptance.report.compare import note_changes
from qsm_bot.acceptance.report.files import summary_lines, verdict_line, write_reports
from qsm_bot.acceptance.report.verdicts import Fact, Record, Run, StatementVerdict, say
from qsm_bot.acceptance.statements import STATEMENTS, Statement
from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import InputInvalid, UsageInvalid
from qsm_bot.base.errors.outside import BrowserLost, MachineError, PortalError, PortalUnreachable
from qsm_bot.base.errors.people import SignInError
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words

# After these no statement can be judged, and none is to blame.
_TROUBLES = (SignInError, MachineError, InputInvalid, PortalUnreachable)
_UNCONFIRMED = Words(
    "it acts on orders: only with --clone-confirmed",
    "注文を処理するため --clone-confirmed が必要です",
)

_PACK = Words(
    "{why} Does the selector pack fit this clone? --selectors FILE names another.",
    "{why} このクローンに合うセレクタパックを --selectors で指定してください。",
)
_SEEDING = Words("/_qa/ does not keep its contract: {why}", "/_qa/ の応答が仕様と違います: {why}")
_SIGN_IN = "sign-in"
_FOLDER = Path(__file__).parent


class PytestHooks:
    """The kit's hooks, which keep the run's records.

    Args:
        config: pytest's.
        is_kit: whether the kit itself is run, so that the address must be given at once.

    Raises:
        QsmBotError: an option makes no sense, or the real portal is named.
    """

    def __init__(self, config: pytest.Config, *, is_kit: bool) -> None:
        self.options: Options = read_options(config)
        self.run = Run(portal="", pack="", started=now())
        if is_kit:
            target = target_of(config, base_url(config))
            self.note_target(target)
            if self.options.load:
                raise_if_not_allowed(self.options.load, target)

    def note_target(self, target: Target) -> None:
        """Keep which clone is judged, and by which pack."""
        self.run.portal, self.run.pack = target.origin, target.pack.name

    def record_of(self, item: pytest.Item) -> Record | None:
        """Return the record of the statement that a test judges."""
        statement = statement_of(item)
        return self.run.records.get(statement.id) if statement else None

    def select(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Note the statements that the tests judge; deselect the tests that nobody asked for.

        Raises:
            UsageError: a test's marker names no statement.
        """
        left_out = [each for each in items if not self._is_wanted(each)]
        if left_out:
            items[:] = [each for each in items if self._is_wanted(each)]
            config.hook.pytest_deselected(items=left_out)
        self.run.select(filter(None, map(_id_of, items)))

    def _is_wanted(self, item: pytest.Item) -> bool:
        if item.get_closest_marker(UNDER_LOAD):
            return self.options.load is not None
        return not self.options.only or _id_of(item) in self.options.only

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what acts without consent, and everything after trouble."""
        statement = statement_of(item)
        if statement is None:
            return
        if statement.destructive and not self.options.confirmed:
            raise NotJudged(_UNCONFIRMED)
        if self.run.trouble is not None:
            raise NotJudged(self.run.trouble.message)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn a test's end into its statement's verdict."""
        report = yield
        record = self.record_of(item)
        if record is None or call.when == "teardown":
            return report
        record.seconds += call.duration
        if call.excinfo is None and call.when == "setup":
            return report
        error = call.excinfo.value if call.excinfo else None
        self._judge(record, error, has_begun=call.when == "call")
        if error is not None and report.failed and item.path.is_relative_to(_FOLDER):
            # What was compared, without the values of local names: a row names its buyer.
            report.longrepr = verdict_line(record, self.options.lang)
        item.user_properties += [
            ("statement", record.statement.id),
            ("manual", " ".join(record.statement.sections)),
            ("verdict", str(record.verdict)),
        ]
        if self.options.progress:
            line = verdict_line(record, self.options.lang)
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        return report

    def pytest_sessionfinish(self) -> None:
        """Write the reports that were asked for."""
        self.run.close()
        # A run that could not judge has read next to nothing: compared, all would seem changed.
        if self.options.last and self.run.trouble is None:
            note_changes(self.run, self.options.last)
        write_reports(
            self.run,
            self.options.lang,
            json_file=self.options.json,
            html_file=self.options.html,
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what did not hold and what was not judged."""
        if self.run.records:
            terminalreporter.section("statements of the manual")
            for line in summary_lines(self.run, self.options.lang):
                terminalreporter.line(line)

    def _judge(self, record: Record, error: BaseException | None, *, has_begun: bool) -> None:
        if error is None:
            record.judge(StatementVerdict.HELD)
        elif isinstance(error, NotJudged):
            record.judge(StatementVerdict.NOT_JUDGED, error.why)
        elif isinstance(error, SeedingContractError):
            record.judge(StatementVerdict.NOT_JUDGED, _SEEDING.filled(why=error))
        # A team's own test may skip itself: its reason is the verdict's, nothing is passed over.
        elif isinstance(error, pytest.skip.Exception):
            record.judge(StatementVerdict.NOT_JUDGED, str(error))
        elif (trouble := _trouble(error)) is not None:
            self.run.trouble = trouble
            record.judge(StatementVerdict.NOT_JUDGED, trouble.message)
        elif _is_of_statement(record.statement, error, has_begun=has_begun):
            record.judge(StatementVerdict.DID_NOT_HOLD, _seen_instead(error))
        else:
            record.judge(StatementVerdict.NOT_JUDGED, _not_reached(error))


def hooks_of(config: pytest.Config, *, is_kit: bool = False) -> PytestHooks:
    """Return the kit's hooks in this run of pytest; whoever asks first registers them.

    Raises:
        UsageError: an option makes no sense, or the real portal is named.
    """
    hooks: PytestHooks | None = config.pluginmanager.get_plugin(KIT)
    if hooks is None:
        try:
            hooks = PytestHooks(config, is_kit=is_kit)
        except QsmBotError as error:
            raise usage_error(error) from None
        config.pluginmanager.register(hooks, KIT)
    return hooks


def usage_error(error: QsmBotError) -> pytest.UsageError:
    """Return an error as one of pytest's own."""
    return pytest.UsageError(f"{error.message.en} {error.next_words.en}")


def statement_of(item: pytest.Item) -> Statement | None:
    """Return the statement that a test judges.

    Raises:
        UsageError: its marker names none.
    """
    marker = item.get_closest_marker(STATEMENT)
    if marker is None:
        return None
    if len(marker.args) != 1 or marker.args[0] not in STATEMENTS:
        raise pytest.UsageError(f"{item.nodeid}: no statement {marker.args}")
    return STATEMENTS[marker.args[0]]


def _id_of(item: pytest.Item) -> str | None:
    statement = statement_of(item)
    return statement.id if statement else None


def _trouble(error: BaseException) -> QsmBotError | None:
    if isinstance(error, pytest.UsageError):
        return UsageInvalid(detail=str(error))
    if isinstance(error, _TROUBLES):
        return error
    if isinstance(error, AssertionError | QsmBotError | PlaywrightTimeout):
        return None
    if isinstance(error, Error):
        return BrowserLost(detail=error.message.splitlines()[0])
    return QsmBotError(detail=f"{type(error).__name__}: {error}")


def _is_of_statement(statement: Statement, error: BaseException, *, has_begun: bool) -> bool:
    """Whether an error is about what the statement says, and not about getting there."""
    if not has_begun:
        return isinstance(error, PortalError) or statement.id == _SIGN_IN
    # A list that no reader can read shows nothing of what is in it.
    return not (isinstance(error, SelectorDrift) and error.facts.get("element") == "grid")


def _not_reached(error: BaseException) -> Fact:
    why = _seen_instead(error)
    return _PACK.filled(why=why) if isinstance(error, SelectorDrift) else why


def _seen_instead(error: BaseException) -> Fact:
    if isinstance(error, DidNotHoldError):
        check = error.check
        return Words(
            *(
                f"{check.what.say(lang)}: {say(check.expected, lang)} → {say(check.seen, lang)}"
                for lang in ("en", "ja")
            )
        )
    if isinstance(error, QsmBotError):
        return error.message
    return str(error).partition("\n")[0]
