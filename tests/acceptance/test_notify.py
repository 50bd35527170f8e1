"""Messages by the installed program: they arrive, and the inbox says what to type."""

from tests.acceptance.conftest import Shop
from tests.sink import TOKEN, sink

RULES = 'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = ["762544202"]\n'


def test_a_plan_is_announced_and_waits_in_the_inbox(shop: Shop) -> None:
    shop.write_rules(RULES)
    with sink() as place, sink(up=False) as down:
        channels = {"QSM_NOTIFY": f"{place.url} {down.url}"}
        planned = shop.run("plan", "--json", **channels)
        inbox = shop.run("inbox", "--json", **channels)

    digits = planned.json["plan"][:12]
    assert planned.code == 0, planned.err
    (told,) = place.received
    assert f"`qsm-bot approve {digits}`" in told["message"]
    assert "762544202" in told["message"]
    assert (inbox.code, inbox.json["spooled"]) == (30, 1), inbox.err
    assert [(item["kind"], item["type"][-1]) for item in inbox.json["items"]] == [
        ("plan", f"qsm-bot approve {digits}"),
        ("message", "qsm-bot notify flush"),
    ]
    for said in (planned, inbox):
        assert TOKEN not in said.out + said.err
