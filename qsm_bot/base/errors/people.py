"""A person is asked: one said no or stop, or must look or sign in first."""

from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words


class PersonDeclined(QsmBotError):
    """A person answered no, or ended the question."""

    exit_code = ExitCode.NOTHING_TO_DO
    says = Words("Not done, as you wish.", "実行しませんでした。")
    means = NOTHING_SENT
    next_step = Words("Nothing needs to be done.", "操作は不要です。")


class RunStopped(QsmBotError):
    """The run was asked to end: by Ctrl-C, a signal or the stop file."""

    exit_code = ExitCode.SOME_SKIPPED
    says = Words("The run was asked to stop.", "停止の指示により終了しました。")
    means = Words(
        "An order whose button was pressed was finished; the others were not started.",
        "ボタンを押した注文は最後まで処理し、残りは開始していません。",
    )
    next_step = Words(
        "Delete the file STOP in the data folder if there is one; then run again.",
        "データフォルダに STOP ファイルがあれば削除し、再実行してください。",
    )


class RunTimeUp(RunStopped):
    """The run has taken as long as the settings allow."""

    says = Words(
        "The run's time is up since {at} JST.",
        "実行時間の上限（{at} まで）に達しました。",
    )
    means = Words(
        "The order at hand was finished; the others were not started.",
        "処理中の注文は最後まで処理し、残りは開始していません。",
    )
    next_step = Words(
        "Run again for the rest; QSM_RUN_MINUTES sets the limit.",
        "残りは再実行してください。上限は QSM_RUN_MINUTES で変更できます。",
    )


class TooManyUnknown(QsmBotError):
    """More attempts are unknown than the settings allow while something new is begun."""

    exit_code = ExitCode.PERSON_NEEDED
    says = Words(
        "{count} outcomes are unknown ({orders}); at most {limit} may be while a refusal is begun.",
        "結果不明が {count} 件あります（{orders}）。新しい拒否を始める上限は {limit} 件です。",
    )
    means = Words("No further refusal was begun.", "新しい拒否は開始していません。")
    next_step = Words(
        "Run `qsm-bot reconcile`; what it cannot settle, look at in the portal.",
        "`qsm-bot reconcile` を実行し、確定しないものはポータルで確認してください。",
    )


class NobodyPointed(QsmBotError):
    """A person was asked to point at an element, and did not in time."""

    exit_code = ExitCode.PERSON_NEEDED
    says = Words(
        "Nobody pointed at {name} within {seconds:g} s.",
        "{seconds:g} 秒待ちましたが、{name} が選ばれませんでした。",
    )
    means = Words(
        "Nothing was sent to the portal. What was pointed at before this is kept.",
        "ポータルには何も送信していません。ここまでに選んだものは保存されています。",
    )
    next_step = Words(
        "Run `qsm-bot calibrate` again in front of the screen; --wait gives more time.",
        "画面の前で `qsm-bot calibrate` を再実行してください（--wait で待ち時間を延ばせます）。",
    )


class DutyInTheWay(QsmBotError):
    """What would be refused now could not be shipped today, or other orders wait for that."""

    exit_code = ExitCode.PERSON_NEEDED
    means = Words("No further refusal was begun.", "新しい拒否は開始していません。")
    next_step = Words(
        "Make a new plan on the next working day: `qsm-bot plan`. "
        "If it can be shipped today all the same, add --even-late.",
        "翌営業日に `qsm-bot plan` で計画を作り直してください。"
        "本日中に発送できる場合のみ --even-late を付けて実行してください。",
    )


class PastCutoff(DutyInTheWay):
    """The shop begins no refusal so late in the day."""

    says = Words(
        "It is {now} JST; from {cutoff} on no refusal is begun, "
        "because it must be shipped the same day.",
        "現在 {now}（日本時間）。当日中の発送が必要なため、{cutoff} 以降は拒否を開始しません。",
    )


class CarrierGone(DutyInTheWay):
    """No carrier comes any more today, and the shop's settings stop refusals then."""

    says = Words(
        "The carrier does not come any more today: {why}.", "本日の集荷はもうありません: {why}。"
    )


class DutiesOverdue(DutyInTheWay):
    """Orders refused on an earlier day are not known to be shipped."""

    says = Words(
        "{count} refused orders should have been shipped by now: {orders}",
        "発送期限を過ぎた拒否済みの注文が {count} 件あります: {orders}",
    )
    next_step = Words(
        "Ship them, then `qsm-bot duty done ORDER --note …` for each. "
        "To refuse others before that, add --even-late.",
        "発送処理をして、注文ごとに `qsm-bot duty done 注文番号 --note …` で記録してください。"
        "その前に他の注文を拒否する場合のみ --even-late を付けてください。",
    )


