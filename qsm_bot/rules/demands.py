"""What a rule must demand before it may refuse for a reason.

The official manual allows a refusal only if the order was shipped, is ready to be shipped,
or was made to order. So a rule either asks the shop's own facts, says which items are made
to order, or names orders by number: then the person who wrote the number down vouches.
"""

from qsm_bot.base.words import Words
from qsm_bot.domain.request import RefusalReason
from qsm_bot.rules.conditions import Conditions, EvidenceConditions, says_something

_NO_EVIDENCE = EvidenceConditions.model_construct()
_NO_CONDITIONS = Conditions()

WANTED = {
    RefusalReason.SHIPPED: Words(
        "reason shipped needs [rule.evidence] with tracking_no = true, or a shipping_status "
        "that says shipped; or orders by number, for which a person vouches",
        "理由 shipped には [rule.evidence] の tracking_no = true か、発送済みを表す "
        "shipping_status が必要です（または orders で注文番号を指定。その場合は人が保証）",
    ),
    RefusalReason.READY: Words(
        "reason ready needs [rule.evidence] with packed = true or max_packed_days; "
        "or orders by number, for which a person vouches",
        "理由 ready には [rule.evidence] の packed = true か max_packed_days が必要です"
        "（または orders で注文番号を指定。その場合は人が保証）",
    ),
    RefusalReason.MADE_TO_ORDER: Words(
        "reason made_to_order needs [rule.evidence] with made_to_order = true or item_mark, "
        "or [rule.when] with item_code, item_name or option of the items made to order; "
        "or orders by number, for which a person vouches",
        "理由 made_to_order には [rule.evidence] の made_to_order = true か item_mark、または "
        "[rule.when] に注文制作品の item_code・item_name・option が必要です"
        "（または orders で注文番号を指定。その場合は人が保証）",
    ),
    RefusalReason.OTHER: Words(
        "reason other needs [rule.evidence], or [rule.when] with item_code, item_name or "
        "option; or orders by number, for which a person vouches",
        "理由 other には [rule.evidence]、または [rule.when] の item_code・item_name・option が"
        "必要です（または orders で注文番号を指定。その場合は人が保証）",
    ),
}


def what_it_lacks(
    reason: RefusalReason,
    when: Conditions | None,
    evidence: EvidenceConditions | None,
    *,
    names_orders: bool,
) -> Words | None:
    """Say what a rule would have to demand for its reason, or nothing if it does."""
    if names_orders:
        return None
    facts, conditions = evidence or _NO_EVIDENCE, when or _NO_CONDITIONS
    shipped = bool(facts.tracking_no) or says_something(facts.shipping_status)
    made = bool(facts.made_to_order) or says_something(facts.item_mark) or conditions.names_items
    columns = bool(facts.columns) and all(map(says_something, (facts.columns or {}).values()))
    demanded = {
        RefusalReason.SHIPPED: shipped,
        RefusalReason.READY: facts.asks_packing,
        RefusalReason.MADE_TO_ORDER: made,
        RefusalReason.OTHER: any(
            (shipped, facts.asks_packing, made, facts.asks_shipping_day, columns)
        ),
    }
    return None if demanded[reason] else WANTED[reason]
