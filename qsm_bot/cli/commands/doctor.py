"""`qsm-bot doctor`: is this computer ready, and, if asked, the portal?"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot import __version__
from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.people import SavedSignInLocked
from qsm_bot.base.words import Lang, Words, age
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

if TYPE_CHECKING:
    from rich.table import Table

    from qsm_bot.portal.survey.readiness import SurveyReport

_READY = Words("This computer is ready.", "このPCの準備はできています。")
_NO_RULES = Words("{file} is not there yet: qsm-bot init", "{file} がまだありません: qsm-bot init")
_NO_FONT = Words(
    "no Japanese font: pictures would show empty boxes",
    "日本語フォントがなく、画像の文字が表示されません",
)
_KEPT = Words(
    "kept {age} ago; password: {password}",
    "{age}前に保存。パスワード: {password}",
)
_NOT_KEPT = Words(
    "none is kept: qsm-bot login; password: {password}",
    "保存なし: qsm-bot login。パスワード: {password}",
)
_EACH = Words(
    "Every element, with pictures of the pages: `qsm-bot doctor --portal -v`",
    "要素ごとの結果と画面の画像: `qsm-bot doctor --portal -v`",
)
_NO_PASSWORD = Words("none", "なし")
_PACK = Words("{name}, guesses: {guesses}", "{name}（画面でまだ確かめていない部品 {guesses} 個）")
_CALIBRATED = Words(
    "{pack}, calibrated: {keys} ({file})", "{pack}、画面で教えた部品: {keys}（{file}）"
)
_RULES = Words("{file}: {count}", "{file}: ルール {count} 件")
_LEDGER = Words("{entries} entries, {place}", "記録 {entries} 件、{place}")
_NAMES = {
    "python": Words("python", "プログラム"),
    "settings": Words("settings", "設定"),
    "sign-in": Words("sign-in", "ログイン"),
    "selector pack": Words("selector pack", "セレクタパック"),
    "rules": Words("rules", "ルール"),
    "ledger": Words("ledger", "台帳"),
    "browser": Words("browser", "ブラウザ"),
    "font": Words("font", "日本語フォント"),
    "QAPI key": Words("QAPI key", "QAPIキー"),
}
_STATES = {
    "ok": Words("ok", "良好"),
    "warn": Words("warn", "注意"),
    "fail": Words("fail", "要対処"),
}
_NO_SIGN_IN = Words(
    "the login ID is not set yet (login_id in qsm-bot.toml, or QSM_LOGIN_ID)",
    "ログインIDが未設定です（qsm-bot.toml の login_id、または QSM_LOGIN_ID）",
)


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """One thing that was looked at: `ok`, `warn` (works, but) or `fail`."""

    name: str
    state: str
    detail: str
    exit_code: int = 0


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "doctor",
        help=Words(
            "Check this computer, and with --portal the portal.",
            "このPCと（--portal で）ポータルの点検",
        ),
        over_shops="by itself",
    )(doctor)


def doctor(
    job: Job,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help=t("install a browser if there is none", "ブラウザが無ければ導入")
        ),
    ] = False,
    portal: Annotated[
        bool,
        typer.Option(
            "--portal",
            help=t(
                "also sign in and look for each element of the selector pack; reads only",
                "ポータルにもログインし、セレクタパックの全要素を点検（読み取りのみ）",
            ),
        ),
    ] = False,
) -> int:
    """Check this computer, and the portal if asked."""
    return _run_checkup(job, fix=fix, portal=portal)


def _run_checkup(job: Job, *, fix: bool, portal: bool) -> int:
    """Look at everything a run needs on this machine, and at the portal if asked; report it."""
    checks = [MachineCheck("python", "ok", f"{platform.python_version()}, qsm-bot {__version__}")]
    checks.append(_try("settings", job, lambda: _settings(job)))
    if checks[-1].state != "fail":
        checks.append(_try("sign-in", job, lambda: _sign_in(job)))
        checks.append(_try("selector pack", job, lambda: _pack(job)))
        checks.append(_try("rules", job, lambda: _rules(job)))
        checks.append(_try("ledger", job, lambda: _ledger(job)))
        checks.append(_try("browser", job, lambda: _browser(job, fix=fix)))
        checks.append(_font(job))
        checks += _qapi(job)
    code = next((check.exit_code for check in checks if check.state == "fail"), 0)
    checkup = _checkup(job) if portal and code == 0 else None
    _show(job, checks, checkup, code)
    return checkup.verdict.exit_code if checkup else code


def _checkup(job: Job) -> "SurveyReport":
    from flows.doctor import check_portal
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.cli.wiring.stores import fingerprint_store, load_pack
    from qsm_bot.portal.survey.inspector import unseen
    from qsm_bot.portal.survey.readiness import not_checked

    pack = load_pack(job.settings)
    try:
        # The chain was walked by the check before.
        with open_portal_run(job.settings, job, acts=False, alone=False, whole=False) as context:
            return check_portal(context, fingerprint_store(job.settings, pack))
    except QsmBotError as error:
        return not_checked(unseen(pack), error)


def _show(job: Job, checks: list[MachineCheck], checkup: "SurveyReport | None", code: int) -> None:
    from rich.console import Group

    from qsm_bot.render.doctor import checkup_document, checkup_tables

    listed = [{"name": c.name, "state": c.state, "detail": c.detail} for c in checks]
    document = {"checks": listed}
    if checkup is None:
        job.show({**document, "exit_code": code}, lambda: _table(checks, job.lang))
        if code == 0:
            job.say(_READY)
        return
    whole = {**document, **checkup_document(checkup, job.lang)}
    job.show(
        {**whole, "exit_code": checkup.verdict.exit_code},
        lambda: Group(
            _table(checks, job.lang), checkup_tables(checkup, job.lang) if job.verbose else ""
        ),
    )
    job.say(checkup.verdict.words)
    if not job.verbose:
        job.say(_EACH)


def _try(name: str, job: Job, look: Callable[[], MachineCheck]) -> MachineCheck:
    try:
        return look()
    except QsmBotError as error:
        detail = f"{error.message.say(job.lang)} → {error.next_words.say(job.lang)}"
        return MachineCheck(name, "fail", detail, error.exit_code)


def _settings(job: Job) -> MachineCheck:
    settings = job.settings
    if not settings.login_id:
        return MachineCheck("settings", "warn", _NO_SIGN_IN.say(job.lang))
    return MachineCheck("settings", "ok", f"{settings.portal_url}, {settings.shop}")


def _sign_in(job: Job) -> MachineCheck:
    from qsm_bot.base.clock import now
    from qsm_bot.cli.wiring.portal import saved_sign_in, vault_of
    from qsm_bot.cli.wiring.sign_in_gate import gate_of

    vault = vault_of(job.settings)
    found = vault.password()
    held = gate_of(job.settings, found.value if found else "").error()
    if held is not None:
        raise held
    try:
        saved = saved_sign_in(job.settings, vault)
    except SavedSignInLocked as error:
        if found is None:
            raise
        return MachineCheck("sign-in", "warn", error.message.say(job.lang))
    password = found.place if found else _NO_PASSWORD
    if saved is None:
        state = "ok" if found else "warn"
        return MachineCheck("sign-in", state, _NOT_KEPT.filled(password=password).say(job.lang))
    hours = round((now() - saved.saved_at).total_seconds() / 3600, 1)
    return MachineCheck(
        "sign-in", "ok", _KEPT.filled(age=age(hours), password=password).say(job.lang)
    )


def _pack(job: Job) -> MachineCheck:
    from qsm_bot.cli.wiring.stores import load_pack, overrides

    pack = load_pack(job.settings)
    guesses = sum(element.sure == "guess" for element in pack.elements.values())
    told = _PACK.filled(name=f"{pack.name} {pack.digest[:12]}", guesses=guesses)
    kept = overrides(job.settings)
    if keys := kept.keys():
        told = _CALIBRATED.filled(pack=told, keys=" ".join(keys), file=kept.file)
    return MachineCheck("selector pack", "ok", told.say(job.lang))


def _rules(job: Job) -> MachineCheck:
    from qsm_bot.rules import load_rules

    file = job.settings.rules
    if not file.exists():
        return MachineCheck("rules", "warn", _NO_RULES.filled(file=file).say(job.lang))
    told = _RULES.filled(file=file, count=len(load_rules(file).rules))
    return MachineCheck("rules", "ok", told.say(job.lang))


def _ledger(job: Job) -> MachineCheck:
    from qsm_bot.cli.wiring.stores import open_ledger, whole_chain

    with open_ledger(job.settings) as ledger:
        chain = whole_chain(ledger)
    told = _LEDGER.filled(entries=chain.entries, place=job.settings.ledger_place)
    return MachineCheck("ledger", "ok", told.say(job.lang))


def _font(job: Job) -> MachineCheck:
    from qsm_bot.portal.browser.find import has_japanese_font

    if has_japanese_font():
        return MachineCheck("font", "ok", "日本語")
    return MachineCheck("font", "warn", _NO_FONT.say(job.lang))


def _qapi(job: Job) -> list[MachineCheck]:
    """Look at the key's age, if the settings have one; the API itself is not asked."""
    from qsm_bot.qapi.status import key_warning

    warning = key_warning(job.settings.qapi_key_issued, now().date())
    return [MachineCheck("QAPI key", "warn", warning.say(job.lang))] if warning else []


def _browser(job: Job, *, fix: bool) -> MachineCheck:
    from qsm_bot.portal.browser.find import ensure_browser
    from qsm_bot.portal.browser.launch import open_context, own_browser

    settings = job.settings
    if fix:
        ensure_browser(
            settings.browser,
            own_browser(),
            lambda line: job.tell(Words(line, line)),
            for_person=True,
        )
    with open_context(settings.browser, headless=True, loopback_only=True, timeout=20) as context:
        page = context.new_page()
        page.set_content("<title>キャンセル拒否</title>")
        version = context.browser.version if context.browser else "?"
        return MachineCheck("browser", "ok", f"{version}, {page.title()}")


def _table(checks: list[MachineCheck], lang: Lang) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table("", "", "", box=box.SIMPLE, show_header=False)
    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    for check in checks:
        state = Text(_STATES[check.state].say(lang), styles[check.state])
        table.add_row(state, _NAMES[check.name].say(lang), check.detail)
    return table
