"""What a plan keeps of a request for people: no word that tells who the buyer is."""

from dataclasses import replace

import pytest

from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.mock_portal.testing.builders import request


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("間違えて注文した", "間違えて注文した"), ("090-1234-5678 に電話ください", "")],
)
def test_a_reason_that_tells_who_the_buyer_is_is_not_kept(reason: str, kept: str) -> None:
    asked = replace(request(), buyer_reason=reason, item_name="タンブラー", quantity=2, amount=1280)

    assert SeenRequest.of(asked) == SeenRequest(
        item_name="タンブラー", quantity=2, amount=1280, buyer_reason=kept
    )
