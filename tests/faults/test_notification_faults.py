"""The row about messages: their channel is down, and comes back."""

import json
from pathlib import Path

from tests.faults.conftest import OpenLab
from tests.faults.program import Program
from tests.faults.rows import row
from tests.sink import TOKEN, sink


@row("F137")
def test_a_message_waits_while_its_channel_is_down_and_the_run_ends_as_it_would(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab("error-before-effect")
    order, other = lab.orders[:2]
    with sink(up=False) as place:
        program = Program(lab, tmp_path, QSM_NOTIFY=place.url)

        said = program.refuse(order)
        spooled = list((tmp_path / "notify").rglob("spool/*.json"))
        modes = [file.stat().st_mode & 0o777 for file in spooled]
        place.up()
        flushed = program.run("notify", "flush", "--json")

    assert (said.outcomes, said.code) == ({order: "unknown"}, 30)
    assert modes == [0o600]
    assert (flushed.code, flushed.json["sent"], flushed.json["waiting"]) == (0, 1, 0)
    assert not spooled[0].exists()
    assert len(place.received) == 1
    told = json.dumps(place.received[0], ensure_ascii=False)
    assert order in told
    assert other not in told
    for buyer in lab.server.world.orders():
        for private in (buyer.buyer_name, buyer.buyer_phone, buyer.buyer_address):
            assert private not in told
    for each in (said, flushed):
        assert TOKEN not in each.out + each.err
