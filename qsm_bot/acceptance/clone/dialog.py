"""A dialog that the clone showed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogSeen:
    """A dialog of the page: its kind, its text, and whether OK was pressed."""

    kind: str
    text: str
    accepted: bool
