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
DIED = Words(
    "It broke off. What it may have done is settled by looking.",
    "途中で終わりました。どこまで進んだかは「結果を確かめる」で確定します。",
)
