"""The pages of the reports: how templates are filled, and how times and code look in them."""

from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words


def template(name: str) -> Template:
    """Return the template of that name."""
    return _reports().get_template(name)


@cache
def _reports() -> Environment:
    # One for all pages: a template is compiled once in the life of the program.
    environment = templates("qsm_bot.render")
    environment.globals["words"] = Words
    environment.filters.update(code=_with_code, jst=jst)
    return environment


def templates(package: str, **more: Any) -> Environment:
    """Return the templates of a package; a value is escaped, and must be there.

    Args:
        package: the one with the folder `templates`.
        more: what else Jinja is told.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        **more,
    )


def _with_code(text: str) -> Markup:
    """Escape `text`, and show what stands in backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup().join(parts)


def jst(moment: datetime, spec: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return a moment as a text in Japanese time."""
    return moment.astimezone(JST).strftime(spec)
