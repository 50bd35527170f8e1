"""Logs: structlog over the standard library, to stderr, with secrets taken out at the source."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

_SECRET_KEYS = ("password", "cookie", "secret", "token", "authorization", "key")
_HIDDEN = "***"


def get_logger(name: str) -> Any:
    """Return a logger that takes an event name and keyword facts."""
    return structlog.get_logger(name)


class Redactor:
    """Takes known secrets, and values under telling names, out of every record."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def learn(self, *secrets: str) -> None:
        """Hide these texts wherever they appear from now on; empty ones are ignored."""
        self._secrets.update(secret for secret in secrets if secret)

    def __call__(self, _logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        """Return the record without secrets; the signature is structlog's."""
        return {key: self._clean(key, value) for key, value in event.items()}

    def _clean(self, key: str, value: Any) -> Any:
        if any(word in key.lower() for word in _SECRET_KEYS):
            return _HIDDEN
        text = value if isinstance(value, str) else repr(value)
        hidden = text
        # The longest first: a secret may be part of another.
        for secret in sorted(self._secrets, key=len, reverse=True):
            for form in (secret, repr(secret)[1:-1]):
                hidden = hidden.replace(form, _HIDDEN)
        return value if hidden == text else hidden


redactor = Redactor()


class _Bound(threading.local):
    """What every record of this thread names."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}


# Context variables would not do: Playwright calls handlers, such as the fuse's, in greenlets
# of the same thread, and each of these begins with an empty context.
_bound = _Bound()


@contextmanager
def bound(**facts: str) -> Iterator[None]:
    """Name these facts in every record that this thread logs during a `with` block."""
    before = _bound.facts
    _bound.facts = before | facts
    try:
        yield
    finally:
        _bound.facts = before


def _with_bound(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {**_bound.facts, **event}


def configure_logging(*, verbose: bool, as_json: bool) -> None:
    """Send logs to stderr: warnings, or everything from INFO up if `verbose`.

    A person at a screen is told in sentences what matters; the log's lines would only stand in
    their way, so there they are shown if asked for.
    """
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with_bound,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.format_exc_info,
        redactor,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    for_person = not as_json and sys.stderr is not None and sys.stderr.isatty()
    quiet = logging.CRITICAL if for_person else logging.WARNING
    root.setLevel(logging.INFO if verbose else quiet)
    # Of requests that a page had under way as it was closed; it means nothing to anybody.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
