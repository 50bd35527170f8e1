"""Where messages go: apprise's URLs. They hold tokens, so nothing here repeats one."""

import hashlib
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from qsm_bot.base.log import get_logger, redactor
from qsm_bot.base.words import Lang, ModelObjection, Words
from qsm_bot.notify.message import Message, MessageKind

_log = get_logger(__name__)

# A comma may be part of a URL; one before the next scheme is none.
_BETWEEN = re.compile(r"\s*,\s*(?=[A-Za-z][\w+.-]*://)|\s+")
_URL = re.compile(r"[A-Za-z][\w+.-]*://.+")
# Shorter parts of a URL are words such as “api”; hiding those would spoil every log.
_LEAST_SECRET = 8
# They log URLs, or parts of them.
_TALKATIVE = ("apprise", "urllib3", "requests", "httpx", "httpcore")


@dataclass(frozen=True, slots=True)
class Channel:
    """One place to send to; `number` counts from 1, as in the settings."""

    number: int
    url: str

    def __repr__(self) -> str:
        return f"Channel({self.label})"

    @property
    def label(self) -> str:
        """How people tell it from the others: its number and the scheme, such as "2 slack"."""
        return f"{self.number} {self.url.partition('://')[0]}"

    @property
    def id(self) -> str:
        """How the spool tells it from others: too short to find the URL by."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:8]

    def send(self, message: Message, lang: Lang) -> bool:
        """Send a message and return whether the channel took it; nothing is ever raised."""
        for secret in secrets_of(self.url):
            redactor.learn(secret)
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            with warnings.catch_warnings():
                # Of all its plugins, also those that nobody asked for.
                warnings.simplefilter("ignore")
                taken = _send(self.url, message, lang)
        except Exception as error:  # noqa: BLE001  # whatever a plugin does, the run goes on
            _log.info("channel_failed", channel=self.label, error=type(error).__name__)
            return False
        _log.info("channel_took_it" if taken else "channel_failed", channel=self.label)
        return taken


def split_urls(text: str) -> list[str]:
    """Return the URLs in a text, which blanks or commas part.

    Raises:
        ValueError: one is no URL; it is not repeated, because it may hold a token.
    """
    urls = [part for part in _BETWEEN.split(text.strip()) if part]
    for number, url in enumerate(urls, 1):
        if not _URL.fullmatch(url):
            raise ModelObjection(
                Words(
                    f"number {number} is no apprise URL, as in json://127.0.0.1:8080",
                    f"{number} 番目が json://127.0.0.1:8080 のような apprise の URL ではありません",
                )
            )
    return urls


def channels_of(urls: Sequence[str]) -> tuple[Channel, ...]:
    """Return the channels of these URLs."""
    return tuple(Channel(number, url) for number, url in enumerate(urls, 1))


def secrets_of(url: str) -> Iterator[str]:
    """Yield what of a URL may be a token: itself, its password, its long parts and values."""
    yield url
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    inside = [parts.password or "", *parts.path.split("/"), parts.username or ""]
    inside += [value for _, value in parse_qsl(parts.query)]
    if parts.scheme not in ("http", "https", "json", "jsons", "form", "forms", "xml", "xmls"):
        # Many plugins have their first token where others have the host.
        inside.append(parts.netloc.rpartition("@")[2])
    for part in inside:
        if len(part) >= _LEAST_SECRET:
            yield from {part, unquote(part)}


def _send(url: str, message: Message, lang: Lang) -> bool:
    from apprise import (  # noqa: PLC0415  # a third of a second, for those who send
        Apprise,
        AppriseAsset,
        NotifyFormat,
        NotifyType,
    )

    # Not by its own threads: one channel after the other, each with its own answer.
    asset = AppriseAsset(app_id="qsm-bot", app_desc="qsm-bot", app_url="", async_mode=False)
    sender = Apprise(asset=asset)
    if not sender.add(url):
        return False
    calm = message.kind in (MessageKind.SUMMARY, MessageKind.TEST)
    return bool(
        sender.notify(
            body=message.text(lang),
            title=message.title(lang),
            notify_type=NotifyType.INFO if calm else NotifyType.WARNING,
            body_format=NotifyFormat.TEXT,
        )
    )
