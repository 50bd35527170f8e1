"""A shop is its portal and its login ID, on both databases; its name is only shown."""

from typing import NoReturn

import pytest
from sqlalchemy import create_engine, text

from qsm_bot.base.errors.ledger import LedgerBusy
from qsm_bot.base.errors.orders import AlreadyAttempted
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.domain.shop_identity import NAMELESS, ShopIdentity
from qsm_bot.ledger import ActState, Ledger, Wanted, engine, shops
from tests.integration.ledger.parts import PLAN_DIGEST, Time, permit, plan, planned, walk_to

PORTAL = "https://qsm.example.jp"
NAME, LOGIN = "みほん商店 A", "Mihon-01"
OURS = ShopIdentity(portal=PORTAL, login_id=LOGIN, name=NAME)


def shop(name: str = NAME, login_id: str = LOGIN, portal: str = PORTAL) -> ShopIdentity:
    return ShopIdentity(portal=portal, login_id=login_id, name=name)


def leave_unknown(ledger: Ledger, name: str, order_no: str = "762544202") -> None:
    run = ledger.begin_run(name, "apply", PLAN_DIGEST)
    given = ledger.issue_permit(run, name, planned(order_no), PLAN_DIGEST, PermitKind.REFUSAL)
    walk_to(ledger.act(given), ActState.UNKNOWN)
    ledger.end_run(run, 30)


def press_again(ledger: Ledger, name: str, order_no: str = "762544202") -> None:
    run = ledger.begin_run(name, "apply", PLAN_DIGEST)
    ledger.issue_permit(run, name, planned(order_no), PLAN_DIGEST, PermitKind.REFUSAL)


def as_version_1_left_it(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE shops"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_book'"))
    engine.dispose()


@pytest.mark.parametrize(
    "changed",
    [
        shop("みほん商店A"),
        shop("みほん商店\u3000Ａ"),
        shop("まったく別の名前"),
        shop(login_id="ｍｉｈｏｎ－０１ "),
        shop(login_id=""),
        shop(login_id="", name="みほん商店a"),
        shop(login_id="", name="まったく別の名前"),
        shop(login_id="", name=NAMELESS),
        shop(login_id="other-id"),
        shop(portal="https://QSM.example.jp:443"),
    ],
    ids=str,
)
def test_no_change_of_the_settings_allows_a_second_press(
    ledger_url: str, time: Time, changed: ShopIdentity
) -> None:
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        leave_unknown(ledger, NAME)
    with Ledger.open(ledger_url, clock=time, shop=changed) as ledger:
        assert ledger.taken_orders(changed.name) == {"762544202": "unknown"}
        with pytest.raises(AlreadyAttempted):
            press_again(ledger, changed.name)


@pytest.mark.parametrize("before", [NAME, "みほん商店\u3000Ａ", "mihon-01", NAMELESS])
def test_an_old_ledger_is_brought_up_and_its_names_are_found(
    ledger_url: str, time: Time, before: str
) -> None:
    with Ledger.open(ledger_url, clock=time) as ledger:
        leave_unknown(ledger, before)
    as_version_1_left_it(ledger_url)
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        assert [each.order_no for each in ledger.open_attempts(NAME)] == ["762544202"]
        with pytest.raises(AlreadyAttempted):
            press_again(ledger, NAME)
        (attempt,) = ledger.find(Wanted(shop=NAME))
        (run, _) = ledger.runs(shop=NAME)
        assert (attempt.shop, run.shop) == (NAME, NAME)
        assert ledger.unclaimed_names() == []
        assert ledger.verify().broken is None


def test_what_was_refused_under_an_old_name_must_still_be_shipped(
    ledger_url: str, time: Time
) -> None:
    with Ledger.open(ledger_url, clock=time) as ledger:
        run = ledger.begin_run("みほん商店Ａ", "apply", PLAN_DIGEST)
        order = planned("762544206")
        given = ledger.issue_permit(run, "みほん商店Ａ", order, PLAN_DIGEST, PermitKind.REFUSAL)
        walk_to(ledger.act(given), ActState.SETTLED)
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        assert [duty.order_no for duty in ledger.duties(NAME)] == ["762544206"]
        time.passes(2 * 86400)
        assert [duty.order_no for duty in ledger.overdue(NAME)] == ["762544206"]


def test_a_name_that_fits_nothing_waits_for_a_person(ledger_url: str, time: Time) -> None:
    with Ledger.open(ledger_url, clock=time) as ledger:
        leave_unknown(ledger, "旧店名")
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        assert ledger.unclaimed_names() == ["旧店名"]
        assert ledger.open_attempts(NAME) == []
        with pytest.raises(AlreadyAttempted):
            press_again(ledger, NAME)
        assert ledger.merge_name("旧店名", who="Sato")
        assert not ledger.merge_name("旧店名", who="Sato")
        assert not ledger.merge_name("unheard of", who="Sato")
        assert [each.order_no for each in ledger.open_attempts(NAME)] == ["762544202"]
    with Ledger.open(ledger_url, clock=time) as ledger:
        assert not ledger.merge_name("旧店名", who="Sato")


def test_a_name_whose_plans_were_made_at_another_portal_is_not_taken(
    ledger_url: str, time: Time
) -> None:
    with Ledger.open(ledger_url, clock=time) as ledger:
        ledger.record_plan(plan(shop=NAME))  # at http://127.0.0.1
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        assert ledger.unclaimed_names() == [NAME]


