"""Where the figures of a benchmark are kept."""

import json
from datetime import datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def keep(figures: dict[str, object], kind: str = "") -> Path:
    """Write the figures into a file of their own and return it."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{kind}{datetime.now():%Y%m%d-%H%M%S}.json"  # noqa: DTZ005  # a file name
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8")
    return file
