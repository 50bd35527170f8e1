"""The seller's rules: a closed vocabulary in TOML, checked whole when it is loaded."""

from qsm_bot.rules.book import LimitsTable, Rule, RuleBook, RuleLimits, TextTable, load_rules
from qsm_bot.rules.conditions import Conditions, EvidenceConditions
from qsm_bot.rules.templates import VARIABLES, Variable, filled, variables_in

__all__ = [
    "VARIABLES",
    "Conditions",
    "EvidenceConditions",
    "LimitsTable",
    "Rule",
    "RuleBook",
    "RuleLimits",
    "TextTable",
    "Variable",
    "filled",
    "load_rules",
    "variables_in",
]
