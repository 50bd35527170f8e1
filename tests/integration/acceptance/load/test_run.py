"""Load on the mock portal: one refusal in the browser, the others as it showed how."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Playwright

from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.seeding import Seeding
from qsm_bot.acceptance.clone.target import Seller, Target
from qsm_bot.acceptance.load.bounds import Load
from qsm_bot.acceptance.load.run import run_load
from qsm_bot.acceptance.report.load_result import LoadResult
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.integration.portal.parts import alter_static
from tests.support import shipped_pack
from tests.unit.mock_portal.parts import Client

STEPS = [
    "ClaimManagement.aspx",
    "GetClaimCounts",
    "GetClaimList",
    "GetClaimDetail",
    "SetCancelRefusal",
    "GetClaimCounts 2",
    "GetClaimList 2",
]


class Clone:
    """A mock portal, and the browser of a seller who is signed in there."""

    def __init__(self, portal: MockPortal, context: BrowserContext, playwright: Playwright) -> None:
        client = Client(portal)
        client.sign_in()
        context.add_cookies(
            [{"name": n, "value": v, "url": portal.url} for n, v in client.cookies.items()]
        )
        self.portal = portal
        seller = Seller(portal.login_id, portal.password, portal.world.shop_name)
        self.target = Target(origin=portal.url, pack=shipped_pack(), seller=seller, confirmed=True)
        self.clone_page = ClonePage(context.new_page(), self.target)
        self.http = playwright.request.new_context(base_url=portal.url)

    def run(self, sellers: int, refusals: int, seconds: float = 60) -> LoadResult:
        load = Load(sellers=sellers, refusals=refusals, seconds=seconds)
        return run_load(load, self.clone_page, Seeding(self.http))

    @property
    def refused(self) -> list[str]:
        return [effect.order for effect in self.portal.journal.effects_of("refuse")]


Serve = Callable[..., Clone]


@pytest.fixture
def serve(context: BrowserContext, playwright: Playwright) -> Iterator[Serve]:
    with ExitStack() as stack:

        def serve(*faults: str, orders: int = 3, qa: bool = True) -> Clone:
            options = PortalOptions(faults=parse_faults(faults), qa=qa)
            portal = stack.enter_context(MockPortal(World.seeded(orders), options=options))
            clone = Clone(portal, context, playwright)
            stack.callback(clone.http.dispose)
            return clone

        yield serve


def test_sellers_refuse_at_once_and_the_journal_confirms_each_refusal(serve: Serve) -> None:
    """Orders that are missing are made; each is refused once."""
    clone = serve(orders=2)
    result = clone.run(3, 2)

    assert result.trouble is None
    assert result.confirmed is not None
    assert len(result.completed) == len(result.begun) == 6
    assert sorted(result.confirmed) == sorted(result.completed)
    assert sorted(clone.refused) == sorted([str(result.learned), *result.completed])
    assert (result.twice, result.errors) == ((), {})
    assert [(each.name, each.count) for each in result.steps] == [(name, 6) for name in STEPS]
    assert [note.en for note in result.notes] == ["3 sellers shared 1 sign-in(s)"]
    document = result.document("ja")
    assert (document["completed"], document["confirmed"], document["unconfirmed"]) == (6, 6, [])
    assert set(document["steps"][0]) == {"name", "count", "p50", "p90", "p95", "p99", "max"}


def test_a_clone_without_test_data_is_refused_what_is_there(serve: Serve) -> None:
    clone = serve(orders=3, qa=False)
    result = clone.run(2, 5)

    assert result.confirmed is None
    assert len(result.completed) == 2
    assert len(clone.refused) == 3
    told = [note.en for note in result.notes]
    assert "10 refusals were asked for, 2 requests were open" in told
    assert "the clone has no journal: what it did is not confirmed" in told
    assert result.document("en")["confirmed"] is None


def test_a_page_that_posts_a_form_is_learned_as_well(serve: Serve) -> None:
    clone = serve("form-post")
    result = clone.run(1, 2)
    assert (result.trouble, len(result.completed), len(clone.refused)) == (None, 2, 3)


def test_a_refusal_that_carries_its_pages_token_is_not_replayed(
    serve: Serve, context: BrowserContext
) -> None:
    old = 'refuse_text: byId("txt_refuse_reason").value.trim(),\n    });\n  }\n\n  async cancel'
    new = old.replace(",", ', state: byId("__VIEWSTATE").value,', 1)
    alter_static(context, "claim.js", old, new)
    clone = serve()
    result = clone.run(2, 1)

    assert result.trouble is not None
    assert "hidden field __VIEWSTATE" in result.trouble.en
    assert clone.refused == [result.learned]
    assert (result.begun, result.steps) == ((), ())


def test_a_refusal_that_does_not_complete_in_the_browser_is_not_replayed(serve: Serve) -> None:
    clone = serve("no-permission")
    result = clone.run(2, 1)
    assert result.trouble is not None
    assert "この操作の権限がありません。" in result.trouble.en
    assert (clone.refused, result.begun) == ([], ())


def test_if_the_first_replay_is_answered_otherwise_no_other_follows(serve: Serve) -> None:
    """Its buyer withdraws as the learned order is refused."""
    clone = serve()
    world = clone.portal.world
    order_no = world.open_requests()[1].order_no
    world.tell(lambda kind, *_: kind == "refuse" and world.buyer_withdraws(order_no))
    result = clone.run(2, 1)

    assert result.trouble is not None
    assert "SetCancelRefusal: another answer" in result.trouble.en
    assert clone.refused == [result.learned]
    assert result.begun == (order_no,)


def test_nothing_is_done_to_a_clone_that_nobody_confirmed(serve: Serve) -> None:
    clone = serve()
    clone.clone_page.target = Target(
        origin=clone.portal.url, pack=shipped_pack(), seller=clone.target.seller
    )
    with pytest.raises(UsageInvalid):
        clone.run(1, 1)
    assert clone.portal.journal.requests[-1].path.endswith("/Login.aspx")
