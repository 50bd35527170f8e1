"""The shops on the board, each with its jobs; the practice shop is always one of them."""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.board.desk import ShopDesk
from qsm_bot.board.jobs import ShopJobs
from qsm_bot.board.practice import KEY, PracticeShop
from qsm_bot.board.shown import board_templates
from qsm_bot.config.settings_file import CONFIG_NAME, load_settings, shop_names

ONLY = "shop"
"""The name in addresses of the one shop of settings that name no shops."""


class Shops:
    """All shops of one board.

    Args:
        config: the settings file, or None for the one of the folder.
        practice: the practice shop.
        chosen: the only shop of the file that is shown.
    """

    def __init__(
        self, config: Path | None, practice: PracticeShop, chosen: str | None = None
    ) -> None:
        self._config = config
        self._chosen = chosen
        self._practice = practice
        self._lock = threading.Lock()
        self._jobs: dict[str, ShopJobs] = {}
        self.templates: Environment = board_templates()

    @property
    def settings_file(self) -> Path:
        """The settings file, there or not."""
        return self._config or Path(CONFIG_NAME)

    def names(self) -> Sequence[str]:
        """Return the shops' names in addresses, the practice shop last.

        Raises:
            SettingsInvalid: the settings file cannot be read.
        """
        return [*self._real(), KEY]

    def shown(self) -> Sequence[str]:
        """Return the names for the head of a page; with settings that are wrong, the practice."""
        try:
            return self.names()
        except QsmBotError:
            return [KEY]

    def desk(self, key: str) -> ShopDesk | None:
        """Return the shop of that name.

        Raises:
            SettingsInvalid: the settings file cannot be read.
        """
        if key == KEY:
            return self._practice.desk()
        if key not in self._real():
            return None
        name = None if key == ONLY else key
        return ShopDesk(
            key=key,
            load=partial(load_settings, self._config, name),
            config=self._config.absolute() if self._config else None,
            shop=name,
        )

    def jobs(self, key: str) -> ShopJobs:
        """Return the jobs of the shop of that name.

        Raises:
            KeyError: there is no such shop.
        """
        with self._lock:
            if key not in self._jobs:
                desk = self.desk(key)
                if desk is None:
                    raise KeyError(key)
                self._jobs[key] = ShopJobs(desk)
            return self._jobs[key]

    def _real(self) -> Sequence[str]:
        if self._chosen:
            return [self._chosen]
        names = shop_names(self._config)
        if names:
            return names
        settings = load_settings(self._config)
        return [ONLY] if settings.login_id or self.settings_file.exists() else []
