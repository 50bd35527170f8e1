"""axe finds nothing on any screen, in either language, on a phone or a desk."""

import pytest
from playwright.sync_api import Page

from qsm_bot.base.words import Lang
from tests.board.real import addresses, served
from tests.grids.libraries import parts

_RUN = """async source => {
  (0, eval)(source);
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(each => each.id + " " + each.nodes.map(n => n.target).join(" "));
}"""


@pytest.mark.by_day(2)
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(page: Page, lang: Lang, width: int) -> None:
    source = next(parts("axe", ".js"))
    page.set_viewport_size({"width": width, "height": 900})
    with served(lang) as (server, made):
        page.goto(server.address(practice=True))
        found = {}
        for name, address in addresses(server, made).items():
            page.goto(address)
            found[name] = page.evaluate(_RUN, source)

    assert {name: each for name, each in found.items() if each} == {}
