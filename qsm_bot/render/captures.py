"""What `capture` shows before it writes: files, and invented values; never an original."""

from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table

from qsm_bot.base.words import Lang, Words
from qsm_bot.portal.capture.draft import Draft
from qsm_bot.portal.capture.kinds import DataKind

_FILE = Words("file", "ファイル")
_SIZE = Words("characters", "文字数")
_KIND = Words("kind of value", "値の種類")
_COUNT = Words("replaced", "置換数")
_SAMPLES = Words("invented instead, for example", "置き換え後の例（架空の値）")
_MISSED = Words("not reached", "取得できない画面")
_WHY = Words("why", "理由")

_KINDS: dict[DataKind, Words] = {
    DataKind.ORDER_NO: Words("order numbers", "注文番号"),
    DataKind.CART_NO: Words("cart numbers", "カート番号"),
    DataKind.ITEM_CODE: Words("item codes", "商品番号"),
    DataKind.TRACKING: Words("tracking numbers", "送り状番号"),
    DataKind.AMOUNT: Words("amounts", "金額"),
    DataKind.NUMBER: Words("other numbers", "その他の数字"),
    DataKind.DATE: Words("dates, all moved by as many weeks", "日付（同じ週数だけ移動）"),
    DataKind.NAME: Words("names", "氏名"),
    DataKind.KANA: Words("names in kana", "フリガナ"),
    DataKind.PHONE: Words("phone numbers", "電話番号"),
    DataKind.MAIL: Words("mail addresses", "メールアドレス"),
    DataKind.ADDRESS: Words("addresses", "住所・郵便番号"),
    DataKind.ITEM: Words("item names", "商品名"),
    DataKind.OPTION: Words("options", "オプション"),
    DataKind.SHOP: Words("shop name", "ショップ名"),
    DataKind.LOGIN: Words("sign-in ID", "ログインID"),
    DataKind.CODE: Words("Latin letters", "英数字"),
    DataKind.TEXT: Words("texts", "文章"),
    DataKind.SECRET: Words("secrets", "秘密情報"),
}


def capture_document(draft: Draft, folder: Path) -> dict[str, Any]:
    """Return the document of `capture`."""
    return {
        "schema": 1,
        "folder": str(folder),
        "files": list(draft.files),
        "replaced": {kind.value: number for kind, number in draft.replaced.items()},
        "missed": [{"place": place, "why": why} for place, why in draft.missed.items()],
        "exit_code": draft.exit_code,
    }


def capture_table(draft: Draft, lang: Lang) -> Group:
    """Return the files, the replaced values and what is missing as tables."""
    files = _table(lang, _FILE, _SIZE)
    for name, content in draft.files.items():
        files.add_row(name, f"{len(content):,}")
    values = _table(lang, _KIND, _COUNT, _SAMPLES)
    for kind, number in draft.replaced.items():
        values.add_row(_KINDS[kind].say(lang), str(number), " | ".join(draft.samples[kind]))
    missed = _table(lang, _MISSED, _WHY)
    for place, why in draft.missed.items():
        missed.add_row(place, why)
    return Group(files, values, *([missed] if draft.missed else []))


def _table(lang: Lang, *columns: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for words in columns:
        table.add_column(words.say(lang), overflow="fold")
    return table
