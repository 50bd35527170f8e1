"""What a run is built on, each opened from the settings: ledger, pack, evidence, plans."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.errors.ledger import LedgerCorrupt
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.plans import PlanNotFound, PlanUnreadable
from qsm_bot.base.os_words import os_words

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.duty import ShipmentSource
    from qsm_bot.domain.plan import Plan
    from qsm_bot.evidence.config import QapiSettings
    from qsm_bot.evidence.protocol import EvidenceSet, EvidenceSource
    from qsm_bot.ledger import ChainReport, Ledger, SecondTrace
    from qsm_bot.portal.selectors.overrides import Overrides
    from qsm_bot.portal.selectors.pack import Pack
    from qsm_bot.portal.survey.fingerprint_store import FingerprintStore
    from qsm_bot.rules import TextTable


def data_folder(settings: "Settings") -> Path:
    """Return the data folder, made if need be, for the owner's eyes only.

    Raises:
        EvidenceUnwritable: it cannot be made.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EvidenceUnwritable(path=settings.data_dir, detail=os_words(error)) from error
    return settings.data_dir


def open_ledger(settings: "Settings") -> "Ledger":
    """Open the ledger of the settings.

    Raises:
        LedgerBusy, LedgerCorrupt, LedgerTooNew, EvidenceUnwritable: it cannot be used.
    """
    from qsm_bot.ledger import Ledger

    data_folder(settings)
    shop = settings.identity if settings.is_of_one_shop else None
    return Ledger.open(settings.ledger, shop=shop)


def second_trace(settings: "Settings") -> "SecondTrace":
    """Return where the presses of this shop and user are kept, whichever the data folder."""
    from qsm_bot.ledger import SecondTrace

    return SecondTrace(settings.trace_dir, settings.identity.key)


@contextmanager
def open_whole_ledger(settings: "Settings") -> "Iterator[Ledger]":
    """Open the ledger of the settings for a command that is to write into it.

    Raises:
        LedgerCorrupt: its chain is not whole.
        LedgerBusy, LedgerTooNew, EvidenceUnwritable: it cannot be used.
    """
    with open_ledger(settings) as ledger:
        whole_chain(ledger)
        yield ledger


def whole_chain(ledger: "Ledger") -> "ChainReport":
    """Walk the ledger's hash chain and return what was found: that it is whole.

    Raises:
        LedgerCorrupt: it is not; nothing may be done on such a ledger.
    """
    chain = ledger.verify()
    if chain.broken is not None:
        raise LedgerCorrupt(entry=chain.broken, detail=chain.detail)
    return chain


def load_pack(settings: "Settings") -> "Pack":
    """Load the selector pack of the settings, with what a person calibrated for this host.

    Raises:
        PackInvalid: it does not fit the page objects, or what was calibrated does not fit it.
    """
    pack = _plain_pack(settings)
    return _overrides(settings, pack).merged(pack)


def overrides(settings: "Settings") -> "Overrides":
    """Return where this shop keeps what a person calibrates.

    Raises:
        PackInvalid: the pack itself cannot be used.
    """
    return _overrides(settings, _plain_pack(settings))


def _plain_pack(settings: "Settings") -> "Pack":
    from qsm_bot.portal.pages.needs import NEEDS
    from qsm_bot.portal.selectors.pack import load_pack as load

    return load(settings.selectors, NEEDS)


def load_evidence(
    settings: "Settings", rest: Callable[[float], None] = time.sleep
) -> "EvidenceSet":
    """Read the shop's sources of evidence; what is in error there is told in the set.

    Args:
        settings: the shop's settings.
        rest: lets seconds pass; while a page is open, the page's own waiting.
    """
    from qsm_bot.evidence.protocol import load_all
    from qsm_bot.evidence.sources import sources_of

    def from_qapi(source: "QapiSettings") -> "EvidenceSource":
        from qsm_bot.cli.wiring.qapi import open_qapi
        from qsm_bot.qapi import QapiEvidence

        words = load_pack(settings).qapi
        # The key's age is told by whoever opens a run.
        quiet = partial(open_qapi, settings, lambda _: None, rest)
        return QapiEvidence(source.title, source.days, quiet, words)

    return load_all(sources_of(settings.evidence, from_qapi), now())


def load_shipments(
    settings: "Settings", rest: Callable[[float], None] = time.sleep
) -> "Sequence[ShipmentSource]":
    """Return who knows what the shop has shipped: its sources of evidence, read now."""
    from qsm_bot.domain.duty import EvidenceShipments

    return (EvidenceShipments(load_evidence(settings, rest), now()),) if settings.evidence else ()


def _overrides(settings: "Settings", pack: "Pack") -> "Overrides":
    from qsm_bot.portal.selectors.overrides import Overrides

    return Overrides(settings.data_dir, pack=pack.name, host=settings.host)


def fingerprint_store(settings: "Settings", pack: "Pack") -> "FingerprintStore":
    """Return where the page contract of this portal and pack is kept."""
    from qsm_bot.portal.survey.fingerprint_store import FingerprintStore

    folder = settings.data_dir / "contracts"
    return FingerprintStore(folder, portal_url=settings.portal_url, pack=pack.name)


def text_table(settings: "Settings") -> "TextTable":
    """Return what the rules file says of texts; without a rules file, the program's own.

    Raises:
        RulesInvalid: there is one, and it cannot be used.
    """
    from qsm_bot.rules import TextTable, load_rules

    return load_rules(settings.rules).text if settings.rules.exists() else TextTable()


def find_plan(ledger: "Ledger", wanted: str) -> "tuple[Plan, bool]":
    """Return the plan that a digest's first digits or a file name, and whether the ledger has it.

    A file's plan is not recorded by this: one that was not made here stays so until it is approved.

    Raises:
        PlanNotFound, PlanAmbiguous: there is no such plan, or not one.
        PlanUnreadable, PlanTampered: the file holds none, or not as it was made.
    """
    from qsm_bot.domain.plan_file import plan_from_file_text

    file = Path(wanted)
    if not file.is_file():
        return ledger.plan(wanted), True
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanUnreadable(plan=wanted) from error
    plan = plan_from_file_text(text, name=wanted)
    try:
        ledger.plan(plan.digest)
    except PlanNotFound:
        return plan, False
    return plan, True
