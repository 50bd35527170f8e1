"""What the program tells: puts messages into the outbox, and sends what may be sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Lang
from qsm_bot.notify.channels import Channel
from qsm_bot.notify.message import Message, MessageKind
from qsm_bot.notify.outbox import Delivery, Outbox, Policy

_log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notifier:
    """One shop's outbox, its channels, and their language; `called` is how messages call it."""

    outbox: Outbox
    policy: Policy
    lang: Lang
    clock: Clock
    called: str = ""

    def post(
        self, messages: Sequence[Message], *, solved: Collection[MessageKind] = ()
    ) -> Delivery:
        """Keep messages and send what may be sent; `solved` kinds are news again from now on.

        Raises:
            EvidenceUnwritable: what was sent cannot be written down.
        """
        if solved:
            self.outbox.forget(solved, self.clock())
        for message in messages:
            if self.called:
                message = replace(message, shop=self.called)  # noqa: PLW2901  # the same one
            try:
                self.outbox.put(message)
            except EvidenceUnwritable as error:
                # A full disk is a reason to call somebody, and none to be silent.
                _log.warning("message_not_kept", error=error.message.en)
                self.try_each(message)
        return self.flush()

    def flush(self, *, wake: bool = False) -> Delivery:
        """Send what waits; `wake` also in quiet hours.

        Raises:
            EvidenceUnwritable: what was sent cannot be written down.
        """
        policy = self.policy.always if wake else self.policy
        return self.outbox.deliver(policy, self.clock(), self._send)

    def try_each(self, message: Message) -> dict[str, bool]:
        """Send at once, past the outbox, and return which channel took it."""
        return {each.label: self._send(each, message) for each in self.policy.channels}

    def _send(self, channel: Channel, message: Message) -> bool:
        return channel.send(message, self.lang)
