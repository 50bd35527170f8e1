"""Commands on the rules: check, explain, test, import, export."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import FileExists, FileUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job, writable
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup

OrderArgument = Annotated[
    str, typer.Argument(metavar="ORDER", help=t("order number (注文番号)", "注文番号"))
]
SheetArgument = Annotated[
    Path, typer.Argument(metavar="FILE.xlsx", help=t("Excel file", "Excelファイル"))
]
ForceOption = Annotated[bool, typer.Option("--force", help=t("replace the file", "上書きする"))]

_NO_SOURCES = Words(
    "The rules ask for the shop's data, but no [[evidence]] is set: they will refuse nothing.",
    "自社データを条件とするルールがありますが、[[evidence]] が未設定のため何も拒否されません。",
)
_IMPORTED = Words(
    "{count} rules were written to {file}. Next: qsm-bot rules check",
    "ルール {count} 件を {file} に書き込みました。次: qsm-bot rules check",
)
_REPLACED = Words(
    "{count} rules were written to {file}; the file before is kept as {backup}. Comments are not "
    "taken over. Next: qsm-bot rules check",
    "ルール {count} 件を {file} に書き込み、前のファイルを {backup} に残しました。"
    "コメントは引き継がれません。次: qsm-bot rules check",
)
_EXPORTED = Words(
    "{count} rules were written to {file}.", "ルール {count} 件を {file} に書き出しました。"
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t("Check, explain, test and edit the rules.", "ルールの点検・説明・試験・Excel編集"),
    )
    app.add_typer(group, name="rules")
    for name, help_, function in (
        ("check", Words("Check a rules file.", "ルールファイルを点検"), check),
        (
            "explain",
            Words("Say what the rules make of an open request, and why.", "要請の判定と理由を説明"),
            explain,
        ),
        (
            "test",
            Words("Decide written cases and compare.", "事例ファイルどおりに判定されるか試験"),
            try_cases,
        ),
        ("import", Words("Make the rules file from Excel.", "Excelからルールを作成"), import_),
        ("export", Words("Write the rules as Excel.", "ルールをExcelに書き出す"), export),
    ):
        command(group, name, help=help_)(function)


def check(
    job: Job,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=t("rules file", "ルールファイル"))
    ] = None,
) -> int:
    """Load the rules, and show what each stands on."""
    from qsm_bot.render.rules import check_document, check_table
    from qsm_bot.rules import load_rules

    path = file or job.settings.rules
    book = load_rules(path)
    job.show(check_document(book, path, job.lang), lambda: check_table(book, job.lang))
    if file is None and not job.settings.evidence and any(rule.uses for rule in book.rules):
        job.tell(_NO_SOURCES)
    return 0


def explain(job: Job, order: OrderArgument) -> int:
    """Read the list, and show each condition of each rule for one request."""
    import flows.explain
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.cli.wiring.stores import load_evidence
    from qsm_bot.render.rules import explain_document, explain_table
    from qsm_bot.rules import load_rules

    book = load_rules(job.settings.rules)
    evidence = load_evidence(job.settings).of(order)
    with open_portal_run(job.settings, job, acts=False, alone=False, whole=False) as context:
        found = flows.explain.explain(context, order, book, evidence, now())
    job.show(
        explain_document(order, found.decision, found.rules, job.lang),
        lambda: explain_table(order, found.decision, found.rules, job.lang),
    )
    return 0


def try_cases(
    job: Job,
    cases: Annotated[
        Path,
        typer.Argument(metavar="CASES", help=t("file of cases: .toml or .csv", "事例ファイル")),
    ],
    rules: Annotated[
        Path | None, typer.Option(help=t("another rules file", "別のルールファイル"))
    ] = None,
) -> int:
    """Decide the cases of a file, and show those that come out otherwise."""
    from qsm_bot.render.rules import cases_code, cases_document, cases_table
    from qsm_bot.rules import load_rules
    from qsm_bot.rules.cases import differences, load_cases

    book = load_rules(rules or job.settings.rules)
    given = load_cases(cases)
    found = differences(book, given, file=cases.name)
    count = len(given.cases)
    job.show(cases_document(count, found, job.lang), lambda: cases_table(count, found, job.lang))
    return cases_code(found)


def import_(
    job: Job,
    file: SheetArgument,
    out: Annotated[
        Path | None, typer.Option(help=t("rules file to write", "書き込むルールファイル"))
    ] = None,
    force: ForceOption = False,
) -> int:
    """Read rules from an Excel file, check them, and write the rules file."""
    from qsm_bot.rules.excel import rules_from_sheet, toml_of

    book = rules_from_sheet(file)
    path = out or job.settings.rules
    if path.exists() and not force:
        raise FileExists(file=path)
    backup = _kept(path) if path.exists() else None
    text = toml_of(book)
    with writable(path) as written:
        written.write(text)
    return _done(job, _REPLACED if backup else _IMPORTED, path, len(book.rules), backup=backup)


def export(job: Job, file: SheetArgument, force: ForceOption = False) -> int:
    """Write the rules as an Excel file."""
    from qsm_bot.base.tables import write_bytes
    from qsm_bot.rules import load_rules
    from qsm_bot.rules.excel import sheet_of

    book = load_rules(job.settings.rules)
    if file.exists() and not force:
        raise FileExists(file=file)
    write_bytes(file, sheet_of(book))
    return _done(job, _EXPORTED, file, len(book.rules))


def _kept(path: Path) -> Path:
    """Copy a file that is about to be replaced, and return the copy.

    Raises:
        FileUnwritable: that cannot be done.
    """
    backup = path.with_name(f"{path.name}.bak")
    try:
        shutil.copyfile(path, backup)
    except OSError as error:
        raise FileUnwritable(file=backup, detail=os_words(error)) from error
    return backup


def _done(job: Job, words: Words, file: Path, count: int, **more: Path | None) -> int:
    named = {name: str(path) for name, path in more.items() if path is not None}
    document = {"file": str(file), "rules": count} | named
    job.show(document, lambda: words.filled(file=file, count=count, **named).say(job.lang))
    return 0
