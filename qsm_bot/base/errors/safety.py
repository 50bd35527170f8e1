"""The portal or the plan is not as it must be: nothing more is done."""

from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words

_REST_STOPPED = Words(
    "This order was not refused, and the orders after it were not started.",
    "この注文は拒否していません。以降の注文も処理していません。",
)


class SafetyStop(QsmBotError):
    """The portal or the plan is not as it must be; the run ends here."""

    exit_code = ExitCode.SAFETY_STOP
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


class LedgerForgot(SafetyStop):
    """The ledger does not know what was pressed for this shop on this computer."""

    says = Words(
        "This ledger does not know {count} orders that were pressed for this shop on this "
        "computer: {orders}. It is an older copy, a new one, or one of two.",
        "このPCで拒否を操作した注文 {count} 件（{orders}）が台帳にありません。"
        "台帳が古いコピー・新規・二重のいずれかです。",
    )
    means = Words(
        "No further refusal was begun: one of these orders could be refused a second time.",
        "二重の拒否を防ぐため、新しい拒否は開始していません。",
    )
    next_step = Words(
        "Use the data folder with the newest ledger (QSM_DATA_DIR, QSM_LEDGER_URL). If it is lost, "
        "look at these orders in the portal, then `qsm-bot ledger trace --accept`.",
        "最新の台帳があるデータフォルダ（QSM_DATA_DIR・QSM_LEDGER_URL）を使用してください。"
        "失われた場合はポータルで各注文を確認し、"
        "`qsm-bot ledger trace --accept` を実行してください。",
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


class ClickStopped(SafetyStop):
    """The page was no longer as approved when the click reached it; the click was stopped."""

    says = Words(
        "The click on キャンセル拒否 was stopped ({event}): {what}.",
        "キャンセル拒否のクリックを止めました（{event}）: {what}",
    )
    means = Words(
        "The page changed under the click, and did not get it. The orders after this one were "
        "not started.",
        "クリックの瞬間に画面が変わったため、押していません。以降の注文も処理していません。",
    )
    next_step = Words(
        "Look at the order in the portal. If its pages do this by themselves, tell the project.",
        "ポータルで注文を確認してください。画面が自動で変わる場合はお知らせください。",
    )


class ClickUnseen(SafetyStop):
    """A confirm opened, and the check at the events saw no click before it, or no question."""

    says = Words(
        "The portal asked for the confirmation, yet the check at the click saw no click.",
        "クリック時の確認が働かないまま、確認ダイアログが出ました。",
    )


class AnotherOrderNamed(SafetyStop):
    """A request that names another order, or another reason, was about to leave; it was held."""

    says = Words(
        "While {order} was being refused the page was about to send {request}, which names "
        "{named}; it was held back.",
        "{order} の拒否中、画面が {named} を含む送信（{request}）をしようとしたため止めました。",
    )
    means = Words(
        "That request did not leave. The orders after this one were not started.",
        "その送信はしていません。以降の注文も処理していません。",
    )
    next_step = Words(
        "Look at both orders in the portal; `qsm-bot reconcile` settles what is unknown.",
        "ポータルで両方の注文を確認してください。未確定は `qsm-bot reconcile` で照合できます。",
    )


class PortalContradicts(SafetyStop):
    """The portal said that it is done, and its own list says that it is not."""

    says = Words(
        "The portal says that {order} is refused, yet its list still shows it open. Orders that "
        "left the list without an approval: {others}.",
        "{order} は完了表示が出ましたが、一覧では未処理のままです。承認なしに一覧から消えた注文: "
        "{others}",
    )
    means = Words(
        "One of these orders may have been refused in its place. The orders after this one were "
        "not started.",
        "別の注文が拒否された可能性があります。以降の注文は処理していません。",
    )
    next_step = Words(
        "Look at these orders in the portal now: a refused one must be shipped today.",
        "今すぐポータルで該当の注文を確認してください。拒否された注文は当日発送が必要です。",
    )


class OtherOrigin(SafetyStop):
    """The browser is somewhere else than at the portal that the settings name."""

    says = Words(
        "The browser is at {seen}, not at {expected}.",
        "{expected} ではなく {seen} が開いています。",
    )
    means = Words(
        "Nothing was filled in there and nothing was pressed.",
        "そこには何も入力せず、何も押していません。",
    )
    next_step = Words(
        "Check `portal_url` in the settings. If the portal really moved, set its new one there.",
        "設定の portal_url を確認してください。ポータルの移転なら新しいURLを設定してください。",
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


class LayerInTheWay(SafetyStop):
    """Something lies over what is to be clicked, and only a person may close it."""

    says = Words(
        "A layer lies over the page: “{heading}” (buttons: {buttons})",
        "画面に別の窓が重なっています:「{heading}」（ボタン: {buttons}）",
    )
    next_step = Words(
        "Read and close it in the portal, then run again. One that may always be closed: point at"
        " its 閉じる with `qsm-bot calibrate` (notice_close).",
        "ポータルで内容を確認して閉じ、再実行してください。いつも閉じてよい窓は、"
        "`qsm-bot calibrate` で「閉じる」を教えてください（notice_close）。",
    )


class UnknownLayer(SafetyStop):
    """The page asks by a layer of its own, which the pack does not know; it was left alone."""

    says = Words(
        "The page asks by a layer of its own: “{text}” (buttons: {buttons})",
        "画面内の確認窓が出ました:「{text}」（ボタン: {buttons}）",
    )
    next_step = Words(
        "If it is the question of the manual, show its buttons with `qsm-bot calibrate --question`;"
        " nothing is sent by it.",
        "手順書の確認文であれば、`qsm-bot calibrate --question` でそのボタンを教えてください"
        "（何も送信されません）。",
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
