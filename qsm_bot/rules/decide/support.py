"""What the shop's facts say about a reason, whatever the rules ask for."""

import re
from collections.abc import Iterator

from qsm_bot.base.words import Words, same
from qsm_bot.domain.carriers import why_no_proof
from qsm_bot.domain.evidence import Evidence, FactName, fact_words
from qsm_bot.domain.request import RefusalReason
from qsm_bot.rules.decide.checks import marked

_AGAINST = Words("the data speak against it: {fact} {value}", "データと矛盾します: {fact}{value}")
_NOTHING = Words(
    "no data of the shop support the reason {reason}: you vouch for it",
    "「{reason}」を示すデータがありません。ご自身の責任で拒否します",
)
_KNOWN = Words("{fact} {value}", "{fact}{value}")

# Words with which order tools say that a parcel is still there, or will not go.
_NOT_SHIPPED = re.compile(
    r"未|(?:発送|出荷|集荷|入金|確認|処理|引当|在庫|手配)待|(?:発送|出荷|集荷)(?:前|予定|依頼)"
    r"|準備|作業中|梱包中|保留|不可|取消|キャンセル|返品|返送|unshipped|\bnot\b|pending|await|wait"
    r"|prepar|process|ready|cancel|return|on hold",
    re.IGNORECASE,
)
_SUPPORTS = {
    RefusalReason.SHIPPED: (
        FactName.TRACKING_NO,
        FactName.CARRIER,
        FactName.SHIPPING_STATUS,
        FactName.SHIPPED_ON,
    ),
    RefusalReason.READY: (FactName.PACKED_ON, FactName.PACKED_AT),
    RefusalReason.MADE_TO_ORDER: (FactName.MADE_TO_ORDER, FactName.ITEM_MARK),
    RefusalReason.OTHER: tuple(FactName),
}


def speaks_of_shipping(status: str) -> bool:
    """Whether a shipping status leaves room for “it has left”: 未発送 and 発送準備中 do not."""
    return _NOT_SHIPPED.search(same(status)) is None


def against(reason: RefusalReason, evidence: Evidence) -> tuple[Words, ...]:
    """Say which facts cannot be, if the reason is true."""
    found: list[tuple[FactName, Words]] = []
    if reason is RefusalReason.SHIPPED:
        found += [
            (FactName.SHIPPING_STATUS, fact.words)
            for fact in evidence.shipping_status.facts
            if not speaks_of_shipping(fact.value)
        ]
    if reason is RefusalReason.MADE_TO_ORDER:
        found += [
            (FactName.MADE_TO_ORDER, fact.words)
            for fact in evidence.made_to_order.facts
            if fact.value is False
        ]
    return tuple(_AGAINST.filled(fact=fact_words(name), value=value) for name, value in found)


def support_lines(reason: RefusalReason, evidence: Evidence) -> tuple[Words, ...]:
    """Return what is known for and against a reason, for a person who vouches for it."""
    return tuple(_support_lines(reason, evidence))


def _support_lines(reason: RefusalReason, evidence: Evidence) -> Iterator[Words]:
    names = _SUPPORTS[reason]
    known = [name for name in names if evidence.known(name).facts]
    contrary = against(reason, evidence)
    for name in known:
        for value in evidence.known(name).words:
            yield marked("·", _KNOWN.filled(fact=fact_words(name), value=value))
    if not known:
        yield marked("!", _NOTHING.filled(reason=reason.words))
    doubts = [*contrary, *evidence.doubts(*names)]
    if FactName.TRACKING_NO in names:
        odd = (why_no_proof(fact.value, carrier) for fact, carrier in evidence.parcels)
        doubts += [why for why in odd if why is not None]
    for why in doubts:
        yield marked("!", why)
