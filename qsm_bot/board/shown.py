"""How texts of others look on a page: what could hide or turn them around becomes a sign."""

from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from qsm_bot.base.plain_text import visible
from qsm_bot.render.page import templates


def board_templates() -> Environment:
    """Return the pages' templates: every value is made visible, then escaped."""
    return templates("qsm_bot.board", finalize=_finalized)


def _finalized(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
