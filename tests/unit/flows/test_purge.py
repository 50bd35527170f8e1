"""Old evidence is deleted once the ledger says so; what is in question stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from flows.purge import look_for_old, purge
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.retention import PURGED, KeptFiles
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import losing_requests, refuse

DAYS = timedelta(days=90)


def aged(folder: Path) -> None:
    for file in folder.rglob("*.png"):
        os.utime(file, (0, 0))


def test_pictures_of_settled_runs_go_and_the_ledger_says_which(scene: Scene) -> None:
    first, second = scene.open[:2]
    refused = refuse(scene, first)
    unknown = losing_requests(scene, second)
    root = scene.context.pictures.root
    aged(root)
    kept = KeptFiles(root.parent)
    found = look_for_old(scene.ledger, kept, older=DAYS, clock=scene.watch)
    before = {file: file.stat().st_size for file in root.rglob("*.png")}

    purge(scene.ledger, kept, found)

    # The month's report counts the days from this one on.
    assert all(e.body["facts"]["requested_on"] for e in scene.events("attempt.opened"))
    (event,) = scene.ledger.events(run_id=refused.run_id, kinds=[PURGED])
    gone = {root / name for name in event.body["pictures"]}
    assert (len(gone), found.files) == (3, 3)
    assert before.keys() - set(root.rglob("*.png")) == gone
    assert found.size == sum(before[file] for file in gone)
    assert list((root / unknown.run_id).iterdir())
    assert scene.ledger.verify().broken is None


def test_what_could_not_be_deleted_was_recorded_before(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = refuse(scene, scene.open[0])
    root = scene.context.pictures.root
    aged(root)
    kept = KeptFiles(root.parent)
    found = look_for_old(scene.ledger, kept, older=DAYS, clock=scene.watch)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", denied)
    with pytest.raises(EvidenceUnwritable):
        purge(scene.ledger, kept, found)
    assert len(list(scene.ledger.events(run_id=refused.run_id, kinds=[PURGED]))) == 1
