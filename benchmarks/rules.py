"""How long deciding takes: many requests, many rules, a big file of evidence.

    python benchmarks/rules.py

Prints µs for each pair of a request and a rule, and how loading evidence grows.
"""

import argparse
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from qsm_bot.base.clock import JST
from qsm_bot.domain.request import CancelRequest, Refuse
from qsm_bot.evidence.config import FileSettings
from qsm_bot.evidence.protocol import EvidenceSet, load_all
from qsm_bot.evidence.tables import TableSource
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import decide

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=JST)
FIRST = 700_000_000


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    for rows in (options.rows // 4, options.rows // 2, options.rows):
        evidence, seconds = _loaded(rows)
        print(
            f"evidence: {rows:7} rows in {seconds:.2f} s of CPU, {seconds / rows * 1e6:.1f} µs each"
        )
    book, requests = _book(options.rules), _requests(options.requests)
    start, busy = time.perf_counter(), time.process_time()
    decisions = [decide(each, evidence.of(each.order_no), book, NOW) for each in requests]
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    pairs = options.requests * options.rules
    refused = sum(isinstance(each, Refuse) for each in decisions)
    print(
        f"deciding: {options.requests} requests × {options.rules} rules in {seconds:.2f} s, "
        f"{seconds / pairs * 1e6:.2f} µs for each pair ({busy / pairs * 1e6:.2f} µs of CPU); "
        f"{refused} refused"
    )


def _loaded(rows: int) -> tuple[EvidenceSet, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shipped.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write("注文番号,配送会社,送り状番号,梱包日時,商品マーク\n")
            for number in range(rows):
                plain = f"3{number:010}"
                tracking = f"{plain}{int(plain) % 7}" if number % 3 else ""
                out.write(f"{FIRST + number},ヤマト運輸,{tracking},2026/11/22 09:30,刺繍\n")
        source = TableSource(settings=FileSettings(kind="file", path=file))
        start = time.process_time()
        found = load_all([source], NOW)
        # Lazy parts count, too.
        found.of(str(FIRST))
        return found, time.process_time() - start


def _book(count: int) -> RuleBook:
    kinds = (
        {"reason": "shipped", "evidence": {"tracking_no": True, "carrier": ["ヤマト運輸"]}},
        {"reason": "ready", "evidence": {"packed": True, "tracking_no": False}},
        {"reason": "made_to_order", "evidence": {"item_mark": ["刺繍*", "名入れ*"]}},
        {"reason": "made_to_order"},
        {"reason": "shipped", "evidence": {"tracking_no": True}},
    )
    rules = [
        {
            "name": f"rule {number}",
            "when": {"item_name": [f"*商品{number}*", f"セット{number} *"], "max_age_days": 3},
            **kinds[number % len(kinds)],
        }
        for number in range(count)
    ]
    return RuleBook.model_validate({"schema": 1, "rule": rules})


def _requests(count: int) -> list[CancelRequest]:
    return [
        CancelRequest(
            order_no=str(FIRST + number),
            cart_no=str(number),
            item_code=f"93{number:07}",
            status="キャンセル・処理要請",
            buyer_reason="注文キャンセル",
            requested_on=date(2026, 11, 22),
            ordered_on=date(2026, 11, 21),
            item_name=f"ｵｰｶﾞﾆｯｸ 商品{number % 100}　ユニセックス",
            option="カラー:ネイビー",
            amount=3980,
        )
        for number in range(count)
    ]


if __name__ == "__main__":
    main()
