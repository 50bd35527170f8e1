"""The outbox: a message is on disk before it is sent, and stays there until it was taken.

So a channel that is down, quiet hours, and a program that is killed while it sends are one
and the same: the message waits for the next chance.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from qsm_bot.base.clock import aware
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.log import get_logger
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import write_private
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.notify.channels import Channel
from qsm_bot.notify.hours import QuietHours
from qsm_bot.notify.message import SCHEMA, Message, MessageKind

_log = get_logger(__name__)

GIVE_UP = timedelta(days=3)
_LOCK_SECONDS = 10.0

Send = Callable[[Channel, Message], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """When what is sent: `repeat` is how long the same thing is not said again."""

    channels: Sequence[Channel]
    quiet: QuietHours | None = None
    urgent: Collection[MessageKind] = ()
    repeat: timedelta = timedelta(hours=12)

    @property
    def always(self) -> "Policy":
        """The same without quiet hours."""
        return replace(self, quiet=None)

    def holds_back(self, message: Message, now: datetime) -> bool:
        """Whether the message waits for the end of the quiet hours."""
        quiet = self.quiet is not None and self.quiet.hold(now)
        return quiet and message.kind not in self.urgent


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A message in the outbox; `done` has the channels that took it, `tried` counts attempts."""

    file: Path
    message: Message
    done: tuple[str, ...] = ()
    tried: int = 0


@dataclass(kw_only=True, slots=True)
class Delivery:
    """What became of the outbox in one go."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    failed: list[str] = field(default_factory=list)


class Outbox:
    """The messages of one shop.

    Args:
        folder: of all shops' messages.
        shop: the shop's name.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        self.folder = folder / shop_slug(shop)
        self._spool = self.folder / "spool"
        self._sent = self.folder / "sent.json"

    def put(self, message: Message) -> None:
        """Keep a message until it is sent; what waits already is not kept twice.

        Raises:
            EvidenceUnwritable: no space, no right.
        """
        name = f"{message.at:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}.json"
        new = Waiting(file=self._spool / name, message=message)
        for each in self.waiting():
            if (each.message.key, each.message.about) == (message.key, message.about):
                if message.until is None:
                    return
                # The newer one is of use for longer, as a plan that was made anew.
                new = replace(each, message=message)
        self._write(new)

    def waiting(self) -> list[Waiting]:
        """Return what is not sent yet, oldest first; a file that is none is moved aside."""
        found = (_read(file) for file in sorted(self._spool.glob("*.json")))
        return [each for each in found if each is not None]

    def deliver(self, policy: Policy, now: datetime, send: Send) -> Delivery:
        """Send what may be sent now.

        Raises:
            EvidenceUnwritable: what was sent cannot be written down.
        """
        try:
            with self._locked():
                return self._deliver(policy, now, send)
        except Timeout:
            # Another process is at it, and takes what is there.
            return Delivery(waiting=len(self.waiting()))

    def forget(self, kinds: Collection[MessageKind], now: datetime) -> None:
        """Let these kinds be news again, because what was said of them is settled.

        Raises:
            EvidenceUnwritable: it cannot be written down.
        """
        if not self._sent.exists():
            return
        with suppress(Timeout), self._locked():
            sent = self._said(now)
            kept = {key: fact for key, fact in sent.items() if fact.get("kind") not in kinds}
            if kept != sent:
                self._keep(kept)

    def _deliver(self, policy: Policy, now: datetime, send: Send) -> Delivery:
        if not policy.channels:
            return Delivery(waiting=len(self.waiting()))
        delivery = Delivery()
        said = self._said(now)
        for each in self.waiting():
            message = each.message
            if _is_past(message, now):
                delivery.given_up += 1
                # What had an end of its own is only late; what had none should have been read.
                log = _log.info if message.until else _log.warning
                log("message_given_up", kind=message.kind.value, at=message.at.isoformat())
                each.file.unlink(missing_ok=True)
            elif said.get(message.key, {}).get("about") == message.about:
                each.file.unlink(missing_ok=True)
            elif policy.holds_back(message, now):
                delivery.waiting += 1
            elif self._sent_to_all(each, policy, send, delivery):
                delivery.sent += 1
                said[message.key] = _fact(message, now + policy.repeat)
                self._keep(said)
                each.file.unlink(missing_ok=True)
            else:
                delivery.waiting += 1
        return delivery

    def _sent_to_all(self, each: Waiting, policy: Policy, send: Send, delivery: Delivery) -> bool:
        done = list(each.done)
        left = [channel for channel in policy.channels if channel.id not in done]
        for channel in left:
            # A channel that is down is asked once only, however many messages wait for it.
            if channel.label in delivery.failed:
                continue
            if send(channel, each.message):
                done.append(channel.id)
            else:
                delivery.failed.append(channel.label)
        if all(channel.id in done for channel in policy.channels):
            return True
        self._write(replace(each, done=tuple(done), tried=each.tried + 1))
        return False

    def _said(self, now: datetime) -> dict[str, dict[str, str]]:
        try:
            sent = json.loads(self._sent.read_text(encoding="utf-8"))["sent"]
            return {key: fact for key, fact in sent.items() if _again_at(fact) > now}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # At worst something is said twice.
            _log.warning("sent_messages_unreadable", error=type(error).__name__)
            return {}

    def _keep(self, said: dict[str, dict[str, str]]) -> None:
        write_private(self._sent, _json({"schema": SCHEMA, "sent": said}))

    def _write(self, each: Waiting) -> None:
        document = {
            "schema": SCHEMA,
            "message": each.message.to_dict(),
            "done": list(each.done),
            "tried": each.tried,
        }
        write_private(each.file, _json(document))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.folder / "outbox.lock")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout:
            raise
        except OSError as error:
            detail = os_words(error)
            raise EvidenceUnwritable(path=self.folder, detail=detail) from error
        try:
            yield
        finally:
            lock.release()


def _is_past(message: Message, now: datetime) -> bool:
    until = message.until or message.at + GIVE_UP
    return now >= min(until, message.at + GIVE_UP)


def _fact(message: Message, again_at: datetime) -> dict[str, str]:
    return {
        "kind": message.kind.value,
        "about": message.about,
        "again_at": (message.until or again_at).isoformat(),
    }


def _again_at(fact: dict[str, str]) -> datetime:
    return aware(datetime.fromisoformat(fact["again_at"]))


def _read(file: Path) -> Waiting | None:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return Waiting(
            file=file,
            message=Message.from_dict(document["message"]),
            done=tuple(str(each) for each in document["done"]),
            tried=int(document["tried"]),
        )
    except FileNotFoundError:
        return None  # another process has just sent it
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("message_unreadable", file=file.name, error=type(error).__name__)
        with suppress(OSError):
            file.replace(file.with_suffix(".damaged"))
        return None


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
