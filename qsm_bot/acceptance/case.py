"""What a test of the kit works with: it compares, takes pictures, and says why it cannot judge."""

from collections.abc import Iterable

import pytest

from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.verdicts import Check, Fact, Picture, Record, Run, said
from qsm_bot.errors import QsmBotError
from qsm_bot.log import get_logger
from qsm_bot.portal.pack import Place
from qsm_bot.portal.pictures import About
from qsm_bot.words import Words

_log = get_logger(__name__)

NOTHING = Words("nothing", "なし")


class DidNotHoldError(AssertionError):
    """A statement does not hold: what was expected is not what is seen."""

    def __init__(self, check: Check) -> None:
        self.check = check
        expected, seen = (_english(fact) for fact in (check.expected, check.seen))
        super().__init__(f"{check.what.en}\n  expected: {expected}\n  seen:     {seen}")


class NotJudged(pytest.skip.Exception):  # type: ignore[name-defined,misc]  # it is an attribute
    """A statement cannot be judged at this clone; for pytest the test is skipped."""

    def __init__(self, why: Words) -> None:
        self.why = why
        super().__init__(f"not judged: {why.en}", _use_item_location=True)


class Case:
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
        check = Check(what, expected, seen, held)
        self._record.checks.append(check)
        if not held:
            raise DidNotHoldError(check)

    def picture(self, caption: Words, desk: Desk, about: About = "list") -> None:
        """Take a picture of this step, if pictures are wanted; a judgement needs none."""
        if not self._pictures:
            return
        try:
            self.keep(caption, desk.shoot(about))
        except QsmBotError as error:
            _log.warning("picture_missing", error=error.message.en)

    def keep(self, caption: Words, data: bytes | None) -> None:
        """Keep a picture that was taken before."""
        if data:
            self._record.pictures.append(Picture(caption, data))

    def note(self, place: Place, desk: Desk) -> None:
        """Keep the names that the page shows now, for comparing runs."""
        self._run.note_names(place.value, desk.names(place))

    def note_dialogs(self, place: str, texts: Iterable[str], services: Iterable[str] = ()) -> None:
        """Keep what dialogs said at a place, and what was called there."""
        self._run.note_names(place, {"dialogs": tuple(texts), "services": tuple(services)})


def listed(values: Iterable[Fact]) -> Fact:
    """Return several values as one fact."""
    facts = list(values)
    if not facts:
        return NOTHING
    en, ja = (" | ".join(said(each, lang) for each in facts) for lang in ("en", "ja"))
    return en if en == ja else Words(en, ja)


def _english(fact: Fact) -> str:
    return fact.en if isinstance(fact, Words) else fact
