"""Everything that can go wrong, by who must act.

    QsmBotError                     80
    ├── InputInvalid                60  settings, rules, plan: the user mends a file or a command
    │   ├── UsageInvalid  SettingsInvalid  NotLive  RulesInvalid  PackInvalid  ReasonTextInvalid
    │   ├── PlanNotFound  PlanAmbiguous  PlanUnreadable  PlanTampered  PlanExpired  PlanStale
    │   ├── PlanNotApproved  LedgerTooNew  RunNotFound
    │   └── FileExists  FileUnwritable  PortTaken
    ├── PersonDeclined              10  a person said no
    ├── RunStopped                  20  a person asked the run to end
    ├── TooManyUnknown              30  a person looks first
    ├── SignInError                 40  a person signs in
    │   └── SignInFailed  SignInNeedsPerson  WrongShop  SessionEnded
    ├── PortalError                 50  later, by itself
    │   └── PortalUnreachable  PortalSlow  PortalErrorPage
    ├── ShopBusy  LedgerBusy        70  another run
    ├── MachineError                80  this computer
    │   └── BrowserMissing  BrowserLost  LedgerCorrupt  EvidenceUnwritable
    ├── SafetyStop                  90  the portal is not as known: nothing more is done
    │   └── LimitExceeded  CountMismatch  SelectorDrift  ConfirmTextChanged
    │       UnexpectedDialog  ButtonAmbiguous  ClockSkew  TurnedDown
    └── OrderProblem                20  this order only; the run goes on with the next
        └── RowGone  RowChanged  RowDuplicate  WrongOrderOpened  DetailNotOpened  ReasonMissing
            ReadBackMismatch  ConfirmMissing  NotEligible  AlreadyAttempted

Each class says what happened, what that means for the orders and what to do
next, in English and Japanese.
"""

from typing import ClassVar

from qsm_bot.words import Words

_NOTHING_SENT = Words("Nothing was sent to the portal.", "ポータルには何も送信していません。")
_ORDER_UNTOUCHED = Words("This order was not touched.", "この注文には何もしていません。")
_REST_STOPPED = Words(
    "This order was not refused, and the orders after it were not started.",
    "この注文は拒否していません。以降の注文も処理していません。",
)


class QsmBotError(Exception):
    """The root of all errors of the program."""

    exit_code: ClassVar[int] = 80
    says: ClassVar[Words] = Words("Something went wrong inside: {detail}", "内部エラー: {detail}")
    means: ClassVar[Words] = Words(
        "The ledger tells what was done before this.", "ここまでの処理は台帳に記録されています。"
    )
    next_step: ClassVar[Words] = Words(
        "Run `qsm-bot reconcile`, then `qsm-bot history`.",
        "`qsm-bot reconcile` の後、`qsm-bot history` で確認してください。",
    )

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.message = self.says.filled(**facts)
        self.next_words = self.next_step.filled(**facts)
        super().__init__(self.message.en)

    @property
    def code(self) -> str:
        """The error's name in JSON."""
        return type(self).__name__


class InputInvalid(QsmBotError):
    """What the user gave cannot be used."""

    exit_code = 60
    means = _NOTHING_SENT


class UsageInvalid(InputInvalid):
    """The command line is not understood."""

    says = Words("{detail}", "{detail}")
    next_step = Words("See `qsm-bot --help`.", "`qsm-bot --help` を参照してください。")


