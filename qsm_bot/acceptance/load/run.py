"""Load: many sellers refuse at once, with the requests that one refusal in the browser sent.

What the browser sent for one order is sent again for others (`scenario`, `replay`); the first of
them must be answered as the learned one was, else nothing more is sent. Bounded in count, time
and hosts, and only on a clone that a person confirmed.
"""

import time
from collections.abc import Iterator, Sequence
from typing import cast

from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.pressing import choose_reason, press_and_accept
from qsm_bot.acceptance.clone.seeding import Seeding
from qsm_bot.acceptance.load.bounds import Load, raise_if_not_allowed
from qsm_bot.acceptance.load.replay import Cookies, Replay, ReplayTally
from qsm_bot.acceptance.load.scenario import Cells, LoadScenario, Recorder, scenario_of
from qsm_bot.acceptance.manual import COMPLETED, REASONS, REQUESTS
from qsm_bot.acceptance.report.load_result import LoadResult
from qsm_bot.base.words import Words, same

_SEEDED_AT_ONCE = 500
_QUIET = 0.3

_NO_ORDER = Words("no cancel request is open", "キャンセル要請がありません")
_NOT_LEARNED = Words(
    "the refusal in the browser did not complete: {said}",
    "ブラウザでの拒否が完了しませんでした: {said}",
)
_PROBE_FAILED = Words(
    "the first refusal that was sent without the browser was not answered as in it: {errors}",
    "ブラウザを使わない最初の拒否に、同じ応答がありませんでした: {errors}",
)
_FEWER = Words(
    "{wanted} refusals were asked for, {there} requests were open",
    "{wanted} 件の指定に対し、キャンセル要請は {there} 件でした",
)
_SHARED = Words("{sellers} sellers shared 1 sign-in(s)", "{sellers} 人で 1 個のログインを共用")
_ELSEWHERE = Words(
    "requests to other hosts were left out: {hosts}", "別ホストへの送信は除外: {hosts}"
)
_TIME_UP = Words(
    "the time was up: {left} refusals were not begun", "時間切れで {left} 件は未実施です"
)
_UNCONFIRMED = Words(
    "the clone has no journal: what it did is not confirmed",
    "クローンに記録（/_qa/journal）がないため、実際の処理は未確認です",
)
_NOTHING_SAID = Words("nothing was said", "表示なし")


def run_load(load: Load, clone_page: ClonePage, seeding: Seeding) -> LoadResult:
    """Refuse one order in the browser, and then others without it.

    Args:
        load: how much.
        clone_page: signed in; all sellers share its sign-in.
        seeding: what the clone offers: missing orders are made, and refusals are looked up.

    Raises:
        UsageInvalid: too much, not confirmed, or a host that was not named.
        RealHost: one of the real portal's.
        QsmBotError: the browser's own refusal met something that it cannot go on from.
    """
    raise_if_not_allowed(load, clone_page.target)
    begun = time.monotonic()
    rows = _open_rows(clone_page, seeding, load.total + 1)
    if not rows:
        return LoadResult(sellers=load.sellers, refusals=load.refusals, trouble=_NO_ORDER)
    learned, *others = rows
    column = _order_column(clone_page)
    scenario = _learn(clone_page, column, learned, others)
    work = _shared_out(load, others)
    replay = Replay(scenario, column, deadline=begun + load.seconds, timeout=load.timeout)
    trouble = scenario.trouble or _replayed(replay, _cookies(clone_page), work)
    confirmed, twice = _looked_up(seeding, replay.tally)
    return LoadResult(
        sellers=load.sellers,
        refusals=load.refusals,
        learned=learned[column],
        trouble=trouble,
        notes=tuple(_notes(load, scenario, len(others), has_journal=confirmed is not None))
        + tuple(() if trouble else _time_up(work, replay.tally)),
        begun=tuple(replay.tally.begun),
        completed=tuple(replay.tally.completed),
        confirmed=confirmed,
        twice=twice,
        seconds=time.monotonic() - begun,
        steps=replay.tally.figures(scenario.steps),
        errors=dict(replay.tally.errors),
    )


