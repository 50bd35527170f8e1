"""One call of a command: its settings, its two outputs, its errors."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import FileUnwritable, UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.os_words import os_words
from qsm_bot.base.plain_text import visible_in
from qsm_bot.base.words import Lang, Words
from qsm_bot.cli.program import language
from qsm_bot.cli.program.language import as_started, t

if TYPE_CHECKING:
    from rich.console import RenderableType

    from qsm_bot.base.events import EventFile, RunEvent
    from qsm_bot.config.settings import Settings

_SCHEMA = 1
_SHOP = Words("■ {name}", "■ {name}")
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
        events: str | None = None,
    ) -> None:
        from qsm_bot.base.log import configure_logging

        if lang not in (None, "ja", "en"):
            raise UsageInvalid(detail=t(f"--lang {lang}: ja or en", f"--lang {lang}: ja か en"))
        self.as_json = as_json
        self.verbose = verbose
        self.lang: Lang = language.LANG
        self.shop = shop
        self.config = config
        self.lang_given = lang is not None
        self._settings: Settings | None = None
        configure_logging(verbose=verbose, as_json=as_json)
        self._documents: list[Mapping[str, object]] | None = None
        self._target = events
        self._events = _opened(events) if events is not None else None

    @property
    def settings(self) -> "Settings":
        """The settings, read when first asked for.

        Raises:
            SettingsInvalid: they are wrong.
        """
        if self._settings is None:
            from qsm_bot.config.settings_file import load_settings

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

    def same_events(self) -> tuple[str, ...]:
        """Return the words with which a child process writes its events into the same file.

        A descriptor is this process's own: what the child does is then not told there.
        """
        from qsm_bot.base.events import is_descriptor

        if self._target is None or is_descriptor(self._target):
            return ()
        return ("--events", str(Path(self._target).absolute()))

    def tell(self, words: Words) -> None:
        """Tell a line of progress."""
        from qsm_bot.base.events import EventKind, RunEvent

        self.report(RunEvent(kind=EventKind.STEP, words=words))

    def report(self, event: "RunEvent") -> None:
        """Write an event, where they are wanted, and show its line on stderr."""
        if self._events is not None:
            self._events.write(event, self._settings.shop if self._settings else self.shop)
        if event.words is None:
            return
        from rich.console import Console
        from rich.text import Text

        line = Text.assemble(("· ", "dim"), as_started(event.words.say(self.lang)))
        Console(stderr=True, highlight=False, soft_wrap=True).print(line)

    def done(self, exit_code: int) -> None:
        """Write the last event: how the command ended."""
        if self._events is not None:
            from qsm_bot.base.events import EventKind, RunEvent

            self.report(RunEvent(kind=EventKind.DONE, facts={"exit_code": exit_code}))
            self._events.close()

    def show(self, document: Mapping[str, object], table: "Callable[[], RenderableType]") -> None:
        """Print the result on stdout: the document with `--json`, else the table."""
        if self.as_json:
            self._print(document)
            return
        from rich.console import Console

        said = table()
        # What stands in brackets in a buyer's or a shop's text is no markup.
        Console(width=_width(), highlight=False, markup=False, emoji=False).print(
            as_started(said) if isinstance(said, str) else said
        )

    def for_each_shop(self, one: "Callable[[Job], int]", names: Sequence[str] | None = None) -> int:
        """Do something for the shop that is meant; for every shop, if the file leaves it open.

        An error in one shop ends nothing for the others. With `--json` the documents stand side
        by side under `shops`.

        Args:
            one: does it for one shop, and returns the exit code.
            names: the shops; by default those that the file leaves open.
        """
        names = self.settings.shops_left_open if names is None else names
        if not names:
            return one(self)
        documents: list[Mapping[str, object]] = []
        codes = []
        for name in names:
            call = copy(self)
            call.shop, call._settings, call._documents = name, None, []  # noqa: SLF001
            self.say(_SHOP.filled(name=name))
            try:
                codes.append(one(call))
            except QsmBotError as error:
                codes.append(call.fail(error))
            told = call._documents[-1] if call._documents else {}  # noqa: SLF001
            documents.append({"name": name, **told, "exit_code": codes[-1]})
        # Nothing to do for one shop is no answer for all of them.
        code = max((code for code in codes if code != ExitCode.NOTHING_TO_DO), default=codes[0])
        if self.as_json:
            print_document({"shops": documents, "exit_code": code})
        return code

    def _print(self, document: Mapping[str, object]) -> None:
        if self._documents is None:
            print_document(document)
        else:
            self._documents.append(document)

    def say(self, words: Words) -> None:
        """Print a line for people on stdout; with `--json` nothing."""
        if not self.as_json:
            typer.echo(as_started(words.say(self.lang)))

    def show_error(self, error: QsmBotError) -> None:
        """Print an error: for people on stderr."""
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True, highlight=False, soft_wrap=True)
        said = as_started(error.message.say(self.lang))
        console.print(Text.assemble((error.code, "bold red"), f" {said}"))
        for label, words in (("means", error.meaning), ("next", error.next_words)):
            said = as_started(words.say(self.lang))
            console.print(Text(f"  {_LABELS[label].say(self.lang)}: {said}"))

    def fail(self, error: QsmBotError) -> int:
        """Print an error, as the one JSON document or for people, and return its exit code."""
        if self.as_json:
            from qsm_bot.render.documents import error_document

            self._print(error_document(error, self.lang))
        else:
            self.show_error(error)
        return error.exit_code


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
        raise FileUnwritable(file=path, detail=os_words(error)) from error


def _opened(target: str) -> "EventFile":
    from qsm_bot.base.clock import now
    from qsm_bot.base.events import EventFile

    try:
        return EventFile.opened(target, now)
    except OSError as error:
        raise FileUnwritable(file=target, detail=os_words(error)) from error


def _width() -> int | None:
    # A pipe has no width of its own; 80 columns would fold what scripts and files can hold.
    return None if sys.stdout.isatty() else 140


def print_document(document: Mapping[str, object]) -> None:
    """Print one JSON document of the public contract on stdout."""
    plain = visible_in({"schema": _SCHEMA, **document})
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
