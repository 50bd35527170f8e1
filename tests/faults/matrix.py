"""The fault matrix: its rows, where each is played, and why some are not.

`python -m tests.faults.matrix` prints it as the table in `docs/explanation/reliability.md`.
A row is played where its number stands as a string, or in a test's name, in this folder.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Orders and pages": {
        "F01": "no cancel request is open",
        "F02": "the order is withdrawn between plan and apply",
        "F03": "the order is withdrawn while its 取引情報 is open",
        "F04": "a person has refused the order before",
        "F05": "the order's state allows no refusal",
        "F06": "counter and list disagree",
        "F07": "the list changes while it is read",
        "F08": "one order number in two rows",
        "F09": "two orders share a カート番号",
        "F10": "order numbers in full width",
        "F11": "the order is on a later page of the list",
        "F12": "the row is drawn only when scrolled into view",
        "F13": "a row lacks a cell",
        "F14": "columns renamed or moved",
        "F15": "a row comes in between the two clicks of a double click",
        "F16": "the first click draws the list anew",
        "F17": "取引情報 still shows another order",
        "F18": "取引情報 opens in a window or frame of its own",
        "F19": "the reason is not offered",
        "F20": "the reasons' labels have other spaces",
        "F21": "the reasons come late",
        "F22": "the chosen reason is reset by the page",
        "F23": "a text of 29 characters",
        "F24": "a text of spaces, emoji or decomposed letters",
        "F25": "the text box cuts the text",
        "F26": "the text box opens late",
        "F27": "the text names the buyer",
        "F28": "キャンセル拒否 is missing or disabled",
        "F29": "キャンセル拒否 is there twice, or elsewhere",
        "F30": "the portal speaks another language",
        "F31": "the portal is closed for maintenance",
        "F32": "a notice layer lies over the page",
        "F33": "the portal wants a new password",
        "F34": "the portal wants consent to new terms",
        "F35": "the claim page is an error page",
        "F36": "the portal turns the refusal down for want of a right",
        "F37": "another shop is signed in",
        "F38": "the request is older than four days",
    },
    "Dialogs": {
        "F40": "the confirm says one sentence more",
        "F41": "the confirm differs in width and spaces",
        "F42": "another confirm appears",
        "F43": "no confirm appears",
        "F44": "a second confirm follows",
        "F45": "a prompt or a layer in place of the confirm",
        "F46": "no completion alert, and refused",
        "F47": "no completion alert, and not refused",
        "F48": "an alert with an error text, and not refused",
        "F49": "“handled already”, and refused",
        "F50": "completion alert, yet the order stays in the list",
        "F51": "the completion alert comes late",
        "F52": "the completion alert comes from a frame",
        "F53": "leaving the page asks back",
        "F54": "“signed out” in place of the completion alert",
        "F55": "our own dialog handler fails",
    },
    "Network": {
        "F60": "refused, then the connection is reset; a page that sends twice, or in other ways",
        "F61": "the request is lost on its way",
        "F62": "half an answer, or one that trickles in",
        "F63": "no answer in time; the effect at once, late or never",
        "F64": "HTTP 500, and refused",
        "F65": "HTTP 500, and not refused",
        "F66": "sent to the sign-in page, and refused",
        "F67": "the network is down from the refusal on",
        "F68": "the portal cannot be reached",
        "F69": "a slow list",
        "F70": "the portal restricts access",
        "F71": "refused, and the list cannot be read",
        "F72": "a stale list, or no search",
    },
    "Browser": {
        "F80": "the page crashes before the press",
        "F81": "the page crashes after the confirm was accepted",
        "F82": "the browser is killed while the confirm is open",
        "F83": "the browser is killed after the confirm was accepted",
        "F84": "Playwright's driver is killed",
        "F85": "a person closes the window",
        "F86": "a person answers the confirm",
        "F87": "the form is drawn anew while it is filled in",
        "F88": "the browser is missing",
        "F89": "an unexpected tab opens",
        "F90": "a translation alters the labels",
        "F91": "a browser of an earlier run is still there",
        "F92": "the page stops answering",
    },
    "Killed": {
        "K1": "before the shop was leased",
        "K2": "with the lease, before the order was opened",
        "K3": "with 取引情報 open",
        "K4": "with the reason chosen",
        "K5": "with the intent recorded, before the click",
        "K6": "in the confirm, before the commit was recorded",
        "K7": "with the commit recorded, before accept()",
        "K8": "right after accept()",
        "K9": "with the request under way",
        "K10": "with the answer recorded, before the alert",
        "K11": "in the completion alert",
        "K12": "after the alert, before the look",
        "K13": "verified, before report and notification",
        "K14": "while reconciling",
        "K15": "while the plan was written",
        "K16": "while the sign-in was saved",
        "K17": "and started again at once",
    },
    "Sign-in and people": {
        "F100": "a captcha",
        "F101": "a sub-ID step",
        "F102": "a wrong password",
        "F103": "the sign-in ends while listing",
        "F104": "the sign-in ends before the press",
        "F105": "the saved sign-in is damaged",
        "F106": "the sign-in is empty or has expired",
        "F107": "the saved sign-in is readable for all",
        "F108": "the saved sign-in is another shop's",
        "F109": "two runs on one machine",
        "F110": "two runs on two machines",
        "F111": "a person refuses the order at the same moment",
        "F112": "a person cancels the order at the same moment",
        "F113": "nobody comes to sign in",
        "F114": "the person goes elsewhere while signing in",
    },
    "Machine, files, time": {
        "F120": "disk full before the intent",
        "F121": "disk full at the commit",
        "F122": "disk full at a picture after the commit",
        "F123": "the ledger stays locked",
        "F124": "the ledger is damaged",
        "F125": "the ledger was deleted",
        "F126": "the ledger is of a newer version",
        "F127": "a malformed rules file",
        "F128": "rules that disagree",
        "F129": "more than the limits",
        "F130": "rules changed after the approval",
        "F131": "a plan file edited by hand",
        "F132": "the clock is off",
        "F133": "another time zone",
        "F134": "a run across midnight",
        "F135": "the machine slept through the schedule",
        "F136": "the machine sleeps during the run",
        "F137": "the notification channel is down",
        "F138": "the password is missing, or on the command line",
        "F139": "a secret in an output",
        "F140": "the evidence folder cannot be written",
        "F141": "an order number in Excel's exponent form",
        "F142": "an order named twice",
        "F143": "an order named that is not in the list",
        "F144": "refused, and not shipped by the evening",
        "F145": "the file STOP appears",
    },
}

NOT_PLAYED: Mapping[str, str] = {}
"""Why a row is not played; none is left."""


def rows() -> dict[str, str]:
    """Return every row by its number."""
    return {number: text for group in GROUPS.values() for number, text in group.items()}


def played() -> dict[str, list[str]]:
    """Return the test modules in which each row's number stands."""
    found: dict[str, list[str]] = {}
    for file in sorted(_HERE.glob("test_*.py")):
        if file.name == "test_matrix.py":
            continue
        text = file.read_text("utf-8")
        numbers = re.findall(r"(?<![A-Za-z0-9])(?:[FK]|(?<=test_)[fk])\d{1,3}(?!\d)", text)
        for number in dict.fromkeys(number.upper() for number in numbers):
            found.setdefault(number, []).append(file.stem)
    return found


def table() -> str:
    """Return the matrix as Markdown."""
    places = played()
    lines = []
    for group, texts in GROUPS.items():
        lines += [f"### {group}", "", "| row | what goes wrong | played in |", "|---|---|---|"]
        for number, text in texts.items():
            where = ", ".join(f"`{name}`" for name in places.get(number, ()))
            why = f"not played: {NOT_PLAYED.get(number, '?')}"
            lines.append(f"| {number} | {text} | {where or why} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table())
