"""The fault mode: what the kit says in each network, and what the clone then has done."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from qsm_bot.acceptance.network import CONDITIONS, run_through
from qsm_bot.errors import CloneUrlInvalid, PortalUnreachable, QsmBotError, RealHost, UsageInvalid
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
    """A small kit: it signs in, refuses the one order, and says what it heard."""

    def judge(origin: str) -> str:
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

    return judge


@pytest.mark.parametrize(
    ("name", "said", "effects", "lost"),
    [
        ("latency", DONE, 1, 0),
        ("slow", DONE, 1, 0),
        ("reset-before", "no answer", 0, 1),
        ("reset-after", "no answer", 1, 0),
    ],
)
def test_what_is_said_is_what_came_through_the_network(
    portal: MockPortal, name: str, said: str, effects: int, lost: int
) -> None:
    (heard,) = run_through(portal.url, kit_for(portal), refusal=REFUSAL, names=[name])
    assert (heard.name, heard.said, heard.error, heard.why_not) == (name, said, None, None)
    assert (heard.arrived, heard.forwarded) == (3, 3 - lost)
    assert len(portal.journal.effects_of("refuse", NO)) == effects


def test_where_nothing_listens_the_kits_own_error_is_kept(portal: MockPortal) -> None:
    (heard,) = run_through(portal.url, kit_for(portal), names=["refuse"])
    assert isinstance(heard.error, PortalUnreachable)
    assert (heard.said, heard.arrived) == (None, 0)
    assert portal.journal.requests == []


def test_without_the_refusals_path_what_befalls_it_is_not_run(portal: MockPortal) -> None:
    heard = run_through(portal.url, kit_for(portal), names=["reset-before", "reset-after"])
    assert [each.why_not is not None for each in heard] == [True, True]
    assert portal.journal.requests == []


def test_each_network_is_a_run_of_its_own_in_order(portal: MockPortal) -> None:
    heard = run_through(portal.url, lambda origin: urlsplit(origin).port, refusal=REFUSAL)
    assert [each.name for each in heard] == list(CONDITIONS)
    assert portal.port not in [each.said for each in heard]


def test_another_exception_than_the_kits_is_not_swallowed(portal: MockPortal) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_through(portal.url, broken, names=["latency"])


@pytest.mark.parametrize(
    ("origin", "names", "error"),
    [
        ("https://127.0.0.1:8808", ["latency"], UsageInvalid),
        ("http://clone.example.jp", ["latency"], UsageInvalid),
        ("http://[::1]:8808", ["latency"], UsageInvalid),
        ("http://127.0.0.1:8808", ["latencies"], UsageInvalid),
        ("http://user@127.0.0.1:8808", ["latency"], CloneUrlInvalid),
        ("http://qsm.qoo10.jp", ["latency"], RealHost),
    ],
)
def test_what_the_proxy_cannot_stand_before_is_told(
    origin: str, names: list[str], error: type[QsmBotError]
) -> None:
    with pytest.raises(error):
        run_through(origin, lambda _: None, names=names)


def test_every_condition_is_told_in_both_languages() -> None:
    assert all(each.words.en and each.words.ja for each in CONDITIONS.values())
    assert {each.cut for each in CONDITIONS.values()} == {
        Cut.HANG,
        Cut.SLOW,
        Cut.RESET_BEFORE,
        Cut.RESET_AFTER,
        None,
    }
