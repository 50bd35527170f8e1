"""How much load may be asked for, and where it may be put."""

from dataclasses import replace

import pytest

from qsm_bot.acceptance.clone.target import Seller, Target
from qsm_bot.acceptance.load.bounds import Load, parse_load, raise_if_not_allowed
from qsm_bot.base.errors.acceptance import RealHost
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import UsageInvalid
from tests.support import shipped_pack

HERE = Target(
    origin="http://127.0.0.1:8808", pack=shipped_pack(), seller=Seller("", ""), confirmed=True
)
THERE = replace(HERE, origin="https://clone.example.jp")
LOAD = Load(sellers=2, refusals=3)


@pytest.mark.parametrize(
    ("given", "load"), [("50x10", (50, 10)), (" 1X1 ", (1, 1)), ("1x1000", (1, 1000))]
)
def test_sellers_and_refusals_are_read(given: str, load: tuple[int, int]) -> None:
    parsed = parse_load(given)
    assert (parsed.sellers, parsed.refusals) == load
    assert parsed.total == load[0] * load[1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("50", "not '50'"),
        ("0x10", "not '0x10'"),
        ("5x-1", "not '5x-1'"),
        ("5x10x2", "not '5x10x2'"),
        ("101x1", "at most 100 sellers and 1000 refusals in all"),
        ("50x21", "at most 100 sellers"),
    ],
)
def test_what_is_no_load_or_too_much_is_told(given: str, told: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        parse_load(given)
    assert told in caught.value.message.en
    assert caught.value.exit_code == 60


@pytest.mark.parametrize(
    ("load", "target"),
    [
        (LOAD, HERE),
        (replace(LOAD, hosts=frozenset({"clone.example.jp"})), THERE),
    ],
)
def test_this_machine_and_named_hosts_may_be_put_under_load(load: Load, target: Target) -> None:
    raise_if_not_allowed(load, target)


@pytest.mark.parametrize(
    ("load", "target", "error"),
    [
        (LOAD, replace(HERE, confirmed=False), UsageInvalid),
        (LOAD, THERE, UsageInvalid),
        (replace(LOAD, hosts=frozenset({"other.example.jp"})), THERE, UsageInvalid),
        (replace(LOAD, sellers=101), HERE, UsageInvalid),
        (LOAD, replace(HERE, origin="https://qsm.qoo10.jp"), RealHost),
        (
            replace(LOAD, hosts=frozenset({"qsm.qoo10.jp"})),
            replace(HERE, origin="https://qsm.qoo10.jp"),
            RealHost,
        ),
        (replace(LOAD, hosts=frozenset({"www.Qoo10.jp"})), HERE, RealHost),
    ],
)
def test_nothing_else_may(load: Load, target: Target, error: type[QsmBotError]) -> None:
    with pytest.raises(error):
        raise_if_not_allowed(load, target)