class SignInError(QsmBotError):
    """The portal does not take us for the shop."""

    exit_code = ExitCode.SIGN_IN
    means = NOTHING_SENT
    next_step = Words(
        "Run `qsm-bot login` and do by hand what the portal asks; the sign-in is then kept.",
        "`qsm-bot login` を実行し、画面の求めに従ってログインしてください（以後は保存されます）。",
    )


class SignInFailed(SignInError):
    """The portal turned the ID or the password down. It is tried once only."""

    means = Words(
        "One sign-in was tried. No order was touched.",
        "ログインを1回試しました。注文には何も送信していません。",
    )
    says = Words("The portal turned the sign-in down: {alert}", "ログインが拒否されました: {alert}")
    next_step = Words(
        "Correct the login ID (QSM_LOGIN_ID) or the password (`qsm-bot secret set`), or sign in "
        "once by `qsm-bot login`. It was tried once only, so as not to lock the account.",
        "ログインID（QSM_LOGIN_ID）かパスワード（`qsm-bot secret set`）を直すか、"
        "`qsm-bot login` で一度ログインしてください。ロックを防ぐため、試行は1回だけです。",
    )


class SignInNeedsPerson(SignInError):
    """The sign-in asks for something that only a person may do."""

    says = Words("The sign-in asks for a person: {what}", "ログインに人の操作が必要です: {what}")


class SignInHeld(SignInError):
    """The sign-in was turned down before, and nothing has changed since: it is not tried again."""

    says = Words(
        "The sign-in failed at {since} JST ({code}: {why}) and is not tried again with this "
        "password.",
        "{since} JST のログインに失敗しました（{code}: {why}）。同じパスワードでは再試行しません。",
    )
    next_step = Words(
        "Correct the password (`qsm-bot secret set`), or sign in once by `qsm-bot login`. Until "
        "then nothing tries, so that the account is not locked.",
        "パスワードを直す（`qsm-bot secret set`）か、`qsm-bot login` で一度ログインしてください。"
        "アカウントのロックを防ぐため、それまでは試行しません。",
    )


class SavedSignInDamaged(SignInError):
    """The saved sign-in cannot be used any more; it was moved aside."""

    says = Words(
        "The saved sign-in is damaged ({detail}). It was moved to {path}.",
        "保存されたログインが壊れています（{detail}）。{path} に退避しました。",
    )


class SavedSignInLocked(SignInError):
    """The saved sign-in is whole, and cannot be opened."""

    says = Words("A sign-in is kept, but {detail}.", "保存されたログインがありますが、{detail}。")
    next_step = Words(
        "Set QSM_SESSION_KEY_FILE (or QSM_SESSION_KEY) as it was when the sign-in was kept, "
        "or `qsm-bot logout` and sign in anew by `qsm-bot login`.",
        "保存時の QSM_SESSION_KEY_FILE（または QSM_SESSION_KEY）を指定するか、"
        "`qsm-bot logout` の後 `qsm-bot login` でログインし直してください。",
    )


class SavedSignInOfOther(SignInError):
    """The file is another shop's."""

    says = Words(
        "The saved sign-in is of another shop: {seen}, in {path}",
        "保存されたログインは別のショップのものです: {seen}（{path}）",
    )
    next_step = Words(
        "`qsm-bot logout`, then `qsm-bot login` for this shop.",
        "`qsm-bot logout` の後、このショップで `qsm-bot login` を実行してください。",
    )


class WrongShop(SignInError):
    """The portal shows another shop than the settings name."""

    says = Words(
        "The portal shows another shop: expected “{expected}”, seen “{seen}”.",
        "別のショップです: 設定は「{expected}」、画面は「{seen}」。",
    )
    next_step = Words(
        "Check login_id and shop_name, letter by letter as the page shows it. If the page shows "
        "the right one: `qsm-bot calibrate --element shop_name`.",
        "login_id と shop_name が画面の表示どおりか確認してください。画面が正しい場合は "
        "`qsm-bot calibrate --element shop_name` で場所を教えてください。",
    )


class ShopNotProven(SignInError):
    """No element of the page is the shop's name, so nothing may act for it."""

    says = Words(
        "No place of the page shows “{expected}” and nothing else, so whose shop this is is not "
        "proven.",
        "画面に「{expected}」だけを表示する場所がなく、どのショップか確定できません。",
    )
    means = Words(
        "Reading and rehearsing work; nothing was refused.",
        "閲覧と予行はできますが、拒否はしていません。",
    )
    next_step = Words(
        "Show where the name stands with `qsm-bot calibrate`, or correct the name in the settings.",
        "`qsm-bot calibrate` で名前の場所を教えるか、設定のショップ名を直してください。",
    )


class SessionEnded(SignInError):
    """The portal sent us back to its sign-in page."""

    says = Words("The portal asks to sign in again ({page}).", "再ログインが必要です（{page}）。")
    next_step = Words(
        "Start the command again; if it ends like this once more, run `qsm-bot login`.",
        "もう一度実行し、同じ結果なら `qsm-bot login` を実行してください。",
    )
