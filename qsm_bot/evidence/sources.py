"""The sources that the settings name."""

from collections.abc import Sequence

from qsm_bot.evidence.config import SourceSettings, TableSettings
from qsm_bot.evidence.protocol import EvidenceSource
from qsm_bot.evidence.tables import TableSource


def sources_of(settings: Sequence[SourceSettings]) -> list[EvidenceSource]:
    """Build the sources of a shop; nothing is read yet. Another kind gets its branch here."""
    return [_built(each) for each in settings]


def _built(settings: SourceSettings) -> EvidenceSource:
    if isinstance(settings, TableSettings):
        return TableSource(settings=settings)
    raise TypeError(type(settings).__name__)
