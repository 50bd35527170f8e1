"""qsm-bot: refuse cancel requests on a J·QSM seller portal, at most once and with proof."""

__version__ = "0.1.0"
