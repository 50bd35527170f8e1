"""A scenario sent to the mock portal by several sellers: what really happened there."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from qsm_bot.acceptance.load.replay import Cookies, Replay
from qsm_bot.acceptance.load.scenario import LoadScenario, RecordedCall, scenario_of
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.patience import patient
from tests.unit.mock_portal.parts import CLAIM, REFUSAL, ROOT, Client

COLUMN = "注文番号"
LIST = "swe_ClaimBizService.asmx/GetClaimList"
DONE = '{"d":{"returnCode":0,"returnMessage":"キャンセル拒否完了"}}'


class Sellers:
    """A portal, the scenario for it, and who signs in there."""

    def __init__(self, portal: MockPortal) -> None:
        self.portal = portal
        self.orders = [{COLUMN: order.order_no} for order in portal.world.open_requests()]
        client = Client(portal)
        client.sign_in()
        self.cookies: Cookies = [
            {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}
            for name, value in client.cookies.items()
        ]

    def scenario(self) -> LoadScenario:
        order_no = self.orders[0][COLUMN]
        body = f'{{"contr_no":"{order_no}","refuse_reason":"R1"}}'
        calls = [
            self._call("GET", CLAIM, "", "<html>"),
            self._call("POST", f"{ROOT}/{LIST}", '{"claim_type":"CN"}', "{}"),
            self._call("POST", f"{ROOT}/{REFUSAL}", body, DONE, acts=True),
            self._call("POST", f"{ROOT}/{LIST}", '{"claim_type":"CN"}', "{}"),
        ]
        return scenario_of(calls, self.orders[0], self.orders[1:], self.portal.url)

    def _call(
        self, method: str, path: str, body: str, answer: str, *, acts: bool = False
    ) -> RecordedCall:
        return RecordedCall(
            method=method,
            url=self.portal.url + path,
            headers={"content-type": "application/json"},
            body=body.encode(),
            status=200,
            answer=answer.encode(),
            acts=acts,
        )

    def replay(self, *, seconds: float = patient(60), timeout: float = patient(10)) -> Replay:
        deadline = time.monotonic() + seconds
        return Replay(self.scenario(), COLUMN, deadline=deadline, timeout=timeout)

    @property
    def refused(self) -> list[str]:
        return [effect.order for effect in self.portal.journal.effects_of("refuse")]


Start = Callable[..., Sellers]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def start(*faults: str, latency: float = 0) -> Sellers:
            portal = MockPortal(
                World.seeded(7), latency=latency, options=PortalOptions(faults=parse_faults(faults))
            )
            return Sellers(stack.enter_context(portal))

        yield start


def test_several_sellers_refuse_each_their_own_orders_once(start: Start) -> None:
    sellers = start()
    replay = sellers.replay()
    work = [(sellers.cookies, sellers.orders[at : at + 2]) for at in (1, 3, 5)]

    replay.all_at_once(work)

    wanted = [cells[COLUMN] for cells in sellers.orders[1:]]
    assert sorted(sellers.refused) == sorted(replay.tally.begun) == sorted(wanted)
    assert sorted(replay.tally.completed) == sorted(wanted)
    assert replay.tally.errors == {}
    figures = replay.tally.figures(sellers.scenario().steps)
    names = ["ClaimManagement.aspx", "GetClaimList", "SetCancelRefusal", "GetClaimList 2"]
    assert [(each.name, each.count) for each in figures] == [(name, 6) for name in names]
    assert all(0 < each.p50 <= each.p90 <= each.p95 <= each.p99 <= each.max for each in figures)


@pytest.mark.parametrize(
    ("fault", "error", "completed"),
    [
        ("error-before-effect", "SetCancelRefusal: HTTP 500", False),
        ("no-permission", "SetCancelRefusal: another answer", False),
        ("reset-before-effect", "SetCancelRefusal: ReadError", False),
        ("blocked", "ClaimManagement.aspx: HTTP 403", False),
        ("list-down", "GetClaimList 2: HTTP 500", True),
    ],
)
def test_an_error_is_counted_by_step_and_kind(
    start: Start, fault: str, error: str, *, completed: bool
) -> None:
    """What comes before the refusal ends the order; what comes after it does not undo it."""
    sellers = start(fault)
    replay = sellers.replay()

    replay.one_seller(sellers.cookies, sellers.orders[1:2])

    number = sellers.orders[1][COLUMN]
    assert replay.tally.errors == {error: 1}
    assert replay.tally.begun == [number]
    assert replay.tally.completed == ([number] if completed else [])
    assert sellers.refused == ([number] if completed else [])


def test_the_next_order_follows_after_an_error(start: Start) -> None:
    sellers = start("no-permission")
    replay = sellers.replay()
    replay.one_seller(sellers.cookies, sellers.orders[1:3])
    assert replay.tally.completed == sellers.refused == [sellers.orders[2][COLUMN]]


def test_an_answer_that_does_not_come_in_time_is_an_error(start: Start) -> None:
    sellers = start(latency=0.5)
    replay = sellers.replay(timeout=0.1)
    replay.one_seller(sellers.cookies, sellers.orders[1:2])
    assert replay.tally.errors == {"GetClaimList: no answer in time": 1}
    assert sellers.refused == []


def test_after_the_deadline_nothing_is_begun(start: Start) -> None:
    sellers = start()
    replay = sellers.replay(seconds=-1)
    replay.all_at_once([(sellers.cookies, sellers.orders[1:])])
    assert replay.tally.begun == sellers.refused == []


def test_without_a_sign_in_the_clone_sends_elsewhere_and_no_redirect_is_followed(
    start: Start,
) -> None:
    sellers = start()
    replay = sellers.replay()
    replay.one_seller([], sellers.orders[1:2])
    assert replay.tally.errors == {"ClaimManagement.aspx: HTTP 302": 1}
    assert "/Login.aspx" not in sellers.portal.journal.requests[-1].path
