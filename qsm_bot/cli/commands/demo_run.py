"""`qsm-bot demo`: the manual's whole procedure, in a real browser, on the mock portal."""

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.commands import demo_shop
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.wiring.run import open_portal_run
from qsm_bot.cli.wiring.stores import data_folder, load_evidence, load_pack

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.duty import Duty
    from qsm_bot.domain.plan import Plan
    from qsm_bot.domain.request import RunResult
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.styles import StyleName

_PORTAL = Words(
    "mock portal at {url} with {count} open requests",
    "模擬ポータル {url}（キャンセル要請 {count} 件）",
)
_PLANNED = Words(
    "plan {plan}: {refuse} to refuse, {leave} left",
    "計画 {plan}: 拒否 {refuse} 件、拒否しない {leave} 件",
)
_BECAUSE = Words("{order} {reason}: {why}", "{order} {reason}: {why}")
_APPROVED = Words("{who} approves the plan", "{who} が計画を承認")
_WITHDRAWN = Words(
    "meanwhile the buyer of {order} withdraws the request",
    "この間に {order} のお客様が要請を取り下げ",
)
_DIFFERS = Words("The portal's journal and the ledger DIFFER: {what}", "記録が一致しません: {what}")
_REPORT = Words("Report: {path}", "レポート: {path}")

_OPEN_REQUESTS = 8
_WITHDRAWN_AT = 3
_WHO = "demo"
_EXPECTED = {"refused": 3, "gone": 1}


@dataclass(frozen=True, slots=True)
class DemoEnding:
    """What the demo came to."""

    result: "RunResult"
    report: Path
    differences: list[str]
    effects: dict[str, int]
    duties: "list[Duty]"

    @property
    def exit_code(self) -> int:
        """0 only if journal and ledger agree and every order ended as the story has it."""
        if self.result.error is not None:
            return self.result.error.exit_code
        ends = Counter(receipt.outcome.kind.value for receipt in self.result.receipts)
        return 0 if not self.differences and ends == _EXPECTED else ExitCode.SAFETY_STOP


def run_demo(job: Job, keep: Path | None, *, style: "StyleName", headless: bool) -> DemoEnding:
    """Run the demo in `keep` or a new temporary folder, and show what it came to."""
    from pydantic import SecretStr

    from qsm_bot.config.settings import Settings
    from qsm_bot.mock_portal.journal import Journal
    from qsm_bot.mock_portal.options import PortalOptions
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.world import World
    from qsm_bot.portal.browser.find import ensure_browser
    from qsm_bot.portal.browser.launch import own_browser

    folder = keep or Path(tempfile.mkdtemp(prefix="qsm-bot-demo-"))
    browser = os.environ.get("QSM_BROWSER", "chromium")
    ensure_browser(browser, own_browser(), lambda line: job.tell(Words(line, line)))
    journal = Journal(folder / "portal-journal.jsonl")
    options = PortalOptions(style=style)
    world = World.seeded(_OPEN_REQUESTS, seed=1)
    with MockPortal(world, journal=journal, options=options) as server:
        job.tell(_PORTAL.filled(url=server.url, count=_OPEN_REQUESTS))
        orders = [order.order_no for order in server.world.open_requests()]
        # Settings of its own: the user's environment must not lead the demo elsewhere.
        settings = Settings.model_construct(
            portal_url=server.url,
            login_id=server.login_id,
            password=SecretStr(server.password),
            shop_name=server.world.shop_name,
            data_dir=folder,
            trace_dir=folder,
            keep_session=False,
            browser=browser,
            headless=headless,
            selectors=demo_shop.write_pack(folder, style),
            evidence=(demo_shop.write_shipments(folder, orders, now()),),
        )
        ending = _play(job, settings, server)
    _show(job, ending, folder)
    return ending


def _play(job: Job, settings: "Settings", server: "MockPortal") -> DemoEnding:
    """Let the story happen: collect, plan, approve, a buyer withdraws, apply, report, compare."""
    from flows.approve import approve
    from flows.collect import collect
    from flows.duty import left_by
    from flows.propose import decider, propose
    from flows.refuse import apply_plan
    from flows.sign_in import sign_in
    from qsm_bot.mock_portal.testing.history import History
    from qsm_bot.mock_portal.testing.invariants import breaches
    from qsm_bot.render.files import write_report

    orders = [order.order_no for order in server.world.open_requests()]
    rulebook = demo_shop.rules()
    evidence_of = load_evidence(settings).of
    with open_portal_run(settings, job, acts=True) as opened:
        context = replace(opened, decide=decider(rulebook, evidence_of, now))
        sign_in(context)
        plan = propose(
            collect(context),
            rulebook,
            shop=context.shop,
            portal_url=context.portal_url,
            pack=context.pack,
            attempted={},
            now=now(),
            valid_for=timedelta(minutes=settings.plan_minutes),
            evidence_of=evidence_of,
        )
        context.ledger.record_plan(plan)
        _tell_plan(job, plan)
        approve(context.ledger, plan, who=_WHO, now=now())
        job.tell(_APPROVED.filled(who=_WHO))
        server.world.buyer_withdraws(orders[_WITHDRAWN_AT])
        job.tell(_WITHDRAWN.filled(order=orders[_WITHDRAWN_AT]))
        result = apply_plan(context, plan, rules=rulebook.digest)
        report = data_folder(settings) / "report.html"
        run = context.ledger.run(result.run_id)
        write_report(context.ledger, run, context.pictures, report, lang=job.lang, now=now())
        texts = load_pack(settings).texts
        history = History.read(
            context.ledger,
            shop=context.shop,
            effects=server.journal.effects,
            requests=server.journal.requests,
            labels=texts.reasons.model_dump(),
            confirm=texts.confirm,
            run_id=result.run_id,
        )
        return DemoEnding(
            result=result,
            report=report,
            differences=[str(finding) for finding in breaches(history)],
            effects=history.acts,
            duties=left_by(context, result),
        )


def _tell_plan(job: Job, plan: "Plan") -> None:
    """Say what would be refused, and which row of which file allows it."""
    job.tell(_PLANNED.filled(plan=plan.digest[:12], refuse=len(plan.refuse), leave=len(plan.leave)))
    for row in plan.refuse:
        told = {"order": row.order_no, "reason": row.reason.words, "why": row.because[0]}
        job.tell(_BECAUSE.filled(**told))


def _show(job: Job, ending: DemoEnding, folder: Path) -> None:
    from qsm_bot.cli.commands.portal_tables import agreement
    from qsm_bot.render.documents import run_document
    from qsm_bot.render.duty import ship_lines
    from qsm_bot.render.tables import run_table

    result = ending.result
    document = {
        **run_document(result, job.lang),
        "journal": ending.effects,
        "agrees": not ending.differences,
        "differences": ending.differences,
        "report": str(ending.report),
        "data_dir": str(folder),
        "exit_code": ending.exit_code,
    }
    job.show(document, lambda: run_table(result, job.lang))
    if result.error is not None and not job.as_json:
        job.show_error(result.error)
    if ending.differences:
        job.say(_DIFFERS.filled(what="; ".join(ending.differences)))
    else:
        job.say(agreement(ending.effects))
    for words in ship_lines(ending.duties, now()):
        job.say(words)
    job.say(_REPORT.filled(path=ending.report))
