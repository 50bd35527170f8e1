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
    "list_absent": Words("gone from the requests", "要請一覧から消えた"),
    "refused_list": Words("in the list of refused ones", "拒否済み一覧にある"),
    "counter": Words("one request less, one refusal more", "件数が1件ずつ移動"),
    "qapi": Words("QAPI says so", "QAPIの応答"),
}
