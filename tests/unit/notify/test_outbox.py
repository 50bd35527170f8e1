"""The outbox: what is sent once, what waits, what is given up."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.notify.hours import QuietHours
from qsm_bot.notify.message import MessageKind
from qsm_bot.notify.outbox import GIVE_UP, Outbox
from tests.faults.rows import full_disk
from tests.unit.notify.parts import NIGHT, NOON, ONE, TWO, message, post_of

HOUR = timedelta(hours=1)
SENT = [("1 json", "sign_in")]


def test_the_same_thing_is_said_once_until_it_changes_or_the_hours_pass(tmp_path: Path) -> None:
    post = post_of(tmp_path)
    post.post()
    post.post(NOON + HOUR)
    assert post.sent == SENT
    post.post(NOON + HOUR, about="changed")
    assert post.sent == SENT * 2
    post.post(NOON + 13 * HOUR, about="changed")
    assert post.sent == SENT * 3
    assert post.outbox.waiting() == []


def test_what_was_settled_is_news_again_and_the_rest_is_not(tmp_path: Path) -> None:
    post = post_of(tmp_path)
    for _ in range(2):
        post.post()
        post.post(kind=MessageKind.UNKNOWN, key="unknown")
        post.outbox.forget({MessageKind.SIGN_IN}, NOON)
    assert [key for _, key in post.sent] == ["sign_in", "unknown", "sign_in"]


def test_what_has_an_end_is_news_again_after_it_and_of_no_use_then(tmp_path: Path) -> None:
    post = post_of(tmp_path)
    post.post(until=NOON + HOUR)
    post.post(NOON + 2 * HOUR, until=NOON + 3 * HOUR)
    assert post.sent == SENT * 2
    post.down = {"1 json"}
    post.post(NOON + 4 * HOUR, until=NOON + 5 * HOUR)
    assert post.deliver(NOON + 5 * HOUR).given_up == 1


def test_a_channel_that_is_down_is_asked_once_and_gets_all_in_order_when_it_is_back(
    tmp_path: Path,
) -> None:
    post = post_of(tmp_path, channels=(ONE, TWO))
    post.down = {"2 slack"}
    post.outbox.put(message())
    post.outbox.put(message(key="unknown", at=NOON + HOUR))
    down = post.deliver(NOON + HOUR)
    assert (down.sent, down.waiting, down.failed) == (0, 2, ["2 slack"])
    assert post.asked.count("2 slack") == 1
    assert [each.tried for each in post.outbox.waiting()] == [1, 1]

    post.down = set()
    assert post.deliver(NOON + HOUR).sent == 2
    assert post.sent == [
        ("1 json", "sign_in"),
        ("1 json", "unknown"),
        ("2 slack", "sign_in"),
        ("2 slack", "unknown"),
    ]
    assert post.deliver().sent == 0


def test_what_waits_is_kept_once_and_given_up_after_a_time(tmp_path: Path) -> None:
    post = post_of(tmp_path)
    post.down = {"1 json"}
    post.post()
    post.post(NOON + HOUR)
    assert len(post.outbox.waiting()) == 1
    with capture_logs() as logs:
        given = post.deliver(NOON + GIVE_UP)
    assert (given.given_up, given.waiting, post.outbox.waiting()) == (1, 0, [])
    assert [(e["event"], e["log_level"]) for e in logs] == [("message_given_up", "warning")]


def test_a_plan_made_anew_takes_the_place_of_the_one_that_waits(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, "a")
    for hours in (1, 2):
        outbox.put(message(about="the same orders", until=NOON + hours * HOUR))
    assert [each.message.until for each in outbox.waiting()] == [NOON + 2 * HOUR]


def test_in_quiet_hours_only_what_is_urgent_goes_out(tmp_path: Path) -> None:
    quiet = QuietHours.parse("22:00-07:00")
    post = post_of(tmp_path, quiet=quiet, urgent=(MessageKind.UNKNOWN,))
    post.post(NIGHT)
    held = post.post(NIGHT, kind=MessageKind.UNKNOWN, key="unknown")
    assert post.sent == [("1 json", "unknown")]
    assert (held.sent, held.waiting) == (1, 1)
    assert [each.tried for each in post.outbox.waiting()] == [0]
    post.deliver(NIGHT + 8 * HOUR)
    assert post.sent[1:] == SENT


def test_shops_do_not_share_their_messages(tmp_path: Path) -> None:
    post_of(tmp_path).outbox.put(message())
    assert Outbox(tmp_path, "べつの商店").waiting() == []


def test_without_a_channel_nothing_is_taken_for_sent(tmp_path: Path) -> None:
    post = post_of(tmp_path, channels=())
    assert post.post().waiting == 1


def test_files_that_are_none_are_moved_aside_and_stop_nothing(tmp_path: Path) -> None:
    post = post_of(tmp_path)
    post.post()
    (post.outbox.folder / "sent.json").write_text('{"sent": {"sign_in": {}}}')
    (post.outbox.folder / "spool" / "0.json").write_text("{")
    with capture_logs() as logs:
        assert post.post(key="other").sent == 1
    assert {each["event"] for each in logs} == {"sent_messages_unreadable", "message_unreadable"}
    assert (post.outbox.folder / "spool" / "0.damaged").exists()


def test_without_space_it_says_so(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(EvidenceUnwritable):
        Outbox(tmp_path, "a").put(message())
