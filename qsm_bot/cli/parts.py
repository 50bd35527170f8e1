"""Builds the parts of a run from the settings and puts them together."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qsm_bot.cli.lang import LANG
from qsm_bot.clock import now
from qsm_bot.errors import EvidenceUnwritable, LedgerCorrupt
from qsm_bot.words import Lang, Words

if TYPE_CHECKING:
    from flows.context import RunContext
    from qsm_bot.contract_store import ContractStore
    from qsm_bot.duty import ShipmentSource
    from qsm_bot.evidence.config import QapiSettings
    from qsm_bot.evidence.protocol import EvidenceSet, EvidenceSource
    from qsm_bot.ledger import ChainReport, Ledger
    from qsm_bot.plan import Plan
    from qsm_bot.portal.overrides import Overrides
    from qsm_bot.portal.pack import Pack
    from qsm_bot.rules import TextTable
    from qsm_bot.settings import Settings


def data_folder(settings: "Settings") -> Path:
    """Return the data folder, made if need be, for the owner's eyes only.

    Raises:
        EvidenceUnwritable: it cannot be made.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EvidenceUnwritable(path=settings.data_dir, detail=error.strerror) from error
    return settings.data_dir


def open_ledger(settings: "Settings") -> "Ledger":
    """Open the ledger of the settings.

    Raises:
        LedgerBusy, LedgerCorrupt, LedgerTooNew, EvidenceUnwritable: it cannot be used.
    """
    from qsm_bot.ledger import Ledger

    data_folder(settings)
    return Ledger.open(settings.ledger)


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
    from qsm_bot.portal.pack import load_pack as load
    from qsm_bot.portal.pages import NEEDS

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
        from qsm_bot.cli.qapi import open_qapi
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
    from qsm_bot.duty import EvidenceShipments

    return (EvidenceShipments(load_evidence(settings, rest), now()),) if settings.evidence else ()


def _overrides(settings: "Settings", pack: "Pack") -> "Overrides":
    from qsm_bot.portal.overrides import Overrides

    return Overrides(settings.data_dir, pack=pack.name, host=settings.host)


def contract_store(settings: "Settings", pack: "Pack") -> "ContractStore":
    """Return where the page contract of this portal and pack is kept."""
    from qsm_bot.contract_store import ContractStore

    folder = settings.data_dir / "contracts"
    return ContractStore(folder, portal_url=settings.portal_url, pack=pack.name)


def text_table(settings: "Settings") -> "TextTable":
    """Return what the rules file says of texts; without a rules file, the program's own.

    Raises:
        RulesInvalid: there is one, and it cannot be used.
    """
    from qsm_bot.rules import TextTable, load_rules

    return load_rules(settings.rules).text if settings.rules.exists() else TextTable()


@contextmanager
def open_run(
    settings: "Settings",
    tell: Callable[[Words], None],
    *,
    acts: bool,
    alone: bool = True,
    whole: bool = True,
    even_late: bool = False,
    lang: Lang = LANG,
) -> Iterator["RunContext"]:
    """Yield everything that a flow works with: a house, and a seat at the portal.

    Args:
        settings: the shop's settings.
        tell: is given a line for people at each step.
        acts: whether the flow changes something on the portal; then the host must be allowed.
        alone: whether it must be the only run of the shop: see `open_house`.
        whole: whether the ledger's chain is walked first; not needed by what only shows.
        even_late: whether a person wants refusals in spite of the hour or of overdue duties.
        lang: in which the answer to Ctrl-C is said.

    Raises:
        NotLive: it acts on a real host that was not allowed.
        ShopBusy: another run of this machine holds the shop.
        LedgerCorrupt: the ledger's chain is not whole.
        QsmBotError: a part cannot be built.
    """
    from qsm_bot.cli.house import open_house, open_seat

    if acts:
        settings.raise_if_not_live()
    with (
        open_house(settings, alone=alone, whole=whole, lang=lang) as house,
        open_seat(settings, house, tell, even_late=even_late) as context,
    ):
        yield context


def find_plan(ledger: "Ledger", wanted: str) -> "Plan":
    """Return the plan that a digest's first digits or a file name; a file's is recorded.

    Raises:
        PlanNotFound, PlanAmbiguous, PlanTampered: there is no such plan, or not one.
    """
    from qsm_bot.plan import plan_from_file_text

    file = Path(wanted)
    if not file.is_file():
        return ledger.plan(wanted)
    plan = plan_from_file_text(file.read_text(encoding="utf-8-sig"), name=wanted)
    ledger.record_plan(plan)
    return plan
