"""Detect: QAPI's open requests, as the portal's list has them."""

from dataclasses import replace
from datetime import date

from flows.detect import LABEL, detect
from qsm_bot.qapi import ClaimRow
from tests.unit.flows.conftest import Scene
from tests.unit.qapi.parts import api_of, client


def test_what_qapi_has_open_is_what_the_portal_lists(scene: Scene) -> None:
    scene.world.buyer_withdraws(scene.open[0])

    with client(api_of(scene.world)) as api:
        found = detect(api, scene.watch().date())

    listed = scene.portal.collect().requests
    assert len(found) == 5
    # QAPI has another word for the state; option and amount it does not tell.
    told = [replace(row, status=LABEL, option="", amount=None) for row in listed]
    assert list(found) == told


def test_a_state_in_other_words_stays_as_qapi_says_it(scene: Scene) -> None:
    class Wordy:
        def open_requests(self, today: date) -> list[ClaimRow]:
            with client(api_of(scene.world)) as api:
                row = api.open_requests(today)[0]
            return [row.model_copy(update={"claim": "キャンセル要請中"})]

    (found,) = detect(Wordy(), scene.watch().date())
    assert found.status == "キャンセル要請中"
