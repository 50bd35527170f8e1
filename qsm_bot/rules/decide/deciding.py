"""From rules and facts to one decision."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.base.words import Words, joined
from qsm_bot.domain.evidence import Evidence, FactName
from qsm_bot.domain.request import AskPerson, CancelRequest, Decision, Leave, Refuse
from qsm_bot.rules import Rule, RuleBook
from qsm_bot.rules.decide.advice import advice_about, not_eligible
from qsm_bot.rules.decide.checks import ConditionCheck, Mark, marked
from qsm_bot.rules.decide.on_evidence import evidence_checks, tracking_doubt
from qsm_bot.rules.decide.on_request import RequestFacts, request_checks
from qsm_bot.rules.decide.support import against
from qsm_bot.rules.decide.texts import text_of

NO_RULE = Words("no rule takes it", "該当するルールがありません")
CONFLICT = Words("rules disagree: {names}", "ルールの結果が食い違います: {names}")
NAMED = Words(
    "order {order} is named by the rule; who wrote it vouches",
    "注文番号 {order} はルールで指定（記入者が保証）",
)
_NOT_NAMED = Words("order {order} is not named by the rule", "注文番号 {order} の指定なし")
_UNSUPPORTED = Words(
    "rule “{rule}” lacks evidence: {why}", "ルール「{rule}」に必要なデータがありません: {why}"
)
_UNSURE = Words("rule “{rule}”: {why}", "ルール「{rule}」: {why}")
_NO_AMOUNT = Words(
    "the limit in yen cannot be checked: the amount is unknown",
    "金額が不明なため、金額の上限を確認できません",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule beside one request: each of its conditions, and the text it would send.

    If one condition fails the rule does not take the request; if none fails and one is
    unsure, a person must decide.
    """

    rule: Rule
    checks: tuple[ConditionCheck, ...]
    text: str | None = None

    @property
    def mark(self) -> Mark:
        """How the rule as a whole stands."""
        marks = {check.mark for check in self.checks}
        if Mark.FAILS in marks:
            return Mark.FAILS
        return Mark.UNSURE if Mark.UNSURE in marks else Mark.FITS

    @property
    def lacks(self) -> tuple[Words, ...]:
        """The facts that are missing, if nothing else speaks against the rule."""
        failed = [check for check in self.checks if check.mark is Mark.FAILS]
        only = failed and all(check.missing for check in failed)
        return tuple(check.said for check in failed) if only else ()

    @property
    def doubts(self) -> tuple[Words, ...]:
        """What a person must look at, each once."""
        said = (check.said for check in self.checks if check.mark is Mark.UNSURE)
        return tuple(dict.fromkeys(said))


def decide(
    request: CancelRequest, evidence: Evidence, rulebook: RuleBook, now: datetime
) -> Decision:
    """Decide about one request.

    Args:
        request: the row of the list.
        evidence: the seller's own facts about it.
        rulebook: the seller's rules.
        now: the moment to decide for.

    Returns:
        `Refuse` if one rule takes it for certain, or several that agree on reason and text;
        `AskPerson` if rules disagree or a fact is in doubt; `Leave` if none takes it.
    """
    asked = RequestFacts(request, now)
    if (why := not_eligible(asked)) is not None:
        return Leave(why=why, advice=advice_about(asked))
    judged = list(_judged(rulebook, evidence, asked))
    taking = [each for each in judged if each.mark is Mark.FITS]
    unsure = [each for each in judged if each.mark is Mark.UNSURE]
    if not taking and not unsure:
        return Leave(why=_why_left(judged), advice=advice_about(asked))
    wanted = {(each.rule.reason, each.text) for each in (*taking, *unsure)}
    if len(wanted) > 1 and not (unsure and not taking):
        return AskPerson(why=_conflict(judged), advice=advice_about(asked))
    if not taking:
        return AskPerson(why=_doubts(unsure), advice=advice_about(asked))
    return _refusal(taking[0], asked, evidence)


