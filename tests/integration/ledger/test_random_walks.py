"""Random walks of several runs over one order never leave it open to a second request."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qsm_bot.base.errors.ledger import IllegalTransition
from qsm_bot.base.errors.orders import AlreadyAttempted
from qsm_bot.domain.plan import Permit
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import ActState, Ledger
from qsm_bot.ledger.states import MOVES
from tests.integration.ledger.parts import ANSWER, STEP_STATES, STEPS, outcome, permit

ORDER = [ActState.LEASED, *STEP_STATES]


class OneOrder(RuleBasedStateMachine):
    """The model: the last permit, how far it came, and whether its request may have left."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger.open("sqlite://")
        self.run_id = self.ledger.begin_run("shop-a", "apply", None)
        self.permit: Permit | None = None
        self.state: ActState | None = None
        self.may_have_left = False
        self.free = True

    @rule()
    def ask_for_a_permit(self) -> None:
        try:
            given = permit(self.ledger, run_id=self.run_id)
        except AlreadyAttempted:
            assert not self.free
            return
        assert self.free
        self.permit, self.state = given, ActState.LEASED
        self.may_have_left = self.free = False

    @rule(number=st.integers(0, len(STEPS) - 1))
    def take_a_step(self, number: int) -> None:
        self._step(number)

    @rule()
    def take_the_next_step(self) -> None:
        if self.state in ORDER[:-1]:
            self._step(ORDER.index(self.state))

    @rule()
    def see_the_request_leave(self) -> None:
        if self.permit and self.state in ORDER:
            self.ledger.act(self.permit).answered(ANSWER)
            self.may_have_left = True

    @rule(kind=st.sampled_from(OutcomeKind), looking=st.booleans())
    def end(self, kind: OutcomeKind, *, looking: bool) -> None:
        if self.permit is None:
            return
        before = self.state
        try:
            if looking:
                self.ledger.settle(self.permit.id, outcome(kind), run_id="later")
            else:
                self.ledger.act(self.permit).settle(outcome(kind))
        except IllegalTransition:
            self.state = self.ledger.attempts(limit=1)[0].state
            return
        unknown = kind is OutcomeKind.UNKNOWN
        self.state = ActState.UNKNOWN if unknown else ActState.SETTLED
        if before is ActState.UNKNOWN or self.may_have_left:
            # Only a look that says so frees an order whose request may have left.
            assert looking or kind is not OutcomeKind.NOT_SENT
            self.free = kind is OutcomeKind.NOT_SENT
        else:
            self.free = not unknown

    def _step(self, number: int) -> None:
        if self.permit is None:
            return
        name, arguments = STEPS[number]
        try:
            getattr(self.ledger.act(self.permit), name)(*arguments)
        except IllegalTransition:
            assert (self.state, STEP_STATES[number]) not in MOVES
            return
        assert (self.state, STEP_STATES[number]) in MOVES
        self.state = STEP_STATES[number]
        self.may_have_left |= self.state is ActState.COMMITTING

    @invariant()
    def the_book_agrees(self) -> None:
        if self.permit is not None:
            assert self.ledger.attempts(limit=1)[0].state is self.state

    def teardown(self) -> None:
        assert self.ledger.verify().broken is None
        self.ledger.close()


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
