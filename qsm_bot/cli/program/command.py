"""How a function becomes a command: the common options, errors, exit codes."""

import inspect
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program import language
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurCommand, call_of

Announce = Callable[[Job, QsmBotError], None]

JsonOption = Annotated[
    bool, typer.Option("--json", help=t("print one JSON document", "JSON文書を1つ出力"))
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help=t("language: ja or en", "言語: ja または en"))
]
ShopOption = Annotated[
    str | None,
    typer.Option("--shop", help=t("which [shops.NAME] to use", "[shops.NAME] の選択")),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help=t("settings file", "設定ファイル"))
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help=t("log every step", "詳しいログを出す"))
]

AllShopsOption = Annotated[
    bool, typer.Option("--all-shops", help=t("one shop after the other", "全ショップを順に処理"))
]
EventsOption = Annotated[
    str | None,
    typer.Option(
        "--events",
        metavar="FILE|FD",
        help=t("progress as JSON lines, to a file or descriptor", "進行状況をJSON行で出力"),
    ),
]

_COMMON: Mapping[str, tuple[Any, object]] = {
    "as_json": (JsonOption, False),
    "lang": (LangOption, None),
    "shop": (ShopOption, None),
    "config": (ConfigOption, None),
    "verbose": (VerboseOption, False),
    "events": (EventsOption, None),
}

_CONTEXT, _ALL_SHOPS = "context", "all_shops"
# A list of commands shows what comes before the first of these.
_SENTENCE = re.compile(r"[.;](?= |$)|。")
_NOT_BOTH = Words("--shop and --all-shops: one of them", "--shop と --all-shops は併用できません")
_NO_SHOPS = Words(
    "--all-shops: the settings file has no [shops.NAME]",
    "--all-shops: 設定ファイルに [shops.NAME] がありません",
)


def command(
    group: typer.Typer,
    name: str,
    *,
    help: Words,  # noqa: A002  # Typer's own word
    announces: Announce | None = None,
    over_shops: Literal["no", "if asked", "by itself"] = "no",
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register `function(job, …) -> exit code` as a command with the common options.

    Args:
        group: where to.
        name: what people type.
        help: one sentence about it.
        announces: tells people who are not at the screen of an error that ends it.
        over_shops: whether `--all-shops` goes through all shops of the settings file; "by itself":
            also without it, where several are there and none is chosen.
    """

    def register(function: Callable[..., int]) -> Callable[..., int]:
        parameters = list(inspect.signature(function).parameters.values())[1:]

        # Typer gives its context to one parameter only.
        mine = next((p.name for p in parameters if p.annotation is typer.Context), None)

        def runner(**options: Any) -> int:
            common = {key: options.pop(key) for key in _COMMON}
            asked = over_shops != "no" and options.pop(_ALL_SHOPS)
            call = call_of(options[mine] if mine else options.pop(_CONTEXT))
            try:
                job = Job(**common)
            except UsageInvalid as error:
                raise error.of_call(call) from None
            run = partial(_run, function, options=options, call=call, announces=announces)
            names = _shops(job, over_shops, asked=asked)
            code = job.for_each_shop(run, names) if names else run(job)
            job.done(code)
            return code

        shared = _shared_parameters(has_context=mine is not None, all_shops=over_shops != "no")
        own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
        described = cast("Any", runner)
        described.__signature__ = inspect.Signature(own + shared, return_annotation=int)
        described.__annotations__ = {p.name: p.annotation for p in own + shared}
        described.__name__ = function.__name__
        said = help.say(language.LANG)
        group.command(name, cls=OurCommand, help=said, short_help=_SENTENCE.split(said, 1)[0])(
            runner
        )
        return function

    return register


def _shared_parameters(*, has_context: bool, all_shops: bool) -> list[inspect.Parameter]:
    options = dict(_COMMON)
    if all_shops:
        options[_ALL_SHOPS] = (AllShopsOption, False)
    kind = inspect.Parameter.KEYWORD_ONLY
    found = [
        inspect.Parameter(key, kind, default=default, annotation=annotation)
        for key, (annotation, default) in options.items()
    ]
    if not has_context:
        found.append(inspect.Parameter(_CONTEXT, kind, annotation=typer.Context))
    return found


def _run(
    function: Callable[..., int],
    job: Job,
    *,
    options: Mapping[str, Any],
    call: str,
    announces: Announce | None,
) -> int:
    try:
        return function(job, **options)
    except QsmBotError as error:
        if isinstance(error, UsageInvalid):
            error.of_call(call)
        code = job.fail(error)
        if announces:
            announces(job, error)
        return code
    except Exception as error:
        if announces:
            announces(job, QsmBotError(detail=type(error).__name__))
        job.done(QsmBotError.exit_code)
        raise


def _shops(job: Job, over_shops: str, *, asked: bool) -> tuple[str, ...]:
    """Return the shops that the call goes through; none: it is about the one of the settings.

    Raises:
        UsageInvalid: all are asked for, and one is chosen or there are none.
    """
    if not asked and (over_shops != "by itself" or job.shop is not None):
        return ()
    from qsm_bot.config.settings_file import shop_names

    if asked and job.shop is not None:
        raise UsageInvalid(detail=_NOT_BOTH)
    try:
        left_open = job.settings.shops_left_open
    except QsmBotError:
        if asked:
            raise
        return ()  # the command itself says what is wrong
    names = left_open or (shop_names(job.config) if asked else ())
    if asked and not names:
        raise UsageInvalid(detail=_NO_SHOPS)
    return names
