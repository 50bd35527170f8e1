"""Shipments by QAPI as evidence."""

from contextlib import AbstractContextManager
from datetime import date, datetime

from qsm_bot.base.clock import JST
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.evidence.protocol import load_all
from qsm_bot.mock_portal.world import World
from qsm_bot.qapi import QapiClient, QapiEvidence
from tests.unit.qapi.parts import NO, TODAY, api_of, client

NOW = datetime(2026, 1, 5, 18, 0, tzinfo=JST)


def source(world: World, *faults: str, days: int = 30) -> QapiEvidence:
    def open_client() -> AbstractContextManager[QapiClient]:
        return client(api_of(world, *faults))

    return QapiEvidence("QAPI", days, open_client, ClaimWords())


def shipped_world() -> World:
    world = World.seeded(3, seed=1, today=TODAY)
    assert world.refuse(NO, "商品発送完了").ok
    assert world.ship(NO, "ヤマト運輸", "300000000005").ok
    return world


def test_a_shipped_order_has_its_number_its_carrier_and_its_day() -> None:
    found = source(shipped_world()).load(NOW)

    known = found.of(NO)
    assert known.tracking_no.value == "300000000005"
    assert known.carrier.value == "ヤマト運輸"
    assert known.shipped_on.value == date(2026, 1, 5)
    assert [words.ja for words in known.tracking_no.words] == ["「300000000005」（QAPI）"]
    assert found.reports[0].orders == len(found.by_order)


def test_of_an_order_that_waits_nothing_is_known() -> None:
    found = source(World.seeded(3, seed=1, today=TODAY)).load(NOW)

    assert found.of(NO).tracking_no.facts == ()


def test_an_api_that_does_not_answer_is_a_source_in_error_for_every_order() -> None:
    found = load_all([source(shipped_world(), "qapi-down")], NOW)

    assert found.reports[0].error is not None
    assert found.of(NO).problems == found.problems
    assert found.problems
