"""The seller's rules: a closed vocabulary in TOML, checked whole when it is loaded."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from qsm_bot.errors import ReasonTextInvalid, RulesInvalid
from qsm_bot.model import RefusalReason, canonical_json, sha256
from qsm_bot.plan import Limits
from qsm_bot.reason_text import checked_text
from qsm_bot.toml import load_toml

OrderNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]
Patterns = Annotated[list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1)]

_DEFAULT = Limits()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Conditions(_Strict):
    """What a request must look like; all that are given must hold.

    A list holds if any of its patterns fits the whole field; `*` stands for any text.
    Days count from the request's date to today (JST); amounts are yen.
    """

    buyer_reason: Patterns | None = None
    item_code: Patterns | None = None
    item_name: Patterns | None = None
    option: Patterns | None = None
    status: Patterns | None = None
    requested_from: date | None = None
    requested_until: date | None = None
    ordered_from: date | None = None
    ordered_until: date | None = None
    min_age_days: Annotated[int, Field(ge=0)] | None = None
    max_age_days: Annotated[int, Field(ge=0)] | None = None
    min_amount: Annotated[int, Field(ge=0)] | None = None
    max_amount: Annotated[int, Field(ge=0)] | None = None


class Rule(_Strict):
    """One rule: which requests it takes, and the reason they are refused for."""

    name: Annotated[str, StringConstraints(min_length=1)]
    reason: Annotated[RefusalReason, Field(strict=False)]
    text: str | None = None
    orders: Annotated[list[OrderNumber], Field(min_length=1)] | None = None
    when: Conditions | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Rule":
        if self.orders is None and (self.when is None or not self.when.model_fields_set):
            raise ValueError(
                "a rule needs orders or when; without both it would take every request"
            )
        try:
            checked_text(self.reason, self.text)
        except ReasonTextInvalid as error:
            raise ValueError(str(error)) from error
        return self


class LimitsTable(_Strict):
    """How much one plan may refuse, in the rules file's words."""

    max_count: Annotated[int, Field(ge=0)] = _DEFAULT.max_count
    max_share: Annotated[float, Field(ge=0, le=1, strict=False)] = _DEFAULT.max_share
    share_from: Annotated[int, Field(ge=0)] = _DEFAULT.share_from


class RuleBook(_Strict):
    """A whole rules file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    limits: LimitsTable = LimitsTable()
    rules: Annotated[list[Rule], Field(alias="rule")] = []

    @model_validator(mode="after")
    def _names_differ(self) -> "RuleBook":
        names = [rule.name for rule in self.rules]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two rules have the name {min(twice)!r}")
        return self

    @property
    def plan_limits(self) -> Limits:
        """The limits as plans carry them."""
        return Limits(**self.limits.model_dump())

    @property
    def digest(self) -> str:
        """SHA-256 of the rules' content: plans name the rules that they were made under."""
        return sha256(canonical_json(self.model_dump(mode="json", by_alias=True)))


def load_rules(path: Path) -> RuleBook:
    """Load and check a rules file.

    Raises:
        RulesInvalid: unreadable, an unknown word, or a rule that is not whole.
    """
    return load_toml(path, RuleBook, RulesInvalid)
