"""What was calibrated is kept beside the pack, merged at load, and checked like the pack."""

from datetime import date
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import PackInvalid
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.cli.commands.doctor import _pack
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.wiring.stores import load_pack
from qsm_bot.config.settings import Settings
from qsm_bot.portal.selectors.overrides import Overrides
from qsm_bot.portal.selectors.pack import LayerNames
from tests.support import shipped_pack

DAY = date(2026, 11, 23)
BUTTON = "xpath=//a[@id='go'][normalize-space(.)='キャンセル拒否']"


@pytest.fixture
def kept(tmp_path: Path) -> Overrides:
    return Overrides(tmp_path, pack="qsm-jp", host="qsm.example.jp")


def problem(kept: Overrides, elements: str, *, pack: str = "qsm-jp") -> str:
    kept.file.parent.mkdir(exist_ok=True)
    kept.file.write_text(f'schema = 1\npack = "{pack}"\n{elements}', encoding="utf-8")
    with pytest.raises(PackInvalid) as caught:
        kept.merged(shipped_pack())
    assert caught.value.facts["file"] == kept.file
    return str(caught.value.facts["detail"])


def element(key: str, at: str) -> str:
    return f'[elements.{key}]\nat = {at}\nseen = "there"\nsure = "pointed"\n'


def test_without_a_file_the_pack_is_as_it_was(kept: Overrides) -> None:
    pack = shipped_pack()
    assert kept.merged(pack) is pack
    assert (kept.keys(), kept.remove()) == ((), False)


def test_what_was_pointed_at_takes_the_place_of_the_pack_s_own(kept: Overrides) -> None:
    kept.keep({"refuse_button": BUTTON}, DAY)
    kept.keep({"grid": """xpath=//div[@title="a \\ 'b'"]"""}, date(2026, 11, 24))

    pack = kept.merged(shipped_pack())

    button, grid = pack.elements["refuse_button"], pack.elements["grid"]
    assert (button.at, button.fixed, button.sure) == ([BUTTON], True, "pointed")
    assert button.seen == "calibrated by a person on 2026-11-23"
    assert (grid.at, grid.fixed) == (["""xpath=//div[@title="a \\ 'b'"]"""], False)
    assert pack.elements["reason"] == shipped_pack().elements["reason"]
    assert pack.digest != shipped_pack().digest
    assert [file.name for file in kept.file.parent.iterdir()] == ["qsm-jp-qsm.example.jp.toml"]
    assert kept.file.stat().st_mode & 0o077 == 0
    assert kept.remove()
    assert kept.merged(shipped_pack()) == shipped_pack()


def test_the_layer_that_asks_is_kept_beside_the_elements(kept: Overrides) -> None:
    asks = LayerNames(at="css=[role=dialog]", go_on="はい", give_up='い"いえ')

    kept.keep({}, DAY, asks)
    kept.keep({"refuse_button": BUTTON}, DAY)
    pack = kept.merged(shipped_pack())

    assert pack.layers == asks
    assert pack.elements["refuse_button"].at == [BUTTON]
    assert kept.keys() == ("refuse_button",)


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        (element("gird", '["css=#a"]'), 'elements.gird: unknown element (did you mean "grid"?)'),
        (element("reason", '["css=#a", "css=#b"]'), "elements.reason: acts, so it must have a"),
        (element("refuse_button", '["css=#a"]'), "must demand the text 'キャンセル拒否'"),
        (element("grid", '["#a"]'), "elements.grid.at.1: String should match"),
        (element("grid", '["css=#a"]') + "fixed = true\n", "elements.grid.fixed: unknown key"),
        ("[elements", "Expected"),
    ],
)
def test_one_that_breaks_the_rules_is_told_with_its_place(
    kept: Overrides, elements: str, told: str
) -> None:
    assert told in problem(kept, elements)


def test_one_for_another_pack_is_not_used(kept: Overrides) -> None:
    assert problem(kept, element("grid", '["css=#a"]'), pack="x") == "pack: for x, not qsm-jp"


def test_a_place_that_cannot_be_written_is_told(kept: Overrides) -> None:
    kept.file.parent.write_text("no folder")
    with pytest.raises(EvidenceUnwritable):
        kept.keep({"grid": "css=#a"}, DAY)


def test_the_program_loads_it_for_its_host_only_and_doctor_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QSM_PORTAL_URL", "http://[::1]:8808")
    kept = Overrides(tmp_path, pack="qsm-jp", host="::1")
    kept.keep({"grid": "css=#list"}, DAY)

    detail = _pack(Job()).detail

    assert detail.endswith(f", calibrated: grid ({tmp_path / 'selectors' / 'qsm-jp-__1.toml'})")
    assert load_pack(Settings()).elements["grid"].at == ["css=#list"]
    monkeypatch.setenv("QSM_PORTAL_URL", "http://127.0.0.1:8808")
    assert load_pack(Settings()) == shipped_pack()
    assert "calibrated" not in _pack(Job()).detail
