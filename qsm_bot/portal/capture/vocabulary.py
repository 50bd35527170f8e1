"""What the selector pack says about the portal's own words."""

import re
from collections.abc import Iterator

from qsm_bot.portal.capture.kinds import DataKind, even
from qsm_bot.portal.capture.spots import Vocabulary
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.pack import Pack, load_pack

_QUOTED = re.compile(r"'([^']+)'")
_UNDER = {
    "order_no": DataKind.ORDER_NO,
    "cart_no": DataKind.CART_NO,
    "item_code": DataKind.ITEM_CODE,
    "item_name": DataKind.ITEM,
    "option": DataKind.OPTION,
    "quantity": DataKind.NUMBER,
    "amount": DataKind.AMOUNT,
}


def vocabulary(pack: Pack) -> Vocabulary:
    """Return the words of the portal that the pack names: its texts, and those it looks for.

    What selectors look for is taken from the shipped pack: one that somebody made for a shop
    may look for the shop's own name.
    """
    said = {even(text) for text in _strings(pack.texts.model_dump())}
    for element in load_pack(None, NEEDS).elements.values():
        quoted = (word for at in element.at for word in _QUOTED.findall(at))
        # The others are names of HTML.
        said |= {even(word) for word in quoted if not word.isascii()}
    columns = pack.columns.model_dump() | pack.optional_columns.model_dump(exclude_none=True)
    headings = {even(text): _UNDER.get(name, DataKind.TEXT) for name, text in columns.items()}
    return Vocabulary(known=frozenset(said | headings.keys()) - {""}, headings=headings)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
