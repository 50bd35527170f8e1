"""Commands about who we are to the portal: login, logout, secret."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import FileUnwritable, SettingsInvalid, UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words
from qsm_bot.base.words import age as old
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.streams import person_is_there
from qsm_bot.cli.program.usage import OurGroup
from qsm_bot.cli.wiring.announce import announce

_NEEDS_NAME = Words(
    "QSM_SHOP_NAME is not set: the shop's name on the page is the proof of a sign-in",
    "QSM_SHOP_NAME が未設定です。画面のショップ名でログインを確認します",
)
_NEVER_KEPT = Words(
    "QSM_KEEP_SESSION=false: the sign-in would not be kept",
    "QSM_KEEP_SESSION=false のため、ログインは保存されません",
)
_OPENING = Words(
    "A browser window is open. Sign in to J·QSM there by hand within {time} minutes.",
    "ブラウザを開きました。{time}（分:秒）以内に J・QSM へログインしてください。",
)
_ASKED = Words("{asked} ({left} left)", "{asked}（残り {left}）")
_KEPT = Words(
    "The sign-in of {shop} is kept. The next commands use it without a person.",
    "{shop} のログインを保存しました。次回からは自動で使用します。",
)
_FORGOTTEN = Words("The saved sign-in is deleted.", "保存されたログインを削除しました。")
_NOTHING = Words("There was no saved sign-in.", "保存されたログインはありません。")
_SET = Words("The {what} of {account} is in the keyring.", "{account} の{what}を保存しました。")
_GONE = Words("Deleted from the keyring: {names}", "キーリングから削除しました: {names}")
_NONE_GONE = Words(
    "The keyring has nothing of {account}.", "キーリングに {account} の情報はありません。"
)
_KEY_MADE = Words(
    "Written: {file}. Point QSM_SESSION_KEY_FILE at it, and keep it apart from the data folder.",
    "作成しました: {file}。QSM_SESSION_KEY_FILE に指定し、データフォルダとは別に保管してください。",
)
_KEY_THERE = Words(
    "it exists, and the sign-in that it opens would be lost",
    "既に存在します（上書きすると保存済みログインを開けなくなります）",
)
_WHERE = Words("{account}", "{account}")
_WHAT = (
    Words("password", "パスワード"),
    Words("key of the sign-in", "ログイン保存用の鍵"),
    Words("QAPI key", "QAPI キー"),
)
_IS_FROM = Words("  {what}: {place}", "  {what}: {place}")
_NOWHERE = Words("none", "なし")
_AGE = Words("  The sign-in was kept {age} ago.", "  ログインは {age}前に保存されました。")
_NO_AGE = Words("  No sign-in is kept.", "  ログインは保存されていません。")
_EMPTY = Words("no {what} was given", "{what}が入力されていません")
_PROMPT = Words("The {what} of {account} (not shown): ", "{account} の{what}（表示されません）: ")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(
        app,
        "login",
        help=Words("Let a person sign in, and keep the sign-in.", "人がログインし、その状態を保存"),
        announces=announce,
    )(login)
    command(app, "logout", help=Words("Forget the kept sign-in.", "保存されたログインを削除"))(
        logout
    )
    group = typer.Typer(cls=OurGroup, help=t("Passwords and keys.", "パスワードと鍵"))
    app.add_typer(group, name="secret")
    command(
        group,
        "set",
        help=Words(
            "Put the password, or the QAPI key, into the keyring.", "パスワードや QAPI キーを保存"
        ),
    )(set_)
    command(group, "forget", help=Words("Delete all from the keyring.", "キーリングから削除"))(
        forget
    )
    command(group, "status", help=Words("Show where they are from.", "保存場所を表示"))(status)
    command(
        group, "key", help=Words("Write a new key for servers.", "サーバー用の鍵ファイルを作る")
    )(key)


def login(
    job: Job,
    wait: Annotated[
        float, typer.Option(min=1, help=t("seconds that a person has", "待ち時間（秒）"))
    ] = 300,
    no_window: Annotated[
        bool,
        typer.Option(
            "--no-window",
            help=t("for portals that ask nothing of a person", "人の操作が不要なポータル用"),
        ),
    ] = False,
) -> int:
    """Let a person sign in and keep the browser's cookies."""
    from flows.sign_in import sign_in_by_person
    from qsm_bot.base.pictures import PictureStore
    from qsm_bot.cli.wiring.announce import announce_signed_in, announce_window
    from qsm_bot.cli.wiring.portal import keep_sign_in, open_portal, sessions_of, vault_of
    from qsm_bot.cli.wiring.sign_in_gate import shop_state
    from qsm_bot.cli.wiring.stores import data_folder, load_pack
    from qsm_bot.config.vault import key_bytes
    from qsm_bot.portal.sign_in.by_person import SignInByPerson

    settings = job.settings.model_copy(update={"headless": no_window})
    if not settings.shop_name:
        raise SettingsInvalid(detail=_NEEDS_NAME)
    if not settings.keep_session:
        raise SettingsInvalid(detail=_NEVER_KEPT)
    vault = vault_of(settings)
    # Before a person is asked to do anything: is there a place to keep it?
    key_bytes(vault.session_key_or_new())
    if not no_window:
        # Before there is a page, which must not be kept waiting.
        announce_window(job, wait)
    pictures = PictureStore(data_folder(settings))
    with open_portal(settings, load_pack(settings), by_person=True) as portal:
        if not no_window:
            job.tell(_OPENING.filled(time=_clock(wait)))
        window = SignInByPerson(portal.session)
        shop = sign_in_by_person(
            window, pictures, now, wait=wait, notice=_Banner(job), tell=job.tell
        )
        keep_sign_in(settings, vault, portal)
    shop_state(settings).release_sign_in()
    document = {"shop": shop, "saved": str(sessions_of(settings).path)}
    job.show(document, lambda: _KEPT.filled(shop=shop).say(job.lang))
    announce_signed_in(job)
    return 0


