"""Bad networks: what the kit finds in each, and what the clone then has done."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from qsm_bot.acceptance.clone.bad_networks import CONDITIONS, run_in
from qsm_bot.base.errors.acceptance import CloneUrlInvalid, RealHost
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.errors.outside import PortalUnreachable
from qsm_bot.mock_portal.proxy import Cut
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.unit.mock_portal.parts import NO, Client

REFUSAL = "/SetCancelRefusal"
DONE = "キャンセル拒否完了"


@pytest.fixture
def portal() -> Iterator[MockPortal]:
    with MockPortal(World.seeded(1)) as running:
        yield running


def kit_for(portal: MockPortal) -> Callable[[str], str]:
    """A small kit: it signs in, refuses the one order, and returns what the portal answers."""

    def kit(origin: str) -> str:
        client = Client(portal)
        client.address = urlsplit(origin).netloc
        try:
            client.sign_in()
        except ConnectionRefusedError as error:
            raise PortalUnreachable(url=origin, detail=error) from error
        try:
            return str(client.refuse()["d"]["returnMessage"])
        except ConnectionError:
            return "no answer"

    return kit


@pytest.mark.parametrize(
    ("name", "result", "effects", "lost"),
    [
        ("latency", DONE, 1, 0),
        ("slow", DONE, 1, 0),
        ("reset-before", "no answer", 0, 1),
        ("reset-after", "no answer", 1, 0),
    ],
)
def test_the_result_is_what_came_through_the_network(
    portal: MockPortal, name: str, result: str, effects: int, lost: int
) -> None:
    run = run_in(CONDITIONS[name], portal.url, kit_for(portal), refusal=REFUSAL)
    assert (run.result, run.error, run.why_not) == (result, None, None)
    assert (run.arrived, run.forwarded) == (3, 3 - lost)
    assert len(portal.journal.effects_of("refuse", NO)) == effects


def test_where_nothing_listens_the_kits_own_error_is_kept(portal: MockPortal) -> None:
    run = run_in(CONDITIONS["refuse"], portal.url, kit_for(portal))
    assert isinstance(run.error, PortalUnreachable)
    assert (run.result, run.arrived) == (None, 0)
    assert portal.journal.requests == []


@pytest.mark.parametrize("name", ["reset-before", "reset-after"])
def test_without_the_refusals_path_what_cuts_it_is_not_run(portal: MockPortal, name: str) -> None:
    assert run_in(CONDITIONS[name], portal.url, kit_for(portal)).why_not is not None
    assert portal.journal.requests == []


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_kit_never_gets_the_clones_own_address(portal: MockPortal, name: str) -> None:
    run = run_in(
        CONDITIONS[name], portal.url, lambda origin: urlsplit(origin).port, refusal=REFUSAL
    )
    assert run.result not in (None, portal.port)


def test_another_exception_than_the_kits_is_not_swallowed(portal: MockPortal) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_in(CONDITIONS["latency"], portal.url, broken)


@pytest.mark.parametrize(
    ("origin", "error"),
    [
        ("https://127.0.0.1:8808", UsageInvalid),
        ("http://clone.example.jp", UsageInvalid),
        ("http://[::1]:8808", UsageInvalid),
        ("http://user@127.0.0.1:8808", CloneUrlInvalid),
        ("http://qsm.qoo10.jp", RealHost),
    ],
)
def test_what_the_proxy_cannot_stand_before_is_told(origin: str, error: type[QsmBotError]) -> None:
    with pytest.raises(error):
        run_in(CONDITIONS["latency"], origin, lambda _: None)


def test_every_condition_is_told_in_both_languages() -> None:
    assert all(each.words.en and each.words.ja for each in CONDITIONS.values())
    assert {each.cut for each in CONDITIONS.values()} == {
        Cut.HANG,
        Cut.SLOW,
        Cut.RESET_BEFORE,
        Cut.RESET_AFTER,
        None,
    }
