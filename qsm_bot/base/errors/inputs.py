"""What the user gave cannot be used: a setting, rules, a file."""

from typing import Self

from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words


class InputInvalid(QsmBotError):
    """What the user gave cannot be used."""

    exit_code = ExitCode.INPUT_INVALID
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


class ShopNotChosen(SettingsInvalid):
    """The settings are several shops', and the command is about one."""

    says = Words(
        "The settings file has several shops: {shops}.",
        "設定ファイルにショップが複数あります: {shops}",
    )
    next_step = Words(
        "Choose one: `--shop NAME`, as one of those names.",
        "`--shop 名前` を付けて、どれか1つを選んでください。",
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


class RulesMisnamed(RulesMissing):
    """There is a file of nearly that name: an editor has put an ending behind it."""

    says = Words(
        "{file}: there is no rules file; did you mean {lying} beside it?",
        "{file}: ルールファイルがありません。隣にある {lying} のことですか？",
    )
    next_step = Words(
        "Rename {lying} (in Explorer: View > File name extensions).",
        "{lying} の名前を直してください（エクスプローラーの「表示」→「ファイル名拡張子」）。",
    )


class SettingsMisnamed(SettingsInvalid):
    """There is a settings file of nearly the right name."""

    says = Words(
        "There is no {file}; did you mean {lying} beside it?",
        "{file} がありません。隣にある {lying} のことですか？",
    )
    next_step = RulesMisnamed.next_step


class CasesInvalid(InputInvalid):
    """A file with cases for the rules cannot be used."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words(
        "Correct the file of cases; docs/how-to/rules.md shows one.",
        "事例ファイルを直してください。書き方は docs/how-to/rules.ja.md にあります。",
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
        "Sign in to this computer anew, or unlock the keyring. To do without it: put the password "
        "into a file and name it in QSM_PASSWORD_FILE; `qsm-bot secret key FILE` makes a key for "
        "QSM_SESSION_KEY_FILE.",
        "PC にサインインし直すか、キーリングのロックを解除してください。使わない場合は、"
        "パスワードを書いたファイルを QSM_PASSWORD_FILE に指定し、"
        "`qsm-bot secret key ファイル` で作った鍵を QSM_SESSION_KEY_FILE に指定してください。",
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
        "台帳に、発送が必要な注文 {order}（{state}）がありません。",
    )
    next_step = Words(
        "`qsm-bot duty` lists the open ones, `qsm-bot history --order {order}` what was done.",
        "未発送の一覧は `qsm-bot duty`、処理の履歴は `qsm-bot history --order {order}` です。",
    )


class DutyClosed(DutyNotOpen):
    """The duty is closed already."""

    says = Words(
        "{order} is down as shipped already: {why}",
        "{order} は発送済みとして記録されています: {why}",
    )
    next_step = Words(
        "Check that the shipment is entered in QSM. If it was not shipped: "
        "`qsm-bot duty reopen {order} --note …`.",
        "QSM で発送処理が済んでいるか確認してください。"
        "未発送の場合は `qsm-bot duty reopen {order} --note …` で戻せます。",
    )
