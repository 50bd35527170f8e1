"""What ends a run early says what was sent before, and what stays open; never more than is so."""

from typing import NoReturn

from flows._parts.run_summary import tell_of_acts
from flows.reconcile import reconcile
from qsm_bot.base.errors.base import NOTHING_SENT
from qsm_bot.base.errors.outside import PortalError, PortalUnreachable
from qsm_bot.base.errors.people import RunStopped, SessionEnded
from qsm_bot.domain.request import Outcome, OutcomeKind, Receipt
from qsm_bot.render.documents import run_document
from tests.support import rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import losing_requests, outcomes, refuse
from tests.unit.flows.test_run import Rounds


def gone(_call: object) -> NoReturn:
    """Lose the portal."""
    raise PortalUnreachable(url="http://127.0.0.1:1", detail="refused")


def receipt(kind: OutcomeKind) -> Receipt:
    return Receipt(order_no="762544202", outcome=Outcome(kind=kind))


def test_an_apply_that_loses_the_portal_counts_what_it_sent_and_asks_for_a_look(
    scene: Scene,
) -> None:
    first, second, third = scene.open[:3]
    effects: list[object] = []

    def lose_the_second(*about: object) -> None:
        effects.append(about)
        if len(effects) == 2:
            scene.portal.before_call = gone
            raise ConnectionError("reset")

    scene.portal.before_effect = lose_the_second
    result = refuse(scene, first, second, third)

    assert outcomes(result) == {first: "refused", second: "unknown", third: "not_sent"}
    document = run_document(result, "en")
    assert document["exit_code"] == 50
    error = document["error"]
    assert error["meaning"] == (
        "Of the orders begun before: 1 refused, 1 unknown; nothing was sent for the others."
    )
    assert error["next"].startswith("`qsm-bot reconcile`")
    assert error["next"].endswith("then try again.")
    meaning = run_document(result, "ja")["error"]["meaning"]
    assert "拒否完了 1 件、結果不明 1 件" in meaning


def test_what_sent_nothing_still_says_so(scene: Scene) -> None:
    error = SessionEnded(page="login")
    tell_of_acts(scene.context, error, [receipt(OutcomeKind.NOT_SENT)])
    assert (error.meaning, error.next_words) == (NOTHING_SENT, SessionEnded.next_step)


def test_a_refusal_alone_needs_no_look(scene: Scene) -> None:
    error = SessionEnded(page="login")
    tell_of_acts(scene.context, error, [receipt(OutcomeKind.REFUSED)])
    assert error.meaning.en.startswith("Of the orders begun before: 1 refused;")
    assert error.next_words == SessionEnded.next_step


def test_a_stop_keeps_its_own_meaning(scene: Scene) -> None:
    error = RunStopped()
    tell_of_acts(scene.context, error, [receipt(OutcomeKind.UNKNOWN)])
    assert error.meaning == RunStopped.means
    assert error.next_words.en.startswith("`qsm-bot reconcile`")


def test_a_reconcile_that_loses_the_portal_says_how_many_stay_open(scene: Scene) -> None:
    losing_requests(scene.with_(max_unknown=2), *scene.open[:2])
    scene.portal.before_call = gone

    error = reconcile(scene.context).error

    assert isinstance(error, PortalError)
    assert error.meaning.en == f"{NOTHING_SENT.en} Attempts that stay open: 2."
    assert error.meaning.ja == f"{NOTHING_SENT.ja}未確定のまま残る注文: 2 件。"


def test_a_round_that_loses_the_portal_says_what_earlier_runs_left(scene: Scene) -> None:
    losing_requests(scene, scene.open[0])
    rounds = Rounds(scene)
    scene.portal.before_call = gone

    error = rounds.round(rules(scene.open[1])).result.error

    assert isinstance(error, PortalError)
    assert error.meaning.en == f"{NOTHING_SENT.en} Attempts that stay open: 1."
    assert error.next_words.en.startswith("`qsm-bot reconcile`")
