"""Conditions on the shop's own facts; each line says file and row."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from qsm_bot.base.patterns import fits_any
from qsm_bot.base.words import Words, same
from qsm_bot.domain.carriers import carrier_name, why_no_proof
from qsm_bot.domain.evidence import Evidence, Fact, FactName, fact_words, shown
from qsm_bot.domain.request import CancelRequest, RefusalReason
from qsm_bot.rules.conditions import EvidenceConditions
from qsm_bot.rules.decide.checks import ConditionCheck, Mark, mark
from qsm_bot.rules.decide.on_request import RequestFacts, within
from qsm_bot.rules.decide.support import speaks_of_shipping

_NONE = Words("{fact}: nothing is known", "出荷データに{fact}がありません")
_ABSENT = Words("{fact}: nothing is known", "{fact}の記録なし（条件どおり）")
_IS = Words("{fact} “{value}” ({place})", "{fact}「{value}」（{place}）")
_TRACKED = Words("tracking number ({parcels}, {place})", "送り状番号あり（{parcels}、{place}）")
_WHOSE = Words(
    "tracking number “{number}” ({place}): the carrier is not known, so it cannot be checked",
    "送り状番号「{number}」（{place}）: 配送会社が分からないため確認できません"
    "（[[evidence]] の carrier で指定できます）",
)
_ODD = Words("tracking number: {why} ({place})", "送り状番号: {why}（{place}）")
_OTHER_FLAG = Words(
    "{fact}: the data say no ({place})", "{fact}: データでは「いいえ」です（{place}）"
)


def evidence_checks(
    wanted: EvidenceConditions, reason: RefusalReason, evidence: Evidence, asked: RequestFacts
) -> Iterator[ConditionCheck]:
    """Look at each condition on facts; doubts about the facts are the caller's."""
    if wanted.tracking_no:
        yield _tracking(evidence, asked.request)
    if wanted.carrier:
        names = {carrier_name(each) for each in wanted.carrier}
        yield _compared(evidence, FactName.CARRIER, lambda value: carrier_name(value) in names)
    if wanted.shipping_status:
        yield _status(wanted, reason, evidence)
    if wanted.asks_shipping_day:
        low, high = wanted.min_shipped_days, wanted.max_shipped_days
        yield _aged(evidence, FactName.SHIPPED_ON, asked, low, high)
    yield from _packing(wanted, evidence, asked)
    if wanted.made_to_order:
        yield _made(evidence)
    if wanted.item_mark:
        yield _any_of(evidence, FactName.ITEM_MARK, wanted.item_mark)
    for name, patterns in (wanted.columns or {}).items():
        yield _any_of(evidence, name, patterns)
    yield from _absences(wanted, evidence)


def _absences(wanted: EvidenceConditions, evidence: Evidence) -> Iterator[ConditionCheck]:
    """Look at the conditions that are `false`."""
    for flag, name in (
        (wanted.tracking_no, FactName.TRACKING_NO),
        (wanted.shipped, FactName.SHIPPED_ON),
        (wanted.packed, FactName.PACKED_ON),
        (wanted.made_to_order, FactName.MADE_TO_ORDER),
    ):
        if flag is False:
            fact = _first(evidence, name)
            known_yes = fact is not None and fact.value is not False
            if fact is not None and known_yes:
                yield _told(name, fact, Mark.FAILS)
            else:
                yield ConditionCheck(Mark.FITS, _ABSENT, {"fact": fact_words(name)})


def tracking_doubt(evidence: Evidence, request: CancelRequest) -> ConditionCheck | None:
    """Say why a known tracking number proves no shipment of this order, if so."""
    own = (request.order_no, request.cart_no)
    for fact, carrier in evidence.parcels:
        why = why_no_proof(fact.value, carrier, own)
        if why is not None:
            return ConditionCheck(Mark.UNSURE, _ODD, {"why": why, "place": fact.source.words})
    return None


