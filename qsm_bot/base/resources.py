"""Where the data that ships with the program lies: in the wheel or in a checkout."""

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "_data"
_CHECKOUT = Path(__file__).parents[2]
_CHECKOUT_FOLDERS = {"html/portal": "fixtures/html/portal", "selectors": "selectors"}


def data_dir(name: str) -> Path:
    """Return the folder of shipped data called `name`.

    Args:
        name: `"html/portal"` (templates of the mock portal) or `"selectors"` (selector packs).

    Raises:
        FileNotFoundError: the installation lacks the folder.
    """
    for folder in (_PACKAGED / name, _CHECKOUT / _CHECKOUT_FOLDERS[name]):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"qsm-bot is not completely installed: no data folder {name!r}")
