"""Checkup: walk through the portal, only reading, and say what it is ready for."""

from flows._parts.shop_run import PortalRun
from flows.sign_in import sign_in
from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.page_fingerprint import PLACES, PageFingerprint, compare
from qsm_bot.portal.selectors.findings import PageFindings
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.survey.fingerprint_store import FingerprintStore
from qsm_bot.portal.survey.readiness import SurveyReport, verdict

VISITED = Words("looked at: {place}", "点検: {place}")
HINDERED = Words("{place}: {what}", "{place}: {what}")


def check_portal(context: PortalRun, store: FingerprintStore) -> SurveyReport:
    """Sign in, walk, keep a masked picture of each place, and renew the page contract.

    Raises:
        SignInError, PortalError: not signed in.
        EvidenceUnwritable: pictures or contract cannot be kept.
    """
    sign_in(context)
    folder = f"doctor-{context.clock().astimezone(JST):%Y%m%d-%H%M%S}"
    places: list[PageFindings] = []
    pictures: dict[PortalPage, str] = {}
    for found in context.portal.inspect():
        places.append(found)
        _tell(context, found)
        if found.picture is not None:
            kept = context.pictures.keep(folder, f"{found.place}.png", found.picture)
            pictures[found.place] = str(context.pictures.path(kept.path))
    findings = tuple(finding for each in places for finding in each.findings)
    troubles = {each.place: each.trouble for each in places if each.trouble is not None}
    old = store.load()
    new = PageFingerprint(
        {each.place.value: each.names for each in places if each.names is not None},
        context.clock(),
    )
    if old is None or any(old.places.get(place) != new.places[place] for place in new.places):
        store.save(old.renewed(new) if old else new)
    return SurveyReport(
        findings=findings,
        verdict=verdict(findings, list(troubles.values())),
        pictures=pictures,
        troubles=troubles,
        changes=compare(old, new) if old else (),
        compared_with=old.read_at if old else None,
    )


def _tell(context: PortalRun, found: PageFindings) -> None:
    place = PLACES[found.place]
    if found.trouble is not None:
        context.tell(HINDERED.filled(place=place, what=found.trouble.message))
    elif found.place is not PortalPage.SIGN_IN:
        context.tell(VISITED.filled(place=place))
