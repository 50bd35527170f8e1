"""The report as an HTML page."""

import re

from qsm_bot.acceptance.report.page import run_html
from tests.unit.acceptance.report.runs import full_run


def test_the_page_needs_nothing_else_and_shows_the_clones_texts_as_texts() -> None:
    html = run_html(full_run(), "en")

    assert "<b>選</b>" not in html
    assert "&lt;b&gt;選&lt;/b&gt;" in html
    assert "data:image/jpeg;base64,/9hqcGVn" in html
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', html) == []
    for section in ("4", "6"):
        assert f"Step {section}:" in html
    assert "見出し" in html
