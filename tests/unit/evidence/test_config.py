"""The `[[evidence]]` tables: where they stand, and how each mistake in them is told."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.example_files import EXAMPLES
from qsm_bot.config.settings import Settings
from qsm_bot.config.settings_file import load_settings
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.evidence.config import FileSettings, FolderSettings, QapiSettings, SourceSettings
from qsm_bot.evidence.protocol import EvidenceSource
from qsm_bot.evidence.sources import sources_of
from qsm_bot.qapi import QapiEvidence


def built(settings: Sequence[SourceSettings]) -> list[EvidenceSource]:
    """Build the sources, with one that asks nobody for QAPI's."""

    def from_qapi(source: QapiSettings) -> EvidenceSource:
        return QapiEvidence(source.title, source.days, nullcontext, ClaimWords())  # type: ignore[arg-type]

    return sources_of(settings, from_qapi)


FILE = """
[[evidence]]
kind = "file"
path = "data/出荷.xlsx"
sheet = "出荷"
columns = { order_no = "受注番号", tracking_no = ["伝票番号", "送り状"] }
extra_columns = ["棚番"]

[[evidence]]
kind = "folder"
path = "/srv/exports"
pattern = "出荷*.csv"
name = "倉庫"

[[shops.tokyo.evidence]]
kind = "file"
path = "tokyo.csv"

[shops.osaka]
login_id = "osaka"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder of its own, which is not the one of the settings file."""
    monkeypatch.chdir(tmp_path)
    Path("etc").mkdir()


def read(text: str, shop: str | None = None) -> Settings:
    file = Path("etc/qsm-bot.toml")
    file.write_text(text, encoding="utf-8")
    return load_settings(file, shop)


def problem(text: str, shop: str | None = None) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        read(text, shop)
    detail = caught.value.facts["detail"]
    return detail.en if isinstance(detail, Words) else str(detail)


def test_without_tables_there_are_no_sources() -> None:
    assert read("").evidence == ()


def test_paths_are_relative_to_the_settings_file() -> None:
    first, second = read(FILE).evidence
    assert isinstance(first, FileSettings)
    assert isinstance(second, FolderSettings)
    assert first.path == Path("etc/data/出荷.xlsx")
    assert second.path == Path("/srv/exports")


def test_what_is_not_said_has_a_default() -> None:
    first, second = read(FILE).evidence
    assert isinstance(first, FileSettings)
    assert isinstance(second, FolderSettings)
    assert (first.max_age_hours, second.max_age_hours) == (None, 24)
    assert (first.order_digits, second.columns.order_no) == ((8, 12), None)
    assert first.columns.order_no == ["受注番号"]


def test_each_source_has_a_name() -> None:
    assert [source.name for source in built(read(FILE).evidence)] == ["出荷.xlsx", "倉庫"]


def test_a_shop_s_own_sources_stand_in_place_of_those_of_the_file() -> None:
    assert [each.name for each in built(read(FILE, "tokyo").evidence)] == ["tokyo.csv"]
    assert len(read(FILE, "osaka").evidence) == 2


def test_the_home_folder_may_be_written_short() -> None:
    [table] = read('[[evidence]]\nkind = "file"\npath = "~/a.csv"').evidence
    assert isinstance(table, FileSettings)
    assert table.path == Path.home() / "a.csv"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('path = "a.csv"', 'evidence 1: kind: "file" or "folder" or "qapi" is expected'),
        ('kind = "foldr"\npath = "a"', 'is expected (did you mean "folder"?)'),
        ('kind = "file"', "evidence 1: path: Field required"),
        (
            'kind = "file"\npath = "a.xls"',
            "evidence 1: path: a file that ends in .csv, .tsv, .xlsx is expected",
        ),
        ('kind = "file"\npath = "a.csv"\nsheet = "a"', "sheet: only an .xlsx file has sheets"),
        ('kind = "file"\npath = "a.csv"\npattern = "*"', "evidence 1: pattern: unknown key"),
        (
            'kind = "folder"\npath = "a"\npatern = "*"',
            'evidence 1: patern: unknown key (did you mean "pattern"?)',
        ),
        (
            'kind = "file"\npath = "a.csv"\ncolumns = { tracking = "a" }',
            'evidence 1: columns.tracking: unknown key (did you mean "tracking_no"?)',
        ),
        (
            'kind = "file"\npath = "a.csv"\ncolumns = { carrier = 5 }',
            "evidence 1: columns: either all columns by heading, or order_no",
        ),
        (
            'kind = "folder"\npath = "a"\nmax_age_hours = 0',
            "max_age_hours: Input should be greater",
        ),
        (
            'kind = "file"\npath = "a.csv"\norder_digits = [9, 8]',
            "order_digits: the lower bound first, as in [8, 12]",
        ),
    ],
)
def test_a_mistake_is_told_with_file_table_key_and_the_nearest_word(table: str, said: str) -> None:
    detail = problem(f"[[evidence]]\n{table}")
    assert detail.startswith(str(Path("etc/qsm-bot.toml")))
    assert said in detail


def test_a_mistake_in_a_shop_s_table_names_the_shop() -> None:
    detail = problem('[[shops.a.evidence]]\nkind = "fil"\npath = "a.csv"', "a")
    assert "qsm-bot.toml: shops.a.evidence 1: kind:" in detail


@pytest.mark.parametrize("text", ['evidence = "a.csv"', "evidence = [1]", "[evidence]\npath = 1"])
def test_what_is_no_list_of_tables_is_told(text: str) -> None:
    assert problem(text).endswith("evidence must be tables, as in [[evidence]]")


def test_the_environment_cannot_set_sources_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSM_EVIDENCE", "[]")
    assert problem("").startswith("QSM_EVIDENCE: ")


def test_the_commented_examples_of_init_are_right_when_uncommented() -> None:
    text = re.sub(r"(?m)^# (?=\[|\w+ = )", "", EXAMPLES["qsm-bot.toml"])
    assert [each.name for each in built(read(text).evidence)] == [
        "exports",
        "出荷データ.xlsx",
        "QAPI",
    ]
    assert [each.name for each in built(read(text, "tokyo").evidence)] == ["tokyo.csv"]


def test_a_kind_without_a_source_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="SourceSettings"):
        built([SourceSettings()])
