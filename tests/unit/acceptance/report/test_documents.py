"""The JSON document of a run."""

import json

import pytest

from qsm_bot.acceptance.report.documents import run_document
from tests.unit.acceptance.report.runs import WHY, full_run


@pytest.mark.parametrize(("lang", "what"), [("en", "headings"), ("ja", "見出し")])
def test_the_document_tells_everything_in_one_language(lang: str, what: str) -> None:
    document = json.loads(json.dumps(run_document(full_run(), lang)))  # type: ignore[arg-type]

    columns, cells = document["statements"][:2]
    assert document["counts"] == {"held": 1, "did not hold": 1, "not judged": 1}
    assert document["exit_code"] == 30
    assert columns["checks"] == [
        {"what": what, "expected": "選択", "seen": "<b>選</b>", "held": False}
    ]
    assert columns["dialogs"] == [{"kind": "alert", "text": "完了", "accepted": True}]
    assert columns["services"] == ["swe_ClaimBizService.asmx/GetClaimList"]
    assert cells["why"] == WHY.say(lang)  # type: ignore[arg-type]
    assert document["contract"]["list"]["services"] == ["A", "B"]
