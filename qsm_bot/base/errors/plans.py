"""A plan that the user named, or its approval, cannot be used."""

from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.words import Words


class PlanNotFound(InputInvalid):
    """No plan has that digest, and no file has that name."""

    says = Words("There is no plan {plan}.", "計画 {plan} がありません。")
    next_step = Words(
        "`qsm-bot plan` makes one and prints its digest.",
        "`qsm-bot plan` で計画を作り、表示された番号を使ってください。",
    )


class PlanAmbiguous(InputInvalid):
    """Several plans start with the digits given, or the digits are too few."""

    says = Words(
        "{plan} does not name one plan: give at least 8 digits of its number (match: {count}).",
        "{plan} だけでは計画が決まりません。計画の番号は8桁以上で指定します（該当 {count} 件）。",
    )
    next_step = Words(
        "Give more digits; `qsm-bot plan` prints them, and `qsm-bot inbox` those that wait.",
        "桁を増やしてください。番号は `qsm-bot plan` と `qsm-bot inbox` に表示されます。",
    )


class PlanUnreadable(InputInvalid):
    """The file is no plan."""

    says = Words("{plan} is no plan file.", "{plan} は計画ファイルではありません。")
    next_step = PlanNotFound.next_step


class PlanRowUnknown(InputInvalid):
    """An order was to be left out of a plan that does not refuse it."""

    says = Words(
        "The plan {plan} does not refuse the order {order}.",
        "計画 {plan} に、拒否する注文 {order} はありません。",
    )
    next_step = Words(
        "`qsm-bot show {plan}` shows what it refuses.",
        "`qsm-bot show {plan}` で内容を確認してください。",
    )


class PlanTampered(InputInvalid):
    """The plan's content does not fit its digest."""

    says = Words(
        "The plan {plan} was changed after it was made.",
        "計画 {plan} は作成後に書き換えられています。",
    )
    next_step = Words("Make a new plan: `qsm-bot plan`.", "`qsm-bot plan` で作り直してください。")


class PlanNotMadeHere(InputInvalid):
    """A plan that this ledger did not make cannot be held against a limit in yen."""

    says = Words(
        "The plan {plan} was not made here and names no amounts: the limit in yen cannot be held.",
        "計画 {plan} はここで作られたものではなく金額も分からないため、金額の上限を守れません。",
    )
    next_step = Words("Make a new plan: `qsm-bot plan`.", "`qsm-bot plan` で作り直してください。")


class PlanExpired(InputInvalid):
    """The plan or its approval is too old."""

    says = Words("The plan {plan} expired at {at}.", "計画 {plan} は {at} に期限切れです。")
    next_step = Words(
        "Make a new plan and approve it.", "計画を作り直し、あらためて承認してください。"
    )


class PlanStale(InputInvalid):
    """What the plan was made from is no longer so."""

    says = Words("The plan {plan} is stale: {what}.", "計画 {plan} は古くなっています: {what}")
    next_step = PlanExpired.next_step


class PlanReplaced(PlanStale):
    """A person let it through without some of its orders."""

    says = Words(
        "Orders were left out of the plan {plan} when it was approved; {other} holds in its place.",
        "計画 {plan} は注文を外して承認されました。代わりの計画は {other} です。",
    )
    next_step = Words(
        "`qsm-bot show {other}`; to refuse those orders as well, make a new plan: `qsm-bot plan`.",
        "`qsm-bot show {other}` で内容を確認できます。外した注文も拒否する場合は、"
        "`qsm-bot plan` で計画を作り直してください。",
    )


class PlanNotApproved(InputInvalid):
    """Nobody let this plan through."""

    says = Words("The plan {plan} is not approved.", "計画 {plan} は承認されていません。")
    next_step = Words(
        "Look at it with `qsm-bot show {plan}`, then `qsm-bot approve {plan}`.",
        "`qsm-bot show {plan}` で内容を確認し、`qsm-bot approve {plan}` で承認してください。",
    )


class NoStandingOrder(InputInvalid):
    """The shop has no standing order that still holds."""

    says = Words("{shop} has no standing order.", "{shop} に有効な事前承認がありません。")
    next_step = Words(
        "`qsm-bot standing-order list` shows them all.",
        "`qsm-bot standing-order list` で一覧を確認できます。",
    )


class BeyondStandingOrder(InputInvalid):
    """The shop's standing order does not let the whole plan through."""

    says = Words(
        "The standing order does not let the refusals through ({why}): they wait.",
        "事前承認の範囲外のため、承認待ちになります（{why}）。",
    )
    next_step = Words("`qsm-bot inbox` lists what waits.", "`qsm-bot inbox` で確認できます。")
