"""Rules for people and as JSON documents: checked, explained, tested; and the rest of a plan."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.plan import Plan
from qsm_bot.domain.request import AskPerson, Decision, Leave, Refuse
from qsm_bot.render.documents import SCHEMA
from qsm_bot.render.tables import plain_table
from qsm_bot.rules import Conditions, Rule, RuleBook
from qsm_bot.rules.cases import Difference
from qsm_bot.rules.decide import FIELD_WORDS, Judged, Mark

_RULE = Words("rule", "ルール")
_REASON = Words("reason", "拒否理由")
_STANDS_ON = Words("stands on", "根拠")
_ORDER = Words("order", "注文番号")
_DECISION = Words("decision", "判定")
_WHY = Words("why", "理由")
_DO = Words("what to do", "対応")
_CASE = Words("case", "事例")
_EXPECTED = Words("expected", "期待")
_GOT = Words("came out", "結果")
_ALL_GOOD = Words("All {count} cases come out as expected.", "{count} 件すべて期待どおりです。")
_NO_RULES = Words("There are no rules: nothing is refused.", "ルールがないため、何も拒否しません。")
_VOUCHED = Words("{count} orders by number: a person vouches", "注文番号 {count} 件（人が保証）")
_FACTS = Words("the shop's data: {names}", "自社データ: {names}")
_ITEMS = Words("the items that it names", "指定した商品")
_LEAVE = Words("leave", "拒否しない")
_ASK = Words("ask a person", "確認が必要")
_REFUSE = Words("refuse: {reason}", "拒否: {reason}")
_WHOLE = Words(
    "! only a {field} that is exactly “{pattern}”; what contains it is “*{pattern}*”",
    "! {field}が「{pattern}」と完全に同じものだけが対象です。含むものは「*{pattern}*」",
)
_SO_MANY = Words(
    "{good} of {count} cases come out as expected.", "{count}件中{good}件が期待どおりです。"
)
_TEXT = Words("the buyer would read: 「{text}」", "お客様への表示:「{text}」")


def check_document(book: RuleBook, file: object, lang: Lang) -> dict[str, Any]:
    """Return the document of `rules check`."""
    return {
        "schema": SCHEMA,
        "file": str(file),
        "digest": book.digest,
        "rules": [
            {
                "name": rule.name,
                "reason": rule.reason.value,
                "stands_on": _stands_on(rule).say(lang),
                "text": rule.text,
            }
            for rule in book.rules
        ],
    }


def check_table(book: RuleBook, lang: Lang) -> Table | str:
    """Return the rules as a table: what each refuses for, and what it stands on."""
    if not book.rules:
        return _NO_RULES.say(lang)
    table = plain_table(lang, "", _RULE, _REASON, _STANDS_ON)
    for rule in book.rules:
        lines = [_stands_on(rule).say(lang)] + ([f"「{rule.text}」"] if rule.text else [])
        lines += [note.say(lang) for note in _notes(rule)]
        table.add_row(Text(rule.name), rule.reason.words.say(lang), Text("\n".join(lines)))
    return table


def _notes(rule: Rule) -> list[Words]:
    """Say of patterns without `*` that they mean the whole of a field, which few intend."""
    when = rule.when or Conditions()
    return [
        _WHOLE.filled(field=FIELD_WORDS[name], pattern=pattern)
        for name in ("item_name", "option", "buyer_reason")
        for pattern in getattr(when, name) or ()
        if not set("*＊") & set(pattern)
    ]


def explain_document(
    order_no: str, decision: Decision, judged: Sequence[Judged], lang: Lang
) -> dict[str, Any]:
    """Return the document of `rules explain`."""
    return {
        "schema": SCHEMA,
        "order_no": order_no,
        "decision": _kind(decision).en,
        "why": [words.say(lang) for words in _why(decision)],
        "rules": [
            {
                "name": each.rule.name,
                "stands": each.mark.value,
                "conditions": [check.line.say(lang) for check in each.checks],
            }
            for each in judged
        ],
    }


def explain_table(order_no: str, decision: Decision, judged: Sequence[Judged], lang: Lang) -> Table:
    """Return each rule with its conditions, and above them what comes of it."""
    table = plain_table(lang, order_no, _RULE, _DECISION, _WHY)
    told = "\n".join(words.say(lang) for words in _why(decision))
    table.add_row("→", Text(_kind(decision).say(lang), "bold"), Text(told))
    colours = {Mark.FITS: "green", Mark.FAILS: "dim", Mark.UNSURE: "yellow"}
    for each in judged:
        lines = [check.line.say(lang) for check in each.checks]
        if each.text is not None and each.mark is Mark.FITS:
            lines.append(_TEXT.filled(text=each.text).say(lang))
        stands = Text(f"{each.mark.value} {each.rule.reason.value}", colours[each.mark])
        table.add_row(Text(each.rule.name), stands, Text("\n".join(lines)))
    return table


def cases_document(count: int, found: Sequence[Difference], lang: Lang) -> dict[str, Any]:
    """Return the document of `rules test`."""
    return {
        "schema": SCHEMA,
        "cases": count,
        "differences": [
            {
                "case": each.case,
                "expected": each.expected,
                "got": each.got,
                "why": [words.say(lang) for words in each.why],
            }
            for each in found
        ],
        "exit_code": cases_code(found),
    }


def cases_code(found: Sequence[Difference]) -> int:
    """Return the exit code of `rules test`."""
    return ExitCode.INPUT_INVALID if found else ExitCode.OK


def cases_table(count: int, found: Sequence[Difference], lang: Lang) -> Table | str:
    """Return the cases that come out otherwise, as a table."""
    if not found:
        return _ALL_GOOD.filled(count=count).say(lang)
    table = plain_table(lang, "", _CASE, _EXPECTED, _GOT, _WHY)
    for each in found:
        why = "\n".join(words.say(lang) for words in each.why)
        table.add_row(Text(each.case), Text(each.expected), Text(each.got, "bold red"), Text(why))
    table.caption = _SO_MANY.filled(count=count, good=count - len(found)).say(lang)
    return table


def rest_rows(plan: Plan, lang: Lang) -> list[tuple[str, ...]]:
    """Return what a plan does not refuse, as the rows of the day's list for people."""
    headings = tuple(words.say(lang) for words in (_ORDER, _DECISION, _WHY, _DO))
    rows = [
        (
            row.order_no,
            words.say(lang),
            row.why.say(lang),
            "\n".join(a.say(lang) for a in row.advice),
        )
        for rest, words in ((plan.ask, _ASK), (plan.leave, _LEAVE))
        for row in rest
    ]
    return [headings, *rows]


def _stands_on(rule: Rule) -> Words:
    if rule.orders:
        return _VOUCHED.filled(count=len(rule.orders))
    if rule.evidence:
        return _FACTS.filled(names=", ".join(str(name) for name in rule.evidence.uses))
    return _ITEMS


def _kind(decision: Decision) -> Words:
    if isinstance(decision, Refuse):
        return _REFUSE.filled(reason=decision.reason.value)
    return _LEAVE if isinstance(decision, Leave) else _ASK


def _why(decision: Decision) -> tuple[Words, ...]:
    if isinstance(decision, Leave | AskPerson):
        advice = (Words(f"→ {each.en}", f"→ {each.ja}") for each in decision.advice)
        return (decision.why, *advice)
    return decision.because
