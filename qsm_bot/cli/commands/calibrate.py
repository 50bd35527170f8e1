"""`qsm-bot calibrate`: a person shows what the selector pack does not find."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

if TYPE_CHECKING:
    from rich.table import Table

    from flows.calibrate import Lesson, Wish
    from qsm_bot.portal.calibrate.question import QuestionTeacher
    from qsm_bot.portal.selectors.overrides import Overrides

_DONE, _NOTHING, _SKIPPED = 0, 10, 20
_FOUND = Words(
    "Everything was found; nothing had to be shown.",
    "すべて見つかりました。選ぶものはありません。",
)
_WRITTEN = Words(
    "Written: {file}\nNext: qsm-bot rehearse ORDER --reason shipped",
    "保存しました: {file}\n次: qsm-bot rehearse 注文番号 --reason shipped",
)
_LEFT = Words("Still not found: {names}", "未登録: {names}")
_REMOVED = Words("Removed: {file}", "削除しました: {file}")
_NONE = Words("There is nothing to remove.", "削除するものはありません。")
_QUESTION = Words("the layer by which the portal asks", "確認文の窓")
_UNKNOWN = Words(
    "--element {key}{hint}: one of {keys}", "--element {key}{hint}: 次のいずれか: {keys}"
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "calibrate",
        help=Words(
            "Show in the window what the program does not find; nothing is pressed. Each element "
            "shown is kept at once, also if the command ends early (Esc skips one).",
            "見つからない部品を画面で選んで教える（ポータルの操作はしない）。"
            "選んだものはその都度保存し、途中で終えても残る（Esc でスキップ）",
        ),
    )(calibrate)


def calibrate(
    job: Job,
    element: Annotated[
        list[str] | None,
        typer.Option("--element", metavar="KEY", help=t("show this one anew", "選び直す部品")),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=t("show all of them anew", "すべて選び直す"))
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help=t("forget what was shown", "選んだものを破棄"))
    ] = False,
    question: Annotated[
        bool,
        typer.Option(
            "--question",
            help=t(
                "show how the portal asks, too: キャンセル拒否 is pressed as in a rehearsal",
                "確認文の窓も教える（リハーサルと同じくキャンセル拒否を押すが送信はしない）",
            ),
        ),
    ] = False,
    wait: Annotated[
        float,
        typer.Option(min=1, help=t("seconds that each question stands", "1つの部品を待つ秒数")),
    ] = 300,
    no_window: Annotated[
        bool, typer.Option("--no-window", help=t("for tests and clones", "テスト・クローン用"))
    ] = False,
) -> int:
    """Ask for what is missing, or reset."""
    from flows.calibrate import Wish

    if reset:
        return _reset(job)
    wish = Wish(keys=_known(element or []), all=every)
    return _teach(job, wish, question=question, wait=wait, headless=no_window)


def _teach(job: Job, wish: "Wish", *, question: bool, wait: float, headless: bool) -> int:
    import flows.calibrate
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.cli.wiring.stores import overrides
    from qsm_bot.portal.calibrate.pointing import AtTheWindow, Pointer
    from qsm_bot.portal.calibrate.question import QuestionTeacher
    from qsm_bot.portal.calibrate.teacher import SelectorTeacher
    from qsm_bot.portal.qsm import QsmPortal

    settings = job.settings.model_copy(update={"headless": headless})
    kept = overrides(settings)
    with open_portal_run(settings, job, acts=False) as context:
        portal = context.portal
        if not isinstance(portal, QsmPortal):
            raise TypeError(portal)
        pointer = Pointer(AtTheWindow(), lang=job.lang, wait=wait, stopping=context.stopping)
        patience = min(5, settings.timeout / 4)
        teacher = SelectorTeacher(portal.session, pointer, patience=patience)
        asks = QuestionTeacher(portal.session, pointer, patience=settings.timeout)
        lesson = flows.calibrate.calibrate(
            context,
            teacher,
            wish,
            lambda it: kept.keep(it, _today()),
            (lambda: _learned(job, asks, kept)) if question else None,
        )
    return _show(job, lesson, kept.file)


def _learned(job: Job, asks: "QuestionTeacher", kept: "Overrides") -> str | None:
    from qsm_bot.portal.calibrate.question import NATIVE, PRESSES

    job.tell(PRESSES)
    names = asks.learn()
    if names is None:
        if not asks.asked_natively:
            return None
        job.tell(NATIVE)
        return ""
    kept.keep({}, _today(), names)
    return f"{names.at}: {names.go_on} / {names.give_up}"


def _known(keys: list[str]) -> tuple[str, ...]:
    from qsm_bot.base.toml import did_you_mean
    from qsm_bot.portal.calibrate.teachable_elements import TEACHABLE

    for key in keys:
        if key not in TEACHABLE:
            hint = did_you_mean(key, TEACHABLE)
            raise UsageInvalid(detail=_UNKNOWN.filled(key=key, hint=hint, keys=" ".join(TEACHABLE)))
    return tuple(keys)


def _reset(job: Job) -> int:
    from qsm_bot.cli.wiring.stores import overrides

    kept: Overrides = overrides(job.settings)
    removed = kept.remove()
    job.show(
        {"file": str(kept.file), "removed": removed},
        lambda: (_REMOVED.filled(file=kept.file) if removed else _NONE).say(job.lang),
    )
    return _DONE if removed else _NOTHING


def _show(job: Job, lesson: "Lesson", file: Path) -> int:
    code = _SKIPPED if lesson.left else _DONE if lesson.taught else _NOTHING
    document = {
        "file": str(file) if lesson.taught else None,
        "shown": lesson.taught,
        "left": lesson.left,
        "exit_code": code,
    }
    job.show(document, lambda: _table(job, lesson))
    if lesson.taught:
        job.say(_WRITTEN.filled(file=file))
    if lesson.left:
        names = " / ".join(_name(job, key) for key in lesson.left)
        job.say(_LEFT.filled(names=names))
    if code == _NOTHING:
        job.say(_FOUND)
    return code


def _table(job: Job, lesson: "Lesson") -> "Table | str":
    from rich import box
    from rich.table import Table

    if not lesson.taught:
        return ""
    table = Table("", "", box=box.SIMPLE, show_header=False)
    for key, at in lesson.taught.items():
        table.add_row(f"{_name(job, key)} ({key})", at)
    return table


def _name(job: Job, key: str) -> str:
    from qsm_bot.portal.calibrate.question import KEY
    from qsm_bot.portal.calibrate.teachable_elements import TEACHABLE

    name = _QUESTION if key == KEY else TEACHABLE[key].name
    return name.say(job.lang)


def _today() -> date:
    from qsm_bot.base.clock import now

    return now().date()
