"""Selectors for what was pointed at: the steadiest first, and none without its guard."""

import pytest

from qsm_bot.portal.calibrate.locators import (
    LocatorStep,
    Thing,
    Way,
    beside_label,
    candidates,
    literal,
)

CHAIN = (
    LocatorStep("div", 2, ""),
    LocatorStep("td", 1, "row_4711"),
    LocatorStep("table", 1, "form"),
)
SAYS = "normalize-space(translate(., '　', ' '))='キャンセル拒否'"


def first(thing: Thing, *, guarded: bool = False, named_by_text: bool = False) -> str:
    return candidates(thing, guarded=guarded, named_by_text=named_by_text)[0]


@pytest.mark.parametrize(
    ("thing", "selector"),
    [
        (Thing(tag="select", id="sel_why", name="why"), "//select[@id='sel_why']"),
        (Thing(tag="select", id="ember1234", name="why"), "//select[@name='why']"),
        (
            Thing(tag="input", id="ctl00_Main_txt_why"),
            "//input[substring(@id, string-length(@id) - 3)='_why']",
        ),
        (
            Thing(tag="input", name="ctl00$ctl00$Main$why"),
            "//input[substring(@name, string-length(@name) - 3)='$why']",
        ),
        (
            Thing(tag="select", labels=(Way("th", "理由", "/following-sibling::td[1]/select[1]"),)),
            f"//th[{SAYS.replace('キャンセル拒否', '理由')}]/following-sibling::td[1]/select[1]",
        ),
        (Thing(tag="div", chain=CHAIN), "//table[@id='form']/td[1]/div[2]"),
        (Thing(tag="div", chain=CHAIN[:2]), "/td[1]/div[2]"),
    ],
    ids=["id", "name", "asp-id", "asp-name", "label", "place", "whole-way"],
)
def test_the_steadiest_name_comes_first(thing: Thing, selector: str) -> None:
    assert first(thing) == f"xpath={selector}"


@pytest.mark.parametrize(
    "made", ["ember12", "ext-gen1005", "a3f9c2d17b", "yui_3_1", ":r1:", "row_4711", "ctl00_x"]
)
def test_an_id_that_looks_generated_is_no_name(made: str) -> None:
    found = candidates(Thing(tag="a", id=made, chain=CHAIN), guarded=False, named_by_text=False)
    assert not any(f"@id='{made}'" in each for each in found)


@pytest.mark.parametrize(
    ("thing", "guard"),
    [
        (Thing(tag="a", text="キャンセル拒否"), SAYS),
        (
            Thing(tag="input", type="submit", text="キャンセル拒否", says="value"),
            SAYS.replace("(.", "(@value"),
        ),
        (
            Thing(tag="input", type="image", text="キャンセル拒否", says="alt"),
            SAYS.replace("(.", "(@alt"),
        ),
        (
            Thing(tag="a", text="キャンセル拒否", says="picture"),
            f".//img[{SAYS.replace('(.', '(@alt')}]",
        ),
    ],
    ids=["text", "value", "alt", "picture"],
)
def test_every_selector_of_what_acts_demands_its_text(thing: Thing, guard: str) -> None:
    whole = Thing(
        tag=thing.tag,
        id="go",
        name="ctl00$go",
        role="button",
        text=thing.text,
        says=thing.says,
        chain=CHAIN,
        labels=(Way("th", "処理", "/following-sibling::td[1]"),),
    )

    found = candidates(whole, guarded=True, named_by_text=True)

    assert len(found) == 7
    assert [each.count(f"[{guard}]") for each in found] == [1] * 7
    assert all(each.endswith(f"[{guard}]") for each in found)


def test_what_changes_is_no_name() -> None:
    found = candidates(
        Thing(tag="td", text="762544202", chain=CHAIN), guarded=False, named_by_text=False
    )
    assert not any("762544202" in each for each in found)


def test_a_number_is_named_by_the_text_beside_it_whichever_that_is() -> None:
    thing = Thing(tag="a", ways=(Way("td", "キャンセル要請", "/following-sibling::td[1]/a[1]"),))

    (template,) = beside_label(thing)

    assert template.format(label="キャンセル拒否完了") == (
        "xpath=//td[text()[normalize-space(translate(., '　', ' '))='キャンセル拒否完了']]"
        "/following-sibling::td[1]/a[1]"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [("理由", "'理由'"), ("it's", '"it\'s"'), ("""'a"b""", """concat('', "'", 'a"b')""")],
)
def test_any_text_can_stand_in_a_selector(text: str, written: str) -> None:
    assert literal(text) == written
