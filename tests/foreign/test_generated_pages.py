"""Pages put together by a seed: each press keeps every promise, or one seed replays why not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.foreign.judged import broken_promises, press_on
from tests.foreign.variants import PARTS, Clone, Variant, clone, shrunk

SHARE = 32
"""Seeds of a usual run; `just fuzz` tries as many as there is time for."""
PER_TEST = 8


@pytest.fixture(scope="module")
def site() -> Iterator[Clone]:
    with clone() as running:
        yield running


@pytest.mark.by_day(1)
@pytest.mark.parametrize("first", range(0, SHARE, PER_TEST))
def test_no_promise_is_broken(first: int, browser: Browser, site: Clone) -> None:
    for seed in range(first, first + PER_TEST):
        variant = Variant.of(seed)
        broken = broken_promises(variant, press_on(browser, site, variant))
        assert broken == [], f"seed {seed}: {variant}"


@pytest.mark.by_day("change", "moment", "twice", "dialogs")
@pytest.mark.parametrize("part", PARTS)
def test_each_way_of_one_part_alone(part: str, browser: Browser, site: Clone) -> None:
    for way in PARTS[part]:
        # A change needs its moment, and text is changed where there is one.
        variant = Variant(
            **{"change": "order", "reason": "shipped", part: way}
            if part == "moment"
            else {"reason": "other", part: way}
        )
        broken = broken_promises(variant, press_on(browser, site, variant))
        assert broken == [], str(variant)


@pytest.mark.parametrize(
    "variant",
    [
        Variant(change="order", moment="after_ask", twice="afterwards"),
        Variant(change="order", moment="after_ask", noise="storm", twice="later"),
        Variant(transport="get", names="session"),
        Variant(change="text", moment="after_ask"),
        Variant(change="text", moment="after_ask", transport="get", twice="afterwards"),
        Variant(transport="get", twice="at_once"),
        Variant(noise="front", transport="get", change="order", moment="after_ask"),
        Variant(noise="front", transport="get", dialogs="none"),
        Variant(noise="draft", dialogs="none"),
        Variant(noise="draft", network="lost", twice="at_once"),
    ],
    ids=str,
)
def test_what_the_generator_found_stays_mended(
    variant: Variant, browser: Browser, site: Clone
) -> None:
    broken = broken_promises(variant, press_on(browser, site, variant))
    assert broken == [], str(variant)


def test_what_fails_is_shrunk_to_what_it_takes() -> None:
    odd = Variant(transport="json", change="order", noise="storm", network="slow")

    def fails(tried: Variant) -> bool:
        return tried.change == "order" and tried.network == "slow"

    assert shrunk(odd, fails) == Variant(change="order", network="slow")
