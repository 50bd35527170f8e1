"""The report of one run: one HTML file that needs nothing else, to read, print and keep."""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from qsm_bot.clock import JST
from qsm_bot.ledger import Attempt, Event, RunRecord
from qsm_bot.model import OutcomeKind, ProofKind, kinds_of
from qsm_bot.plan import Plan, PlannedRefusal
from qsm_bot.render.documents import OUTCOME_WORDS
from qsm_bot.words import Lang, Words

PictureOf = Callable[[str], bytes | None]

_PNG = b"\x89PNG\r\n\x1a\n"
_EXIT_TONES: dict[int | None, str] = {0: "green", 10: "grey", 20: "amber"}
_TONES = {
    OutcomeKind.REFUSED: "green",
    OutcomeKind.REHEARSED: "grey",
    OutcomeKind.UNKNOWN: "red",
    OutcomeKind.NEEDS_PERSON: "red",
}
_UNFINISHED = Words("not finished ({state})", "途中（{state}）")
_NOT_STARTED = Words("not started", "未着手")

_STEPS = {
    "leased": Words("permit issued", "許可を発行"),
    "opened": Words("order opened, number compared", "取引情報を開き番号を照合"),
    "ready": Words("reason entered and read back", "拒否理由を入力し読み戻し"),
    "armed": Words("intent on record, before the click", "押す意図を記録（クリック前）"),
    "confirm_open": Words("portal asks to confirm", "確認ダイアログ"),
    "committing": Words("accepted: point of no return", "確認を承諾（取り消し不可）"),
    "answered": Words("request sent", "送信と応答"),
    "alerted": Words("portal reports completion", "完了ダイアログ"),
    "verified": Words("second proof seen", "別の証拠で確認"),
    "evidence": Words("picture kept", "画像を保存"),
    "unknown": Words("ended: unknown", "終了: 結果不明"),
    "settled": Words("settled", "結果確定"),
}
_FACTS = {
    "shown": Words("order number shown", "表示された注文番号"),
    "label": Words("reason", "理由"),
    "text": Words("text", "理由文"),
}
_NAMED = Words("{name}: {value}", "{name}: {value}")
_QUOTED = Words("「{text}」", "「{text}」")
_NO_ANSWER = Words("no answer", "応答なし")
_ANSWERED = Words("{method} {path} → {status}", "{method} {path} → {status}")
_BY_RUN = Words("told by the run {run}", "実行 {run} による判定")
_PICTURES = {
    "1-before": Words("1 before the click", "1 クリック前"),
    "2-after-alert": Words("2 after the completion alert", "2 完了表示の後"),
    "3-fresh-list": Words("3 list read afresh", "3 再読込した一覧"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Picture:
    """One picture as the ledger names it, and how the file stands to that: its `check`."""

    name: Words
    at: datetime
    path: str
    sha256: str
    found: str
    check: str
    data: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """One line of a timeline; `after` is in seconds, `final` the point of no return."""

    at: datetime
    after: float
    what: Words
    final: bool
    lines: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    """One order as the report shows it; `attempt` is None if the run did not begin it."""

    source: Attempt | PlannedRefusal
    attempt: Attempt | None
    label: str | None
    because: tuple[Words, ...]
    ending: str
    outcome: Words
    tone: str
    day: str = ""
    proofs: tuple[ProofKind, ...] = ()
    seconds: float | None = None
    steps: tuple[_Step, ...] = ()
    pictures: tuple[_Picture, ...] = ()
    not_taken: tuple[Words, ...] = ()


def report_html(
    *,
    run: RunRecord,
    plan: Plan | None,
    attempts: Sequence[Attempt],
    events: Sequence[Event],
    picture: PictureOf,
    lang: Lang,
    chain: str,
    made_at: datetime,
    duty_ends: Mapping[str, tuple[str, Words]] | None = None,
) -> str:
    """Return the report of one run as a page that loads nothing from elsewhere.

    Args:
        run: the run.
        plan: what it went by, if anything.
        attempts: the run's attempts, in any order.
        events: the ledger's entries about them.
        picture: gives the bytes of a kept picture, or None if the file is missing.
        lang: the language that comes first; the other stands beside it.
        chain: hash at the head of the ledger's chain.
        made_at: the moment of the report.
        duty_ends: what has become of duties since, by order: see `render.duty.ends_of`.
    """
    orders = tuple(_orders(plan, attempts, events, picture))
    tones = {order.outcome: order.tone for order in orders}
    counts = Counter(order.outcome for order in orders)
    tiles = [(count, words, tones[words]) for words, count in counts.most_common()]
    return _template().render(
        run=run,
        exit_tone=_EXIT_TONES.get(run.exit_code, "red"),
        error=_error(run),
        warnings=_warnings(events),
        plan=plan,
        orders=orders,
        tiles=tiles,
        checks=Counter(shot.check for order in orders for shot in order.pictures),
        languages=("ja", "en") if lang == "ja" else ("en", "ja"),
        chain=chain,
        made_at=made_at,
        duty_ends=duty_ends or {},
    )


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("qsm_bot.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["words"] = Words
    environment.filters.update(code=_with_code, jst=_jst)
    return environment.get_template("report.html")


def _with_code(text: str) -> Markup:
    """Escape `text`, and show what stands in backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup().join(parts)


def _jst(moment: datetime, spec: str = "%Y-%m-%d %H:%M:%S") -> str:
    return moment.astimezone(JST).strftime(spec)


def _orders(
    plan: Plan | None, attempts: Sequence[Attempt], events: Sequence[Event], picture: PictureOf
) -> Iterator[_Order]:
    planned = {row.order_no: row for row in plan.refuse} if plan else {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.created_at):
        row = planned.pop(attempt.order_no, None)
        yield _attempted(attempt, row, _about(attempt, events), picture)
    for row in planned.values():
        yield _Order(
            source=row,
            attempt=None,
            label=None,
            because=row.because,
            ending="not_started",
            outcome=_NOT_STARTED,
            tone="grey",
        )


def _about(attempt: Attempt, events: Sequence[Event]) -> list[Event]:
    mine = [event for event in events if event.attempt_id == attempt.id]
    return sorted(mine, key=lambda event: event.seq)


def _attempted(
    attempt: Attempt, row: PlannedRefusal | None, events: Sequence[Event], picture: PictureOf
) -> _Order:
    kinds = {event.kind: event for event in reversed(events)}
    ready = kinds.get("attempt.ready")
    shots = [event for event in events if event.kind == "attempt.evidence"]
    taken = {event.body["name"] for event in shots}
    # The duty starts on the day on which the refusal left, even if it was settled after
    # midnight; a portal that does not ask first leaves no commit, only the request.
    left = kinds.get("attempt.committing") or kinds.get("attempt.answered")
    wanted = _PICTURES if left else {}
    ending, outcome, tone = _ending(attempt)
    return _Order(
        source=attempt,
        attempt=attempt,
        label=ready.body["facts"].get("label") if ready else None,
        because=row.because if row else (),
        ending=ending,
        outcome=outcome,
        tone=tone,
        day=_jst(left.at if left else attempt.updated_at, "%Y-%m-%d"),
        proofs=kinds_of(attempt.proofs),
        seconds=_seconds(attempt, events),
        steps=tuple(_step(event, attempt) for event in events),
        pictures=tuple(_picture(event, picture) for event in shots),
        not_taken=tuple(words for name, words in wanted.items() if name not in taken),
    )


def _ending(attempt: Attempt) -> tuple[str, Words, str]:
    """Return the name of the end, the words for it, and its colour."""
    if attempt.outcome is None:
        return "unfinished", _UNFINISHED.filled(state=attempt.state.value), "red"
    kind = attempt.outcome
    return kind.value, OUTCOME_WORDS[kind.value], _TONES.get(kind, "amber")


def _seconds(attempt: Attempt, events: Sequence[Event]) -> float | None:
    """Return how long it took to the first end: a later look is not the run's time."""
    ends = [event.at for event in events if "outcome" in event.body]
    return (ends[0] - attempt.created_at).total_seconds() if ends else None


def _picture(event: Event, picture: PictureOf) -> _Picture:
    path, sha256 = event.body["path"], event.body["sha256"]
    content = picture(path)
    found = "" if content is None else hashlib.sha256(content).hexdigest()
    return _Picture(
        name=_picture_name(event.body["name"]),
        at=event.at,
        path=path,
        sha256=sha256,
        found=found,
        check="missing" if content is None else "fits" if found == sha256 else "changed",
        data=base64.b64encode(content).decode() if content and content.startswith(_PNG) else "",
    )


def _step(event: Event, attempt: Attempt) -> _Step:
    what = _STEPS.get(event.kind.removeprefix("attempt."), Words(event.kind, event.kind))
    after = (event.at - attempt.created_at).total_seconds()
    return _Step(
        at=event.at,
        after=after,
        what=what,
        final=event.kind == "attempt.committing",
        lines=tuple(_lines(event, attempt)),
    )


def _lines(event: Event, attempt: Attempt) -> Iterator[Words]:
    body = event.body
    for name, value in body.get("facts", {}).items():
        if value is not None:
            yield _NAMED.filled(name=_FACTS.get(name, name), value=value)
    if event.kind in {"attempt.confirm_open", "attempt.alerted"}:
        yield _QUOTED.filled(text=body["text"])
    if event.kind == "attempt.answered":
        status = _NO_ANSWER if body["status"] is None else body["status"]
        yield _ANSWERED.filled(method=body["method"], path=body["path"], status=status)
    if event.kind == "attempt.evidence":
        yield _picture_name(body["name"])
    if "outcome" in body:
        yield OUTCOME_WORDS[body["outcome"]]
        if body["detail"]:
            yield Words.from_dict(body["detail"])
        if body["by_run"] != attempt.run_id:
            yield _BY_RUN.filled(run=body["by_run"])


def _picture_name(name: str) -> Words:
    return _PICTURES.get(name, Words(name, name))


def _warnings(events: Sequence[Event]) -> list[Words]:
    """Return what the run found not as known."""
    bodies = [event.body for event in events if event.kind == "portal.drift"]
    return [Words.from_dict(each) for body in bodies for each in body["warnings"]]


def _error(run: RunRecord) -> Words | None:
    """Return what ended the run early, with its code before it."""
    if run.error is None:
        return None
    message = run.error.get("message", "")
    said = Words.from_dict(dict(message)) if isinstance(message, Mapping) else message
    return _NAMED.filled(name=run.error.get("code", "–"), value=said)
