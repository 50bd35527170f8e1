"""Rows about what people give: rules, plan files, order numbers, the password."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.approve import approve
from flows.propose import propose
from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.base.errors.plans import PlanTampered
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.domain.plan import Approval, ApprovalKind, Limits, Plan
from qsm_bot.domain.plan_file import plan_from_file_text
from qsm_bot.domain.request import Listing
from qsm_bot.mock_portal.orders import js_length
from qsm_bot.mock_portal.testing import builders
from qsm_bot.rules import RuleBook, load_rules
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab, book
from tests.faults.program import Program
from tests.faults.rows import row

RULE = 'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = ["1"]\n'
OTHER = 'schema = 1\n[[rule]]\nname = "a"\nreason = "other"\norders = ["1"]\ntext = "{text}"\n'
WHOLE = "ご注文後すぐに制作を開始しており、お受けできません。ご了承を。"
NOWHERE = "799999999"


def refused_rules(folder: Path, content: bytes) -> str:
    """Return what is said about a rules file that cannot be used."""
    file = folder / "rules.toml"
    file.write_bytes(content)
    with pytest.raises(RulesInvalid) as caught:
        load_rules(file)
    assert caught.value.exit_code == 60
    return caught.value.message.en


def proposed(rules: RuleBook, *orders: str) -> Plan:
    """Return the plan that these rules make of open requests with these numbers."""
    requests = tuple(builders.request(order_no=order) for order in orders)
    listing = Listing(requests=requests, unreadable=(), counted=len(requests), read_at=builders.NOW)
    whole = builders.plan()
    return propose(
        listing,
        rules,
        shop=whole.shop,
        portal_url=whole.portal,
        pack=whole.pack,
        attempted={},
        now=whole.created_at,
        valid_for=whole.expires_at - whole.created_at,
    )


def two_rules(first: dict[str, object], second: dict[str, object]) -> RuleBook:
    """Return rules of two that take the same order."""
    same = {"orders": ["1"], "reason": "shipped"}
    rules = [same | {"name": "one"} | first, same | {"name": "two"} | second]
    return RuleBook.model_validate({"schema": 1, "rule": rules})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(WHOLE[:29], "30 characters or more are needed, it has 29", id="F23"),
        pytest.param("お受けできません" + " " * 30 + "。", "it has 9", id="F24-blanks"),
        pytest.param("\u3000" * 30, "it has 0", id="F24-wide-blanks"),
        pytest.param("😀" * 15, "it contains U+1F600", id="F24-emoji"),
        pytest.param("か\u3099き\u3099" * 8, "it has 16", id="F24-decomposed"),
    ],
)
def test_a_text_too_short_for_its_reader_is_told_before_any_page(
    tmp_path: Path, text: str, said: str
) -> None:
    assert len(WHOLE) >= 30
    assert said in refused_rules(tmp_path, OTHER.format(text=text).encode())


@row("F24")
@pytest.mark.parametrize("text", ["お" + " " * 30 + "。", "😀" * 15, "か\u3099き\u3099" * 8])
def test_the_portal_itself_would_take_such_a_text(text: str) -> None:
    assert js_length(text) >= 30


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(RULE.encode("utf-16"), "not UTF-8 at byte 0", id="F127-utf-16"),
        pytest.param(
            RULE.replace('"a"', '"梱包済み"').encode("cp932"), "not UTF-8 at byte", id="F127-cp932"
        ),
        pytest.param(
            (RULE + 'name = "b"\n').encode(),
            'at line 6: “name = "b"”: a key or table stands there twice',
            id="F127-duplicate-key",
        ),
        pytest.param(
            b"schema = 1\n[limits]\n[limits]\n",
            "at line 3: “[limits]”: a key or table",
            id="F127-duplicate-table",
        ),
        pytest.param(
            RULE.replace("orders", "order").encode(),
            'rule.1.order: unknown key (did you mean "orders"?)',
            id="F127-unknown-key",
        ),
        pytest.param(
            RULE.replace('"1"', '"7.62544E+08"').encode(), "rule.1.orders.1:", id="F127-number"
        ),
        pytest.param(
            RULE.replace('"a"', '"a').encode(),
            'at line 3: “name = "a”: a closing quote',
            id="F127-quote",
        ),
        pytest.param(b"", "schema: Field required", id="F127-empty"),
    ],
)
def test_malformed_rules_are_told_with_their_place(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert said in refused_rules(tmp_path, content)


@row("F127")
def test_what_windows_editors_add_to_rules_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    tabbed = RULE.replace(" = ", "\t=\t").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + tabbed.encode())

    assert load_rules(file) == RuleBook.model_validate(
        {"schema": 1, "rule": [{"name": "a", "reason": "shipped", "orders": ["1"]}]}
    )


@row("F127")
def test_with_malformed_rules_the_portal_is_not_visited(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()
    (tmp_path / "rules.toml").write_text(RULE + "colour = 1\n", encoding="utf-8")

    said = Program(lab, tmp_path).run("plan", "--json")

    assert (said.code, said.error) == (60, "RulesInvalid")
    assert "rule.1.colour: unknown key" in said.json["error"]["message"]
    assert lab.server.journal.requests == []


@row("F128")
@pytest.mark.parametrize("other", [{"reason": "ready"}, {"reason": "other", "text": WHOLE}])
def test_rules_that_disagree_are_a_person_s_to_decide(other: dict[str, object]) -> None:
    plan = proposed(two_rules({}, other), "1", "2")

    assert plan.refuse == ()
    assert [(each.order_no, each.why.en) for each in plan.ask] == [
        ("1", "rules disagree: one, two")
    ]


@row("F129")
def test_more_than_the_limits_is_not_even_a_plan() -> None:
    orders = [str(number) for number in range(1, 11)]

    with pytest.raises(LimitExceeded) as by_count:
        proposed(book(*orders, max_count=9), *orders)
    with pytest.raises(LimitExceeded) as by_share:
        proposed(book(*orders[:6], max_share=0.5), *orders)

    assert (by_count.value.exit_code, by_share.value.exit_code) == (90, 90)
    assert len(proposed(book(*orders[:5], max_share=0.5), *orders).refuse) == 5


@row("F129")
def test_a_plan_beyond_its_limits_gets_no_approval_and_is_not_carried_out(
    open_lab: OpenLab,
) -> None:
    lab = open_lab()
    made = replace(lab.plan(*lab.orders[:2]), limits=Limits(max_count=1))
    ledger, now = lab.context.ledger, lab.context.clock()
    ledger.record_plan(made)

    with pytest.raises(LimitExceeded):
        approve(ledger, made, who="tester", now=now)
    smuggled = {"who": "tester", "kind": ApprovalKind.PERSON, "at": now, "until": made.expires_at}
    ledger.approve(Approval(plan=made.digest, **smuggled))  # type: ignore[arg-type]
    ending = lab.apply(made)

    assert (ending.outcomes, ending.error, ending.code) == ({}, "LimitExceeded", 90)
    assert lab.sent() == 0


def program_with_plan(lab: Lab, folder: Path) -> tuple[Program, str]:
    """Return the program, and the digest of the approved plan that stands in `plan.json`."""
    rules = RULE.replace('"1"', f'"{lab.orders[0]}"')
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    program = Program(lab, folder)
    digest = program.run("plan", "--out", "plan.json", "--json").json["plan"]
    assert program.run("approve", digest, "--json").code == 0
    return program, digest


@row("F130")
def test_rules_changed_after_the_approval_make_the_plan_stale(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    program, digest = program_with_plan(lab, tmp_path)
    rules = tmp_path / "rules.toml"
    approved = rules.read_text(encoding="utf-8")

    rules.write_text(approved.replace('"shipped"', '"ready"'), encoding="utf-8")
    changed = program.run("apply", digest, "--json")
    rules.write_text(f"# only a remark\n{approved}", encoding="utf-8")
    sent = lab.sent()
    remarked = program.run("apply", digest, "--json")

    assert (changed.code, changed.error, sent) == (60, "PlanStale", 0)
    assert (remarked.code, remarked.outcomes) == (0, {lab.refused()[0]: "refused"})


@row("F131")
def test_a_plan_file_edited_by_hand_is_not_carried_out(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()
    first, second, *_ = lab.orders
    program, _ = program_with_plan(lab, tmp_path)
    file = tmp_path / "plan.json"
    file.write_text(file.read_text("utf-8").replace(first, second), encoding="utf-8")

    said = [program.run(command, "plan.json", "--json") for command in ("approve", "apply")]

    assert [(each.code, each.error) for each in said] == [(60, "PlanTampered")] * 2
    assert lab.sent() == 0


EDITS: dict[str, Callable[[str], str]] = {
    "reason": lambda text: text.replace('"shipped"', '"ready"'),
    "end": lambda text: text.replace("T11:00", "T12:00"),
    "more-room": lambda text: text.replace('"max_count": 20', '"max_count": 99'),
    "number-as-text": lambda text: text.replace('"total": 1', '"total": "1"'),
    "one-key-more": lambda text: text.replace('"total": 1', '"total": 1, "note": ""'),
    "digest": lambda text: text.replace(builders.plan().digest, "0" * 64),
}


@pytest.mark.parametrize("edit", [pytest.param(e, id=f"F131-{n}") for n, e in EDITS.items()])
def test_no_edit_of_a_plan_file_goes_unseen(edit: Callable[[str], str]) -> None:
    text = builders.plan().to_file_text()
    edited = edit(text)

    assert edited != text
    with pytest.raises(PlanTampered) as caught:
        plan_from_file_text(edited, name="plan.json")
    assert caught.value.exit_code == 60


@row("F131")
def test_the_layout_of_a_plan_file_may_change() -> None:
    text = json.dumps(json.loads(builders.plan().to_file_text()), sort_keys=True)
    assert plan_from_file_text(text, name="plan.json") == builders.plan()


@row("F142")
def test_an_order_that_the_rules_name_twice_is_refused_once(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    plan = lab.plan(order, order)

    ending = lab.apply(plan)

    assert [each.order_no for each in plan.refuse] == [order]
    assert (ending.outcomes, lab.sent()) == ({order: "refused"}, 1)


@row("F142")
def test_rules_that_agree_about_an_order_are_one_intent() -> None:
    plan = proposed(two_rules({}, {}), "1")

    assert [(each.order_no, each.rule) for each in plan.refuse] == [("1", "one")]


@row("F143")
def test_an_order_that_is_not_in_the_list_is_gone(open_lab: OpenLab) -> None:
    lab = open_lab()

    by_rules = lab.plan(NOWHERE)
    by_hand = lab.refuse(NOWHERE)

    assert (by_rules.refuse, by_rules.total) == ((), 5)
    assert (by_hand.outcomes, by_hand.code) == ({NOWHERE: "gone"}, 20)
    assert lab.sent() == 0
