"""A plan: each request with its goods, reasons and ground; and the one button that decides."""

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response

from qsm_bot.base.clock import now
from qsm_bot.base.words import Words
from qsm_bot.board.job_record import JobKind
from qsm_bot.board.visit import WHO, BoardVisit, remember
from qsm_bot.domain.plan import Approval, Plan
from qsm_bot.ledger import Ledger
from qsm_bot.render.report_words import REASON_WORDS

_LONGEST_NAME = 60

NO_NAME = Words("Say who decides: your name.", "承認する人のお名前を入れてください。")
NOT_VOUCHED = Words(
    "Tick that the reasons are true and the orders can be shipped today.",
    "理由が事実で、今日発送できることを確認し、チェックを入れてください。",
)
ANOTHER = Words(
    "What you saw is not what would be refused now. Look again; nothing was refused.",
    "画面を開いた後で内容が変わりました。もう一度ご確認ください。まだ何も拒否していません。",
)
TOO_OLD = Words(
    "This list is too old to decide on. Read it again; nothing was refused.",
    "この一覧は古くなりました。もう一度読んでください。まだ何も拒否していません。",
)
OTHER_SHOP = Words(
    "This list is another shop's; nothing was refused.",
    "別のショップの一覧です。何も拒否していません。",
)
EMPTY = Words("No order is left to refuse.", "拒否する注文がありません。")


def show(visit: BoardVisit) -> Response:
    """Show a plan, without the orders that were left out."""
    return _shown(visit, visit.request.query_params.getlist("without"))


def _shown(
    visit: BoardVisit, without: Sequence[str], problem: Words | None = None, status: int = 200
) -> Response:
    shop = visit.desk.load().shop
    with visit.desk.ledger() as ledger:
        made = ledger.plan(visit.param("digest"))
        asked = made.without(without) if without else made
        approval = ledger.approval(asked.digest)
        taken = ledger.taken_orders(shop)
        other_shop = not ledger.is_plan_of(made.digest, shop)
    running = next((job for job in visit.jobs.alive() if job.plan == asked.digest), None)
    return visit.page(
        "plan.html",
        status=status,
        made=made,
        plan=asked,
        without=[row for row in made.refuse if row.order_no in set(without)],
        approval=approval,
        taken=taken,
        expired=now() >= asked.expires_at,
        running=running,
        remaining=[row for row in asked.refuse if row.order_no not in taken],
        problem=problem,
        reasons=REASON_WORDS,
        other_shop=other_shop,
    )


def decide(visit: BoardVisit) -> Response:
    """Approve exactly what the page showed, and carry it out.

    The form names the digest and the count that the person saw. What differs, what was decided
    before and what is too old decides nothing; the page says so.
    """
    without = [each for each in visit.form.getlist("without") if isinstance(each, str)]
    who = visit.given("who")[:_LONGEST_NAME]
    with visit.desk.ledger() as ledger:
        made = ledger.plan(visit.param("digest"))
        plan = made.without(without) if without else made
        before = _decided(visit, ledger, plan)
        is_own = ledger.is_plan_of(made.digest, visit.desk.load().shop)
    if before is not None:
        return before
    problem = _why_not(visit, plan, who) if is_own else OTHER_SHOP
    if problem is not None:
        return _shown(visit, without, problem, status=409)
    left_out = [f"--without={order}" for order in without]
    steps = [["approve", made.digest, f"--by={who}", *left_out], ["apply", plan.digest]]
    name = visit.jobs.start(JobKind.DECIDE, steps, lang=visit.lang, plan=plan.digest, who=who)
    return remember(visit.to(f"jobs/{name}"), WHO, who)


def carry_out(visit: BoardVisit) -> Response:
    """Go on with a plan that was approved before and not carried out; the ledger guards each."""
    with visit.desk.ledger() as ledger:
        plan = ledger.plan(visit.param("digest"))
    name = visit.jobs.start(
        JobKind.DECIDE, [["apply", plan.digest]], lang=visit.lang, plan=plan.digest, who=visit.who
    )
    return visit.to(f"jobs/{name}")


def _decided(visit: BoardVisit, ledger: Ledger, plan: Plan) -> Response | None:
    """Return where a plan's own decision is shown: a second click, a second tab, the way back."""
    running = next((job for job in visit.jobs.alive() if job.plan == plan.digest), None)
    if running is not None:
        return visit.to(f"jobs/{running.name}")
    approval: Approval | None = ledger.approval(plan.digest)
    if approval is None:
        return None
    return RedirectResponse(visit.url(f"plans/{plan.digest}"), status_code=303)


def _why_not(visit: BoardVisit, plan: Plan, who: str) -> Words | None:
    if now() >= plan.expires_at:
        return TOO_OLD
    seen = (visit.given("seen"), visit.given("count"))
    if seen != (plan.digest, str(len(plan.refuse))):
        return ANOTHER
    if not plan.refuse:
        return EMPTY
    if not who:
        return NO_NAME
    return None if visit.given("vouched") == "yes" else NOT_VOUCHED
