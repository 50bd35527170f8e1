"""What to do with a request that is not refused.

From the official manual: other wishes of the buyer belong to クレームの撤回要請, and orders
in 新規注文 or 配送遅延 are cancelled at once when the buyer asks. The note on the claim page
names four days after which a request counts as late; what happens then, nobody has published.
"""

from qsm_bot.base.patterns import fits_any
from qsm_bot.base.words import Words
from qsm_bot.rules.decide.on_request import RequestFacts

LATE_DAYS = 4
"""Days after which the claim page counts a request as late (note on that page)."""

_LATE = Words(
    "the request is {days} days old; the portal counts it as late after 4: answer it today",
    "4日超過: 要請から{days}日。ポータルで遅延として数えられます。本日中に対応してください",
)
_SOON_LATE = Words(
    "the request is {days} days old; after 4 the portal counts it as late",
    "要請から{days}日。4日を過ぎるとポータルで遅延として数えられます",
)
_WISH = Words(
    "the buyer wants something changed: settle it with the buyer, then クレームの撤回要請",
    "お客様は変更をご希望です。調整できる場合は、お客様と相談のうえ「クレームの撤回要請」をご利用ください",
)
_WISHES = [
    "*変更*",
    "*住所*",
    "*届け先*",
    "*お届け日*",
    "*日時*",
    "*サイズ*",
    "*カラー*",
]
_GONE_AHEAD = ["*新規注文*", "*配送遅延*"]
_NO_REFUSAL = Words(
    "at “{status}” no refusal is possible", "処理状態「{status}」では拒否できません"
)
_LOOK = Words(
    "such an order is cancelled at once when the buyer asks: look at it in the portal",
    "この状態の注文はお客様の要請で即時キャンセルになります。ポータルで確認してください",
)


def not_eligible(asked: RequestFacts) -> Words | None:
    """Say why the order's state allows no refusal, if so."""
    if not fits_any(asked.even["status"], _GONE_AHEAD):
        return None
    return _NO_REFUSAL.filled(status=asked.request.status)


def late_notice(asked: RequestFacts) -> tuple[Words, ...]:
    """Say that a request is late, or will be tomorrow."""
    days = asked.age
    if days is None or days < LATE_DAYS - 1:
        return ()
    return ((_LATE if days > LATE_DAYS else _SOON_LATE).filled(days=days),)


def advice_about(asked: RequestFacts) -> tuple[Words, ...]:
    """Say what to do with a request that is not refused."""
    lines = late_notice(asked)
    if not_eligible(asked):
        return (_LOOK, *lines)
    is_wish = fits_any(asked.even["buyer_reason"], _WISHES)
    return (_WISH, *lines) if is_wish else lines
