"""What the official manual shows on its pictures, to the letter."""

from collections.abc import Mapping
from dataclasses import dataclass

from qsm_bot.base.words import Words

SIGN_OUT = "ログアウト"
HOME_BLOCK = "クレーム/お問い合わせ"
HOME_COUNTER = "キャンセルリクエスト"
MENU_GROUP = "配送/キャンセル/未受取"
MENU_ENTRY = "キャンセル/返品/未受取"
BOX = "キャンセル & 未受取"
VIEWS = ("状態別に照会", "選択条件照会")

REQUESTS = "キャンセル要請"
REFUSED = "キャンセル拒否完了"
COUNTERS: Mapping[str, tuple[str, ...]] = {
    "キャンセル": (REQUESTS,),
    "返品": ("返品要請", "返品完了"),
    "交換": ("交換申請/確認", "交換遅延"),
    "未受取通知": ("通知受付", "確認遅延"),
    "クレームの撤回": ("撤回要請", "撤回保留"),
    "キャンセル拒否": (REFUSED,),
}
"""The labels of each row of the box."""

# The manual's picture cuts it off there.
FOUR_DAYS = "※キャンセル・返品・未受取の受付日から4日が過ぎても完了・確認されていないもので"

COLUMNS = (
    "選択",
    "処理状態",
    "キャンセル/返品完了日",
    "キャンセル/返品理由",
    "未受取理由",
    "キャンセル/返品要請日",
    "返品回収方法",
    "注文日",
    "発送日",
    "注文番号",
    "カート番号",
    "商品番号",
)
"""The list's first columns; the picture ends there."""

OPEN_STATUS = "キャンセル・処理要請"
REASON_LABEL = "キャンセル拒否理由"
REASONS = ("商品発送完了", "発送準備完了", "注文制作商品", "その他")
OTHER = REASONS[-1]
OTHER_LEAST = 30
OTHER_HINTS = (
    "お客様へ直接説明をお願い致します。（商品遅延・注文制作遅延）",
    "その他選択の場合、30文字以上入力お願い致します。",
)
BUYER_READS = "キャンセル拒否時、即時でキャンセルお客様が確認する内容になります。"
REFUSE = "キャンセル拒否"
BUTTONS = ("キャンセル", "キャンセルの撤回要請", REFUSE)
CONFIRM = "キャンセル不可状態の場合のみキャンセル拒否処理をしてください。キャンセル拒否しますか？"
COMPLETED = "キャンセル拒否完了"
DELIVERY = "配送管理"
BACK_IN = "配送要請"
# Not in the manual: where a clone shows the reason that it has kept.
REFUSED_WHY = "拒否理由"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the manual: its title, and the words of it that are judged."""

    title: Words
    quote: str


SECTIONS: Mapping[str, Section] = {
    "1": Section(Words("Step 1: sign in", "手順1: ログイン"), "J・QSMにログイン"),
    "2": Section(
        Words("Step 2: two ways to the claim page", "手順2: クレーム画面への2つの入口"),
        "[キャンセルリクエスト]に表示されている数字をクリックすると、「キャンセル/返品/未受取」の"
        "メニューに移動します。",
    ),
    "3": Section(
        Words("Step 3: counters", "手順3: 件数表"),
        "[キャンセル要請]に表示されている数字をクリックします。",
    ),
    "4": Section(
        Words("Step 4: the list", "手順4: 一覧"),
        "数字をクリックするとキャンセル要請が入っている注文がグリッドに表示されます",
    ),
    "5": Section(
        Words("Step 5: open the order", "手順5: 注文を開く"),
        "ダブルクリックで選択をすると「取引情報」に注文情報が表示されます。",
    ),
    "6": Section(
        Words("Step 6: choose the reason", "手順6: 拒否理由の選択"),
        "キャンセル拒否理由をプルダウンより選択します。その他選択の場合、30文字以上入力お願い致します。",
    ),
    "7": Section(
        Words("Step 7: the buttons", "手順7: ボタン"), "【キャンセル拒否】ボタンをクリックします。"
    ),
    "8": Section(Words("Step 8: the confirm", "手順8: 確認のポップアップ"), CONFIRM),
    "9": Section(
        Words("Step 9: completed", "手順9: 処理完了"),
        "[キャンセル要請]からも該当注文が削除され[配送要請]ステータスへ戻ります",
    ),
    "10": Section(
        Words("Step 10: the buyer is told", "手順10: お客様への案内"),
        "キャンセル拒否の理由がお客様へ案内されます",
    ),
    "rules": Section(
        Words("Rules", "注意事項"),
        "一度キャンセル拒否をしたご注文は、再度お客様側でキャンセル要請を出すことはできません。"
        "[新規注文]や[配送遅延]のご注文は即時キャンセル完了となります。",
    ),
}
"""Its parts, by number, in order."""
