"""Faults and defects as the tables that stand in `docs/reference/mock-portal.md`.

`python -m tests.unit.mock_portal.catalogue en` (or `ja`) prints them.
"""

import sys
from itertools import groupby

from qsm_bot.base.words import Lang, Words
from qsm_bot.mock_portal.defects import DEFECTS
from qsm_bot.mock_portal.faults import CATALOGUE, Area

AREAS = {
    Area.ORDERS: Words("Orders", "注文"),
    Area.SERVICE: Words("Services", "サービス"),
    Area.PAGE: Words("Pages", "画面"),
    Area.FORM: Words("Form", "フォーム"),
    Area.DIALOG: Words("Dialogs", "ポップアップ"),
    Area.SESSION: Words("Sign-in", "ログイン"),
    Area.NETWORK: Words("Network", "通信"),
    Area.QAPI: Words("QAPI", "QAPI"),
}
FAULT = Words("| fault | what goes wrong |", "| 障害 | 内容 |")
DEFECT = Words("| defect | what is not as the manual says |", "| 名前 | 手順書との違い |")


def faults(lang: Lang) -> str:
    """Return the faults as Markdown; what follows a name's colon is the default."""
    lines = []
    for area, entries in groupby(CATALOGUE.items(), lambda entry: entry[1].area):
        lines += [f"### {AREAS[area].say(lang)}", "", FAULT.say(lang), "|---|---|"]
        for name, kind in entries:
            value = "" if kind.value is None else f":{kind.value}"
            lines.append(f"| `{name}{value}` | {kind.words.say(lang)} |")
        lines.append("")
    return "\n".join(lines)


def defects(lang: Lang) -> str:
    """Return the defects as Markdown."""
    lines = [DEFECT.say(lang), "|---|---|"]
    lines += [f"| `{name}` | {each.words.say(lang)} |" for name, each in DEFECTS.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    language: Lang = "ja" if sys.argv[1:] == ["ja"] else "en"
    sys.stdout.write(f"{faults(language)}\n{defects(language)}\n")
