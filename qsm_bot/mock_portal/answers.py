"""The answers of the portal's services, and the one table of their texts.

Only `REFUSED` is documented (manual, step 7). The texts of all other answers are unknown in public
material and invented here; a program under test must not depend on their wording.
"""

from dataclasses import dataclass

from qsm_bot.mock_portal.orders import ClaimState


@dataclass(frozen=True)
class ServiceAnswer:
    """What a service says about an act: code 0 means that it took effect."""

    code: int
    message: str

    @property
    def ok(self) -> bool:
        """Tell whether the act took effect."""
        return self.code == 0


REFUSED = ServiceAnswer(0, "キャンセル拒否完了")
CANCELLED = ServiceAnswer(0, "キャンセル処理が完了しました。")
RETRACTION_ASKED = ServiceAnswer(0, "お客様へキャンセルの撤回を要請しました。")
WITHDRAWN = ServiceAnswer(0, "キャンセル要請を撤回しました。")
REQUESTED = ServiceAnswer(0, "キャンセル要請を受け付けました。")
CANCELLED_AT_ONCE = ServiceAnswer(0, "キャンセルが完了しました。")
SHIPPED = ServiceAnswer(0, "発送処理が完了しました。")

NOT_FOUND = ServiceAnswer(-10001, "該当する注文情報が見つかりません。")
NO_REASON = ServiceAnswer(-10011, "キャンセル拒否理由を選択してください。")
UNKNOWN_REASON = ServiceAnswer(-10012, "キャンセル拒否理由が正しくありません。")
TEXT_TOO_SHORT = ServiceAnswer(-10013, "その他選択の場合、30文字以上入力お願い致します。")

NOT_OPEN = {
    ClaimState.NONE: ServiceAnswer(-10004, "キャンセル要請が受け付けられていない注文です。"),
    ClaimState.CANCELLED: ServiceAnswer(-10021, "既にキャンセルが完了した注文です。"),
    ClaimState.REFUSED: ServiceAnswer(-10022, "既にキャンセル拒否処理された注文です。"),
    ClaimState.WITHDRAWN: ServiceAnswer(-10023, "お客様がキャンセル要請を撤回した注文です。"),
    ClaimState.RETRACTION_ASKED: ServiceAnswer(-10024, "キャンセルの撤回を要請中の注文です。"),
}
"""Why a request cannot be handled, by the state it is in."""

REFUSED_BEFORE = ServiceAnswer(
    -10031, "キャンセル拒否された注文のため、再度キャンセル要請はできません。"
)
REQUESTED_BEFORE = ServiceAnswer(-10032, "既にキャンセル要請を受け付けた注文です。")
TOO_LATE = ServiceAnswer(-10033, "発送済みの注文はキャンセルできません。")
ALREADY_CANCELLED = ServiceAnswer(-10034, "既にキャンセルされた注文です。")

CLAIM_OPEN = ServiceAnswer(-10041, "キャンセル要請中の注文は発送処理できません。")
ALREADY_SHIPPED = ServiceAnswer(-10042, "既に発送処理された注文です。")
BAD_CARRIER = ServiceAnswer(-130, "配送会社が正しくありません。")
TRACKING_LENGTH = ServiceAnswer(-22, "送り状番号の桁数が正しくありません。")
BAD_TRACKING = ServiceAnswer(-23, "送り状番号が正しくありません。")
