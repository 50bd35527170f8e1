"""Others are kept out: of every page and every form, whatever they send."""

import re
from pathlib import Path

import pytest

from qsm_bot.board.app import FORMS, PAGES
from tests.board.conftest import HOST, ORIGIN, ROOM, Board

DIGEST = "a" * 64
FILLED = {"shop": "~practice", "digest": DIGEST, "name": "x", "order": "1", "sha256": "b" * 64}
BOARD = Path(__file__).parents[2] / "qsm_bot" / "board"


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED[found[1]], path)


ALL_PAGES = [filled(path) for path in PAGES]
ALL_FORMS = [filled(path) for path in FORMS]


def test_no_page_is_shown_to_a_browser_that_did_not_come_in(board: Board) -> None:
    for path in ("/", *ALL_PAGES):
        assert board.client.get(path, follow_redirects=False).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "no session"},
        {"who": "no secret"},
        {"who": "another session's secret"},
        {"who": "foreign origin", "origin": "http://evil.example"},
        {"who": "null origin", "origin": "null"},
        {"who": "no origin at all", "origin": ""},
        {"who": "another site", "sec-fetch-site": "cross-site"},
        {"who": "another port", "origin": "http://127.0.0.1:9999"},
    ],
    ids=lambda sent: sent["who"],
)
def test_no_form_is_taken_from_elsewhere(board: Board, sent: dict[str, str]) -> None:
    csrf = "" if sent["who"] == "no session" else board.come_in()
    if sent["who"] == "another session's secret":
        other = board.sessions.opened(board.sessions.token())
        assert other is not None
        csrf = other.csrf
    headers = {"origin": ORIGIN, **{name: sent[name] for name in sent if name != "who"}}
    for path in ("/language", *ALL_FORMS):
        answer = board.client.post(
            path,
            data={} if sent["who"] == "no secret" else {"csrf": csrf},
            headers={name: value for name, value in headers.items() if value},
            follow_redirects=False,
        )
        assert answer.status_code == 403
    assert board.started == []


def test_a_name_that_was_bent_to_this_machine_is_no_host(board: Board) -> None:
    board.come_in()
    for path in ("/", "/language", "/static/board.css", *ALL_PAGES, *ALL_FORMS):
        for host in ("evil.example", "127.0.0.1", f"{HOST}.evil.example"):
            assert board.client.get(path, headers={"host": host}).status_code == 403


def test_nothing_is_done_but_by_a_form(board: Board) -> None:
    csrf = board.come_in()
    for path in ALL_FORMS:
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
            answer = board.client.request(method, path, params={"csrf": csrf, "kind": "read"})
            # Some addresses are pages, too: those only show.
            assert answer.status_code in (403, 404, 405) or path in ALL_PAGES
    assert board.started == []
    assert board.shops.jobs("~practice").newest() == []


def test_a_token_lets_one_browser_in_once(board: Board) -> None:
    token = board.sessions.token()

    assert board.client.head(f"/?token={token}", follow_redirects=False).status_code == 403
    assert board.client.get(f"/?token={token}", follow_redirects=False).status_code == 303
    board.client.cookies.clear()
    assert board.client.get(f"/?token={token}", follow_redirects=False).status_code == 403


def test_the_cookie_is_no_scripts_and_no_other_sites(board: Board) -> None:
    answer = board.client.get(f"/?token={board.sessions.token()}", follow_redirects=False)

    said = answer.headers["set-cookie"].casefold()
    assert "httponly" in said
    assert "samesite=strict" in said


def test_every_answer_forbids_scripts_frames_and_keeping(board: Board) -> None:
    board.come_in()
    for path in ("/", "/static/board.css", "/static/nothing", *ALL_PAGES):
        headers = board.client.get(path, follow_redirects=False).headers

        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_no_path_leads_out_of_the_board(board: Board) -> None:
    board.come_in()
    for path in (
        "/static/../app.py",
        "/static/..%2fapp.py",
        f"{ROOM}/pictures/1/..%2f..%2fledger.sqlite3",
        f"{ROOM}/pictures/..%2f1/{'b' * 64}",
        f"{ROOM}/jobs/..%2f..",
        "/nobody/",
        "/..%2f/",
    ):
        assert board.client.get(path).status_code == 404


def test_an_order_number_is_no_word_of_a_command(board: Board) -> None:
    csrf = board.come_in()

    for path in ("duty/--help/done", "duty/１/done", "orders/--config=x/looked"):
        assert board.post(path, csrf, who="佐藤").status_code == 404


def test_the_language_leads_back_into_the_board_only(board: Board) -> None:
    csrf = board.come_in()
    for back in ("//evil.example", "/\\evil.example", "https://evil.example", ""):
        answer = board.client.post(
            "/language",
            data={"csrf": csrf, "lang": "en", "back": back},
            headers={"origin": ORIGIN},
            follow_redirects=False,
        )
        assert answer.headers["location"] == "/"


def test_a_form_that_is_too_long_is_none(board: Board) -> None:
    csrf = board.come_in()

    assert board.post("jobs", csrf, kind="read", more="x" * 1_100_000).status_code == 403


def test_the_board_calls_nothing_that_writes_into_the_ledger() -> None:
    """Every door that approves, acts or records is a command of the program."""
    writes = re.compile(
        r"\.(?:approve|approve_by_standing_order|give_standing_order|end_standing_order|"
        r"record_plan|issue_permit|settle|close_duty|reopen_duty|note|begin_run)\("
        r"|flows\.(?:approve|refuse|reconcile|run|ship|single_refusal)\b|playwright"
    )
    found = {file.name for file in BOARD.rglob("*.py") if writes.search(file.read_text("utf-8"))}

    assert found == set()


def test_one_page_only_approves() -> None:
    found = [
        str(file.relative_to(BOARD).as_posix())
        for file in BOARD.rglob("*.py")
        if re.search(r'"(?:approve|apply|refuse|ship)"', file.read_text("utf-8"))
    ]

    assert found == ["pages/plan.py"]
