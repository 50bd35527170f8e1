"""What the user gave cannot be used: a setting, rules, a plan, a file."""

from typing import Self

from qsm_bot.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.words import Words


class InputInvalid(QsmBotError):
    """What the user gave cannot be used."""

    exit_code = 60
    means = NOTHING_SENT


class UsageInvalid(InputInvalid):
    """The command line is not understood."""

    says = Words("{detail}", "{detail}")
    next_step = Words("See `qsm-bot --help`.", "`qsm-bot --help` を参照してください。")

    def of_call(self, call: str) -> Self:
        """Name the command whose help tells more, as `qsm-bot duty done`."""
        self.next_words = Words(f"See `{call} --help`.", f"`{call} --help` を参照してください。")
        return self


class SettingsInvalid(InputInvalid):
    """A setting is missing or wrong."""

    says = Words("Settings: {detail}", "設定: {detail}")
    next_step = Words(
        "Correct the environment, .env or qsm-bot.toml; `qsm-bot init` writes commented examples.",
        "環境変数、.env、qsm-bot.toml を直してください。"
        "`qsm-bot init` で説明付きの見本を作れます。",
    )


class BrowserSettingInvalid(SettingsInvalid):
    """The setting names a browser that is not there."""

    says = Words(
        "QSM_BROWSER: {setting} is no browser on this computer.",
        "QSM_BROWSER: {setting} というブラウザはこのPCにありません。",
    )
    next_step = Words(
        "Set QSM_BROWSER (browser) to a program that is there, to chrome or msedge if installed, "
        "or unset it.",
        "QSM_BROWSER（browser）に実在するプログラムか、導入済みの chrome・msedge を指定するか、"
        "設定を外してください。",
    )


class NotLive(InputInvalid):
    """An act was asked for on a real host without the shop's consent in the settings."""

    says = Words(
        "{host} is not this machine, and the settings do not say live = true.",
        "{host} はこのPCではなく、設定に live = true がありません。",
    )
    next_step = Words(
        "If the shop's terms allow it and you mean the real portal, set QSM_LIVE=true.",
        "出店規約を確認し、本番で実行する場合のみ QSM_LIVE=true を設定してください。",
    )


class RulesInvalid(InputInvalid):
    """The rules file cannot be used."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words("Correct the rules file.", "ルールファイルを直してください。")


class RulesMissing(RulesInvalid):
    """There is no rules file."""

    says = Words("{file}: there is no rules file", "{file}: ルールファイルがありません")
    next_step = Words(
        "`qsm-bot init` writes one; or go to the folder of qsm-bot.toml.",
        "`qsm-bot init` で作るか、qsm-bot.toml のあるフォルダーで実行してください。",
    )


class CasesInvalid(InputInvalid):
    """A file with cases for the rules cannot be used."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words(
        "Correct the file of cases; docs/rules.md shows one.",
        "事例ファイルを直してください。書き方は docs/rules.ja.md にあります。",
    )


class PackInvalid(InputInvalid):
    """The selector pack cannot be used."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words(
        "Correct the file. To do without it: no --selectors, unset QSM_SELECTORS, or, if "
        "calibrate wrote it, `qsm-bot calibrate --reset`.",
        "ファイルを直してください。使わない場合は --selectors や QSM_SELECTORS を外すか、"
        "calibrate が書いたものなら `qsm-bot calibrate --reset` を実行してください。",
    )


class ReasonTextInvalid(InputInvalid):
    """The text for その他 would be turned down, or would not be what the buyer should read."""

    says = Words("The text: {detail}", "理由文: {detail}")
    next_step = Words("Write another text.", "理由文を書き直してください。")


class PlanNotFound(InputInvalid):
    """No plan has that digest, and no file has that name."""

    says = Words("There is no plan {plan}.", "計画 {plan} がありません。")
    next_step = Words(
        "`qsm-bot plan` makes one and prints its digest.",
        "`qsm-bot plan` で計画を作り、表示された番号を使ってください。",
    )


class PlanAmbiguous(InputInvalid):
    """Several plans start with the digits given, or the digits are too few."""

    says = Words(
        "{plan} does not name one plan ({count} match; at least 8 hex digits are needed).",
        "{plan} では計画を特定できません（該当 {count} 件、16進8桁以上が必要です）。",
    )
    next_step = Words("Give more digits.", "桁を増やしてください。")


class PlanUnreadable(InputInvalid):
    """The file is no plan."""

    says = Words("{plan} is no plan file.", "{plan} は計画ファイルではありません。")
    next_step = PlanNotFound.next_step


class PlanTampered(InputInvalid):
    """The plan's content does not fit its digest."""

    says = Words(
        "The plan {plan} was changed after it was made.",
        "計画 {plan} は作成後に書き換えられています。",
    )
    next_step = Words("Make a new plan: `qsm-bot plan`.", "`qsm-bot plan` で作り直してください。")


class PlanExpired(InputInvalid):
    """The plan or its approval is too old."""

    says = Words("The plan {plan} expired at {at}.", "計画 {plan} は {at} に期限切れです。")
    next_step = Words(
        "Make a new plan and approve it.", "計画を作り直し、あらためて承認してください。"
    )


class PlanStale(InputInvalid):
    """What the plan was made from is no longer so."""

    says = Words("The plan {plan} is stale: {what}.", "計画 {plan} は古くなっています: {what}")
    next_step = PlanExpired.next_step


