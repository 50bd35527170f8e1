"""Drift: what is not as known is warned of, wherever the run's end is told."""

from pathlib import Path

import pytest

from flows._parts.drift import DriftWatch
from flows._parts.shop_run import note_drift
from flows.collect import collect
from flows.doctor import check_portal
from qsm_bot.base.errors.ledger import LedgerBusy
from qsm_bot.base.errors.orders import NothingToOpen
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.errors.safety import CountMismatch
from qsm_bot.domain.page_fingerprint import PageFingerprint
from qsm_bot.mock_portal.testing.history import History
from qsm_bot.mock_portal.testing.invariants import breaches
from qsm_bot.mock_portal.testing.memory import LABELS
from qsm_bot.portal.selectors.findings import PageFindings
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.survey.fingerprint_store import FingerprintStore
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import outcomes, refuse

KNOWN = PageFingerprint(
    {
        "list": {"headings": ("注文番号", "処理状態")},
        "details": {"options": ("商品発送完了", "その他"), "services": ("Claim/GetClaimDetail",)},
    }
)
RENAMED = "list of requests: heading of the list was “注文番号”, is “受注番号”"
NO_OTHER = "order opened: option “その他” is gone"


def watched(scene: Scene) -> Scene:
    """The scene with pages that are not as the last walk saw them."""
    scene.portal.shown = {
        "list": {"headings": ("受注番号", "処理状態")},
        "details": {"options": ("商品発送完了",)},
    }
    return scene.with_(drift=DriftWatch(KNOWN))


def test_a_run_warns_in_its_result_in_the_ledger_and_on_the_terminal(scene: Scene) -> None:
    scene = watched(scene)
    scene.portal.fallen_back = {"counter"}

    result = refuse(scene, *scene.open[:3])

    told = [words.en for words in result.warnings]
    (entry,) = scene.events("portal.drift")
    assert told == ["elements.counter was found by a fallback selector only", RENAMED, NO_OTHER]
    assert (result.exit_code, set(outcomes(result).values())) == (0, {"refused"})
    assert entry.run_id == result.run_id
    assert [each["en"] for each in entry.body["warnings"]] == told
    assert [words.en for words in scene.said[-3:]] == [f"warning: {each}" for each in told]
    assert scene.ledger.verify().broken is None
    labels = {reason.value: label for reason, label in LABELS.items()}
    history = History.read(
        scene.ledger,
        shop=scene.context.shop,
        effects=scene.journal.effects,
        requests=(),
        labels=labels,
    )
    assert breaches(history) == []


def test_each_place_is_read_once_in_a_run_and_only_if_a_contract_is_known(scene: Scene) -> None:
    calls: list[str] = []
    scene.portal.before_call = calls.append

    plain = refuse(scene, scene.open[0])
    refuse(watched(scene), *scene.open[:3])

    assert plain.warnings == ()
    assert calls.count("names") == 2
    assert calls.count("open") == 4


def test_what_stops_a_run_is_told_with_what_has_changed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = watched(scene)
    order = scene.open[0]

    def lost() -> None:
        if scene.events("run.begun"):
            raise CountMismatch(counted=2, listed=1)

    scene.portal.before_call = lambda call: lost() if call == "collect" else None
    result = refuse(scene, order)

    assert result.error is not None
    assert (result.error.code, result.exit_code) == ("CountMismatch", 90)
    assert [words.en for words in result.warnings] == [RENAMED]


def test_neither_an_unreadable_page_nor_a_busy_ledger_stops_a_run(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = watched(scene)
    scene.portal.fallen_back = {"counter"}

    def slow(call: str) -> None:
        if call == "names":
            raise PortalSlow(what="x", seconds=1)

    def busy(*_: object, **__: object) -> None:
        raise LedgerBusy(detail="locked")

    scene.portal.before_call = slow
    monkeypatch.setattr(type(scene.ledger), "note", busy)
    result = refuse(scene, scene.open[0])

    assert (result.exit_code, len(result.warnings)) == (0, 1)


def test_a_command_without_a_run_notes_it_for_the_shop(scene: Scene) -> None:
    scene = watched(scene)
    collect(scene.context)

    assert [words.en for words in note_drift(scene.context)] == [RENAMED]
    (entry,) = scene.events("portal.drift")
    assert (entry.run_id, entry.shop) == (None, scene.context.shop)


class TestCheckup:
    """The walk renews the contract that later runs are compared with."""

    def test_it_keeps_what_it_saw_and_tells_what_has_changed(
        self, scene: Scene, tmp_path: Path
    ) -> None:
        store = FingerprintStore(tmp_path / "contracts", portal_url="http://127.0.0.1:1", pack="p")
        scene.portal.shown = dict(KNOWN.places)
        first = check_portal(scene.context, store)
        unchanged = check_portal(scene.context, store)
        later = watched(scene)
        del later.portal.shown["details"]
        changed = check_portal(later.context, store)

        kept = store.load()
        assert (first.changes, unchanged.changes) == ((), ())
        assert unchanged.compared_with == scene.watch()
        assert [each.words.en for each in changed.changes] == [RENAMED]
        assert kept is not None
        assert kept.places["list"] == {"headings": ("受注番号", "処理状態")}
        # What was not visited this time is still known.
        assert kept.places["details"] == KNOWN.places["details"]
        previous = store.path.with_name(f"{store.path.name}.previous")
        assert PageFingerprint.from_text(previous.read_text("utf-8")).places == KNOWN.places

    def test_pictures_are_kept_and_a_place_that_is_not_reached_is_told(
        self, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = FingerprintStore(tmp_path / "contracts", portal_url="http://127.0.0.1:1", pack="p")
        why = NothingToOpen()
        stands = [
            PageFindings(
                place=PortalPage.LIST, findings=(), names={"headings": ("a",)}, picture=b"masked"
            ),
            PageFindings(place=PortalPage.DETAILS, findings=(), trouble=why),
        ]
        monkeypatch.setattr(scene.portal, "inspect", lambda: iter(stands))

        found = check_portal(scene.context, store)

        kept = store.load()
        assert {place: Path(at).read_bytes() for place, at in found.pictures.items()} == {
            PortalPage.LIST: b"masked"
        }
        assert found.troubles == {PortalPage.DETAILS: why}
        assert found.verdict.ready_for == "rehearse"
        assert scene.said[-1].en == f"order opened: {why.message.en}"
        assert kept is not None
        assert kept.places == {"list": {"headings": ("a",)}}
