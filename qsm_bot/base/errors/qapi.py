"""Qoo10's QAPI does not answer, turns a call down, or leaves in doubt what it did."""

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.errors.orders import OrderProblem
from qsm_bot.base.errors.outside import PortalError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words

_NOTHING_CHANGED = Words("QAPI was not made to change anything.", "QAPI では何も変更していません。")


class QapiUnreachable(PortalError):
    """No connection to the API; the call has not left this computer."""

    says = Words("QAPI at {host} cannot be reached: {detail}", "QAPI {host} に接続不可: {detail}")
    means = _NOTHING_CHANGED
    next_step = Words(
        "Check the network and QSM_QAPI_URL, then try again.",
        "ネットワークと QSM_QAPI_URL を確認して再実行してください。",
    )


class QapiSilent(PortalError):
    """The call left, and no whole answer came back."""

    says = Words("QAPI gave no answer to {method}: {detail}", "QAPI {method} の応答なし: {detail}")
    means = _NOTHING_CHANGED


class QapiAnswerUnknown(PortalError):
    """The answer is not of the known form."""

    says = Words(
        "QAPI answers {method} in an unknown form: {detail}",
        "QAPI {method} の応答が想定外です: {detail}",
    )
    means = _NOTHING_CHANGED
    next_step = Words(
        "Look at the order in the portal. If it stays so, the API has changed.",
        "ポータルで確認してください。続く場合は API が変わった可能性があります。",
    )


class QapiTurnedDown(PortalError):
    """The API answers with an error code."""

    says = Words(
        "QAPI answers {method} with the error {code}: {text}",
        "QAPI {method} がエラー {code} を返しました: {text}",
    )
    means = _NOTHING_CHANGED


class QapiKeyInvalid(InputInvalid):
    """The API does not know the key."""

    says = Words(
        "QAPI does not take the key ({code}: {text}).", "QAPI キーが無効（{code}: {text}）"
    )
    means = _NOTHING_CHANGED
    next_step = Words(
        "A key ends after a year, and when the QSM password changes. Ask Qoo10 for a new one, then "
        "`qsm-bot secret set --qapi`.",
        "キーは1年、または QSM パスワードの変更で失効します。Qoo10 に再発行を依頼し、"
        "`qsm-bot secret set --qapi` で設定してください。",
    )


class QapiNotPermitted(QapiKeyInvalid):
    """The key is known, but may not call this."""

    says = Words(
        "QAPI does not permit this call with the key ({code}: {text}).",
        "この QAPI キーでは、この操作が許可されていません（{code}: {text}）",
    )
    next_step = Words(
        "Ask Qoo10 to permit the methods that docs/how-to/qapi.md names for this key.",
        "docs/how-to/qapi.ja.md にあるメソッドの利用許可を Qoo10 に申請してください。",
    )


class QapiKeyExpired(QapiKeyInvalid):
    """The key's time is over."""

    says = Words(
        "The QAPI key has expired ({code}: {text}).",
        "QAPI キーの有効期限が切れています（{code}: {text}）",
    )
    next_step = Words(
        "Make a new key in QSM, then `qsm-bot secret set --qapi`.",
        "QSM で新しいキーを発行し、`qsm-bot secret set --qapi` で設定してください。",
    )


class ShipmentUnknown(QsmBotError):
    """The shipment was sent to the API; whether it took effect is not known."""

    exit_code = ExitCode.PERSON_NEEDED
    says = Words(
        "Whether {order} is reported as shipped is not known: {detail}",
        "{order} の発送処理の結果が不明です: {detail}",
    )
    means = Words("It was sent at most once and is not sent again.", "再送信はしていません。")
    next_step = Words(
        "Look at the order in the portal, or call the same command again later: it looks first.",
        "ポータルで確認するか、後で同じコマンドを実行してください（先に照会します）。",
    )


class ShipmentTurnedDown(OrderProblem):
    """The API turned the shipment down."""

    outcome = "rejected"
    says = Words(
        "QAPI did not take the shipment of {order} ({code}: {text}).",
        "{order} の発送処理は受け付けられませんでした（{code}: {text}）。",
    )
    means = Words("The order is not reported as shipped.", "発送処理はされていません。")


class ShippedOtherwise(OrderProblem):
    """The order is reported as shipped already, with other data."""

    outcome = "needs_person"
    says = Words(
        "{order} is reported as shipped already, with other data: {seen}",
        "{order} は別の内容で発送処理済みです: {seen}",
    )
    next_step = Words(
        "Correct carrier and number in the portal if they are wrong.",
        "配送会社・送り状番号の訂正はポータルで行ってください。",
    )


class NotToShip(OrderProblem):
    """The order is in no state in which a shipment may be reported."""

    outcome = "needs_person"
    says = Words(
        "{order} cannot be reported as shipped: {why}", "{order} は発送処理できません: {why}"
    )
