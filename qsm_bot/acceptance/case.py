"""What a test of the kit works with: it compares, takes pictures, and says why it cannot judge."""

from collections.abc import Iterable

import pytest

from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.report.verdicts import Comparison, Fact, Record, ReportPicture, Run, say
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words
from qsm_bot.portal.pages.pictures import About
from qsm_bot.portal.selectors.pack import PortalPage

_log = get_logger(__name__)

NOTHING = Words("nothing", "なし")


class DidNotHoldError(AssertionError):
    """A statement does not hold: what was expected is not what is seen."""

    def __init__(self, check: Comparison) -> None:
        self.check = check
        expected, seen = (_english(fact) for fact in (check.expected, check.seen))
        super().__init__(f"{check.what.en}\n  expected: {expected}\n  seen:     {seen}")


class NotJudged(pytest.skip.Exception):  # type: ignore[name-defined,misc]  # it is an attribute
    """A statement cannot be judged at this clone; for pytest the test is skipped.

    It is a verdict of the kit's about a clone, told with its reason; no test of ours is skipped.
    """

    def __init__(self, why: Words) -> None:
        self.why = why
        super().__init__(f"not judged: {why.en}", _use_item_location=True)


class StatementCase:
    """One statement while it is being judged."""

    def __init__(self, record: Record, run: Run, *, pictures: bool) -> None:
        self._record = record
        self._run = run
        self._pictures = pictures

    def expect(self, what: Words, expected: Fact, seen: Fact) -> None:
        """Compare, and keep both; the first difference ends the test.

        Raises:
            DidNotHoldError: they differ.
        """
        self.expect_that(what, expected, seen, held=expected == seen)

    def expect_that(self, what: Words, expected: Fact, seen: Fact, *, held: bool) -> None:
        """Keep what was expected and seen; `held` says whether that is as it should be.

        Raises:
            DidNotHoldError: it is not.
        """
        check = Comparison(what, expected, seen, held)
        self._record.checks.append(check)
        if not held:
            raise DidNotHoldError(check)

    def picture(self, caption: Words, clone_page: ClonePage, about: About = "list") -> None:
        """Take a picture of this step, if pictures are wanted; a judgement needs none."""
        if not self._pictures:
            return
        try:
            self.keep_picture(caption, clone_page.screenshot(about))
        except QsmBotError as error:
            _log.warning("picture_missing", error=error.message.en)

    def keep_picture(self, caption: Words, data: bytes | None) -> None:
        """Keep a picture that was taken before."""
        if data:
            self._record.pictures.append(ReportPicture(caption, data))

    def note(self, place: PortalPage, clone_page: ClonePage) -> None:
        """Keep the names that the page shows now, for comparing runs."""
        self._run.note_names(place.value, clone_page.names(place))

    def note_dialogs(self, place: str, texts: Iterable[str], services: Iterable[str] = ()) -> None:
        """Keep what dialogs said at a place, and what was called there."""
        self._run.note_names(place, {"dialogs": tuple(texts), "services": tuple(services)})


def listed(values: Iterable[Fact]) -> Fact:
    """Return several values as one fact."""
    facts = list(values)
    if not facts:
        return NOTHING
    en, ja = (" | ".join(say(each, lang) for each in facts) for lang in ("en", "ja"))
    return en if en == ja else Words(en, ja)


def _english(fact: Fact) -> str:
    return fact.en if isinstance(fact, Words) else fact
