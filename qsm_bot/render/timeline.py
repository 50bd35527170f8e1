"""The timeline of one order: each entry of the ledger in a line for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.words import Words
from qsm_bot.domain.request import OUTCOME_WORDS
from qsm_bot.ledger import Attempt, Event
from qsm_bot.render.pictures import picture_name

_STEPS = {
    "leased": Words("permit issued", "許可を発行"),
    "opened": Words("order opened, number compared", "取引情報を開き番号を照合"),
    "ready": Words("reason entered and read back", "拒否理由を入力し読み戻し"),
    "armed": Words("intent on record, before the click", "これから押すことを記録"),
    "confirm_open": Words("portal asks to confirm", "確認ダイアログ"),
    "committing": Words(
        "accepted: point of no return", "「はい」を押した（ここから取り消せません）"
    ),
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
    "requested_on": Words("requested on", "要請日"),
}
NAMED = Words("{name}: {value}", "{name}: {value}")
_QUOTED = Words("「{text}」", "「{text}」")
_NO_ANSWER = Words("no answer", "応答なし")
_ANSWERED = Words("{method} {path} → {status}", "{method} {path} → {status}")
_BY_RUN = Words("told by the run {run}", "実行 {run} による判定")


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineStep:
    """One line of a timeline; `after` is in seconds, `final` the point of no return."""

    at: datetime
    after: float
    what: Words
    final: bool
    lines: tuple[Words, ...]


def step_of(event: Event, attempt: Attempt) -> TimelineStep:
    """Return the line of one entry about `attempt`."""
    what = _STEPS.get(event.kind.removeprefix("attempt."), Words(event.kind, event.kind))
    after = (event.at - attempt.created_at).total_seconds()
    return TimelineStep(
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
            yield NAMED.filled(name=_FACTS.get(name, name), value=value)
    if event.kind in {"attempt.confirm_open", "attempt.alerted"}:
        yield _QUOTED.filled(text=body["text"])
    if event.kind == "attempt.answered":
        status = _NO_ANSWER if body["status"] is None else body["status"]
        yield _ANSWERED.filled(method=body["method"], path=body["path"], status=status)
    if event.kind == "attempt.evidence":
        yield picture_name(body["name"])
    if "outcome" in body:
        yield OUTCOME_WORDS[body["outcome"]]
        if body["detail"]:
            yield Words.from_dict(body["detail"])
        if body["by_run"] != attempt.run_id:
            yield _BY_RUN.filled(run=body["by_run"])
