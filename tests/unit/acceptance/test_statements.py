"""The catalogue of statements fits the manual, the kit's tests, and the mock portal's defects."""

import re
from collections import Counter
from pathlib import Path

import qsm_bot.acceptance
from qsm_bot.acceptance.manual import SECTIONS
from qsm_bot.acceptance.statements import STATEMENTS, StatementNeed
from qsm_bot.mock_portal.defects import DEFECTS

KIT = Path(qsm_bot.acceptance.__file__).parent


def test_each_statement_has_one_test_and_one_defect() -> None:
    tests = "".join(file.read_text("utf-8") for file in sorted(KIT.glob("tests/test_*.py")))
    judged = Counter(re.findall(r'@pytest\.mark\.statement\("([a-z-]+)"\)', tests))

    assert judged == Counter(list(STATEMENTS))
    assert set(DEFECTS) == set(STATEMENTS)
    assert len(STATEMENTS) >= 25
    # One more: many sellers at once are no statement.
    assert tests.count("\ndef test_") == len(STATEMENTS) + 1


def test_each_names_sections_of_the_manual_and_says_itself_in_both_languages() -> None:
    for statement in STATEMENTS.values():
        assert set(statement.sections) <= SECTIONS.keys()
        assert statement.sections
        assert statement.words.en
        assert statement.words.ja
        assert statement.words.en != statement.words.ja
    assert {section for each in STATEMENTS.values() for section in each.sections} == set(SECTIONS)


def test_what_acts_on_orders_is_called_destructive() -> None:
    """Those that need a refusal, or have buyers ask."""
    acting = {each.id for each in STATEMENTS.values() if each.destructive}

    assert acting == {
        "completed-text",
        "row-leaves",
        "request-counter",
        "refused-counter",
        "back-to-delivery",
        "others-untouched",
        "sent-once",
        "reason-kept",
        "buyer-told",
        "not-again",
        "new-order",
        "late-order",
    }
    seeded = {each.id for each in STATEMENTS.values() if StatementNeed.SEEDING in each.needs}
    assert seeded <= acting