class PlanNotApproved(InputInvalid):
    """Nobody let this plan through."""

    says = Words("The plan {plan} is not approved.", "計画 {plan} は承認されていません。")
    next_step = Words(
        "Look at it with `qsm-bot show {plan}`, then `qsm-bot approve {plan}`.",
        "`qsm-bot show {plan}` で内容を確認し、`qsm-bot approve {plan}` で承認してください。",
    )


class NoStandingOrder(InputInvalid):
    """The shop has no standing order that still holds."""

    says = Words("{shop} has no standing order.", "{shop} に有効な事前承認がありません。")
    next_step = Words(
        "`qsm-bot standing-order list` shows them all.",
        "`qsm-bot standing-order list` で一覧を確認できます。",
    )


class BeyondStandingOrder(InputInvalid):
    """The shop's standing order does not let the whole plan through."""

    says = Words(
        "The standing order does not let the refusals through ({why}): they wait.",
        "事前承認の範囲外のため、承認待ちになります（{why}）。",
    )
    next_step = Words("`qsm-bot inbox` lists what waits.", "`qsm-bot inbox` で確認できます。")


class FileExists(InputInvalid):
    """A file stands where one would be written."""

    says = Words("{file} exists already.", "{file} は既にあります。")
    next_step = Words("--force replaces it.", "上書きするには --force を付けてください。")


class FileUnwritable(InputInvalid):
    """A file that the user named cannot be written."""

    says = Words("{file} cannot be written: {detail}", "{file} に書き込めません: {detail}")
    next_step = Words("Name another place.", "別の場所を指定してください。")


class SheetUnreadable(InputInvalid):
    """An Excel file that the user named cannot be read."""

    says = Words("{file} cannot be read: {detail}", "{file} を読めません: {detail}")
    next_step = Words(
        "Save it in Excel as .xlsx, close it, and try again.",
        "Excel で .xlsx として保存し、閉じてから再実行してください。",
    )


class PortTaken(InputInvalid):
    """Another program listens on the port."""

    says = Words("Port {port}: {detail}", "ポート {port}: {detail}")
    next_step = Words(
        "Choose another one; 0 is any free one.", "別の番号か 0（空き番号）を指定してください。"
    )


class LedgerTooNew(InputInvalid):
    """A newer version of the program wrote the ledger."""

    says = Words(
        "The ledger has schema {found}; this program knows up to {known}.",
        "台帳の形式は {found} ですが、このプログラムは {known} までしか扱えません。",
    )
    next_step = Words("Install the newer qsm-bot.", "新しい版の qsm-bot を入れてください。")


class RunNotFound(InputInvalid):
    """No run has that number."""

    says = Words("There is no run {run}.", "実行 {run} がありません。")
    next_step = Words("`qsm-bot history` lists the runs.", "`qsm-bot history` で一覧できます。")


class SavedSignInOpen(InputInvalid):
    """Others than its owner may read the saved sign-in, or not even the owner."""

    says = Words(
        "The saved sign-in must be its owner's alone: {path} ({detail})",
        "保存されたログインは所有者だけが読める必要があります: {path}（{detail}）",
    )
    next_step = Words(
        "Correct the file's rights; if others may have read it, run `qsm-bot logout` and "
        "sign out of J·QSM too.",
        "権限を直してください。他人が読んだ可能性がある場合は `qsm-bot logout` を実行し、"
        "J・QSM からもログアウトしてください。",
    )


class NoSignIn(InputInvalid):
    """There is neither a password nor a saved sign-in."""

    says = Words(
        "There is no password and no kept sign-in.",
        "パスワードも保存されたログインもありません。",
    )
    next_step = Words(
        "`qsm-bot login` lets a person sign in; `qsm-bot secret set` keeps a password.",
        "`qsm-bot login` で人がログインするか、"
        "`qsm-bot secret set` でパスワードを保存してください。",
    )


class KeyringUnusable(InputInvalid):
    """The system's keyring cannot keep or give a secret."""

    says = Words("The keyring cannot be used: {detail}", "キーリングを使用できません: {detail}")
    next_step = Words(
        "Unlock it. Without one: `qsm-bot secret key FILE` makes a key for QSM_SESSION_KEY_FILE; "
        "the password can stand in QSM_PASSWORD_FILE.",
        "ロックを解除してください。無い場合は `qsm-bot secret key ファイル` で鍵を作り "
        "QSM_SESSION_KEY_FILE に、パスワードは QSM_PASSWORD_FILE に指定できます。",
    )


class ScreenMissing(InputInvalid):
    """A window was asked for on a computer without a screen."""

    says = Words(
        "This needs a browser window, and this computer has no screen.",
        "ブラウザの画面が必要ですが、このコンピューターには画面がありません。",
    )
    next_step = Words(
        "Use a computer with a screen, or a virtual one (`xvfb-run -a qsm-bot …`).",
        "画面のあるPCで実行するか、仮想画面（`xvfb-run -a qsm-bot …`）を使ってください。",
    )


class DutyNotOpen(InputInvalid):
    """There is no duty that could be closed, or none that could be opened again."""

    says = Words(
        "The ledger has no {state} duty to ship {order}.",
        "台帳に {order} の発送義務（{state}）がありません。",
    )
    next_step = Words(
        "`qsm-bot duty` lists the open ones, `qsm-bot history --order {order}` what was done.",
        "未発送の一覧は `qsm-bot duty`、処理の履歴は `qsm-bot history --order {order}` です。",
    )
