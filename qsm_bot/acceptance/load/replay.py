"""A learned refusal, sent again for other orders by several sellers at once, without a browser."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

import httpx

from qsm_bot.acceptance.load.scenario import Cells, LoadScenario, ScenarioStep
from qsm_bot.acceptance.report.load_result import LoadFigures

Cookies = Sequence[Mapping[str, str]]
"""Cookies of a browser in which a seller signed in: name, value, domain, path."""


@dataclass
class ReplayTally:
    """What came of a replay, so far: may be added to from several threads."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    begun: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def timed(self, step: str, seconds: float) -> None:
        """Note an answer."""
        with self._lock:
            self.seconds.setdefault(step, []).append(seconds)

    def failed(self, step: str, kind: str) -> None:
        """Note an error of one kind."""
        with self._lock:
            self.errors[f"{step}: {kind}"] += 1

    def figures(self, steps: Sequence[ScenarioStep]) -> tuple[LoadFigures, ...]:
        """Return the figures of each step that was answered, in the steps' order."""
        named = [step.name for step in steps if step.name in self.seconds]
        return tuple(LoadFigures.of(name, self.seconds[name]) for name in named)


class Replay:
    """Sends a scenario for one order after the other.

    Args:
        scenario: what was learned.
        order_column: the heading under which a row has its 注文番号.
        deadline: until when (`time.monotonic`) requests may begin.
        timeout: seconds that an answer may take.
    """

    def __init__(
        self, scenario: LoadScenario, order_column: str, *, deadline: float, timeout: float
    ) -> None:
        self.tally = ReplayTally()
        self._scenario = scenario
        self._column = order_column
        self._deadline = deadline
        self._timeout = timeout

    def all_at_once(self, work: Sequence[tuple[Cookies, Sequence[Cells]]]) -> None:
        """Let each seller refuse their orders, one after the other; return when all are done."""
        with ThreadPoolExecutor(max_workers=max(len(work), 1)) as pool:
            for done in [pool.submit(self.one_seller, *each) for each in work]:
                done.result()

    def one_seller(self, cookies: Cookies, rows: Sequence[Cells]) -> None:
        """Refuse these orders with cookies of one's own."""
        # Neither the environment's proxies nor a redirect may lead to another host.
        with httpx.Client(timeout=self._timeout, trust_env=False, follow_redirects=False) as http:
            for each in cookies:
                http.cookies.set(
                    each["name"], each["value"], each.get("domain", ""), each.get("path", "/")
                )
            for cells in rows:
                if time.monotonic() > self._deadline:
                    return
                self._refuse(http, cells)

    def _refuse(self, http: httpx.Client, cells: Cells) -> None:
        """Send all steps for one order; what a seller could not go on from ends it."""
        order_no, completed = cells[self._column].strip(), False
        self.tally.begun.append(order_no)
        for step in self._scenario.steps:
            answer = self._send(http, step, cells)
            if answer is None:
                if not completed:
                    return
                continue
            status, content = answer
            if not step.call.acts:
                continue
            if not self._scenario.is_as_learned(step, cells, status, content):
                self.tally.failed(step.name, "another answer")
                return
            completed = True
        if completed:
            self.tally.completed.append(order_no)

    def _send(
        self, http: httpx.Client, step: ScenarioStep, cells: Cells
    ) -> tuple[int, bytes] | None:
        url, body = self._scenario.request(step, cells)
        begun = time.perf_counter()
        try:
            answer = http.request(
                step.call.method, url, content=body or None, headers=dict(step.call.headers)
            )
        except httpx.TimeoutException:
            self.tally.failed(step.name, "no answer in time")
            return None
        except httpx.HTTPError as error:
            self.tally.failed(step.name, type(error).__name__)
            return None
        self.tally.timed(step.name, time.perf_counter() - begun)
        if answer.status_code != step.call.status:
            self.tally.failed(step.name, f"HTTP {answer.status_code}")
            return None
        return answer.status_code, answer.content
