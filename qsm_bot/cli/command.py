"""What all commands share: the common options, one JSON document, errors, exit codes."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer

from qsm_bot.cli.lang import LANG, t
from qsm_bot.cli.usage import call_of
from qsm_bot.errors import FileUnwritable, PersonDeclined, QsmBotError, UsageInvalid
from qsm_bot.words import Lang, Words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from qsm_bot.settings import Settings

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

_COMMON: Mapping[str, tuple[Any, object]] = {
    "as_json": (JsonOption, False),
    "lang": (LangOption, None),
    "shop": (ShopOption, None),
    "config": (ConfigOption, None),
    "verbose": (VerboseOption, False),
}

_CONTEXT = "context"
_LABELS = {
    "means": Words("For the orders", "影響"),
    "next": Words("Next", "次の操作"),
}


class Job:
    """One call of a command: its common options, its settings, and its two outputs."""

    def __init__(
        self,
        *,
        as_json: bool = False,
        lang: str | None = None,
        shop: str | None = None,
        config: Path | None = None,
        verbose: bool = False,
    ) -> None:
        from qsm_bot.log import configure_logging

        if lang not in (None, "ja", "en"):
            raise UsageInvalid(detail=t(f"--lang {lang}: ja or en", f"--lang {lang}: ja か en"))
        self.as_json = as_json
        self.verbose = verbose
        self.lang: Lang = LANG
        self.shop = shop
        self.config = config
        self.lang_given = lang is not None
        self._settings: Settings | None = None
        configure_logging(verbose=verbose, as_json=as_json)

    @property
    def settings(self) -> "Settings":
        """The settings, read when first asked for.

        Raises:
            SettingsInvalid: they are wrong.
        """
        if self._settings is None:
            from qsm_bot.settings import load_settings

            self._settings = load_settings(self.config, self.shop)
            if self._settings.lang and not self.lang_given:
                self.lang = self._settings.lang
        return self._settings

    def same_settings(self, shop: str | None = None) -> tuple[str, ...]:
        """Return the words with which another call of the program means the same settings.

        Args:
            shop: another shop of the same file.
        """
        name = shop or self.shop
        words = ("--shop", name) if name else ()
        return (*words, "--config", str(self.config.absolute())) if self.config else words

    def tell(self, words: Words) -> None:
        """Show a line of progress, on stderr."""
        from rich.console import Console

        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"[dim]·[/dim] {_escaped(words.say(self.lang))}"
        )

    def show(self, document: Mapping[str, object], table: "Callable[[], RenderableType]") -> None:
        """Print the result on stdout: the document with `--json`, else the table."""
        if self.as_json:
            print_document(document)
            return
        from rich.console import Console

        Console(width=_width(), highlight=False).print(table())

    def say(self, words: Words) -> None:
        """Print a line for people on stdout; with `--json` nothing."""
        if not self.as_json:
            typer.echo(words.say(self.lang))

    def show_error(self, error: QsmBotError) -> None:
        """Print an error: for people on stderr."""
        from rich.console import Console

        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"[bold red]{error.code}[/] {_escaped(error.message.say(self.lang))}")
        for label, words in (("means", error.meaning), ("next", error.next_words)):
            console.print(f"  {_LABELS[label].say(self.lang)}: {_escaped(words.say(self.lang))}")

    def fail(self, error: QsmBotError) -> int:
        """Print an error, as the one JSON document or for people, and return its exit code."""
        if self.as_json:
            from qsm_bot.render.documents import error_document

            print_document(error_document(error, self.lang))
        else:
            self.show_error(error)
        return error.exit_code


def ask(question: str) -> None:
    """Ask the person at the keyboard a yes-or-no question.

    Raises:
        PersonDeclined: the answer is no, or none.
    """
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise PersonDeclined


def raise_if_lost(ctx: typer.Context) -> None:
    """Check that no option of a group's own action would be read and forgotten.

    Raises:
        UsageError: one stands before the name of a command of the group.
    """
    for name in ctx.params:
        source = ctx.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            behind = f"{ctx.info_name} {ctx.invoked_subcommand}"
            ctx.fail(t(f"Write the options behind `{behind}`.", f"オプションは `{behind}` の後に"))


@contextmanager
def writable(path: Path) -> Iterator[TextIO]:
    """Open a file that the user named for writing.

    Raises:
        FileUnwritable: it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        raise FileUnwritable(file=path, detail=error.strerror) from error


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


def _width() -> int | None:
    # A pipe has no width of its own; 80 columns would fold what scripts and files can hold.
    return None if sys.stdout.isatty() else 140


def print_document(document: Mapping[str, object]) -> None:
    """Print one JSON document on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def command(
    group: typer.Typer,
    name: str,
    *,
    help: Words,  # noqa: A002  # Typer's own word
    announces: bool = False,
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register `function(job, …) -> exit code` as a command with the common options.

    Args:
        group: where to.
        name: what people type.
        help: one sentence about it.
        announces: whether people who are not at the screen hear of an error that ends it.
    """

    def register(function: Callable[..., int]) -> Callable[..., int]:
        parameters = list(inspect.signature(function).parameters.values())[1:]

        # Typer gives its context to one parameter only.
        mine = next((p.name for p in parameters if p.annotation is typer.Context), None)

        def runner(**options: Any) -> int:
            common = {key: options.pop(key) for key in _COMMON}
            call = call_of(options[mine] if mine else options.pop(_CONTEXT))
            try:
                job = Job(**common)
            except UsageInvalid as error:
                raise error.of_call(call) from None
            return _run(function, job, options, call=call, announces=announces)

        shared = [
            inspect.Parameter(
                key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
            )
            for key, (annotation, default) in _COMMON.items()
        ]
        if mine is None:
            shared.append(
                inspect.Parameter(
                    _CONTEXT, inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context
                )
            )
        own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
        described = cast("Any", runner)
        described.__signature__ = inspect.Signature(own + shared, return_annotation=int)
        described.__annotations__ = {p.name: p.annotation for p in own + shared}
        described.__name__ = function.__name__
        group.command(name, help=help.say(LANG))(runner)
        return function

    return register


def _run(
    function: Callable[..., int],
    job: Job,
    options: Mapping[str, Any],
    *,
    call: str,
    announces: bool,
) -> int:
    try:
        return function(job, **options)
    except QsmBotError as error:
        if isinstance(error, UsageInvalid):
            error.of_call(call)
        code = job.fail(error)
        if announces:
            _announce(job, error)
        return code
    except Exception as error:
        if announces:
            _announce(job, QsmBotError(detail=type(error).__name__))
        raise


def _announce(job: Job, error: QsmBotError) -> None:
    from qsm_bot.cli.announce import announce

    announce(job, error)
