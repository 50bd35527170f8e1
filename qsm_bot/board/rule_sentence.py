"""A rule as one sentence that a shop understands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qsm_bot.base.words import Words
from qsm_bot.render.report_words import REASON_WORDS
from qsm_bot.rules import Rule

_SENTENCE = Words(
    "If {conditions}: refuse for “{reason}”.", "{conditions} → 「{reason}」で拒否する"
)
_AND = Words(" and ", " ＋ ")
_ORDERS = Words("the order is one of {value}", "注文番号が{value}のどれか")
_COLUMN = Words("column {name} is {value}", "列「{name}」が{value}")

_YES_NO: Mapping[str, tuple[Words, Words]] = {
    "tracking_no": (
        Words("there is a tracking number", "送り状番号がある"),
        Words("there is no tracking number", "送り状番号がない"),
    ),
    "shipped": (
        Words("it was shipped", "発送日の記録がある"),
        Words("it was not shipped", "発送日の記録がない"),
    ),
    "packed": (
        Words("it is packed", "梱包が終わっている"),
        Words("it is not packed", "梱包の記録がない"),
    ),
    "made_to_order": (
        Words("it is made to order", "注文制作の商品である"),
        Words("it is not made to order", "注文制作の商品でない"),
    ),
}
_VALUES: Mapping[str, Words] = {
    "carrier": Words("the carrier is {value}", "配送会社が{value}"),
    "shipping_status": Words("the shipping status is {value}", "出荷状況が{value}"),
    "item_mark": Words("the item's mark is {value}", "商品マークが{value}"),
    "min_shipped_days": Words("shipped {value} days ago or more", "発送から{value}日以上"),
    "max_shipped_days": Words("shipped {value} days ago or less", "発送から{value}日以内"),
    "min_packed_days": Words("packed {value} days ago or more", "梱包から{value}日以上"),
    "max_packed_days": Words("packed {value} days ago or less", "梱包から{value}日以内"),
    "max_packed_hours": Words("packed {value} hours ago or less", "梱包から{value}時間以内"),
    "buyer_reason": Words("the buyer's reason is {value}", "お客様の理由が{value}"),
    "item_code": Words("the item code is {value}", "商品コードが{value}"),
    "item_name": Words("the item's name is {value}", "商品名が{value}"),
    "option": Words("the option is {value}", "オプションが{value}"),
    "status": Words("QSM's status is {value}", "QSMの状態が{value}"),
    "not_buyer_reason": Words("the buyer's reason is not {value}", "お客様の理由が{value}でない"),
    "not_item_code": Words("the item code is not {value}", "商品コードが{value}でない"),
    "not_item_name": Words("the item's name is not {value}", "商品名が{value}でない"),
    "not_option": Words("the option is not {value}", "オプションが{value}でない"),
    "requested_from": Words("asked on {value} or later", "要請日が{value}以降"),
    "requested_until": Words("asked on {value} or before", "要請日が{value}まで"),
    "ordered_from": Words("ordered on {value} or later", "注文日が{value}以降"),
    "ordered_until": Words("ordered on {value} or before", "注文日が{value}まで"),
    "min_age_days": Words("asked {value} days ago or more", "要請から{value}日以上"),
    "max_age_days": Words("asked {value} days ago or less", "要請から{value}日以内"),
    "min_amount": Words("it costs {value} yen or more", "金額が{value}円以上"),
    "max_amount": Words("it costs {value} yen or less", "金額が{value}円以下"),
    "weekday": Words("it is {value}", "曜日が{value}"),
    "time_from": Words("it is {value} or later", "時刻が{value}以降"),
    "time_until": Words("it is {value} or before", "時刻が{value}まで"),
}


def rule_sentence(rule: Rule) -> Words:
    """Return what a rule does, as a sentence with all its conditions."""
    parts = list(_conditions(rule))
    joined = Words(
        _AND.en.join(each.en for each in parts),
        _AND.ja.join(each.ja for each in parts),
    )
    return _SENTENCE.filled(conditions=joined, reason=REASON_WORDS[rule.reason.value])


def _conditions(rule: Rule) -> Iterator[Words]:
    if rule.orders:
        yield _ORDERS.filled(value=" ".join(rule.orders))
    for part in (rule.evidence, rule.when):
        given = {} if part is None else {name: getattr(part, name) for name in _named(part)}
        for name, value in given.items():
            if name == "columns":
                for column, patterns in (value or {}).items():
                    yield _COLUMN.filled(name=column, value=_shown(patterns))
            elif name in _YES_NO:
                yield _YES_NO[name][0 if value else 1]
            elif value is not None:
                yield _VALUES[name].filled(value=_shown(value))


def _named(part: Any) -> Sequence[str]:
    return [name for name in type(part).model_fields if getattr(part, name) is not None]


def _shown(value: Any) -> object:
    if isinstance(value, list):
        quoted = [f"「{each}」" for each in value]
        return Words(" or ".join(quoted), "か".join(quoted))
    return value
