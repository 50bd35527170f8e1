"""The portal or the plan is not as it must be: nothing more is done."""

from qsm_bot.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.words import Words

_REST_STOPPED = Words(
    "This order was not refused, and the orders after it were not started.",
    "この注文は拒否していません。以降の注文も処理していません。",
)


class SafetyStop(QsmBotError):
    """The portal or the plan is not as it must be; the run ends here."""

    exit_code = 90
    means = _REST_STOPPED
    next_step = Words(
        "Look at the portal by hand. If it has changed, the selector pack must be renewed first.",
        "ポータルを目で確認してください。画面が変わった場合は、先にセレクタパックの更新が必要です。",
    )


class LimitExceeded(SafetyStop):
    """The plan would refuse more than the limits allow."""

    says = Words(
        "The plan refuses {count} of {total} requests; the limit is {limit}. They are {orders}.",
        "計画は {total} 件中 {count} 件を拒否しますが、上限は {limit} です（{orders}）。",
    )
    means = NOTHING_SENT
    next_step = Words(
        "Check the rules; raise [limits] in the rules file only if this is meant.",
        "ルールを確認し、意図した結果の場合のみルールの [limits] を上げてください。",
    )


class CountMismatch(SafetyStop):
    """The list and the portal's own counter disagree."""

    says = Words(
        "The portal counts {counted} requests, its list shows {listed}.",
        "件数が一致しません: 表示件数 {counted}、一覧 {listed}。",
    )
    means = NOTHING_SENT


class SelectorDrift(SafetyStop):
    """Something that the selector pack names is not on the page."""

    says = Words(
        "{element} is not as known: {detail}", "画面構成が変わりました（{element}）: {detail}"
    )
    next_step = Words(
        "Look at the portal by hand. `qsm-bot calibrate` lets you show what was not found.",
        "ポータルを目で確認してください。見つからない部品は `qsm-bot calibrate` で教えられます。",
    )


class ConfirmTextChanged(SafetyStop):
    """The confirm dialog says something else; it was dismissed."""

    says = Words(
        "The confirm dialog says something else and was dismissed. "
        "Expected: “{expected}” Seen: “{seen}”",
        "確認文が変わったため、押さずに閉じました。想定:「{expected}」 実際:「{seen}」",
    )


class TurnedDown(SafetyStop):
    """The portal answered the refusal of an open order with a no."""

    says = Words(
        "The portal turned the refusal of {order} down, and the order is still open.",
        "{order} の拒否はポータルに受け付けられず、未処理のままです。",
    )
    next_step = Words(
        "Look at the portal's answer in the report: a right may be missing, or a limit be reached.",
        "レポートでポータルの応答を確認してください（権限不足や上限など）。",
    )


class ClockSkew(SafetyStop):
    """This computer's clock is not the portal's."""

    says = Words(
        "This computer's clock differs from the portal's by {minutes:.0f} minutes.",
        "このPCの時刻がポータルと {minutes:.0f} 分ずれています。",
    )
    means = Words(
        "Nothing was begun: days and deadlines would be wrong.",
        "日付と期限を誤るため、何も開始していません。",
    )
    next_step = Words("Set the clock, then run again.", "時刻を合わせて再実行してください。")


class UnexpectedDialog(SafetyStop):
    """A dialog nobody knows appeared before the confirm; it was dismissed."""

    says = Words(
        "The portal showed an unexpected {kind}: “{text}”",
        "想定外のダイアログ（{kind}）:「{text}」",
    )


class ButtonAmbiguous(SafetyStop):
    """The refuse button cannot be told for certain."""

    says = Words(
        "The button {label} must be there exactly once; seen: {seen}",
        "ボタン「{label}」を1つに特定できません: {seen}",
    )


class SecretSurvives(SafetyStop):
    """A value that must not be told would stand in a saved page after all."""

    says = Words(
        "A saved page would still hold something that must not be told: {what}.",
        "保存するページに、伏せるべき情報が残っています: {what}",
    )
    means = Words(
        "Nothing was written, and nothing was sent.", "何も保存せず、何も送信していません。"
    )
    next_step = Words(
        "Tell the project the kind and the page named here, not the value.",
        "ここに出た種類とページ名だけを（値は書かずに）お知らせください。",
    )
