"""What would be written, before a person has said yes."""

from collections.abc import Mapping
from dataclasses import dataclass

from qsm_bot.portal.capture.kinds import DataKind

_SKIPPED = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """Files by their path in the folder, and what was replaced.

    Args:
        files: their contents.
        replaced: how many different values of each kind were replaced.
        samples: some of the invented values.
        missed: what was in the way of a place: an error's name, and the element's. Its message
            may hold what the page says, so it is not told here.
    """

    files: Mapping[str, str]
    replaced: Mapping[DataKind, int]
    samples: Mapping[DataKind, tuple[str, ...]]
    missed: Mapping[str, str]

    @property
    def exit_code(self) -> int:
        """0, or 20 if a place was not reached."""
        return _SKIPPED if self.missed else 0
