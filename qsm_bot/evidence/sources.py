"""The sources that the settings name."""

from collections.abc import Callable, Sequence

from qsm_bot.evidence.config import QapiSettings, SourceSettings, TableSettings
from qsm_bot.evidence.protocol import EvidenceSource
from qsm_bot.evidence.tables import TableSource

FromQapi = Callable[[QapiSettings], EvidenceSource]


def sources_of(settings: Sequence[SourceSettings], from_qapi: FromQapi) -> list[EvidenceSource]:
    """Build the sources of a shop; nothing is read yet.

    Args:
        settings: the `[[evidence]]` tables.
        from_qapi: builds the source that asks QAPI.
    """
    return [_built(each, from_qapi) for each in settings]


def _built(settings: SourceSettings, from_qapi: FromQapi) -> EvidenceSource:
    if isinstance(settings, TableSettings):
        return TableSource(settings=settings)
    if isinstance(settings, QapiSettings):
        return from_qapi(settings)
    raise TypeError(type(settings).__name__)
