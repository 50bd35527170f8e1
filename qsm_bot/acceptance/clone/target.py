"""The clone that is judged, and who signs in there."""

from dataclasses import dataclass, field

from qsm_bot.acceptance.clone.hosts import is_local
from qsm_bot.portal.selectors.pack import Pack

MOCK_LOGIN = ("mihon_shop", "mihon-pass-1", "みほん商店")
"""Sign-in and shop of the mock portal: used on this machine, where nobody else is named."""


@dataclass(frozen=True, slots=True)
class Seller:
    """Who signs in; `shop_name` is what the portal must show then, "" if that is not known."""

    login_id: str
    password: str = field(repr=False)
    shop_name: str = ""
    sub_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A clone.

    Attributes:
        origin: scheme, host and port.
        pack: the selector pack by which its pages are reached.
        seller: who signs in.
        confirmed: whether a person said that it is a clone, on which orders may be refused.
        timeout: seconds that a page or an element is waited for.
        pictures: whether pictures are wanted.
    """

    origin: str
    pack: Pack
    seller: Seller
    confirmed: bool = False
    timeout: float = 10
    pictures: bool = False


def seller_for(
    origin: str, login_id: str, password: str, *, shop_name: str, sub_id: str = ""
) -> Seller:
    """Return who signs in; without an ID on this machine, the mock portal's seller."""
    if not login_id and is_local(origin):
        login_id, password, shop = MOCK_LOGIN
        shop_name = shop_name or shop
    return Seller(login_id, password, shop_name, sub_id)