def test_two_shops_with_one_shown_name_stay_two(ledger_url: str, time: Time) -> None:
    other = shop(login_id="mihon-02")
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        leave_unknown(ledger, NAME, "762544202")
        ledger.record_plan(plan(shop=NAME))
        digest = plan(shop=NAME).digest
        assert ledger.is_plan_of(digest, NAME)
    with Ledger.open(ledger_url, clock=time, shop=other) as ledger:
        assert ledger.open_attempts(NAME) == []
        assert ledger.runs(shop=NAME) == []
        assert not ledger.is_plan_of(digest, NAME)
        leave_unknown(ledger, NAME, "762544206")
        with (
            ledger.lease(NAME, "this", seconds=60),
            Ledger.open(ledger_url, clock=time, shop=OURS) as ours,
            ours.lease(NAME, "that", seconds=60),
        ):
            assert [each.order_no for each in ours.open_attempts(NAME)] == ["762544202"]
    with Ledger.open(ledger_url, clock=time) as ledger:
        titles = {tally.shop for tally in ledger.tallies()}
        assert titles == {f"{NAME} (mihon-01)", f"{NAME} (mihon-02)"}
        for title in titles:
            assert len(ledger.runs(shop=title)) == 1


def test_a_run_of_an_earlier_version_still_holds_its_shop(ledger_url: str, time: Time) -> None:
    with (
        Ledger.open(ledger_url, clock=time) as old,
        old.lease(NAME, "old pid 1", seconds=60),
        Ledger.open(ledger_url, clock=time, shop=OURS) as ledger,
        pytest.raises(ShopBusy) as caught,
        ledger.lease(NAME, "new pid 2", seconds=60),
    ):
        pass
    assert caught.value.facts == {"shop": NAME, "holder": "old pid 1"}


def test_the_login_id_may_come_later_and_go_again(ledger_url: str, time: Time) -> None:
    nameless, named = shop(login_id="", name=NAMELESS), shop(login_id="")
    for step, identity in enumerate((nameless, named, OURS, named, OURS)):
        with Ledger.open(ledger_url, clock=time, shop=identity) as ledger:
            leave_unknown(ledger, identity.name, f"76254420{step}")
            assert len(ledger.open_attempts(identity.name)) == step + 1
            assert ledger.verify().broken is None


def test_an_act_is_written_under_the_key(ledger_url: str, time: Time) -> None:
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        run = ledger.begin_run(NAME, "apply", PLAN_DIGEST)
        assert ledger.key_of(NAME) == OURS.key == "https://qsm.example.jp id mihon-01"
        given = ledger.issue_permit(run, NAME, planned(), PLAN_DIGEST, PermitKind.REFUSAL)
        assert given.shop == OURS.key
        assert {event.shop for event in ledger.events(run_id=run)} == {NAME}


def test_a_damaged_ledger_can_still_be_looked_at(ledger_url: str, time: Time) -> None:
    with Ledger.open(ledger_url, clock=time) as ledger:
        permit(ledger)
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE chain SET hash = 'x'"))
    engine.dispose()
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        assert ledger.verify().broken is not None


def test_unknown_outcomes_are_counted_once(ledger_url: str, time: Time) -> None:
    with Ledger.open(ledger_url, clock=time, shop=OURS) as ledger:
        leave_unknown(ledger, NAME)
        (tally,) = ledger.tallies()
    assert (tally.shop, tally.outcome, tally.count) == (NAME, OutcomeKind.UNKNOWN, 1)


def test_old_names_and_keys_lead_to_the_shop(sqlite_url: str, time: Time) -> None:
    with Ledger.open(sqlite_url, clock=time) as ledger:
        leave_unknown(ledger, "mihon-01")
    with Ledger.open(sqlite_url, clock=time, shop=OURS) as ledger:
        assert len(ledger.open_attempts(NAME)) == 1
    with Ledger.open(sqlite_url, clock=time) as ledger:
        for name in ("mihon-01", OURS.key, NAME):
            assert [each.order_no for each in ledger.open_attempts(name)] == ["762544202"]


def test_a_shop_is_written_down_once(sqlite_url: str, time: Time) -> None:
    database = engine.connect(sqlite_url, clock=time, busy_seconds=5)
    for _ in range(2):
        with database.writing() as pen:
            shops.register(pen, OURS)
    database.close()
    with Ledger.open(sqlite_url, clock=time) as ledger:
        assert [event.kind for event in ledger.events()] == [shops.KNOWN]


def test_a_ledger_that_cannot_be_opened_is_closed_again(
    sqlite_url: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []

    def busy(*_: object) -> NoReturn:
        raise LedgerBusy(detail="locked")

    monkeypatch.setattr(shops, "register_if_new", busy)
    monkeypatch.setattr(engine.Database, "close", lambda _: closed.append(True))
    with pytest.raises(LedgerBusy):
        Ledger.open(sqlite_url, clock=time, shop=OURS)
    assert closed == [True]


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql", "postgres"])
def test_every_spelling_of_a_postgresql_url_is_understood(
    postgresql_url: str, time: Time, scheme: str
) -> None:
    url = f"{scheme}://{postgresql_url.partition('://')[2]}"
    with Ledger.open(url, clock=time, shop=OURS) as ledger:
        assert ledger.verify().entries == 1


def test_a_step_of_postgresql_ends_by_a_rule(postgresql_url: str, time: Time) -> None:
    database = engine.connect(postgresql_url, clock=time, busy_seconds=5)
    with database.reading() as connection:
        limit = connection.execute(text("SHOW statement_timeout")).scalar()
    database.close()
    assert limit == "25s"
