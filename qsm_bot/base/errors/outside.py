"""The portal, another run or this computer is in the way."""

from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words


class PortalError(QsmBotError):
    """The portal does not answer as it should."""

    exit_code = ExitCode.UNAVAILABLE
    means = NOTHING_SENT
    next_step = Words("Try again later.", "時間をおいて再実行してください。")


class PortalUnreachable(PortalError):
    """No connection to the portal."""

    says = Words("{url} cannot be reached: {detail}", "{url} に接続できません: {detail}")
    next_step = Words(
        "Check the network and the address (`portal_url` in the settings), then try again.",
        "ネットワークと設定のアドレス（portal_url）を確認して再実行してください。",
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


class PortalResting(PortalError):
    """The portal was down a short while ago; the round leaves it alone until its next time."""

    says = Words(
        "The portal does not answer since {since} JST ({code}); it is tried again at {next} JST.",
        "ポータルは {since} JST から応答がありません（{code}）。次の試行: {next} JST",
    )
    next_step = Words(
        "Nothing; it is tried again by itself. `qsm-bot run --now` tries at once.",
        "操作は不要です。自動で再試行します。すぐ試す場合は `qsm-bot run --now` です。",
    )


class ShopBusy(QsmBotError):
    """Another run works on this shop."""

    exit_code = ExitCode.SHOP_BUSY
    says = Words(
        "Another run holds the shop {shop}: {holder}.", "別の実行が {shop} を処理中です: {holder}"
    )
    means = NOTHING_SENT
    next_step = Words(
        "Wait until it has ended. The hold of a dead run ends by itself: on this computer with the "
        "next start, elsewhere within five minutes.",
        "終了を待ってください。異常終了した実行の占有は、このPCなら次の起動時に、"
        "他のPCなら5分以内に自動で解けます。",
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
