"""What to do with one request: pure, total, and nothing unless a rule says so."""

from qsm_bot.rules.decide.advice import advice_about, late_notice
from qsm_bot.rules.decide.checks import ConditionCheck, Mark
from qsm_bot.rules.decide.deciding import CONFLICT, NO_RULE, Judged, decide, judge_rules
from qsm_bot.rules.decide.limits import raise_if_over, raise_if_plan_over
from qsm_bot.rules.decide.on_request import FIELD_WORDS
from qsm_bot.rules.decide.support import support_lines
from qsm_bot.rules.decide.texts import text_by_hand

__all__ = [
    "CONFLICT",
    "FIELD_WORDS",
    "NO_RULE",
    "ConditionCheck",
    "Judged",
    "Mark",
    "advice_about",
    "decide",
    "judge_rules",
    "late_notice",
    "raise_if_over",
    "raise_if_plan_over",
    "support_lines",
    "text_by_hand",
]