def judge_rules(
    request: CancelRequest, evidence: Evidence, rulebook: RuleBook, now: datetime
) -> list[Judged]:
    """Look at every condition of every rule, for people who want to know why."""
    asked = RequestFacts(request, now)
    return [
        _with_text(rule, tuple(_checks(rule, evidence, asked)), rulebook, evidence, asked)
        for rule in rulebook.rules
    ]


def _judged(book: RuleBook, evidence: Evidence, asked: RequestFacts) -> Iterator[Judged]:
    for rule in book.rules:
        checks: list[ConditionCheck] = []
        for check in _checks(rule, evidence, asked):
            checks.append(check)
            if check.mark is Mark.FAILS and not check.missing:
                break
        else:
            yield _with_text(rule, tuple(checks), book, evidence, asked)


def _checks(rule: Rule, evidence: Evidence, asked: RequestFacts) -> Iterator[ConditionCheck]:
    named = rule.order_set
    if named is not None:
        order = asked.request.order_no
        is_named = order in named
        words = NAMED if is_named else _NOT_NAMED
        yield ConditionCheck(Mark.FITS if is_named else Mark.FAILS, words, {"order": order})
    if rule.when is not None:
        yield from request_checks(rule.when, asked)
    doubts = _doubts_about(rule, evidence)
    if doubts:
        yield from (ConditionCheck(Mark.UNSURE, words) for words in doubts)
        return  # facts in doubt are not read: they could say anything
    if rule.evidence is not None:
        yield from evidence_checks(rule.evidence, rule.reason, evidence, asked)
    if FactName.TRACKING_NO in rule.uses and (odd := tracking_doubt(evidence, asked.request)):
        yield odd
    yield from (ConditionCheck(Mark.UNSURE, words) for words in against(rule.reason, evidence))


def _doubts_about(rule: Rule, evidence: Evidence) -> tuple[Words, ...]:
    if rule.uses:
        return evidence.doubts(*rule.uses)
    # What an unreadable source would say of these items is not known; a person who has
    # written the order's number down has looked.
    return () if rule.orders else evidence.problems


def _with_text(
    rule: Rule,
    checks: tuple[ConditionCheck, ...],
    book: RuleBook,
    evidence: Evidence,
    asked: RequestFacts,
) -> Judged:
    """Add what is known only once all conditions hold: the text, and the amount."""
    if any(check.mark is Mark.FAILS for check in checks):
        return Judged(rule, checks, rule.text)
    in_money = (rule.limits.max_amount, book.limits.max_amount) != (None, None)
    if in_money and asked.request.amount is None:
        checks = (*checks, ConditionCheck(Mark.UNSURE, _NO_AMOUNT))
    try:
        return Judged(rule, checks, text_of(rule, book.text, evidence, asked))
    except ReasonTextInvalid as error:
        return Judged(rule, (*checks, ConditionCheck(Mark.UNSURE, error.message)), rule.text)


def _conflict(judged: list[Judged]) -> Words:
    in_question = [each for each in judged if each.mark is not Mark.FAILS]
    names = ", ".join(each.rule.name for each in in_question)
    told = [CONFLICT.filled(names=names)]
    unsure = [each for each in in_question if each.mark is Mark.UNSURE]
    return joined([*told, _doubts(unsure)] if unsure else told)


def _doubts(unsure: list[Judged]) -> Words:
    return joined([_told(_UNSURE, each, each.doubts) for each in unsure])


def _why_left(judged: list[Judged]) -> Words:
    lacking = [_told(_UNSUPPORTED, each, each.lacks) for each in judged if each.lacks]
    return joined(lacking) if lacking else NO_RULE


def _told(words: Words, judged: Judged, why: tuple[Words, ...]) -> Words:
    return words.filled(rule=judged.rule.name, why=joined(why))


def _refusal(judged: Judged, asked: RequestFacts, evidence: Evidence) -> Refuse:
    rule = judged.rule
    warnings = tuple(marked("!", words) for words in advice_about(asked))
    lines = tuple(check.line for check in judged.checks)
    return Refuse(
        reason=rule.reason,
        text=judged.text,
        rule=rule.name,
        because=lines + warnings,
        facts=evidence.digest_of(*rule.uses),
    )
