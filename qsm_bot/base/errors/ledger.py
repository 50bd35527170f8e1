"""The ledger cannot be used, is not what it should be, or may not say what it was asked to."""

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.errors.outside import MachineError, ShopBusy
from qsm_bot.base.words import Words


class LedgerTooNew(InputInvalid):
    """A newer version of the program wrote the ledger."""

    says = Words(
        "The ledger has schema {found}; this program knows up to {known}.",
        "台帳の形式は {found} ですが、このプログラムは {known} までしか扱えません。",
    )
    next_step = Words("Install the newer qsm-bot.", "新しい版の qsm-bot を入れてください。")


class LedgerBusy(ShopBusy):
    """The ledger stayed locked."""

    says = Words(
        "The ledger stayed locked by another program: {detail}",
        "台帳が他のプログラムに使用されています: {detail}",
    )


class LedgerCorrupt(MachineError):
    """The ledger's hash chain is broken or the file is no ledger."""

    says = Words(
        "The ledger is damaged at entry {entry}: {detail}",
        "台帳の {entry} 番が壊れています: {detail}",
    )
    means = Words(
        "Nothing more is done until the ledger can be trusted.",
        "台帳が信頼できるまで、これ以上の処理はしません。",
    )
    next_step = Words(
        "Keep the file, restore a backup, and look at the portal by hand.",
        "ファイルを保全し、バックアップから戻し、ポータルを目で確認してください。",
    )


class ExportBroken(MachineError):
    """An exported ledger does not hold together, or is not what it is said to be."""

    says = Words(
        "{file} cannot be trusted from entry {entry} on: {detail}",
        "{file} は {entry} 番以降を信頼できません: {detail}",
    )
    means = Words(
        "The file was changed, cut off or damaged after it was exported, or written by another "
        "ledger.",
        "出力後に改変・欠落・破損したか、別の台帳のファイルです。",
    )
    next_step = Words(
        "Ask for the file again, and for the ledger's head; compare both.",
        "ファイルと台帳の末尾ハッシュを改めて入手し、照合してください。",
    )


class LedgerRuleBroken(QsmBotError):
    """An entry that would make the book say something unproven; nothing was written."""

    says = Words("The ledger's rules forbid it: {detail}", "台帳の規則に反します: {detail}")


class IllegalTransition(LedgerRuleBroken):
    """The attempt is not in the state from which this step may be taken; nothing was written."""

    says = Words(
        "The attempt {attempt} cannot go from {before} to {after}.",
        "処理 {attempt} は {before} から {after} に進めません。",
    )


class LedgerFailed(MachineError):
    """The ledger's database failed or cannot be reached."""

    says = Words("The ledger {path} failed: {detail}", "台帳 {path} でエラー: {detail}")
    next_step = Words(
        "Check QSM_LEDGER_URL and the database, then run `qsm-bot reconcile`.",
        "QSM_LEDGER_URL とデータベースを確認し、`qsm-bot reconcile` を実行してください。",
    )