class _Banner:
    """Tells the person what the portal asks, with a bell each time that it is something new."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, asked: Words, left: float) -> None:
        self._job.tell(_ASKED.filled(asked=asked, left=_clock(left)))
        if sys.stderr.isatty():
            typer.echo("\a", nl=False, err=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"


def logout(job: Job) -> int:
    """Delete the saved sign-in."""
    from qsm_bot.cli.wiring.portal import sessions_of

    store = sessions_of(job.settings)
    try:
        was_there = store.forget()
    except OSError as error:
        raise FileUnwritable(file=store.path, detail=os_words(error)) from error
    said = _FORGOTTEN if was_there else _NOTHING
    job.show({"forgotten": was_there}, lambda: said.say(job.lang))
    return 0 if was_there else ExitCode.NOTHING_TO_DO


def set_(
    job: Job,
    qapi: Annotated[
        bool, typer.Option("--qapi", help=t("the QAPI key instead", "QAPI キーを保存"))
    ] = False,
) -> int:
    """Ask for the password, or the QAPI key, and keep it."""
    from qsm_bot.cli.wiring.portal import vault_of
    from qsm_bot.config.vault import SecretName

    account = job.settings.account
    what = _WHAT[-1] if qapi else _WHAT[0]
    if person_is_there():
        given = getpass.getpass(_PROMPT.filled(what=what, account=account).say(job.lang))
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise UsageInvalid(detail=_EMPTY.filled(what=what))
    vault_of(job.settings).keep(SecretName.QAPI_KEY if qapi else SecretName.PASSWORD, given)
    said = _SET.filled(what=what, account=account)
    job.show({"account": account}, lambda: said.say(job.lang))
    return 0


def forget(job: Job) -> int:
    """Delete the password and the keys from the keyring."""
    from qsm_bot.cli.wiring.portal import vault_of

    account = job.settings.account
    gone = vault_of(job.settings).forget()
    said = _GONE.filled(names=", ".join(gone)) if gone else _NONE_GONE.filled(account=account)
    job.show({"account": account, "gone": gone}, lambda: said.say(job.lang))
    return 0 if gone else ExitCode.NOTHING_TO_DO


def status(job: Job) -> int:
    """Show where password and keys are from, and how old the saved sign-in is."""
    from qsm_bot.cli.wiring.portal import sessions_of, vault_of
    from qsm_bot.config.vault import SecretName

    vault = vault_of(job.settings)
    places = {name.value: vault.secret(name) for name in SecretName}
    age = sessions_of(job.settings).age(now())
    hours = None if age is None else round(age.total_seconds() / 3600, 1)
    found = {name: secret.place if secret else None for name, secret in places.items()}
    document = {"account": job.settings.account, **found, "sign_in_hours": hours}
    lines = [
        _WHERE.filled(account=job.settings.account),
        *(
            _IS_FROM.filled(what=what, place=secret.place if secret else _NOWHERE)
            for what, secret in zip(_WHAT, places.values(), strict=True)
        ),
        _AGE.filled(age=old(hours)) if hours is not None else _NO_AGE,
    ]
    job.show(document, lambda: "\n".join(line.say(job.lang) for line in lines))
    return 0


def key(
    job: Job,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("where to", "作成先"))],
) -> int:
    """Write a new key of the saved sign-in into a file."""
    from qsm_bot.base.private_files import write_private
    from qsm_bot.config.vault import new_key

    if file.exists():
        raise FileUnwritable(file=file, detail=_KEY_THERE)
    write_private(file, new_key().encode() + b"\n")
    job.show({"file": str(file)}, lambda: _KEY_MADE.filled(file=file).say(job.lang))
    return 0
