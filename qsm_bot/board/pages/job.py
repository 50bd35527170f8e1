"""A job: what runs, order by order, and what it came to."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, Response

from qsm_bot.board.job_record import KIND_WORDS, JobKind, JobRecord, end_of
from qsm_bot.board.jobs import documents_in, events_in
from qsm_bot.board.visit import BoardVisit
from qsm_bot.board.words import DIED, END_TONES, END_WORDS
from qsm_bot.domain.request import RefusalReason
from qsm_bot.render.report_words import EXIT_WORDS, PROOF_WORDS, REASON_WORDS

_SHOWN_STEPS = 12


def show(visit: BoardVisit) -> Response:
    """Show a job."""
    record = visit.jobs.find(visit.param("name"))
    if record is None:
        return visit.page("missing.html", status=404)
    return visit.page("job.html", **_facts(visit, record))


def progress(visit: BoardVisit) -> Response:
    """Give the part of the page that changes; once the job has ended, the page is asked anew."""
    record = visit.jobs.find(visit.param("name"))
    if record is None:
        return visit.page("missing.html", status=404)
    facts = _facts(visit, record)
    if facts["code"] is not None:
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return visit.page("progress.html", **facts)


def start(visit: BoardVisit) -> Response:
    """Begin a job that decides nothing, or settles by looking."""
    kind = visit.given("kind")
    if kind == JobKind.REHEARSE:
        return _rehearse(visit)
    steps = _STEPS.get(kind)
    if steps is None:
        return visit.page("missing.html", status=404)
    name = visit.jobs.start(JobKind(kind), [steps], lang=visit.lang, who=visit.who)
    return visit.to(f"jobs/{name}")


_STEPS: Mapping[str, list[str]] = {
    JobKind.READ: ["plan"],
    JobKind.SETTLE: ["reconcile"],
    JobKind.CHECK: ["doctor", "--portal"],
    JobKind.SIGN_IN: ["login"],
    JobKind.TEACH: ["calibrate"],
    JobKind.BOOK: ["ledger", "verify"],
    JobKind.ROUND: ["run"],
}


def _rehearse(visit: BoardVisit) -> Response:
    order, reason, text = visit.given("order"), visit.given("reason"), visit.given("text")
    if not (order.isascii() and order.isdigit()) or reason not in set(RefusalReason):
        return visit.page("missing.html", status=404)
    words = ["rehearse", order, "--reason", reason, *([f"--text={text}"] if text else [])]
    name = visit.jobs.start(JobKind.REHEARSE, [words], lang=visit.lang, who=visit.who)
    return visit.to(f"jobs/{name}")


def stop(visit: BoardVisit) -> Response:
    """End what runs after the order at hand."""
    visit.jobs.stop()
    running = visit.jobs.alive()
    return visit.to(f"jobs/{running[0].name}" if running else "")


def go_on(visit: BoardVisit) -> Response:
    """Let jobs begin again."""
    visit.jobs.go_on()
    return visit.to("")


def _facts(visit: BoardVisit, record: JobRecord) -> dict[str, Any]:
    folder = visit.jobs.folder(record.name)
    events, code = events_in(folder), end_of(folder)
    documents = documents_in(folder, len(record.steps))
    last = documents[-1] if documents else {}
    alive = visit.jobs.alive()
    return {
        "job": record,
        "kinds": KIND_WORDS,
        "code": code,
        "said": EXIT_WORDS.get(code, DIED) if code is not None else None,
        "steps": [event["text"] for event in events if "text" in event][-_SHOWN_STEPS:],
        "orders": _orders(events),
        "document": last,
        "error": last.get("error") if isinstance(last, dict) else None,
        "waits": bool(alive) and alive[0].name != record.name,
        "stopping": visit.jobs.stop_file.exists(),
        "ends": END_WORDS,
        "tones": END_TONES,
        "proofs": PROOF_WORDS,
        "reasons": REASON_WORDS,
    }


def _orders(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each order that was begun, in its order, with its outcome as soon as it has one."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.get("kind") in ("order", "outcome") and event.get("order_no"):
            found.setdefault(event["order_no"], {}).update(event)
    return list(found.values())
