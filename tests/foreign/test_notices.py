"""What lies over the page, or greets: named soon, closed only where the pack says how."""

import time
from pathlib import Path

from qsm_bot.mock_portal.options import PortalOptions
from tests.foreign.conftest import OpenLab
from tests.patience import patient

GREETING = "本日はメンテナンスのため一部機能が利用できません。"


def test_a_layer_that_only_a_person_may_close_is_named(open_lab: OpenLab) -> None:
    lab = open_lab("notice-layer:pop_event")
    order = lab.orders[0]
    lab.plan(order)
    began = time.monotonic()

    ending = lab.refuse(order)

    assert (ending.error, ending.code) == ("LayerInTheWay", 90)
    assert (ending.facts["heading"], ending.facts["buttons"]) == (
        "定期システム点検のご案内",
        "閉じる",
    )
    assert lab.server.journal.effects == []
    assert time.monotonic() - began < patient(30)


def test_a_notice_that_the_pack_knows_is_closed(open_lab: OpenLab) -> None:
    lab = open_lab("notice-layer")
    order = lab.orders[0]

    assert lab.refuse(order).outcomes == {order: "refused"}
    assert lab.refused() == [order]


def test_an_alert_that_greets_stops_the_run(open_lab: OpenLab) -> None:
    lab = open_lab("notice-alert")

    ending = lab.refuse(lab.orders[0])

    assert (ending.error, ending.code) == ("UnexpectedDialog", 90)
    assert lab.server.journal.effects == []


def test_a_greeting_that_the_pack_knows_is_closed(open_lab: OpenLab, tmp_path: Path) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text(
        f'schema = 1\nextends = "qsm-jp"\nname = "greets"\n[texts]\nnotices = ["{GREETING}"]\n',
        encoding="utf-8",
    )
    lab = open_lab("notice-alert", pack=pack)
    order = lab.orders[0]

    assert lab.refuse(order).outcomes == {order: "refused"}


def test_a_question_in_a_layer_that_the_pack_does_not_know_is_left_alone(
    open_lab: OpenLab,
) -> None:
    """Its text and buttons are told, so that they can be named in a pack."""
    lab = open_lab(options=PortalOptions(style="modal"))
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert (ending.error, ending.code, ending.outcomes) == (
        "UnknownLayer",
        90,
        {order: "not_sent"},
    )
    assert "キャンセル拒否しますか？" in ending.facts["text"]
    assert ending.facts["buttons"] == "OK / キャンセル"
    assert (lab.sent(), lab.server.journal.effects) == (0, [])
