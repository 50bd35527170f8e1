"""A person shows what the selector pack does not find; nothing of it is pressed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flows._parts.shop_run import PortalRun
from flows.collect import collect
from flows.sign_in import sign_in
from qsm_bot.base.errors.orders import RowGone
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words
from qsm_bot.domain.request import Listing
from qsm_bot.portal.calibrate.pointing import ASK
from qsm_bot.portal.calibrate.question import KEY as QUESTION
from qsm_bot.portal.calibrate.teachable_elements import TEACHABLE, ElementPlace
from qsm_bot.portal.calibrate.teacher import SelectorTeacher

T = TypeVar("T")
QuestionLesson = Callable[[], str | None]
"""Has the question shown and kept; returns it in words, "" if there is nothing to be shown, and
None if it was not shown."""

TAKEN = Words("{name}: {at}", "{name}: {at}")
SKIPPED = Words("{name}: skipped", "{name}: スキップしました")
NO_ORDER = Words(
    "There is no open request, so 取引情報 cannot be shown; its 注文番号 is not checked.",
    "キャンセル要請がないため、取引情報の注文番号は確認できません。",
)
_OPTIONAL = ("shop_name", "notice_close")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is to be pointed at: what is missing, or these elements, or all."""

    keys: tuple[str, ...] = ()
    all: bool = False

    def names(self, key: str) -> bool:
        """Whether the element is to be pointed at anew, though it may be found."""
        return self.all or key in self.keys

    def covers(self, key: str) -> bool:
        """Whether the element is of interest at all."""
        return key in self.keys if self.keys else self.all or key not in _OPTIONAL


@dataclass(slots=True)
class Lesson:
    """What came of it: selectors by key, and the elements that are still not found."""

    taught: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


class _Stuck(Exception):
    """The person skipped what the way on leads over."""


def calibrate(
    context: PortalRun,
    teacher: SelectorTeacher,
    wish: Wish,
    keep: Callable[[dict[str, str]], None],
    question: QuestionLesson | None = None,
) -> Lesson:
    """Walk from the sign-in to the form, and ask for what is missing on the way.

    Args:
        context: the run.
        teacher: of the run's portal.
        wish: what is asked for.
        keep: is given each selector by its key as soon as it is known.
        question: shows how the portal asks, by a press that sends nothing; None = it is not asked.

    Raises:
        NobodyPointed, RunStopped: it ended early; what was taught until then is kept.
        SignInError, PortalError, SafetyStop: the portal is not as it must be.
    """
    walk = _Walk(context, teacher, wish, keep, question)
    try:
        walk.go()
    except _Stuck:
        walk.leave_the_rest()
    return walk.lesson


class _Walk:
    def __init__(
        self,
        context: PortalRun,
        teacher: SelectorTeacher,
        wish: Wish,
        keep: Callable[[dict[str, str]], None],
        question: QuestionLesson | None,
    ) -> None:
        self._question = question
        self._context = context
        self._teacher = teacher
        self._wish = wish
        self._keep = keep
        self._order = ""
        self._seen: set[str] = set()
        self.lesson = Lesson()

    def go(self) -> None:
        """Walk the places in their order."""
        if self._named(ElementPlace.LOGIN):
            self._teacher.show(ElementPlace.LOGIN)
            self._at(ElementPlace.LOGIN)
        self._through(lambda: sign_in(self._context))
        if self._named(ElementPlace.HOME):
            self._teacher.show(ElementPlace.HOME)
            self._at(ElementPlace.HOME)
            self._teacher.show(ElementPlace.CLAIMS)
        self._at(ElementPlace.CLAIMS)
        # Some pages have a list only once a counter was clicked.
        listing = self._through(lambda: collect(self._context))
        self._at(ElementPlace.LIST)
        self._order = self._through(lambda: self._open_one(listing))
        if self._order:
            self._at(ElementPlace.ORDER)
        else:
            self._context.tell(NO_ORDER)
        self._at_form()
        if self._question is not None:
            self._ask_for_question(self._question)
        if self._teacher.searches or self._named(ElementPlace.SEARCH):
            self._at_search()

    def _at_form(self) -> None:
        keys = self._keys(ElementPlace.FORM)
        pull_down = ("reason",)
        self._at_keys([key for key in keys if key in pull_down])
        if self._order and "reason_text" in keys:
            self._teacher.show_text_box()
        self._at_keys([key for key in keys if key not in pull_down])

    def _ask_for_question(self, question: QuestionLesson) -> None:
        said = question() if self._order else None
        if said is None:
            self.lesson.left.append(QUESTION)
        elif said:
            self.lesson.taught[QUESTION] = said

    def leave_the_rest(self) -> None:
        """Note as left what was not come to."""
        for key in self._wish.keys:
            if key not in self._seen and key not in self.lesson.left:
                self.lesson.left.append(key)

    def _open_one(self, listing: Listing) -> str:
        for request in listing.requests:
            try:
                self._teacher.open(request.order_no)
            except RowGone:
                continue
            return request.order_no
        return ""

    def _at_search(self) -> None:
        keys = self._keys(ElementPlace.SEARCH)
        if not keys:
            return
        tab = ("by_search_tab",)
        self._at_keys([key for key in keys if key in tab])
        if self._teacher.misses(tab):
            raise _Stuck
        self._teacher.show(ElementPlace.SEARCH)
        self._at_keys([key for key in keys if key not in tab])

    def _through(self, step: Callable[[], T]) -> T:
        """Do a step; what it does not find is asked for, and the step done again."""
        while True:
            try:
                return step()
            except SelectorDrift as error:
                key = str(error.facts["element"])
                if key not in TEACHABLE or key in self.lesson.taught:
                    raise
                if not self._ask(key):
                    raise _Stuck from error

    def _at(self, place: ElementPlace) -> None:
        self._at_keys(self._keys(place))

    def _at_keys(self, keys: list[str]) -> None:
        missing = self._teacher.misses(keys, self._order)
        for key in keys:
            self._seen.add(key)
            if key not in self.lesson.taught and (key in missing or self._wish.names(key)):
                self._ask(key)

    def _ask(self, key: str) -> bool:
        self._seen.add(key)
        if key in self.lesson.left:
            return False
        name = TEACHABLE[key].name
        self._context.tell(ASK.filled(name=name))
        at = self._teacher.learn(key, self._order)
        if at is None:
            self._context.tell(SKIPPED.filled(name=name))
            self.lesson.left.append(key)
            return False
        self.lesson.taught[key] = at
        self._keep({key: at})
        self._context.tell(TAKEN.filled(name=name, at=at))
        return True

    def _keys(self, place: ElementPlace) -> list[str]:
        return [
            key for key, it in TEACHABLE.items() if it.place is place and self._wish.covers(key)
        ]

    def _named(self, place: ElementPlace) -> bool:
        return any(self._wish.names(key) for key in self._keys(place))