def _tracking(evidence: Evidence, request: CancelRequest) -> ConditionCheck:
    fact = _first(evidence, FactName.TRACKING_NO)
    if fact is None:
        return _nothing(FactName.TRACKING_NO)
    place = fact.source.words
    if doubt := tracking_doubt(evidence, request):
        return doubt
    if any(carrier is None for _, carrier in evidence.parcels):
        facts = {"number": fact.value, "place": place}
        return ConditionCheck(Mark.UNSURE, _WHOSE, facts)
    parcels = dict.fromkeys(f"{carrier} {each.value}" for each, carrier in evidence.parcels)
    return ConditionCheck(Mark.FITS, _TRACKED, {"parcels": ", ".join(parcels), "place": place})


def _status(
    wanted: EvidenceConditions, reason: RefusalReason, evidence: Evidence
) -> ConditionCheck:
    patterns = wanted.shipping_status or []
    # Alone it must carry the reason: a pattern such as *発送* would take 未発送, too.
    alone = reason is RefusalReason.SHIPPED and not wanted.tracking_no

    def fits(value: str) -> bool:
        return fits_any(same(value), patterns) and not (alone and not speaks_of_shipping(value))

    return _compared(evidence, FactName.SHIPPING_STATUS, fits)


def _packing(
    wanted: EvidenceConditions, evidence: Evidence, asked: RequestFacts
) -> Iterator[ConditionCheck]:
    low, high = wanted.min_packed_days, wanted.max_packed_days
    if wanted.packed or low is not None or high is not None:
        yield _aged(evidence, FactName.PACKED_ON, asked, low, high)
    if wanted.max_packed_hours is not None:
        fact = _first(evidence, FactName.PACKED_AT)
        if fact is None:
            yield _nothing(FactName.PACKED_AT)
            return
        age = asked.now - fact.value
        fits = timedelta(0) <= age <= timedelta(hours=wanted.max_packed_hours)
        yield _told(FactName.PACKED_AT, fact, mark(fits=fits))


def _made(evidence: Evidence) -> ConditionCheck:
    fact = _first(evidence, FactName.MADE_TO_ORDER)
    if fact is None:
        return _nothing(FactName.MADE_TO_ORDER)
    if fact.value is True:
        return _told(FactName.MADE_TO_ORDER, fact, Mark.FITS)
    name = fact_words(FactName.MADE_TO_ORDER)
    return ConditionCheck(Mark.FAILS, _OTHER_FLAG, {"fact": name, "place": fact.source.words})


def _aged(
    evidence: Evidence, name: FactName, asked: RequestFacts, low: int | None, high: int | None
) -> ConditionCheck:
    fact = _first(evidence, name)
    if fact is None:
        return _nothing(name)
    day: date = fact.value
    return _told(name, fact, mark(fits=within(low, (asked.today - day).days, high)))


def _compared(evidence: Evidence, name: FactName, fits: Callable[[str], bool]) -> ConditionCheck:
    fact = _first(evidence, name)
    return _nothing(name) if fact is None else _told(name, fact, mark(fits=fits(str(fact.value))))


def _any_of(evidence: Evidence, name: FactName | str, patterns: list[str]) -> ConditionCheck:
    """Of several marks, one that fits is enough, and is the one that is told."""
    facts = evidence.known(name).facts
    if not facts:
        return _nothing(name)
    fitting = next((each for each in facts if fits_any(same(str(each.value)), patterns)), None)
    return _told(name, fitting or facts[0], mark(fits=fitting is not None))


def _first(evidence: Evidence, name: FactName) -> Fact[Any] | None:
    facts = evidence.known(name).facts
    return facts[0] if facts else None


def _nothing(name: FactName | str) -> ConditionCheck:
    return ConditionCheck(Mark.FAILS, _NONE, {"fact": fact_words(name)}, missing=True)


def _told(name: FactName | str, fact: Fact[Any], how: Mark) -> ConditionCheck:
    place = fact.source.words
    return ConditionCheck(
        how, _IS, {"fact": fact_words(name), "value": shown(fact.value), "place": place}
    )
