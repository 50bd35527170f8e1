"""Checkup: walk through the portal, only reading, and say what it is ready for."""

from flows.context import RunContext
from flows.sign_in import sign_in
from qsm_bot.clock import JST
from qsm_bot.contract_store import ContractStore
from qsm_bot.page_contract import PLACES, PageContract, compare
from qsm_bot.portal.checkup import Checkup, verdict
from qsm_bot.portal.pack import Place
from qsm_bot.portal.stand import Stand
from qsm_bot.words import Words

VISITED = Words("looked at: {place}", "点検: {place}")
HINDERED = Words("{place}: {what}", "{place}: {what}")


def check_portal(context: RunContext, store: ContractStore) -> Checkup:
    """Sign in, walk, keep a masked picture of each place, and renew the page contract.

    Raises:
        SignInError, PortalError: no seat at the portal.
        EvidenceUnwritable: pictures or contract cannot be kept.
    """
    sign_in(context)
    folder = f"doctor-{context.clock().astimezone(JST):%Y%m%d-%H%M%S}"
    stands: list[Stand] = []
    pictures: dict[Place, str] = {}
    for stand in context.portal.inspect():
        stands.append(stand)
        _tell(context, stand)
        if stand.picture is not None:
            kept = context.artifacts.keep(folder, f"{stand.place}.png", stand.picture)
            pictures[stand.place] = str(context.artifacts.path(kept.path))
    findings = tuple(finding for stand in stands for finding in stand.findings)
    troubles = {stand.place: stand.trouble for stand in stands if stand.trouble is not None}
    old = store.load()
    new = PageContract(
        {stand.place.value: stand.names for stand in stands if stand.names is not None},
        context.clock(),
    )
    if old is None or any(old.places.get(place) != new.places[place] for place in new.places):
        store.save(old.renewed(new) if old else new)
    return Checkup(
        findings=findings,
        verdict=verdict(findings, list(troubles.values())),
        pictures=pictures,
        troubles=troubles,
        changes=compare(old, new) if old else (),
        compared_with=old.read_at if old else None,
    )


def _tell(context: RunContext, stand: Stand) -> None:
    place = PLACES[stand.place]
    if stand.trouble is not None:
        context.tell(HINDERED.filled(place=place, what=stand.trouble.message))
    elif stand.place is not Place.SIGN_IN:
        context.tell(VISITED.filled(place=place))
