"""Who signs in at a clone."""

from inspect import signature

from qsm_bot.acceptance.clone.target import MOCK_LOGIN, seller_for
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World


def test_on_this_machine_the_mock_portals_seller_signs_in_unless_another_is_named() -> None:
    given = signature(MockPortal).parameters
    mine = seller_for("http://localhost:1", "me", "mine", shop_name="")
    mock = seller_for("http://127.0.0.1:1", "", "", shop_name="")
    nobody = seller_for("https://staging.example", "", "", shop_name="")

    assert (mock.login_id, mock.password, mock.shop_name) == MOCK_LOGIN
    assert (
        given["login_id"].default,
        given["password"].default,
        World.seeded(1).shop_name,
    ) == MOCK_LOGIN
    assert (mine.login_id, mine.password) == ("me", "mine")
    assert nobody.login_id == ""
    assert "mine" not in repr(mine)
