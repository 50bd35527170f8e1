"""One shop on the board: whose settings, which folder, and how its commands are called."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qsm_bot.base.words import Lang
from qsm_bot.config.settings import Settings
from qsm_bot.ledger import Ledger

# A setting of the environment names a real shop: it must not lead the practice there.
_KEPT_IN_PRACTICE = ("QSM_BROWSER", "QSM_TIMEOUT")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopDesk:
    """One shop on the board.

    Attributes:
        key: its name in addresses.
        load: reads its settings anew; they may have been changed.
        config: its settings file, or None for the one of the folder.
        shop: its `[shops.NAME]`, or None.
        practice: whether it is the invented shop.
        folder: where its commands are started.
    """

    key: str
    load: Callable[[], Settings]
    config: Path | None = None
    shop: str | None = None
    practice: bool = False
    folder: Path = field(default_factory=Path.cwd)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Open the shop's ledger; the board only reads in it.

        Raises:
            SettingsInvalid: the settings are wrong.
            LedgerBusy, LedgerCorrupt, LedgerTooNew, EvidenceUnwritable: it cannot be used.
        """
        settings = self.load()
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        shop = settings.identity if settings.is_of_one_shop else None
        with Ledger.open(settings.ledger, shop=shop) as ledger:
            yield ledger

    def command(self, words: Sequence[str], lang: Lang, *, events: Path | None) -> list[str]:
        """Return the command line that does `words` for this shop."""
        common = ["--json", "--lang", lang]
        if events is not None:
            common += ["--events", str(events)]
        if self.config is not None:
            common += ["--config", str(self.config)]
        if self.shop is not None:
            common += ["--shop", self.shop]
        return [sys.executable, "-m", "qsm_bot", *words, *common]

    def environment(self) -> Mapping[str, str]:
        """Return the environment of its commands."""
        mine = {
            name: value
            for name, value in os.environ.items()
            if not (self.practice and name.startswith("QSM_")) or name in _KEPT_IN_PRACTICE
        }
        return {**mine, "PYTHONUTF8": "1"}
