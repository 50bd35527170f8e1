"""The pages of the reports: how templates are filled, and how times and code look in them."""

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from qsm_bot.clock import JST
from qsm_bot.words import Words


def template(name: str) -> Template:
    """Return the template of that name."""
    environment = Environment(
        loader=PackageLoader("qsm_bot.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["words"] = Words
    environment.filters.update(code=_with_code, jst=jst)
    return environment.get_template(name)


def _with_code(text: str) -> Markup:
    """Escape `text`, and show what stands in backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup().join(parts)


def jst(moment: datetime, spec: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return a moment as a text in Japanese time."""
    return moment.astimezone(JST).strftime(spec)
