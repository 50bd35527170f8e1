"""The rules file as a whole: rules, limits, and what texts must not say."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic import model_validator as checked

from qsm_bot.base.errors.inputs import (
    ReasonTextInvalid,
    RulesInvalid,
    RulesMisnamed,
    RulesMissing,
)
from qsm_bot.base.toml import hidden_ending, load_toml
from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.evidence import FactName
from qsm_bot.domain.personal_data import personal_data
from qsm_bot.domain.plan import Limits
from qsm_bot.domain.reason_text import checked_text, has_emoji, raise_if_unfit
from qsm_bot.domain.request import RefusalReason, canonical_json, sha256
from qsm_bot.rules.conditions import Conditions, EvidenceConditions, Strict, Text, Yen
from qsm_bot.rules.demands import what_it_lacks
from qsm_bot.rules.templates import facts_in, parts

OrderNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1, strict=False)]

_DEFAULT = Limits()
_TAKES_ALL = Words(
    "a rule needs orders, when or evidence; without them it would take every request",
    "orders・when・evidence のどれかが必要です（無いとすべての要請に該当します）",
)
_TWICE = Words("two rules have the name '{name}'", "同じ名前のルールが2つあります: {name}")
_OF_RULE = Words("rule “{name}”: {why}", "ルール「{name}」: {why}")


class RuleLimits(Strict):
    """How much one rule may refuse in one plan; money is yen, a share is one of the list."""

    max_count: Count | None = None
    max_share: Share | None = None
    max_amount: Yen | None = None


class Rule(Strict):
    """One rule: which requests it takes, and the reason they are refused for."""

    name: Text
    reason: Annotated[RefusalReason, Field(strict=False)]
    text: str | None = None
    orders: Annotated[list[OrderNumber], Field(min_length=1)] | None = None
    when: Conditions | None = None
    evidence: EvidenceConditions | None = None
    limits: RuleLimits = RuleLimits()

    @checked(mode="after")
    def _is_whole(self) -> "Rule":
        has_conditions = self.when is not None and self.when.model_fields_set
        if not (self.orders or has_conditions or self.evidence):
            raise ModelObjection(_TAKES_ALL)
        try:
            # Whether emoji may be there, only the whole file knows.
            if not has_emoji(self.text or ""):
                self.raise_if_text_is_unfit(emoji=False, forbidden=())
        except ReasonTextInvalid as error:
            raise ModelObjection(error.message) from error
        lacking = what_it_lacks(
            self.reason, self.when, self.evidence, names_orders=self.orders is not None
        )
        if lacking is not None:
            raise ModelObjection(lacking)
        return self

    def raise_if_text_is_unfit(self, *, emoji: bool, forbidden: Iterable[str]) -> None:
        """Check the text; one with variables is measured when they are filled in.

        Raises:
            ReasonTextInvalid: it could not be entered, or must not be.
        """
        pieces = parts(self.text or "")
        plain = "".join(each for each, _ in pieces)
        if self.reason is RefusalReason.OTHER and any(name for _, name in pieces):
            raise_if_unfit(plain, emoji=emoji, forbidden=forbidden)
            return
        # A text that consists of variables only is one, too.
        given = self.text if any(name for _, name in pieces) else plain
        checked_text(self.reason, given, emoji=emoji, forbidden=forbidden)

    @cached_property
    def uses(self) -> tuple[FactName | str, ...]:
        """The shop's facts that the rule stands on, or tells the buyer."""
        asked = self.evidence.uses if self.evidence else ()
        return tuple(dict.fromkeys((*asked, *(facts_in(self.text) if self.text else ()))))

    @cached_property
    def order_set(self) -> frozenset[str] | None:
        """The orders that are named, if any are."""
        return None if self.orders is None else frozenset(self.orders)


class LimitsTable(Strict):
    """How much one plan may refuse, in the rules file's words; money is yen."""

    max_count: Count = _DEFAULT.max_count
    max_share: Share = _DEFAULT.max_share
    share_from: Count = _DEFAULT.share_from
    max_amount: Yen | None = None


class TextTable(Strict):
    """What texts for その他 must not say.

    `allowed` may stand there although it looks like personal data, as the shop's own phone.
    """

    forbidden: list[Text] = Field(default_factory=list)
    allowed: list[Text] = Field(default_factory=list)
    emoji: bool = False


class RuleBook(Strict):
    """A whole rules file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    limits: LimitsTable = LimitsTable()
    text: TextTable = TextTable()
    rules: list[Rule] = Field(alias="rule", default_factory=list)

    @checked(mode="after")
    def _names_differ(self) -> "RuleBook":
        names = [rule.name for rule in self.rules]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ModelObjection(_TWICE.filled(name=min(twice)))
        for rule in self.rules:
            self._raise_if_told(rule)
        return self

    def _raise_if_told(self, rule: Rule) -> None:
        """Check what a rule's text says whatever its variables are filled with."""
        # The bar keeps what stands left and right of a variable apart.
        said = "|".join(plain for plain, _ in parts(rule.text or ""))
        why = personal_data(said, allowed=self.text.allowed)
        try:
            rule.raise_if_text_is_unfit(emoji=self.text.emoji, forbidden=self.text.forbidden)
        except ReasonTextInvalid as error:
            why = error.message
        if why is not None:
            raise ModelObjection(_OF_RULE.filled(name=rule.name, why=why))

    @property
    def plan_limits(self) -> Limits:
        """The limits as plans carry them."""
        return Limits(**self.limits.model_dump(exclude={"max_amount"}))

    @property
    def digest(self) -> str:
        """SHA-256 of the rules' content: plans name the rules that they were made under."""
        return sha256(canonical_json(self.model_dump(mode="json", by_alias=True)))


def load_rules(path: Path) -> RuleBook:
    """Load and check a rules file.

    Raises:
        RulesInvalid: unreadable, an unknown word, or a rule that is not whole. RulesMissing.
    """
    if not path.exists():
        lying = hidden_ending(path)
        raise RulesMissing(file=path) if lying is None else RulesMisnamed(file=path, lying=lying)
    return load_toml(path, RuleBook, RulesInvalid)
