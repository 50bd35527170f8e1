"""The error tree: names, exit codes, and sentences that are whole in both languages."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from string import Formatter

import pytest

from qsm_bot.base import errors
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import (
    FileExists,
    FileUnwritable,
    InputInvalid,
    PortTaken,
    SettingsInvalid,
)
from qsm_bot.base.errors.orders import NotEligible, OrderProblem
from qsm_bot.base.errors.people import PersonDeclined, TooManyUnknown
from qsm_bot.base.errors.plans import PlanExpired, PlanNotApproved, PlanUnreadable
from qsm_bot.base.errors.safety import ClockSkew, TurnedDown
from qsm_bot.base.words import Words
from qsm_bot.domain.request import OutcomeKind

MODULES = tuple(f"{errors.__name__}.{room.name}" for room in iter_modules(errors.__path__))
for module in MODULES:
    import_module(module)
DUMMY = 7  # a number fits every placeholder, also {seconds:g}

CONTRACT = {
    "InputInvalid": 60,
    "PersonDeclined": 10,
    "RunStopped": 20,
    "TooManyUnknown": 30,
    "NobodyPointed": 30,
    "ShipmentUnknown": 30,
    "DutyInTheWay": 30,
    "SignInError": 40,
    "PortalError": 50,
    "ShopBusy": 70,
    "MachineError": 80,
    "SafetyStop": 90,
    "OrderProblem": 20,
    "LedgerRuleBroken": 80,
}


def _walk(error: type[QsmBotError]) -> Iterator[type[QsmBotError]]:
    yield error
    for child in error.__subclasses__():
        if child.__module__ in MODULES:
            yield from _walk(child)


TREE = tuple(dict.fromkeys(_walk(QsmBotError)))


def _names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _facts_of(error: type[QsmBotError]) -> dict[str, object]:
    return dict.fromkeys(_names_in(error.says.en), DUMMY)


def test_each_error_has_a_name_of_its_own() -> None:
    names = Counter(error.__name__ for error in TREE)
    assert [name for name, times in names.items() if times > 1] == []


def _drawn() -> Iterator[tuple[str, int]]:
    """Give the names that the docstring draws, each with the exit code of its branch."""
    codes: dict[int, int] = {}
    for line in (errors.__doc__ or "").splitlines():
        names = list(re.finditer(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", line))
        if not names:
            continue
        depth = names[0].start()
        codes = {above: code for above, code in codes.items() if above < depth}
        if number := re.search(r" (\d\d)\b", line):
            codes[depth] = int(number[1])
        yield from ((name[0], codes[max(codes)]) for name in names)


def test_the_tree_in_the_docstring_is_the_tree_of_the_modules() -> None:
    assert sorted(_drawn()) == sorted((error.__name__, error.exit_code) for error in TREE)


@pytest.mark.parametrize("error", TREE)
def test_the_exit_code_is_the_contract_s_for_that_branch(error: type[QsmBotError]) -> None:
    branch = next((base.__name__ for base in error.__mro__ if base.__name__ in CONTRACT), None)
    assert error.exit_code == (80 if branch is None else CONTRACT[branch])


@pytest.mark.parametrize(
    ("made", "exit_code", "told"),
    [
        (PersonDeclined(), 10, "Not done, as you wish."),
        (PlanUnreadable(plan="notes.txt"), 60, "notes.txt is no plan file."),
        (FileExists(file="rules.toml"), 60, "rules.toml exists already."),
        (
            FileUnwritable(file="a/b", detail="Is a directory"),
            60,
            "a/b cannot be written: Is a directory",
        ),
        (PortTaken(port=80, detail="in use"), 60, "Port 80: in use"),
    ],
)
def test_who_said_no_and_what_cannot_be_read_written_or_opened_have_errors_of_their_own(
    made: QsmBotError, exit_code: int, told: str
) -> None:
    assert (made.exit_code, made.message.en) == (exit_code, told)
    assert made.means.en == "Nothing was sent to the portal."


def test_only_a_person_s_no_is_no_invalid_input() -> None:
    assert not issubclass(PersonDeclined, InputInvalid)
    for error in (PlanUnreadable, FileExists, FileUnwritable, PortTaken):
        assert error.__bases__ == (InputInvalid,)


@pytest.mark.parametrize(
    ("made", "exit_code", "english", "japanese"),
    [
        (
            TooManyUnknown(count=2, limit=1, orders="762544202 762544203"),
            30,
            "2 outcomes are unknown (762544202 762544203); at most 1 may be",
            "結果不明が 2 件あります（762544202 762544203）",
        ),
        (ClockSkew(minutes=29.6), 90, "by 30 minutes.", "30 分ずれています"),
        (TurnedDown(order="762544202"), 90, "The portal turned the refusal of 762544202", ""),
        (NotEligible(order="762544202", status="新規注文"), 20, "新規注文", "新規注文"),
    ],
)
def test_what_keeps_a_run_from_going_on_is_named(
    made: QsmBotError, exit_code: int, english: str, japanese: str
) -> None:
    assert made.exit_code == exit_code
    assert english in made.message.en
    assert japanese in made.message.ja


@pytest.mark.parametrize("error", TREE)
@pytest.mark.parametrize("part", ["says", "means", "next_step"])
def test_each_sentence_is_there_in_both_languages(error: type[QsmBotError], part: str) -> None:
    words: Words = getattr(error, part)
    assert [bool(words.en.strip()), bool(words.ja.strip())] == [True, True]


@pytest.mark.parametrize("error", TREE)
@pytest.mark.parametrize("part", ["says", "next_step"])
def test_both_languages_name_the_same_facts(error: type[QsmBotError], part: str) -> None:
    words: Words = getattr(error, part)
    assert _names_in(words.ja) == _names_in(words.en)


@pytest.mark.parametrize("error", TREE)
def test_the_next_step_needs_no_fact_that_the_message_does_not_name(
    error: type[QsmBotError],
) -> None:
    assert _names_in(error.next_step.en) - _names_in(error.says.en) == set()


@pytest.mark.parametrize("error", TREE)
def test_what_it_means_names_no_facts_because_none_are_filled_in(error: type[QsmBotError]) -> None:
    assert _names_in(error.means.en) | _names_in(error.means.ja) == set()


@pytest.mark.parametrize("error", TREE)
def test_each_error_can_be_made_from_the_facts_it_names(error: type[QsmBotError]) -> None:
    facts = _facts_of(error)
    made = error(**facts)
    assert made.code == error.__name__
    assert made.facts == facts
    assert str(made) == made.message.en == error.says.en.format(**facts)
    assert made.next_words == error.next_step.filled(**facts)


@pytest.mark.parametrize("error", [e for e in TREE if issubclass(e, OrderProblem)])
def test_a_problem_of_one_order_names_an_outcome_of_the_contract(error: type[OrderProblem]) -> None:
    assert error.outcome in set(OutcomeKind)


def test_a_fact_in_two_languages_is_told_in_each() -> None:
    made = SettingsInvalid(detail=Words("a key is wrong", "項目が誤っています"))
    assert made.message == Words("Settings: a key is wrong", "設定: 項目が誤っています")


def test_the_next_step_can_name_a_fact() -> None:
    made = PlanNotApproved(plan="abc")
    assert made.next_words.en == "Look at it with `qsm-bot show abc`, then `qsm-bot approve abc`."


def test_an_error_without_its_facts_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        PlanExpired(plan="abc")