def _open_rows(clone_page: ClonePage, seeding: Seeding, wanted: int) -> list[Cells]:
    """Return the rows of the open requests; make what is missing, where the clone does so."""
    rows = _listed(clone_page)
    missing = wanted - len(rows)
    if missing > 0 and "seed" in seeding.offers:
        while missing > 0:
            missing -= len(seeding.seed("cancel_requested", min(missing, _SEEDED_AT_ONCE)))
        rows = _listed(clone_page)
    return rows


def _listed(clone_page: ClonePage) -> list[Cells]:
    clone_page.open_claims()
    table = clone_page.list_of(REQUESTS)
    column = _order_column(clone_page)
    found: dict[str, Cells] = {}
    for row in table.rows:
        cells = dict(zip(table.headings, map(same, row.cells), strict=False))
        found.setdefault(cells[column], cells)
    return list(found.values())


def _order_column(clone_page: ClonePage) -> str:
    return clone_page.claims.grid.headings[clone_page.claims.grid.column_of_order_no()]


def _learn(
    clone_page: ClonePage, column: str, cells: Cells, others: Sequence[Cells]
) -> LoadScenario:
    """Refuse an order in the browser, from the opening of the page on, and keep what it sent."""
    recorder = Recorder(clone_page.page.context)
    clone_page.open_claims()
    clone_page.list_of(REQUESTS)
    clone_page.open_order(cells[column])
    choose_reason(clone_page, REASONS[0])
    pressed = press_and_accept(clone_page)
    clone_page.settle(_QUIET)
    scenario = scenario_of(recorder.calls(pressed.acts), cells, others, clone_page.target.origin)
    said = pressed.texts("alert")
    if same(COMPLETED) in map(same, said):
        return scenario
    trouble = _NOT_LEARNED.filled(said=" / ".join(said) or _NOTHING_SAID)
    return LoadScenario(steps=(), cells=cells, made_at=scenario.made_at, trouble=trouble)


def _cookies(clone_page: ClonePage) -> Cookies:
    return cast("Cookies", clone_page.page.context.cookies(clone_page.target.origin))


def _shared_out(load: Load, rows: Sequence[Cells]) -> list[Sequence[Cells]]:
    """Give each seller orders of their own, as far as there are some."""
    shares = (rows[at : at + load.refusals] for at in range(0, load.total, load.refusals))
    return [share for share in shares if share]


def _replayed(replay: Replay, cookies: Cookies, work: Sequence[Sequence[Cells]]) -> Words | None:
    """Send the first order alone, then all others at once; return why not, if so."""
    if not work:
        return None
    first, *others = work
    replay.one_seller(cookies, first[:1])
    if replay.tally.begun and not replay.tally.completed:
        errors = ", ".join(replay.tally.errors)
        return _PROBE_FAILED.filled(errors=errors)
    replay.all_at_once([(cookies, rows) for rows in (first[1:], *others)])
    return None


def _looked_up(
    seeding: Seeding, tally: ReplayTally
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Ask the clone's journal for the orders that were begun."""
    if "journal" not in seeding.offers:
        return None, ()
    counts = {
        order_no: sum(entry.kind == "refuse" for entry in seeding.journal(order_no))
        for order_no in tally.begun
    }
    once = tuple(order_no for order_no, count in counts.items() if count)
    return once, tuple(order_no for order_no, count in counts.items() if count > 1)


def _notes(load: Load, scenario: LoadScenario, there: int, *, has_journal: bool) -> Iterator[Words]:
    if there < load.total:
        yield _FEWER.filled(wanted=load.total, there=there)
    if load.sellers > 1:
        yield _SHARED.filled(sellers=load.sellers)
    if scenario.elsewhere:
        yield _ELSEWHERE.filled(hosts=", ".join(scenario.elsewhere))
    if not has_journal:
        yield _UNCONFIRMED


def _time_up(work: Sequence[Sequence[Cells]], tally: ReplayTally) -> Iterator[Words]:
    if left := sum(map(len, work)) - len(tally.begun):
        yield _TIME_UP.filled(left=left)
