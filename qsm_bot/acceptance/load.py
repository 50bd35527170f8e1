"""Load: many sellers who refuse at once, as one refusal in the browser showed how.

What the browser sent for one order is sent again for others (`recipe`, `replay`); the first of
them must be answered as the learned one was, else nothing more is sent. Bounded in count, time
and hosts, and only on a clone that a person confirmed.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.load_bounds import Load, parse_load, raise_if_not_allowed
from qsm_bot.acceptance.manual import COMPLETED, REASONS, REQUESTS
from qsm_bot.acceptance.pressing import choose, press_in_earnest
from qsm_bot.acceptance.recipe import Cells, Recipe, Recorder, recipe_of
from qsm_bot.acceptance.replay import Cookies, Figures, Replay, Tally
from qsm_bot.acceptance.seeding import Seeding
from qsm_bot.words import Lang, Words, same

__all__ = ["Load", "LoadResult", "parse_load", "run_load"]

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
_SHARED = Words(
    "{sellers} sellers shared {accounts} sign-in(s)", "{sellers} 人で {accounts} 個のログインを共用"
)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadResult:
    """What came of it.

    Attributes:
        load: what was asked for.
        learned: the order that was refused in the browser.
        trouble: why nothing (more) was replayed, if so.
        notes: what else a reader must know.
        begun: orders whose refusal was begun.
        completed: those whose refusal was answered as the learned one was.
        confirmed: those that the clone's journal has as refused; None without a journal.
        twice: those that it has as refused more than once.
        seconds: how long all of it took.
        steps: the latencies.
        errors: how often, by step and kind.
    """

    load: Load
    learned: str | None = None
    trouble: Words | None = None
    notes: tuple[Words, ...] = ()
    begun: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    confirmed: tuple[str, ...] | None = None
    twice: tuple[str, ...] = ()
    seconds: float = 0
    steps: tuple[Figures, ...] = ()
    errors: Mapping[str, int] | None = None

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Orders that were answered as refused, and are not so by the clone's journal."""
        if self.confirmed is None:
            return ()
        return tuple(sorted(set(self.completed) - set(self.confirmed)))

    @property
    def is_broken(self) -> bool:
        """Whether a refusal failed, took effect twice, or none though it was said."""
        return bool(self.twice or self.unconfirmed or len(self.completed) < len(self.begun))

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "sellers": self.load.sellers,
            "refusals": self.load.refusals,
            "learned": self.learned,
            "trouble": self.trouble.say(lang) if self.trouble else None,
            "notes": [note.say(lang) for note in self.notes],
            "begun": len(self.begun),
            "completed": len(self.completed),
            "confirmed": None if self.confirmed is None else len(self.confirmed),
            "unconfirmed": None if self.confirmed is None else list(self.unconfirmed),
            "twice": list(self.twice),
            "seconds": round(self.seconds, 3),
            "steps": [
                {"name": each.name, "count": each.count}
                | {key: round(getattr(each, key), 4) for key in ("p50", "p90", "p95", "p99", "max")}
                for each in self.steps
            ],
            "errors": dict(self.errors or {}),
        }


def run_load(load: Load, desks: Sequence[Desk], seeding: Seeding) -> LoadResult:
    """Refuse one order in the browser, and then others without it.

    Args:
        load: how much.
        desks: one for each account, signed in; more sellers than accounts share them.
        seeding: what the clone offers: missing orders are made, and refusals are looked up.

    Raises:
        UsageInvalid: too much, not confirmed, or a host that was not named.
        RealHost: one of the real portal's.
        QsmBotError: the browser's own refusal met something that it cannot go on from.
    """
    for desk in desks:
        raise_if_not_allowed(load, desk.target)
    begun = time.monotonic()
    rows = _open_rows(desks, seeding, load.total + 1)
    if not rows:
        return LoadResult(load=load, trouble=_NO_ORDER)
    learned_at, cells = rows.pop(0)
    column = _order_column(desks[0])
    recipe = _learn(desks[learned_at], column, cells, [other for _, other in rows])
    work = _shared_out(load, rows, [_cookies(desk) for desk in desks])
    replay = Replay(recipe, column, deadline=begun + load.seconds, timeout=load.timeout)
    trouble = recipe.trouble or _replayed(replay, work)
    confirmed, twice = _looked_up(seeding, replay.tally)
    return LoadResult(
        load=load,
        learned=cells[column],
        trouble=trouble,
        notes=tuple(_notes(load, recipe, len(desks), len(rows), has_journal=confirmed is not None))
        + tuple(() if trouble else _time_up(work, replay.tally)),
        begun=tuple(replay.tally.begun),
        completed=tuple(replay.tally.completed),
        confirmed=confirmed,
        twice=twice,
        seconds=time.monotonic() - begun,
        steps=replay.tally.figures(recipe.steps),
        errors=dict(replay.tally.errors),
    )


