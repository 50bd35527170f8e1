"""One order cannot be refused now; the run goes on with the next."""

from typing import ClassVar

from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.errors.plans import PlanExpired
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words

_ORDER_UNTOUCHED = Words("This order was not touched.", "この注文には何もしていません。")


class OrderProblem(QsmBotError):
    """This order cannot be refused now; nothing was sent for it."""

    exit_code = ExitCode.SOME_SKIPPED
    outcome: ClassVar[str] = "not_sent"
    means = _ORDER_UNTOUCHED
    next_step = Words("Look at the order in the portal.", "ポータルで注文を確認してください。")


class RowGone(OrderProblem):
    """The order is no longer in キャンセル要請."""

    outcome = "gone"
    says = Words(
        "{order} is not in the list キャンセル要請: withdrawn, cancelled, or never asked.",
        "{order} は「キャンセル要請」一覧にありません（取り下げ・キャンセル済みなど）。",
    )


class RowChanged(OrderProblem):
    """The row is not the one that was approved."""

    outcome = "changed"
    says = Words(
        "The row of {order} has changed since the plan: {what}",
        "{order} の内容が計画時から変わりました: {what}",
    )
    next_step = PlanExpired.next_step


class FactsChanged(OrderProblem):
    """The shop's own data no longer say what the refusal was approved for."""

    outcome = "changed"
    says = Words(
        "The shop's own data about {order} have changed since the plan.",
        "{order} の自社データ（送り状番号など）が計画時から変わりました。",
    )
    next_step = PlanExpired.next_step


class LeftOut(OrderProblem):
    """A person left the order out when they approved another plan, after this one."""

    outcome = "changed"
    says = Words(
        "{who} left {order} out of another plan after this one was approved.",
        "{order} は、この計画の承認後に {who} が別の計画で外しました。",
    )
    next_step = PlanExpired.next_step


class RowDuplicate(OrderProblem):
    """The order number stands in several rows."""

    outcome = "needs_person"
    says = Words("{order} stands in {count} rows.", "{order} が {count} 行あります。")


class WrongOrderOpened(OrderProblem):
    """取引情報 shows another order."""

    says = Words(
        "The double click on {order} opened {seen} instead.",
        "{order} をダブルクリックしましたが、{seen} が開きました。",
    )


class DetailNotOpened(OrderProblem):
    """取引情報 stayed empty."""

    says = Words("取引情報 of {order} did not open.", "{order} の取引情報が開きません。")


class ReasonMissing(OrderProblem):
    """The pull-down lacks the reason; no other is ever taken instead."""

    says = Words(
        "The portal does not offer the reason “{label}”; it offers: {offered}",
        "理由「{label}」が選べません。選択肢: {offered}",
    )


class ReadBackMismatch(OrderProblem):
    """The portal's form does not hold what was entered."""

    says = Words(
        "The form holds “{seen}” instead of “{expected}”.",
        "入力欄の値が「{expected}」ではなく「{seen}」になっています。",
    )


class ConfirmMissing(OrderProblem):
    """The click brought no confirm dialog, and no request left."""

    says = Words(
        "No confirm dialog appeared; the portal said: {alert}",
        "確認ダイアログが出ませんでした。ポータルの表示: {alert}",
    )


class NotEligible(OrderProblem):
    """The order's state is none in which a refusal is possible."""

    outcome = "needs_person"
    says = Words(
        "{order} stands at “{status}”, where no refusal is possible.",
        "{order} は処理状態「{status}」のため拒否できません。",
    )


class NothingToOpen(OrderProblem):
    """There is no open request, so no order's 取引情報 can be looked at."""

    says = Words(
        "There is no open request, so 取引情報 and キャンセル拒否 were not looked at.",
        "キャンセル要請がないため、取引情報とキャンセル拒否欄は点検していません。",
    )
    means = NOTHING_SENT
    next_step = Words(
        "Run it again when there is a cancel request.",
        "キャンセル要請がある時に再実行してください。",
    )


class AlreadyAttempted(OrderProblem):
    """The ledger holds an earlier attempt that may have been sent, so it gives no permit."""

    outcome = "needs_person"
    says = Words("{order} was attempted before: {said}.", "{order} は以前に処理しました: {said}")
    next_step = Words(
        "`qsm-bot reconcile` settles what is unknown; `qsm-bot history` shows the rest.",
        "未確定は `qsm-bot reconcile`、履歴は `qsm-bot history` で確認できます。",
    )
