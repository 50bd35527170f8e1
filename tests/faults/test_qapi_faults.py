"""QAPI beside a real browser: the list is gone after the press, the refusal is proven still."""

from qsm_bot.base.clock import now
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.qapi import QapiClient, QapiStatus
from tests.faults.conftest import OpenLab
from tests.patience import patient


def test_refused_stands_by_alert_and_qapi_when_the_list_cannot_be_read(open_lab: OpenLab) -> None:
    lab = open_lab("list-down")
    server, seat = lab.server, lab.seat
    with QapiClient(
        url=server.qapi_url, key=server.qapi_key, interval=0.1, timeout=patient(5), rest=seat.rest
    ) as api:
        order = lab.orders[0]
        ending = lab.with_(status=QapiStatus(api, ClaimWords(), now)).refuse(order)

        assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
        assert ending.proofs == {order: ["alert", "qapi"]}
        assert (lab.refused(), lab.sent()) == ([order], 1)
        asked = [seen.path.rpartition("/")[2] for seen in lab.server.journal.requests]
        assert "ShippingBasic.GetShippingAndClaimInfoByOrderNo_V2" in asked
        assert "ShippingBasic.SetSendingInfo" not in asked
