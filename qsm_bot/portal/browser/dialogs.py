"""One handler for all native dialogs of a context: it records, and it always answers."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Dialog, Error

from qsm_bot.base.errors.safety import UnexpectedDialog
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same

_log = get_logger(__name__)

Answerer = Callable[[str, str], bool]
"""Takes the dialog's type and text; True accepts it. Anything raised dismisses it."""


@dataclass(frozen=True, slots=True)
class HeardDialog:
    """A dialog that appeared while nobody expected one."""

    kind: str
    text: str


class DialogHandler:
    """Answers every dialog: by the script of the moment, else dismissed and remembered.

    The handler never raises: Playwright would lose the error, or give it to an
    unrelated later call, and leave the page frozen behind an open dialog.
    `beforeunload` is always accepted, else no page could be left.

    Args:
        context: whose dialogs.
        notices: alerts that only greet; they are closed when they come, and forgotten.
    """

    def __init__(self, context: BrowserContext, notices: Collection[str] = ()) -> None:
        self._notices = {same(text) for text in notices}
        self.unexpected: list[HeardDialog] = []
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
        if self._script is None and kind == "alert" and same(text) in self._notices:
            return True
        if self._script is None:
            _log.warning("dialog_unexpected", kind=kind, text=text)
            self.unexpected.append(HeardDialog(kind, text))
            return False
        try:
            return self._script(kind, text)
        except Exception as error:  # noqa: BLE001  # see the class: the handler must never raise
            _log.error("dialog_script_failed", kind=kind, error=repr(error))
            return False
