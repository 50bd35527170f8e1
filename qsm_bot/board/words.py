"""Words of the board that several pages use: QSM's own where QSM has them."""

from collections.abc import Mapping

from qsm_bot.base.words import Words

END_WORDS: Mapping[str, Words] = {
    "refused": Words("refused", "拒否完了"),
    "already_refused": Words("had been refused before", "以前に拒否済み"),
    "rejected": Words("turned down by QSM", "QSMが受け付けませんでした"),
    "not_sent": Words("nothing was sent", "何も送信していません"),
    "gone": Words("the request is no longer there", "要請がなくなっていました"),
    "changed": Words("changed meanwhile, left alone", "内容が変わっていたため拒否しませんでした"),
    "rehearsed": Words("rehearsed, nothing was sent", "予行できました（送信なし）"),
    "unknown": Words("outcome unknown", "結果が分かりません"),
    "needs_person": Words("a person must look", "確認が必要です"),
}
END_TONES: Mapping[str, str] = {
    "refused": "good",
    "rehearsed": "good",
    "unknown": "bad",
    "needs_person": "bad",
    "rejected": "warn",
}
CODE_WORDS: Mapping[int, Words] = {
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
DIED = Words(
    "It broke off. What it may have done is settled by looking.",
    "途中で終わりました。どこまで進んだかは「結果を確かめる」で確定します。",
)
