"""The portal, another run or this computer is in the way."""

from qsm_bot.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.words import Words


class PortalError(QsmBotError):
    """The portal does not answer as it should."""

    exit_code = 50
    means = NOTHING_SENT
    next_step = Words("Try again later.", "時間をおいて再実行してください。")


class PortalUnreachable(PortalError):
    """No connection to the portal."""

    says = Words("{url} cannot be reached: {detail}", "{url} に接続できません: {detail}")
    next_step = Words(
        "Check the network and QSM_PORTAL_URL, then try again.",
        "ネットワークと QSM_PORTAL_URL を確認して再実行してください。",
    )


class PortalSlow(PortalError):
    """Something did not appear in time."""

    says = Words(
        "Waited {seconds:g} s for {what}; it did not come.",
        "{what} を {seconds:g} 秒待ちましたが表示されません。",
    )


class PortalErrorPage(PortalError):
    """The portal shows an error or notice page."""

    says = Words("The portal shows an error page: {url}", "ポータルがエラー画面を表示: {url}")


class ShopBusy(QsmBotError):
    """Another run works on this shop."""

    exit_code = 70
    says = Words(
        "Another run holds the shop {shop}: {holder}.", "別の実行が {shop} を処理中です: {holder}"
    )
    means = NOTHING_SENT
    next_step = Words(
        "Wait until it has ended. The hold of a dead run ends by itself.",
        "終了を待ってください。異常終了した実行の占有は自動で解けます。",
    )


class LedgerBusy(ShopBusy):
    """The ledger stayed locked."""

    says = Words(
        "The ledger stayed locked by another program: {detail}",
        "台帳が他のプログラムに使用されています: {detail}",
    )


class MachineError(QsmBotError):
    """This computer lacks something."""


class BrowserMissing(MachineError):
    """No usable browser was found."""

    says = Words("No browser was found. {detail}", "ブラウザが見つかりません。{detail}")
    means = NOTHING_SENT
    next_step = Words(
        "Run `qsm-bot doctor --fix`, or install Chrome, Edge or Chromium.",
        "`qsm-bot doctor --fix` を実行するか、Chrome・Edge・Chromium を入れてください。",
    )


class BrowserLost(MachineError):
    """The browser ended or crashed."""

    says = Words("The browser ended: {detail}", "ブラウザが終了しました: {detail}")


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


class OutputUnwritable(MachineError):
    """The result was made, and standard output could not take it."""

    says = Words(
        "The result could not be written to standard output ({detail}); the command itself had "
        "ended with {code}.",
        "結果を標準出力に書き込めません（{detail}）。コマンド自体の終了コードは {code} です。",
    )
    next_step = Words(
        "Do not repeat the command: `qsm-bot history` shows what it did.",
        "再実行せず、`qsm-bot history` で結果を確認してください。",
    )


class EvidenceUnwritable(MachineError):
    """Pictures and texts cannot be kept."""

    says = Words("{path} cannot be written: {detail}", "{path} に書き込めません: {detail}")
    next_step = Words(
        "Free disk space, check the folder's rights, then run again.",
        "空き容量と権限を確認して再実行してください。",
    )


class TimerToolMissing(MachineError):
    """The program that keeps this system's timers is not there."""

    says = Words(
        "{tool} is not on this computer, so the timer cannot be looked at or changed.",
        "{tool} がこのPCにないため、タイマーを確認・変更できません。",
    )
    means = NOTHING_SENT
    next_step = Words(
        "Name another kind with --for, or set up by hand what `qsm-bot schedule print` shows. "
        "`qsm-bot watch` needs no timer.",
        "--for で別の種類を指定するか、`qsm-bot schedule print` の内容を手で登録してください。"
        "`qsm-bot watch` ならタイマーは不要です。",
    )


class TimerToolFailed(MachineError):
    """The program that keeps this system's timers did not do as asked."""

    says = Words("{command} failed: {detail}", "{command} が失敗しました: {detail}")
    means = NOTHING_SENT
    next_step = Words(
        "Correct what it says, then try again; `qsm-bot schedule status` shows what is set up.",
        "表示された原因を直して再実行してください。登録状況は `qsm-bot schedule status` で"
        "確認できます。",
    )
