"""The statements of the manual, one for each test of the kit."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words

_UNKNOWN = Words(
    "no statement {id}{hint}; `qsm-bot accept --list` names them",
    "{id} という項目はありません{hint}。一覧: `qsm-bot accept --list`",
)


class StatementNeed(Enum):
    """What a clone must have for a statement to be judged."""

    OPEN = Words("an open request", "キャンセル要請1件")
    TWO = Words("two open requests", "キャンセル要請2件")
    SEEDING = Words("/_qa/seed", "/_qa/seed")
    JOURNAL = Words("/_qa/journal", "/_qa/journal")


@dataclass(frozen=True, slots=True)
class Statement:
    """What the manual says, in which of its sections; `destructive`: judging it acts on orders."""

    id: str
    sections: tuple[str, ...]
    words: Words
    needs: tuple[StatementNeed, ...] = ()
    destructive: bool = False


_OPEN, _TWO = (StatementNeed.OPEN,), (StatementNeed.TWO,)


def _reads(
    id_: str, sections: str, en: str, ja: str, needs: tuple[StatementNeed, ...] = ()
) -> Statement:
    return Statement(id_, tuple(sections.split()), Words(en, ja), needs)


def _acts(
    id_: str, sections: str, en: str, ja: str, needs: tuple[StatementNeed, ...] = _OPEN
) -> Statement:
    return Statement(id_, tuple(sections.split()), Words(en, ja), needs, destructive=True)


_ALL: Iterable[Statement] = (
    _reads(
        "sign-in",
        "1",
        "Login.aspx asks for ID and password; they lead home: ログアウト, the shop's name",
        "Login.aspx でIDとパスワードを入力するとトップへ進み、ログアウトとショップ名が表示される",
    ),
    _reads(
        "home-counter",
        "2",
        "home counts キャンセルリクエスト under クレーム/お問い合わせ; a click opens its page",
        "トップの「クレーム/お問い合わせ」にキャンセルリクエストの件数があり、クリックで画面が開く",
    ),
    _reads(
        "menu-way",
        "2",
        "the menu 配送/キャンセル/未受取 > キャンセル/返品/未受取 opens the claim page",
        "メニュー「配送/キャンセル/未受取 > キャンセル/返品/未受取」でクレーム画面が開く",
    ),
    _reads(
        "two-views",
        "3",
        "the box キャンセル & 未受取 has the views 状態別に照会 and 選択条件照会",
        "「キャンセル & 未受取」に「状態別に照会」と「選択条件照会」がある",
    ),
    _reads(
        "counter-labels",
        "3",
        "every row and every counter label stands there, each in its row",
        "件数表のすべての行と項目名が、正しい行にある",
    ),
    _reads("counter-numbers", "3", "every counter has a number", "すべての件数が数字で表示される"),
    _reads(
        "counter-agrees",
        "3 4",
        "キャンセル要請 counts as many as its list has rows",
        "キャンセル要請の件数と一覧の行数が一致する",
    ),
    _reads(
        "four-days-note",
        "3",
        "the note on the 4 days stands under the counters",
        "4日経過についての注記が件数表の下にある",
    ),
    _reads(
        "columns",
        "4",
        "the list has the manual's headings, in that order",
        "一覧の見出しがマニュアルどおりの順で並ぶ",
    ),
    _reads(
        "cells",
        "4",
        "order numbers have 9 digits, cart numbers are digits, dates are yyyy/MM/dd, the status is "
        "キャンセル・処理要請",
        "注文番号は9桁、カート番号は数字、日付は yyyy/MM/dd、処理状態は「キャンセル・処理要請」",
        _OPEN,
    ),
    _reads(
        "search-view",
        "3",
        "選択条件照会 finds an order by its 注文番号",
        "「選択条件照会」で注文番号から注文を照会できる",
        _OPEN,
    ),
    _reads(
        "double-click",
        "5",
        "a double click on the row fills 取引情報; a single click does not",
        "行のダブルクリックで取引情報が表示され、シングルクリックでは表示されない",
        _OPEN,
    ),
    _reads(
        "details",
        "5",
        "取引情報 shows the 注文番号 of the row that was double-clicked last",
        "取引情報に、最後にダブルクリックした行の注文番号が表示される",
        _TWO,
    ),
    _reads(
        "reasons",
        "6",
        "キャンセル拒否理由 offers the four reasons, in order, none chosen beforehand",
        "キャンセル拒否理由に4つの理由が順に並び、初期状態では未選択",
        _OPEN,
    ),
    _reads(
        "other-hint",
        "6",
        "at the box for その他 stand both hints, with the 30 characters",
        "その他の入力欄に2つの案内（30文字以上など）がある",
        _OPEN,
    ),
    _reads(
        "buyer-reads-note",
        "6",
        "above the buttons stands that the buyer reads it at once",
        "ボタンの上に、お客様が即時で確認する旨の注記がある",
        _OPEN,
    ),
    _reads(
        "three-buttons",
        "7",
        "キャンセル, キャンセルの撤回要請, キャンセル拒否: each once, in that order",
        "「キャンセル」「キャンセルの撤回要請」「キャンセル拒否」がこの順に1つずつある",
        _OPEN,
    ),
    _reads(
        "reason-required",
        "6",
        "without a reason nothing is refused, whether the portal objects before it asks or after",
        "理由を選ばなければ拒否されない（確認の前でも後でもよい）",
        _OPEN,
    ),
    _reads(
        "other-too-short",
        "6",
        "その他 with 29 characters: nothing is refused",
        "その他で29文字の場合、拒否されない",
        _OPEN,
    ),
    _reads(
        "other-enough",
        "6",
        "その他 with 30 characters leads to the confirm",
        "その他で30文字の場合、確認が出る",
        _OPEN,
    ),
    _reads(
        "confirm-text",
        "8",
        "the confirm's words are the manual's, to the letter",
        "確認の文言がマニュアルと一字一句同じ",
        _OPEN,
    ),
    _reads(
        "confirm-cancel",
        "8",
        "キャンセル in the confirm: nothing is sent, row and counters stay",
        "確認でキャンセルを押すと何も送信されず、行と件数が変わらない",
        _OPEN,
    ),
    _acts(
        "completed-text",
        "9",
        "the alert says キャンセル拒否完了",
        "完了表示が「キャンセル拒否完了」",
    ),
    _acts(
        "row-leaves",
        "9",
        "the refused order leaves the list of キャンセル要請 at once",
        "拒否した注文がすぐにキャンセル要請の一覧から消える",
    ),
    _acts(
        "request-counter",
        "9",
        "the counter キャンセル要請 goes down by one",
        "キャンセル要請の件数が1減る",
    ),
    _acts(
        "refused-counter",
        "9",
        "the counter キャンセル拒否完了 goes up by one, its list shows the order",
        "キャンセル拒否完了の件数が1増え、その一覧に注文がある",
    ),
    _acts(
        "back-to-delivery",
        "9",
        "the order stands in 配送要請 (配送管理) again",
        "注文が配送要請（配送管理）に戻る",
    ),
    _acts(
        "others-untouched",
        "9",
        "every other row of the list is as before",
        "一覧のほかの行は変わらない",
        _TWO,
    ),
    _acts(
        "sent-once",
        "8 9",
        "one press sends one refusing request, also with a second press meanwhile",
        "1回の操作で送信は1回だけ（処理中にもう一度押しても）",
        _TWO,
    ),
    _acts(
        "reason-kept",
        "10",
        "the portal keeps the reason and the text that were chosen",
        "選んだ理由と入力した文がそのまま保存される",
    ),
    _acts(
        "buyer-told",
        "10",
        "the buyer's notice shows the reason at once",
        "お客様への通知に理由がすぐに表示される",
        (StatementNeed.OPEN, StatementNeed.JOURNAL),
    ),
    _acts(
        "not-again",
        "rules",
        "once refused, the buyer's next request is turned down",
        "一度拒否した注文は、お客様が再度キャンセル要請を出せない",
        (StatementNeed.OPEN, StatementNeed.SEEDING),
    ),
    _acts(
        "new-order",
        "rules",
        "新規注文: the buyer's request cancels at once and never stands in the list",
        "新規注文はキャンセル要請で即時キャンセルとなり、一覧に出ない",
        (StatementNeed.SEEDING,),
    ),
    _acts(
        "late-order",
        "rules",
        "配送遅延: the buyer's request cancels at once and never stands in the list",
        "配送遅延はキャンセル要請で即時キャンセルとなり、一覧に出ない",
        (StatementNeed.SEEDING,),
    ),
)

STATEMENTS = {statement.id: statement for statement in _ALL}
"""By id, in the manual's order."""


def wanted_ids(words: Iterable[str]) -> frozenset[str]:
    """Return the ids that were named; a word may hold several, separated by commas.

    Raises:
        UsageInvalid: there is no such statement.
    """
    ids = [each.strip() for word in words for each in word.split(",") if each.strip()]
    for id_ in ids:
        if id_ not in STATEMENTS:
            hint = did_you_mean(id_, STATEMENTS)
            raise UsageInvalid(detail=_UNKNOWN.filled(id=id_, hint=hint))
    return frozenset(ids)
