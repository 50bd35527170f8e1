"""Save what the portal looks like, as the pages of an invented shop."""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qsm_bot import __version__
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import FileUnwritable
from qsm_bot.base.errors.orders import OrderProblem
from qsm_bot.base.errors.outside import PortalError
from qsm_bot.base.errors.safety import SafetyStop, SecretSurvives
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import private_file
from qsm_bot.base.words import Words
from qsm_bot.portal.capture.anonymise import Anonymised, Anonymiser
from qsm_bot.portal.capture.draft import Draft
from qsm_bot.portal.capture.kinds import DataKind
from qsm_bot.portal.capture.leaks import survivors
from qsm_bot.portal.capture.snapshots import SavedPages, Snapshots
from qsm_bot.portal.capture.tree import Node, to_html
from qsm_bot.portal.capture.vocabulary import vocabulary
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.selectors.pack import Pack
from qsm_bot.portal.survey.walk import PortalPage, PortalWalk, Visit

_CASES = {
    PortalPage.HOME: "home",
    PortalPage.CLAIMS: "claims-counters",
    PortalPage.LIST: "claims-grid",
    PortalPage.SEARCH: "claims-grid",
    PortalPage.DETAILS: "claims-details",
}
_SIGNED_IN = Words("signed in", "ログインしました")
_TAKEN = Words("{place}: taken", "{place}: 取得しました")
_NOT_REACHED = Words("{place}: not reached: {why}", "{place}: 取得できません: {why}")
_NOT_EMPTY = Words("it must be an empty folder", "空のフォルダを指定してください")
# A cookie such as “ja” is no secret.
_LEAST_SECRET = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopSecrets:
    """What is known of the shop before its pages are seen, and must not be told.

    `secrets` are the password and whatever else only the shop may know. `portal` is its
    address if that is this machine, else empty: a real host is not named.
    """

    login_id: str
    secrets: Iterable[str]
    name: str
    orders: Iterable[str]
    portal: str = ""


def take(
    portal: QsmPortal,
    shop: ShopSecrets,
    pack: Pack,
    *,
    now: datetime,
    tell: Callable[[Words], None],
    dice: random.Random | None = None,
) -> Draft:
    """Walk through the portal, only reading, and make the files; nothing is written yet.

    Raises:
        SignInError, PortalError: not signed in, or no place was reached.
        SecretSurvives: something would be told that must not be.
    """
    shown = portal.sign_in()
    tell(_SIGNED_IN)
    snapshots = Snapshots(portal.session)
    pages, missed = _walk(PortalWalk(portal.session, portal.open).visits(), snapshots, tell)
    name = shop.name or shown
    known = _known(shop, {shop.name, shown}, snapshots.secrets())
    anonymiser = Anonymiser(vocabulary(pack), known, dice)
    made = anonymiser.run(pages.values())
    about = _About(pack, shop.portal, anonymiser.shown_as(name) if name else "", now)
    with snapshots.reading() as saved:
        files = _files(saved, dict(zip(pages, made.roots, strict=True)), about, now + made.shift)
    _raise_if_told(files, made)
    return Draft(files, made.replaced, made.samples, missed)


def write(draft: Draft, folder: Path) -> None:
    """Write the files, for the owner's eyes only.

    Raises:
        FileUnwritable: the folder holds something already, or cannot be written.
    """
    raise_if_taken(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in draft.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with private_file(file) as out:
                out.write(content.encode())
    except OSError as error:
        raise FileUnwritable(file=folder, detail=os_words(error)) from error


def raise_if_taken(folder: Path) -> None:
    """Check that no older capture would be mixed with this one.

    Raises:
        FileUnwritable: the folder holds something already, or is no folder.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileUnwritable(file=folder, detail=_NOT_EMPTY)


@dataclass(frozen=True, slots=True)
class _About:
    pack: Pack
    portal: str
    shop: str
    now: datetime


def _walk(
    visits: Iterable[Visit], snapshots: Snapshots, tell: Callable[[Words], None]
) -> tuple[dict[PortalPage, Node], dict[str, str]]:
    pages: dict[PortalPage, Node] = {}
    missed: dict[str, str] = {}
    first: QsmBotError | None = None
    for visit in visits:
        trouble = visit.trouble
        if trouble is None:
            pages[visit.place] = snapshots.take(details=visit.place is PortalPage.DETAILS)
            tell(_TAKEN.filled(place=visit.place))
            continue
        if not isinstance(trouble, OrderProblem | PortalError | SafetyStop):
            raise trouble
        first = first or trouble
        element = trouble.facts.get("element")
        missed[visit.place] = f"{trouble.code}: {element}" if element else trouble.code
        tell(_NOT_REACHED.filled(place=visit.place, why=missed[visit.place]))
    if first is not None and not pages:
        raise first
    return pages, missed


def _known(shop: ShopSecrets, names: set[str], cookies: set[str]) -> dict[str, DataKind]:
    known = dict.fromkeys((text for text in cookies if len(text) >= _LEAST_SECRET), DataKind.SECRET)
    known |= dict.fromkeys(shop.orders, DataKind.ORDER_NO)
    known |= dict.fromkeys(names, DataKind.SHOP)
    known |= {shop.login_id: DataKind.LOGIN} | dict.fromkeys(shop.secrets, DataKind.SECRET)
    return {text: kind for text, kind in known.items() if text.strip()}


def _files(
    saved: SavedPages, pages: Mapping[PortalPage, Node], about: _About, moved: datetime
) -> dict[str, str]:
    files: dict[str, str] = {}
    for place, root in pages.items():
        kind, html = _CASES[place], to_html(root)
        path = about.pack.paths.home if place is PortalPage.HOME else about.pack.paths.claims
        name, value = saved.read(kind, html, path=path, shop_name=about.shop)
        folder = f"{kind}/captured-{place}"
        files[f"{folder}/page.html"] = html
        files[f"{folder}/{name}"] = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        files[f"{folder}/meta.toml"] = _meta(place, path, about, moved)
    return files


def _meta(place: PortalPage, path: str, about: _About, moved: datetime) -> str:
    where = f"at {about.portal}" if about.portal else "on a real portal"
    pack = f"{about.pack.name} {about.pack.digest[:12]}"
    facts: dict[str, Any] = {
        "title": f"A page as captured: {place}",
        "source": f"captured {where} with the selector pack {pack}; every value is invented",
        "path": path,
        "captured": f"{about.now:%Y-%m}",
        "program": f"qsm-bot {__version__}",
    }
    if place is PortalPage.HOME:
        facts["shop_name"] = about.shop
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()]
    # Moved as the dates of the pages are, so that an order is as old as it was.
    lines.append(f"frozen_at = {moved:%Y-%m-%dT00:00:00+09:00}")
    return "\n".join(lines) + "\n"


def _raise_if_told(files: Mapping[str, str], made: Anonymised) -> None:
    found = survivors(files, made.originals)
    if found:
        raise SecretSurvives(what=", ".join(f"{kind} in {name}" for name, kind in found))
