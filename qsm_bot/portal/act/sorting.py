"""Which of the requests during a press is the refusal: told by what it carries, pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from urllib.parse import unquote

from qsm_bot.base.words import same
from qsm_bot.portal.act.carried import Carried
from qsm_bot.portal.act.event_check import FormNames
from qsm_bot.portal.act.markup import plain

_SHORTEST_CODE = 2
_BREAKS = re.compile(r"\s+|<br\s*/?>|\\[nr]", re.IGNORECASE)


class RequestSort(StrEnum):
    """What one request is, as far as it tells."""

    READING = "reading"  # asks for something, and names no order
    HARMLESS = "harmless"  # the pack says so
    HABIT = "habit"  # the page has sent its like before, by itself
    OTHER = "other"  # the pack knows the refusal, and this is not it
    REFUSAL = "refusal"  # names the order, or the button
    MAYBE = "maybe"  # changes something, and names neither
    NAMELESS = "nameless"  # the same, where the pack says that a refusal names its order
    ANOTHER = "another"  # names another order of the list
    OTHERWISE = "otherwise"  # carries another reason, or another text, than approved


ACTS = frozenset({RequestSort.REFUSAL, RequestSort.MAYBE})
"""What may be the refusal."""
AGAINST = frozenset({RequestSort.ANOTHER, RequestSort.OTHERWISE})
"""What must not leave, whatever else is so."""
PLAIN = frozenset({RequestSort.HARMLESS, RequestSort.HABIT})
"""What may leave at any time, once each time that the page sends it."""


@dataclass(frozen=True, kw_only=True)
class RefusalMarks:
    """How the refusal of one order is known.

    Args:
        order_no: the order; "" = none is known.
        others: the other orders of the list.
        ending: the path's ending, if the pack knows it.
        must_name: whether the pack says that a refusal names its order.
        harmless: patterns of paths, or of posting controls, that the pack calls harmless.
        text: the approved text, or None.
        form: by which names and values the form's content travels.
    """

    order_no: str = ""
    others: frozenset[str] = frozenset()
    ending: str = ""
    must_name: bool = False
    harmless: Collection[str] = ()
    text: str | None = None
    form: FormNames = FormNames()  # noqa: RUF009  # frozen

    def sort(self, carried: Carried, is_habit: Callable[[Carried], bool]) -> RequestSort:
        """Say what the request is."""
        named = self._named(carried)
        ends, by_button = self._ends(carried), self._is_by_button(carried)
        habit = is_habit(carried)
        # A reading that says the reason may be how a page refuses.
        tells = bool(named) or ends or self._says_reason(carried)
        reads = not carried.changes_state and (habit or not tells)
        # The first that holds; what tells against the approval comes before all that lets out.
        questions: tuple[tuple[RequestSort, Callable[[], bool]], ...] = (
            (RequestSort.HARMLESS, lambda: not by_button and self._is_harmless(carried)),
            (RequestSort.READING, lambda: reads),
            (RequestSort.ANOTHER, lambda: bool(named - {self.order_no})),
            (RequestSort.HABIT, lambda: habit and not by_button),
            (RequestSort.OTHER, lambda: bool(self.ending) and not ends),
            (RequestSort.OTHERWISE, lambda: self._says_otherwise(carried)),
            (RequestSort.REFUSAL, lambda: bool(named)),
            (RequestSort.NAMELESS, lambda: self.must_name),
            (RequestSort.REFUSAL, lambda: by_button),
        )
        return next((sort for sort, holds in questions if holds()), RequestSort.MAYBE)

    def others_named(self, carried: Carried) -> frozenset[str]:
        """Return the other orders that the request names."""
        return self._named(carried) - {self.order_no}

    @property
    def orders(self) -> frozenset[str]:
        """The numbers of the list, the approved one among them."""
        return frozenset({*self.others, self.order_no} - {""})

    def tells(self, carried: Carried) -> bool:
        """Whether the request says something of an order, or a reason.

        A form says all that is in it whatever is pressed: there another control tells.
        """
        if carried.target and not self._is_by_button(carried):
            return False
        return self._ends(carried) or self.is_about(carried)

    def is_about(self, carried: Carried) -> bool:
        """Whether the request names an order of the list, or a reason."""
        return bool(self._named(carried)) or self._says_reason(carried)

    def is_again(self, carried: Carried, sent: Collection[Carried]) -> bool:
        """Whether the request is one of `sent` once more, whatever it is changed in.

        It comes by the same control to the same service, and says a reason, or all that the
        other said. A form says its reason whatever button is pressed in it.
        """
        like = [each for each in sent if each.same_act == carried.same_act]
        like = [each for each in like if not self._is_another_deed(carried, each)]
        if any(map(self._is_by_button, like)):
            return self._is_by_button(carried)
        names = {name for name, _ in carried.fields}
        return any(
            self._says_reason(carried) or {name for name, _ in each.fields} <= names
            for each in like
        )

    def _is_another_deed(self, carried: Carried, sent: Carried) -> bool:
        """Whether it is about another order, and another word tells what: 取引情報 of the next."""
        named = self._named(carried)
        if not named or self.order_no in named:
            return False
        words, known = dict(sent.words_said), self.form.chosen | self.form.unchosen
        return any(
            name in words and name not in self.form.choices and not {value, words[name]} & known
            for name, value in carried.words_said
            if words.get(name) != value
        )

    def _says_reason(self, carried: Carried) -> bool:
        values = {value for _, value in carried.fields if _tells(value)}
        known = self.form.chosen | self.form.unchosen
        return bool(carried.values(self.form.select) or values & known)

    def _named(self, carried: Carried) -> frozenset[str]:
        return carried.without(self.form.ignored).orders(self.orders)

    def _ends(self, carried: Carried) -> bool:
        return bool(self.ending) and carried.path.casefold().endswith(self.ending.casefold())

    def _is_harmless(self, carried: Carried) -> bool:
        names = (carried.path.casefold(), carried.target.casefold())
        return any(
            fnmatchcase(name, pattern.casefold()) for pattern in self.harmless for name in names
        )

    def _is_by_button(self, carried: Carried) -> bool:
        buttons = self.form.buttons
        # A picture that is a button is posted as the point of it that was clicked.
        names = {name.removesuffix(".x") for name, _ in carried.fields}
        return carried.target in buttons or not buttons.isdisjoint(names)

    def _says_otherwise(self, carried: Carried) -> bool:
        reasons = carried.values(self.form.select)
        texts = carried.values(self.form.box)
        if reasons - self.form.chosen or not all(_says(text, self.text or "") for text in texts):
            return True
        if reasons:
            return False
        values = {value for _, value in carried.fields if _tells(value)}
        return bool(values & self.form.unchosen) and not values & self.form.chosen


def _says(sent: str, wanted: str) -> bool:
    """Whether a text is the wanted one, however the page has wrapped it up for its way."""
    ways = (sent, unquote(sent), plain(sent), plain(unquote(sent)))
    return _bare(wanted) in map(_bare, ways)


def _bare(text: str) -> str:
    return _BREAKS.sub("", same(text))


def _tells(value: str) -> bool:
    """Whether a value is peculiar enough to be a reason's code: bare numbers may be anything."""
    return len(value) >= _SHORTEST_CODE and not value.isdigit()