def _open_rows(desks: Sequence[Desk], seeding: Seeding, wanted: int) -> list[tuple[int, Cells]]:
    """Return the rows of all accounts, each with its desk's number; make what is missing."""
    rows = _listed(desks)
    missing = wanted - len(rows)
    if missing > 0 and "seed" in seeding.offers:
        while missing > 0:
            missing -= len(seeding.seed("cancel_requested", min(missing, _SEEDED_AT_ONCE)))
        rows = _listed(desks)
    return rows


def _listed(desks: Sequence[Desk]) -> list[tuple[int, Cells]]:
    found: dict[str, tuple[int, Cells]] = {}
    for number, desk in enumerate(desks):
        desk.open_claims()
        table = desk.list_of(REQUESTS)
        column = _order_column(desk)
        for row in table.rows:
            cells = dict(zip(table.headings, map(same, row.cells), strict=False))
            found.setdefault(cells[column], (number, cells))
    return list(found.values())


def _order_column(desk: Desk) -> str:
    return desk.claims.grid.headings[desk.claims.grid.column_of_order_no()]


def _learn(desk: Desk, column: str, cells: Cells, others: Sequence[Cells]) -> Recipe:
    """Refuse an order in the browser, from the opening of the page on, and keep what it sent."""
    recorder = Recorder(desk.page.context)
    desk.open_claims()
    desk.list_of(REQUESTS)
    desk.open_order(cells[column])
    choose(desk, REASONS[0])
    pressed = press_in_earnest(desk)
    desk.settle(_QUIET)
    recipe = recipe_of(recorder.calls(pressed.acts), cells, others, desk.target.origin)
    said = pressed.texts("alert")
    if same(COMPLETED) in map(same, said):
        return recipe
    trouble = _NOT_LEARNED.filled(said=" / ".join(said) or _NOTHING_SAID)
    return Recipe(steps=(), cells=cells, made_at=recipe.made_at, trouble=trouble)


def _cookies(desk: Desk) -> Cookies:
    return cast("Cookies", desk.page.context.cookies(desk.target.origin))


def _shared_out(
    load: Load, rows: Sequence[tuple[int, Cells]], cookies: Sequence[Cookies]
) -> list[tuple[Cookies, list[Cells]]]:
    """Give each seller orders of the account that they sign in with."""
    stacks = [iter([cells for at, cells in rows if at == number]) for number in range(len(cookies))]
    work = []
    for seller in range(load.sellers):
        number = seller % len(cookies)
        mine = list(islice(stacks[number], load.refusals))
        if mine:
            work.append((cookies[number], mine))
    return work


def _replayed(replay: Replay, work: list[tuple[Cookies, list[Cells]]]) -> Words | None:
    """Send the first order alone, then all others at once; say why not, if so."""
    if not work:
        return None
    cookies, rows = work[0]
    replay.one_seller(cookies, rows[:1])
    if replay.tally.begun and not replay.tally.completed:
        errors = ", ".join(replay.tally.errors)
        return _PROBE_FAILED.filled(errors=errors)
    replay.all_at_once([(cookies, rows[1:]), *work[1:]])
    return None


def _looked_up(seeding: Seeding, tally: Tally) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Ask the clone's journal for the orders that were begun."""
    if "journal" not in seeding.offers:
        return None, ()
    counts = {
        order_no: sum(entry.kind == "refuse" for entry in seeding.journal(order_no))
        for order_no in tally.begun
    }
    once = tuple(order_no for order_no, count in counts.items() if count)
    return once, tuple(order_no for order_no, count in counts.items() if count > 1)


def _notes(
    load: Load, recipe: Recipe, accounts: int, there: int, *, has_journal: bool
) -> Iterator[Words]:
    if there < load.total:
        yield _FEWER.filled(wanted=load.total, there=there)
    if accounts < load.sellers:
        yield _SHARED.filled(sellers=load.sellers, accounts=accounts)
    if recipe.elsewhere:
        yield _ELSEWHERE.filled(hosts=", ".join(recipe.elsewhere))
    if not has_journal:
        yield _UNCONFIRMED


def _time_up(work: Sequence[tuple[Cookies, Sequence[Cells]]], tally: Tally) -> Iterator[Words]:
    if left := sum(len(rows) for _, rows in work) - len(tally.begun):
        yield _TIME_UP.filled(left=left)
