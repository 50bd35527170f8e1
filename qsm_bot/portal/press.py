"""The press of キャンセル拒否: what is said, compared, recorded and answered, in order."""

import time
from collections.abc import Mapping

from playwright.sync_api import Error, Locator, Page

from qsm_bot.errors import (
    BrowserLost,
    ConfirmMissing,
    ConfirmTextChanged,
    QsmBotError,
    UnexpectedDialog,
)
from qsm_bot.log import get_logger
from qsm_bot.plan import Permit
from qsm_bot.portal.fuse import RequestFuse
from qsm_bot.portal.pack import Texts
from qsm_bot.portal.protocol import ActLog, Pressed
from qsm_bot.portal.traffic import Traffic
from qsm_bot.words import Words, same

_log = get_logger(__name__)
_PUMP_MS = 2

_OTHER_ALERT = Words("the portal answered: “{text}”", "ポータルの表示:「{text}」")
_NO_ALERT = Words(
    "no completion alert within {seconds:g} s", "{seconds:g} 秒以内に完了表示がありません"
)
_BROWSER_GONE = Words("the browser ended: {detail}", "ブラウザが終了しました: {detail}")
_SECOND_CONFIRM = Words("a second confirm appeared: “{text}”", "2つ目の確認が出ました:「{text}」")
_NOT_RECORDED = Words(
    "a step could not be recorded: {detail}", "処理を記録できませんでした: {detail}"
)


class PressTalk:
    """Answers the dialogs of one press and keeps what was heard.

    Until the confirm is accepted every trouble is an error and nothing is sent; from
    then on every trouble is only a doubt, because the request may have left.
    """

    def __init__(self, permit: Permit, log: ActLog, texts: Texts, fuse: RequestFuse) -> None:
        self._permit = permit
        self._log = log
        self._texts = texts
        self._fuse = fuse
        self.confirm: str | None = None
        self.alert: str | None = None
        self.early: str | None = None
        self.committed = False
        self.done = False
        self.error: Exception | None = None
        self.doubt: Words | None = None

    def answer(self, kind: str, text: str) -> bool:
        """Decide about one dialog: True accepts. Whatever goes wrong before commit dismisses."""
        try:
            if self.committed:
                return self._after(kind, text)
            if self.done:
                # It was decided already that nothing is sent; a late confirm changes nothing.
                return False
            return self._before(kind, text)
        except Exception as error:
            self.error = error
            self.done = True
            raise

    def _before(self, kind: str, text: str) -> bool:
        if kind == "alert":
            self.early = text
            self.done = True
            return True
        if kind != "confirm":
            raise UnexpectedDialog(kind=kind, text=text)
        self._log.confirm_open(text)
        self.confirm = text
        if same(text) != same(self._texts.confirm):
            raise ConfirmTextChanged(expected=self._texts.confirm, seen=text)
        if self._permit.budget == 0:
            self.done = True
            return False
        self._log.committing()
        self.committed = True
        self._fuse.open_gate()
        return True

    def _after(self, kind: str, text: str) -> bool:
        if kind != "alert" or self.done:
            self.doubt = _SECOND_CONFIRM.filled(text=text)
            self.done = True
            return False
        self.alert = text
        self.done = True
        if same(text) != same(self._texts.completed):
            self.doubt = _OTHER_ALERT.filled(text=text)
        try:
            self._log.alerted(text)
        except QsmBotError as error:
            self.doubt = _NOT_RECORDED.filled(detail=error.message)
        return True

    @property
    def restless(self) -> bool:
        """Whether the page may still send something: nothing it said closed the talk."""
        dismissed = self.done and self.confirm is not None and not self.committed
        return self.alert is None and self.early is None and not (dismissed and not self.error)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.done and not self._fuse.sending

    def result(self, before: Mapping[str, int]) -> Pressed:
        """Return what the press came to; `before` are the counters before it.

        Raises:
            QsmBotError: it ended before the confirm was accepted; nothing was sent.
        """
        if not self.committed:
            self._raise_before_commit()
        return Pressed(
            confirm=self.confirm or "",
            alert=self.alert,
            completed=self.alert is not None and self.doubt is None,
            answer=self._fuse.answer,
            before=before,
            doubt=self.doubt,
        )

    def _raise_before_commit(self) -> None:
        if self.error is not None:
            raise self.error
        if self.confirm is None:
            raise ConfirmMissing(alert=self.early or "–")


def press_button(
    page: Page,
    button: Locator,
    talk: PressTalk,
    traffic: Traffic,
    *,
    confirm_seconds: float,
    alert_seconds: float,
) -> None:
    """Click, and pump events until the dialogs are through or time is up.

    Neither a click that returns nor one that fails says anything about the request
    (measured), so neither is looked at except for a browser that has gone.
    """
    trouble = ""
    try:
        _click(button, talk, confirm_seconds)
        committed, start = talk.committed, time.monotonic()
        while not talk.over and not trouble:
            if talk.committed and not committed:
                committed, start = True, time.monotonic()
            limit = alert_seconds if talk.committed else confirm_seconds
            if time.monotonic() - start > limit:
                break
            page.wait_for_timeout(_PUMP_MS)
            trouble = _trouble(page, traffic)
    except Error as error:
        trouble = error.message.splitlines()[0]
    _conclude(talk, trouble, alert_seconds)


def _trouble(page: Page, traffic: Traffic) -> str:
    if traffic.crashed:
        return "the page crashed"
    return "the window was closed" if page.is_closed() else ""


def _click(button: Locator, talk: PressTalk, seconds: float) -> None:
    try:
        button.click(timeout=seconds * 1000, no_wait_after=True)
    except Error as error:
        _log.info("click_ended_with", error=error.message.splitlines()[0], committed=talk.committed)


def _conclude(talk: PressTalk, trouble: str, alert_seconds: float) -> None:
    if talk.done:
        return
    if not talk.committed:
        if trouble:
            talk.error = BrowserLost(detail=trouble)
    elif trouble:
        talk.doubt = _BROWSER_GONE.filled(detail=trouble)
    else:
        talk.doubt = _NO_ALERT.filled(seconds=alert_seconds)
