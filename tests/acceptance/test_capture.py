"""`qsm-bot capture` as a seller runs it."""

import json
import tomllib
from pathlib import Path

from tests.acceptance.conftest import Shop


def test_the_pages_are_written_once_somebody_said_yes_and_only_into_an_empty_folder(
    shop: Shop, tmp_path: Path
) -> None:
    asked, out = shop.run("capture", "--json"), tmp_path / "out"
    assert (asked.code, asked.json["error"]["code"]) == (60, "UsageInvalid")
    assert not (tmp_path / "data" / "captures").exists()

    said = shop.run("capture", "--yes", "--json", "--out", str(out))

    assert said.code == 0, said.err
    document = said.json
    written = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
    assert written == set(document["files"])
    assert document["folder"] == str(out)
    assert (document["missed"], document["exit_code"]) == ([], 0)
    assert document["replaced"]["order_no"] >= 12
    home = tomllib.loads((out / "home/captured-home/meta.toml").read_text("utf-8"))
    expected = json.loads((out / "home/captured-home/expected.json").read_text("utf-8"))
    assert expected == {"value": home["shop_name"]}
    assert "みほん商店" not in said.out + said.err
    assert shop.effects("refuse") == []

    full = shop.run("capture", "--yes", "--json", "--out", str(out))
    assert (full.code, full.json["error"]["code"]) == (60, "FileUnwritable")
