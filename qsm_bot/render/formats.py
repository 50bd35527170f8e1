"""What a month can be written as."""

from enum import StrEnum
from pathlib import Path


class MonthFormat(StrEnum):
    """A page, a workbook, or plain rows."""

    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"


def format_of(path: Path | None) -> MonthFormat:
    """Return the format that a file's name asks for; HTML if it asks for none."""
    suffix = path.suffix.removeprefix(".").lower() if path else ""
    return MonthFormat(suffix) if suffix in set(MonthFormat) else MonthFormat.HTML