class SettingsInvalid(InputInvalid):
    """A setting is missing or wrong."""

    says = Words("Settings: {detail}", "設定: {detail}")
    next_step = Words(
        "Correct the environment, .env or qsm-bot.toml; `qsm-bot init` writes commented examples.",
        "環境変数、.env、qsm-bot.toml を直してください。"
        "`qsm-bot init` で説明付きの見本を作れます。",
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


class PackInvalid(InputInvalid):
    """The selector pack cannot be used."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words(
        "Correct the selector pack, or unset QSM_SELECTORS to use the shipped one.",
        "セレクタパックを直すか、QSM_SELECTORS を外して付属のものを使ってください。",
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


class FileExists(InputInvalid):
    """A file stands where one would be written."""

    says = Words("{file} exists already.", "{file} は既にあります。")
    next_step = Words("--force replaces it.", "上書きするには --force を付けてください。")


class FileUnwritable(InputInvalid):
    """A file that the user named cannot be written."""

    says = Words("{file} cannot be written: {detail}", "{file} に書き込めません: {detail}")
    next_step = Words("Name another place.", "別の場所を指定してください。")


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


class PersonDeclined(QsmBotError):
    """A person answered no, or ended the question."""

    exit_code = 10
    says = Words("Not done, as you wish.", "実行しませんでした。")
    means = _NOTHING_SENT
    next_step = Words("Nothing needs to be done.", "操作は不要です。")


class RunStopped(QsmBotError):
    """The run was asked to end: by Ctrl-C, a signal or the stop file."""

    exit_code = 20
    says = Words("The run was asked to stop.", "停止の指示により終了しました。")
    means = Words(
        "An order whose button was pressed was finished; the others were not started.",
        "ボタンを押した注文は最後まで処理し、残りは開始していません。",
    )
    next_step = Words(
        "Delete the file STOP in the data folder if there is one; then run again.",
        "データフォルダに STOP ファイルがあれば削除し、再実行してください。",
    )


class TooManyUnknown(QsmBotError):
    """More attempts are unknown than the settings allow while something new is begun."""

    exit_code = 30
    says = Words(
        "{count} outcomes are unknown ({orders}); at most {limit} may be while a refusal is begun.",
        "結果不明が {count} 件あります（{orders}）。新しい拒否を始める上限は {limit} 件です。",
    )
    means = Words("No further refusal was begun.", "新しい拒否は開始していません。")
    next_step = Words(
        "Run `qsm-bot reconcile`; what it cannot settle, look at in the portal.",
        "`qsm-bot reconcile` を実行し、確定しないものはポータルで確認してください。",
    )


class SignInError(QsmBotError):
    """The portal does not take us for the shop."""

    exit_code = 40
    means = _NOTHING_SENT
    next_step = Words(
        "Sign in to J·QSM by hand once to see what it asks.",
        "J・QSM に手動でログインし、何を求められるか確認してください。",
    )


class SignInFailed(SignInError):
    """The portal turned the ID or the password down. It is tried once only."""

    says = Words("The portal turned the sign-in down: {alert}", "ログインが拒否されました: {alert}")
    next_step = Words(
        "Correct QSM_LOGIN_ID and QSM_PASSWORD. "
        "It was tried once only, so as not to lock the account.",
        "QSM_LOGIN_ID と QSM_PASSWORD を直してください。ロックを防ぐため、試行は1回だけです。",
    )


class SignInNeedsPerson(SignInError):
    """The sign-in asks for something that only a person may do."""

    says = Words("The sign-in asks for a person: {what}", "ログインに人の操作が必要です: {what}")


class WrongShop(SignInError):
    """The portal shows another shop than the settings name."""

    says = Words(
        "The portal shows another shop: expected “{expected}”, seen “{seen}”.",
        "別のショップです: 設定は「{expected}」、画面は「{seen}」。",
    )
    next_step = Words(
        "Check QSM_LOGIN_ID and QSM_SHOP_NAME.",
        "QSM_LOGIN_ID と QSM_SHOP_NAME を確認してください。",
    )


class SessionEnded(SignInError):
    """The portal sent us back to its sign-in page."""

    says = Words("The portal asks to sign in again ({page}).", "再ログインが必要です（{page}）。")
    next_step = Words("Start the command again.", "コマンドをもう一度実行してください。")


class PortalError(QsmBotError):
    """The portal does not answer as it should."""

    exit_code = 50
    means = _NOTHING_SENT
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
    means = _NOTHING_SENT
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
    means = _NOTHING_SENT
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


class EvidenceUnwritable(MachineError):
    """Pictures and texts cannot be kept."""

    says = Words("{path} cannot be written: {detail}", "{path} に書き込めません: {detail}")
    next_step = Words(
        "Free disk space, check the folder's rights, then run again.",
        "空き容量と権限を確認して再実行してください。",
    )


class SafetyStop(QsmBotError):
    """The portal or the plan is not as it must be; the run ends here."""

    exit_code = 90
    means = _REST_STOPPED
    next_step = Words(
        "Look at the portal by hand. If it has changed, the selector pack must be renewed first.",
        "ポータルを目で確認してください。画面が変わった場合は、先にセレクタパックの更新が必要です。",
    )


class LimitExceeded(SafetyStop):
    """The plan would refuse more than the limits allow."""

    says = Words(
        "The plan refuses {count} of {total} requests; the limit is {limit}.",
        "計画は {total} 件中 {count} 件を拒否しますが、上限は {limit} です。",
    )
    means = _NOTHING_SENT
    next_step = Words(
        "Check the rules; raise [limits] in the rules file only if this is meant.",
        "ルールを確認し、意図した結果の場合のみルールの [limits] を上げてください。",
    )


class CountMismatch(SafetyStop):
    """The list and the portal's own counter disagree."""

    says = Words(
        "The portal counts {counted} requests, its list shows {listed}.",
        "件数が一致しません: 表示件数 {counted}、一覧 {listed}。",
    )
    means = _NOTHING_SENT


class SelectorDrift(SafetyStop):
    """Something that the selector pack names is not on the page."""

    says = Words(
        "{element} is not as known: {detail}", "画面構成が変わりました（{element}）: {detail}"
    )


class ConfirmTextChanged(SafetyStop):
    """The confirm dialog says something else; it was dismissed."""

    says = Words(
        "The confirm dialog says something else and was dismissed. "
        "Expected: “{expected}” Seen: “{seen}”",
        "確認文が変わったため、押さずに閉じました。想定:「{expected}」 実際:「{seen}」",
    )


class TurnedDown(SafetyStop):
    """The portal answered the refusal of an open order with a no."""

    says = Words(
        "The portal turned the refusal of {order} down, and the order is still open.",
        "{order} の拒否はポータルに受け付けられず、未処理のままです。",
    )
    next_step = Words(
        "Look at the portal's answer in the report: a right may be missing, or a limit be reached.",
        "レポートでポータルの応答を確認してください（権限不足や上限など）。",
    )


class ClockSkew(SafetyStop):
    """This computer's clock is not the portal's."""

    says = Words(
        "This computer's clock differs from the portal's by {minutes:.0f} minutes.",
        "このPCの時刻がポータルと {minutes:.0f} 分ずれています。",
    )
    means = Words(
        "Nothing was begun: days and deadlines would be wrong.",
        "日付と期限を誤るため、何も開始していません。",
    )
    next_step = Words("Set the clock, then run again.", "時刻を合わせて再実行してください。")


class UnexpectedDialog(SafetyStop):
    """A dialog nobody knows appeared before the confirm; it was dismissed."""

    says = Words(
        "The portal showed an unexpected {kind}: “{text}”",
        "想定外のダイアログ（{kind}）:「{text}」",
    )


class ButtonAmbiguous(SafetyStop):
    """The refuse button cannot be told for certain."""

    says = Words(
        "The button {label} must be there exactly once; seen: {seen}",
        "ボタン「{label}」を1つに特定できません: {seen}",
    )


class OrderProblem(QsmBotError):
    """This order cannot be refused now; nothing was sent for it."""

    exit_code = 20
    outcome: ClassVar[str] = "not_sent"
    means = _ORDER_UNTOUCHED
    next_step = Words("Look at the order in the portal.", "ポータルで注文を確認してください。")


class RowGone(OrderProblem):
    """The order is no longer in キャンセル要請."""

    outcome = "gone"
    says = Words(
        "{order} is not in the list キャンセル要請: withdrawn, cancelled, or never asked.",
        "{order} は「キャンセル要請」一覧にありません（取り下げ・キャンセル済みなど）。",
    )


class RowChanged(OrderProblem):
    """The row is not the one that was approved."""

    outcome = "changed"
    says = Words(
        "The row of {order} has changed since the plan: {what}",
        "{order} の内容が計画時から変わりました: {what}",
    )
    next_step = PlanExpired.next_step


class RowDuplicate(OrderProblem):
    """The order number stands in several rows."""

    outcome = "needs_person"
    says = Words("{order} stands in {count} rows.", "{order} が {count} 行あります。")


class WrongOrderOpened(OrderProblem):
    """取引情報 shows another order."""

    says = Words(
        "The double click on {order} opened {seen} instead.",
        "{order} をダブルクリックしましたが、{seen} が開きました。",
    )


class DetailNotOpened(OrderProblem):
    """取引情報 stayed empty."""

    says = Words("取引情報 of {order} did not open.", "{order} の取引情報が開きません。")


class ReasonMissing(OrderProblem):
    """The pull-down lacks the reason; no other is ever taken instead."""

    says = Words(
        "The portal does not offer the reason “{label}”; it offers: {offered}",
        "理由「{label}」が選べません。選択肢: {offered}",
    )


class ReadBackMismatch(OrderProblem):
    """The portal's form does not hold what was entered."""

    says = Words(
        "The form holds “{seen}” instead of “{expected}”.",
        "入力欄の値が「{expected}」ではなく「{seen}」になっています。",
    )


class ConfirmMissing(OrderProblem):
    """The click brought no confirm dialog, and no request left."""

    says = Words(
        "No confirm dialog appeared; the portal said: {alert}",
        "確認ダイアログが出ませんでした。ポータルの表示: {alert}",
    )


class NotEligible(OrderProblem):
    """The order's state is none in which a refusal is possible."""

    outcome = "needs_person"
    says = Words(
        "{order} stands at “{status}”, where no refusal is possible.",
        "{order} は処理状態「{status}」のため拒否できません。",
    )


class AlreadyAttempted(OrderProblem):
    """The ledger holds an earlier attempt that may have been sent, so it gives no permit."""

    outcome = "needs_person"
    says = Words(
        "{order} was attempted before: {outcome}.", "{order} は処理済みまたは未確定です: {outcome}"
    )
    next_step = Words(
        "`qsm-bot reconcile` settles what is unknown; `qsm-bot history` shows the rest.",
        "未確定は `qsm-bot reconcile`、履歴は `qsm-bot history` で確認できます。",
    )
