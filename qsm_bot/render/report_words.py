"""Words of pages and workbooks that people read and hand on: QSM's own where QSM has them."""

from collections.abc import Mapping

from qsm_bot.base.words import Words

REASON_WORDS: Mapping[str, Words] = {
    "shipped": Words("already shipped (商品発送完了)", "商品発送完了"),
    "ready": Words("ready to ship (発送準備完了)", "発送準備完了"),
    "made_to_order": Words("made to order (注文制作商品)", "注文制作商品"),
    "other": Words("other (その他)", "その他"),
}
PROOF_WORDS: Mapping[str, Words] = {
    "alert": Words("QSM said it is done", "QSMの完了表示"),
    "list_absent": Words("gone from the requests", "キャンセル要請の一覧からなくなった"),
    "refused_list": Words("in the list of refused ones", "拒否済み一覧にある"),
    "counter": Words("one request less, one refusal more", "要請が1件減り、拒否完了が1件増えた"),
    "qapi": Words("QAPI says so", "QAPIの応答"),
}
EXIT_WORDS: Mapping[int, Words] = {
    0: Words("Done, all verified.", "終わりました。すべて確認済みです。"),
    10: Words("There was nothing to do.", "対象はありませんでした。"),
    20: Words("Done; some orders were left out.", "終わりました。行わなかった注文があります。"),
    30: Words("A person is needed.", "人の確認が必要です。"),
    40: Words("QSM did not let us in.", "QSMにサインインできませんでした。"),
    50: Words("QSM cannot be reached now.", "QSMにつながりません。"),
    60: Words("Something must be set right first.", "先に直すものがあります。"),
    70: Words("Another run holds the shop.", "ほかの処理が実行中です。"),
    80: Words("This computer or the program failed.", "このパソコンかプログラムの問題です。"),
    90: Words("Stopped for safety.", "安全のため停止しました。"),
}
NEXT_WORDS: Mapping[str, tuple[str, Words]] = {
    "unknown": (
        "red",
        Words(
            "Run `qsm-bot reconcile`: it looks and never presses. Do not press by hand before. "
            "If it was refused, it must be shipped by {day} 23:59 JST.",
            "`qsm-bot reconcile` で照合してください（押しません）。先に手動で押さないでください。"
            "拒否されていた場合の発送処理期限は {day} 23:59（日本時間）です。",
        ),
    ),
    "unfinished": (
        "red",
        Words(
            "Once the run is over, run `qsm-bot reconcile`.",
            "実行の終了後に `qsm-bot reconcile` で照合してください。",
        ),
    ),
    "overdue": (
        "red",
        Words(
            "OVERDUE: it should have been shipped by {day} 23:59 JST. Ship it now, then record "
            "it: `qsm-bot duty done`.",
            "期限超過: {day} 23:59（日本時間）までに発送処理が必要でした。"
            "すぐに発送し、`qsm-bot duty done` で記録してください。",
        ),
    ),
    "refused": (
        "amber",
        Words(
            "Ship it and enter the shipment in QSM by {day} 23:59 JST, the day of the refusal.",
            "拒否当日の {day} 23:59（日本時間）までに発送処理をしてください。",
        ),
    ),
    "rejected": (
        "amber",
        Words(
            "The portal turned the refusal down: look at the order there and decide by hand.",
            "QSM が拒否を受け付けませんでした。画面で確認し、手動で判断してください。",
        ),
    ),
    "needs_person": (
        "amber",
        Words(
            "Look at the order in the portal and decide by hand.",
            "QSM で注文を確認し、手動で判断してください。",
        ),
    ),
    "gone": (
        "amber",
        Words(
            "Look in the portal before shipping: withdrawn by the buyer, or cancelled?",
            "発送前に、取り下げかキャンセル済みかを QSM で確認してください。",
        ),
    ),
    "asked": (
        "amber",
        Words(
            "The rules leave these to a person: look at them and decide.",
            "ルールで決められない要請です。内容を確認し、人が判断してください。",
        ),
    ),
    "already_refused": (
        "grey",
        Words(
            "Nothing left to refuse. Check in the portal that it has been shipped.",
            "拒否は済んでいます。発送処理が済んでいるか QSM で確認してください。",
        ),
    ),
    "shipped": (
        "grey",
        Words(
            "By your own data or word it was shipped. See that QSM's 発送処理 is done, too.",
            "出荷データまたは担当者の記録では発送済みです。"
            "QSM の発送処理も済んでいるか確認してください。",
        ),
    ),
    "not_sent": (
        "grey",
        Words(
            "Nothing was sent. Mend what is told in the note, then make a new plan: "
            "`qsm-bot plan`.",
            "送信していません。備考の原因を除き、`qsm-bot plan` で計画を作り直してください。",
        ),
    ),
    "changed": (
        "grey",
        Words(
            "Nothing was sent. Make a new plan from the row as it is now: `qsm-bot plan`.",
            "送信していません。現在の内容で `qsm-bot plan` を実行し直してください。",
        ),
    ),
    "not_started": (
        "grey",
        Words(
            "This run did not begin it. `qsm-bot history` shows earlier runs; else make a new "
            "plan.",
            "この実行では未着手です。`qsm-bot history` で過去の処理を確認し、"
            "なければ計画を作り直してください。",
        ),
    ),
    "rehearsed": (
        "grey",
        Words(
            "Nothing was sent. To refuse in earnest, approve and apply the plan.",
            "予行のため送信していません。本番は計画を承認し、実行してください。",
        ),
    ),
}
"""What must happen next by how an order ended, the most pressing first, each with its colour."""
