"""What a round says is kept, and what of all shops it tells."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from qsm_bot.base.clock import JST
from qsm_bot.domain.schedule import Fate
from qsm_bot.render.rounds import trouble_lines
from qsm_bot.schedule.history import Ending, Line, Page, RoundHistory
from qsm_bot.schedule.round_process import RoundProcess

NINE = datetime(2026, 1, 5, 9, tzinfo=JST)
SAYS = "import sys; print(sys.argv[1]); print(sys.argv[2], file=sys.stderr); sys.exit(40)"


def round_(book: RoundHistory, document: dict[str, object], said: str = "said") -> Ending:
    call = [sys.executable, "-c", SAYS, json.dumps(document), said]
    return RoundProcess(call, book.log, seconds=60)()


def test_a_round_of_all_shops_names_each_shop_s_own_code_and_cause(tmp_path: Path) -> None:
    shops = [
        {"name": "a", "exit_code": 0, "outcomes": [{"outcome": "refused"}]},
        {"name": "b", "exit_code": 40, "error": {"code": "SignInHeld"}},
        {"name": "c", "exit_code": 30},
        {"name": "d"},
    ]
    book = RoundHistory(tmp_path, "all shops")
    ending = round_(book, {"exit_code": 40, "shops": shops})
    assert ending.shops == {"a": "0", "b": "40 SignInHeld", "c": "30", "d": "80"}
    assert ending.troubles == {"b": "40 SignInHeld", "d": "80"}
    line = Line(first=NINE, last=NINE, fate=Fate.DUE, began=NINE, ended=NINE, ending=ending)
    book.write(Page(seen=NINE, lines=(line,)))
    assert book.read().lines[0].ending == ending


def test_what_the_last_rounds_said_is_kept(tmp_path: Path) -> None:
    book = RoundHistory(tmp_path, "a shop")
    logs = book.log.with_suffix(".logs")
    logs.mkdir()
    for number in range(40):
        (logs / f"20250101-0000{number:02}.log").write_text("old")
    round_(book, {"exit_code": 40}, said="why it failed")
    kept = sorted(logs.iterdir())
    assert len(kept) == 30
    assert kept[-1].read_text(encoding="utf-8").strip() == "why it failed"


def test_a_trouble_is_told_with_when_it_began(tmp_path: Path) -> None:
    ends = [Ending(exit_code=0), *[Ending(exit_code=40, error="SignInHeld")] * 3]
    lines = []
    for number, ending in enumerate(ends):
        at = NINE + timedelta(hours=number)
        lines.append(Line(first=at, last=at, fate=Fate.DUE, began=at, ended=at, ending=ending))
    page = Page(seen=NINE, lines=tuple(lines))
    coming = NINE + timedelta(hours=4)
    (told,) = trouble_lines("みほん商店", page, lines[-1], coming)
    assert told.en == (
        "みほん商店: exit code 40 SignInHeld, so since 2026-01-05 10:00 JST. "
        "Next: 2026-01-05 13:00 JST"
    )
    assert trouble_lines("みほん商店", page, lines[0], coming) == []
