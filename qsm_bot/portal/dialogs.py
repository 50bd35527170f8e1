"""One handler for all native dialogs of a context: it records, and it always answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Dialog, Error

from qsm_bot.errors import UnexpectedDialog
from qsm_bot.log import get_logger

_log = get_logger(__name__)

Answerer = Callable[[str, str], bool]
"""Takes the dialog's type and text; True accepts it. Anything raised dismisses it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A dialog that appeared while nobody expected one."""

    kind: str
    text: str


class DialogDesk:
    """Answers every dialog: by the script of the moment, else dismissed and remembered.

    The handler never raises: Playwright would lose the error, or give it to an
    unrelated later call, and leave the page frozen behind an open dialog.
    `beforeunload` is always accepted, else no page could be left.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.unexpected: list[Heard] = []
        self._script: Answerer | None = None
        context.on("dialog", self._on_dialog)

    @contextmanager
    def scripted(self, answerer: Answerer) -> Iterator[None]:
        """Let `answerer` decide about the dialogs that appear within the block."""
        before, self._script = self._script, answerer
        try:
            yield
        finally:
            self._script = before

    def forget(self) -> None:
        """Leave behind what pages said that are left now; they were answered and logged."""
        self.unexpected.clear()

    def raise_if_unexpected(self) -> None:
        """Check that no unknown dialog appeared; forgets what it tells.

        Raises:
            UnexpectedDialog: one did.
        """
        if self.unexpected:
            heard = self.unexpected[0]
            self.unexpected.clear()
            raise UnexpectedDialog(kind=heard.kind, text=heard.text)

    def _on_dialog(self, dialog: Dialog) -> None:
        accept = self._decide(dialog.type, dialog.message)
        try:
            if accept:
                dialog.accept()
            else:
                dialog.dismiss()
        except Error as error:
            # A person, or the end of the page, was faster.
            _log.warning("dialog_gone", kind=dialog.type, error=str(error))

    def _decide(self, kind: str, text: str) -> bool:
        if kind == "beforeunload":
            return True
        if self._script is None:
            _log.warning("dialog_unexpected", kind=kind, text=text)
            self.unexpected.append(Heard(kind, text))
            return False
        try:
            return self._script(kind, text)
        except Exception as error:  # noqa: BLE001  # see the class: the handler must never raise
            _log.error("dialog_script_failed", kind=kind, error=repr(error))
            return False
