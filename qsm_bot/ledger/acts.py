"""One act under one permit: each step is committed before it is taken."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from qsm_bot.base.errors.ledger import IllegalTransition, LedgerRuleBroken
from qsm_bot.domain.plan import Permit
from qsm_bot.domain.request import Outcome, Proof
from qsm_bot.ledger import attempts
from qsm_bot.ledger.attempts import ANSWERED, Attempt
from qsm_bot.ledger.chain import Pen
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.states import ActState, check_move, check_proofs


class Answered(Protocol):
    """What the log needs of the request that left: `portal.protocol.Answer` has it."""

    @property
    def method(self) -> str:
        """The request's method."""

    @property
    def path(self) -> str:
        """The request's path."""

    @property
    def status(self) -> int | None:
        """The answer's status; None without an answer."""


class Act:
    """The log of one attempt, and the only way to move it on while its run lives.

    Each method returns once the step is safe on disk. All of them raise
    IllegalTransition if the step may not follow (another run may have settled the
    attempt meanwhile), and LedgerBusy, LedgerCorrupt, EvidenceUnwritable or
    LedgerFailed if it could not be written; then the step must not be taken.
    """

    def __init__(self, database: Database, permit: Permit) -> None:
        self._database = database
        self._pen: Pen | None = None
        with database.reading() as connection:
            self._attempt: Attempt = attempts.get(connection, permit.id)
            self._committed = attempts.was_recorded(
                connection, permit.id, f"attempt.{ActState.COMMITTING}"
            )
            self._answered = attempts.was_recorded(connection, permit.id, ANSWERED)
        if self._attempt.permit != permit:
            raise LedgerRuleBroken(detail=f"the permit {permit.id} is not as it was issued")
        self._state = self._attempt.state

    @property
    def state(self) -> ActState:
        """The last state that this act has recorded."""
        return self._state

    @property
    def committed(self) -> bool:
        """True once the point of no return was recorded: a request may have been sent."""
        return self._committed

    @property
    def may_have_sent(self) -> bool:
        """True once the commit, or a request that left without one, was recorded."""
        return self._committed or self._answered

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit the steps of the block as one: all of them are recorded, or none."""
        before = self._state
        try:
            with self._database.writing() as self._pen:
                yield
        except BaseException:
            self._state = before
            raise
        finally:
            self._pen = None

    def opened(self, facts: Mapping[str, object]) -> None:
        """Record that 取引情報 shows the order."""
        self._move(ActState.OPENED, {"facts": {**facts}})

    def ready(self, facts: Mapping[str, object]) -> None:
        """Record that reason and text were read back."""
        self._move(ActState.READY, {"facts": {**facts}})

    def armed(self) -> None:
        """Record the intent, before the click."""
        self._move(ActState.ARMED, {})

    def confirm_open(self, text: str) -> None:
        """Record the confirm's text, before it is compared."""
        self._move(ActState.CONFIRM_OPEN, {"text": text})

    def committing(self) -> None:
        """Record the point of no return, before `accept()`."""
        self._move(ActState.COMMITTING, {})
        self._committed = True

    def answered(self, answer: Answered) -> None:
        """Record the request that left and its answer; nothing else can say "not sent" then."""
        body = {"method": answer.method, "path": answer.path, "status": answer.status}
        self._note(ANSWERED, body)
        self._answered = True

    def alerted(self, text: str) -> None:
        """Record the completion alert's text."""
        self._move(ActState.ALERTED, {"text": text})

    def verified(self, proofs: Sequence[Proof]) -> None:
        """Record the proofs of the refusal.

        Raises:
            LedgerRuleBroken: they are of fewer than two kinds.
        """
        check_proofs(tuple(proofs))
        kept = attempts.proofs_to_list(proofs)
        self._move(ActState.VERIFIED, {"proofs": kept}, proofs=kept)

    def evidence(self, name: str, path: str, sha256: str) -> None:
        """Record a file of evidence and its digest, at any time."""
        self._note("attempt.evidence", {"name": name, "path": path, "sha256": sha256})

    def settle(self, outcome: Outcome) -> None:
        """End the attempt; `unknown` leaves it to `Ledger.settle`.

        Raises:
            LedgerRuleBroken: `refused` without two proofs of different kinds.
        """
        if self._state is ActState.UNKNOWN:
            after = f"{ActState.SETTLED} ({outcome.kind})"
            raise IllegalTransition(attempt=self._attempt.id, before=self._state, after=after)
        with self._writing() as pen:
            after_state = attempts.finish(
                pen, self._attempt, self._state, outcome, run_id=self._attempt.run_id
            )
        self._state = after_state

    def _move(self, after: ActState, body: Mapping[str, object], **columns: object) -> None:
        check_move(self._attempt.id, self._attempt.kind, self._state, after)
        with self._writing() as pen:
            attempts.step(pen, self._attempt, self._state, after, body, **columns)
        self._state = after

    def _note(self, kind: str, body: Mapping[str, object]) -> None:
        with self._writing() as pen:
            pen.append(kind, body, self._attempt.about)

    @contextmanager
    def _writing(self) -> Iterator[Pen]:
        if self._pen is not None:
            yield self._pen
        else:
            with self._database.writing() as pen:
                yield pen
