"""Page contracts on disk: one file for each portal and selector pack, and the one before it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from qsm_bot.base.log import get_logger
from qsm_bot.base.private_files import write_private
from qsm_bot.domain.page_fingerprint import PageFingerprint

_log = get_logger(__name__)


class FingerprintStore:
    """Keeps the page contract of one portal, as read under one selector pack."""

    def __init__(self, folder: Path, *, portal_url: str, pack: str) -> None:
        name = re.sub(r"[^\w.-]", "_", f"{urlsplit(portal_url).netloc}-{pack}.json")
        self.path = folder / name

    def load(self) -> PageFingerprint | None:
        """Return the contract that was kept last; None if there is none that can be read."""
        try:
            return PageFingerprint.from_text(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            # It only serves comparing; the next walk writes it anew.
            _log.warning("page_contract_unreadable", path=str(self.path), error=str(error))
            return None

    def save(self, contract: PageFingerprint) -> None:
        """Keep a contract in place of the last one, which stays beside it as `.previous`.

        Raises:
            EvidenceUnwritable: no space, no right.
        """
        if self.path.exists():
            previous = self.path.with_name(f"{self.path.name}.previous")
            write_private(previous, self.path.read_bytes())
        write_private(self.path, contract.to_text().encode())
