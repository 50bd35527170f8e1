"""Each defect of the mock portal makes exactly its statements fail."""

import pytest

from qsm_bot.acceptance.statements import STATEMENTS
from qsm_bot.mock_portal.defects import DEFECTS
from qsm_bot.mock_portal.world import World
from tests.acceptance.conftest import Shop, serving
from tests.acceptance.kit import accept, refusal_calls, verdicts
from tests.patience import patient

FILES = ("r.html", "r.xml")
ASKED = ("--clone-confirmed", "--json", "--html", "r.html", "--junit", "r.xml")
BUYERS = {order.buyer_name for order in World.seeded(200, seed=1).orders()}
# Each third of the catalogue at once: none of its defects hides another. By day the first is
# played, at night the others, and each defect alone.
THIRDS = [list(DEFECTS)[start::3] for start in range(3)]
ALONE = [pytest.param([name], id=name, marks=pytest.mark.night) for name in DEFECTS]
TOGETHER = [
    pytest.param(third, id=name, marks=pytest.mark.night if at else ())
    for at, (name, third) in enumerate(zip(("first", "second", "third"), THIRDS, strict=True))
]


@pytest.mark.parametrize("defects", [*TOGETHER, *ALONE])
def test_with_defects_exactly_their_statements_fail(bare_shop: Shop, defects: list[str]) -> None:
    options = [word for name in defects for word in ("--defect", name)]
    with serving(bare_shop, *options) as shop:
        # What a defect keeps from coming is waited for to the limit, again and again.
        said = accept(shop, *ASKED, QSM_TIMEOUT=str(patient(2)))

    concerned = {id_ for name in defects for id_ in (name, *DEFECTS[name].also)}
    assert verdicts(said) == {
        id_: "did not hold" if id_ in concerned else "held" for id_ in STATEMENTS
    }
    assert said.code == 30
    for each in said.json["statements"]:
        assert [check for check in each["checks"] if not check["held"]] or each["verdict"] == "held"
    for report in (said.out, *((shop.folder / name).read_text("utf-8") for name in FILES)):
        assert [name for name in BUYERS if name in report] == []
    # What a defect tried to send before anybody had agreed was held back in the browser.
    assert set(refusal_calls(shop)) == {effect["order"] for effect in shop.effects("refuse")}


def test_the_thirds_are_all_defects() -> None:
    assert sorted(name for third in THIRDS for name in third) == sorted(STATEMENTS)
