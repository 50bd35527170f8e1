"""What to do with one request: pure, total, and nothing unless a rule says so."""

from qsm_bot.policy.advice import advice_about, late_notice
from qsm_bot.policy.checks import Check, Mark
from qsm_bot.policy.deciding import CONFLICT, NO_RULE, Judged, decide, judge_rules
from qsm_bot.policy.limits import raise_if_over
from qsm_bot.policy.support import support_lines
from qsm_bot.policy.texts import text_by_hand

__all__ = [
    "CONFLICT",
    "NO_RULE",
    "Check",
    "Judged",
    "Mark",
    "advice_about",
    "decide",
    "judge_rules",
    "late_notice",
    "raise_if_over",
    "support_lines",
    "text_by_hand",
]
