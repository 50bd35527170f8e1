"""The press of キャンセル拒否: what is said, compared, recorded and answered, in order."""

import math
import time
from collections.abc import Mapping
from typing import Protocol

from playwright.sync_api import Error, Locator, Page

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import ConfirmMissing
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.base.errors.safety import ConfirmTextChanged, UnexpectedDialog
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words, same
from qsm_bot.domain.plan import Permit
from qsm_bot.portal.act.event_check import EventCheck
from qsm_bot.portal.act.request_fuse import RequestFuse
from qsm_bot.portal.browser.traffic import Traffic
from qsm_bot.portal.protocol import ActLog, Pressed
from qsm_bot.portal.selectors.pack import PortalTexts

_log = get_logger(__name__)
_PUMP_MS = 2
# How long a page may take to say that no answer came.
_LOST_SECONDS = 2.0

_OTHER_ALERT = Words("the portal answered: “{text}”", "ポータルの表示:「{text}」")
_NO_ALERT = Words(
    "no completion alert within {seconds:g} s", "{seconds:g} 秒以内に完了表示がありません"
)
_BROWSER_GONE = Words("the browser ended: {detail}", "ブラウザが終了しました: {detail}")
_SECOND_CONFIRM = Words("a second confirm appeared: “{text}”", "2つ目の確認が出ました:「{text}」")
_HELD = Words("{alert}; held before the confirm: {held}", "{alert}（確認前に止めた送信: {held}）")
_LEFT = Words("{alert}; left unasked: {left}", "{alert}（確認なしに出た送信: {left}）")
_NOT_RECORDED = Words(
    "a step could not be recorded: {detail}", "処理を記録できませんでした: {detail}"
)


class ConfirmDialog:
    """Answers the dialogs of one press and keeps what was heard.

    Until the confirm is accepted every trouble is an error and nothing is sent; from
    then on every trouble is only a doubt, because the request may have left.
    """

    def __init__(
        self,
        permit: Permit,
        log: ActLog,
        texts: PortalTexts,
        fuse: RequestFuse,
        check: EventCheck,
        page: Page,
    ) -> None:
        self._permit = permit
        self._log = log
        self._texts = texts
        self._fuse = fuse
        self._check = check
        self._page = page
        self.confirm: str | None = None
        self.alert: str | None = None
        self.early: str | None = None
        self.committed = False
        self.done = False
        self.error: Exception | None = None
        self.doubt: Words | None = None
        self._recorded = False

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

    def answer_safely(self, kind: str, text: str) -> bool:
        """Decide about a question or message that is no native dialog: what is raised dismisses."""
        try:
            return self.answer(kind, text)
        except Exception as error:  # noqa: BLE001  # kept, and told once the press has ended
            _log.error("layer_not_accepted", kind=kind, error=repr(error))
            return False

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
        # The page stands still behind its question: what it was at the click is what counts.
        self._check.raise_if_not_held(self._page)
        if self._fuse.against is not None:
            raise self._fuse.against
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
        completed = same(text) == same(self._texts.completed)
        self.doubt = None if completed else _OTHER_ALERT.filled(text=text)
        # What the page says before it has sent anything is not how it ended.
        self.done = completed or self._fuse.answered or self._fuse.held_act
        if self.done:
            self._record(text)
        return True

    def _record(self, text: str) -> None:
        self._recorded = True
        try:
            self._log.alerted(text)
        except QsmBotError as error:
            self.doubt = _NOT_RECORDED.filled(detail=error.message)

    @property
    def completed(self) -> bool:
        """Whether the portal said that it is done, and nothing speaks against it."""
        return self.alert is not None and self.doubt is None

    @property
    def restless(self) -> bool:
        """Whether the page may still send something: nothing it said closed the talk."""
        if self.committed:
            # Whatever was held here the page may try again.
            return not self.completed or self._fuse.held_act
        asked = self.confirm is not None and not self.error
        return bool(self._fuse.held_words) or not (self.done and (asked or self.early is not None))

    @property
    def lost(self) -> bool:
        """Whether the refusal went out and no answer to it came: the page can say no more of it."""
        answer = self._fuse.answer
        return self.committed and self._fuse.answered and answer is not None and not answer.status

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        stopped = not self.committed and self._check.stopped is not None
        return (self.done or stopped) and not self._fuse.sending

    def result(self, before: Mapping[str, int]) -> Pressed:
        """Return what the press came to; `before` are the counters before it.

        Raises:
            QsmBotError: it ended before the confirm was accepted; nothing was sent.
        """
        if not self.committed:
            self._raise_before_commit()
        if self.alert is not None and not self._recorded:
            self._record(self.alert)
        return Pressed(
            confirm=self.confirm or "",
            alert=self.alert,
            completed=self.completed,
            answer=self._fuse.answer,
            others=tuple(self._fuse.others),
            held=self._fuse.held_act,
            against=self._fuse.against,
            before=before,
            doubt=self.doubt,
        )

    def _raise_before_commit(self) -> None:
        for error in (self._check.stopped, self._fuse.against, self.error):
            if error is not None:
                raise error
        if self.confirm is None:
            said: Words | str = self.early or "–"
            held = self._fuse.held_words
            if held:
                said = _HELD.filled(alert=said, held=" / ".join(dict.fromkeys(held)))
            if self._fuse.answer is not None:
                said = _LEFT.filled(alert=said, left=self._fuse.answer.path)
            raise ConfirmMissing(alert=said)


class Layers(Protocol):
    """What answers questions that the page asks by layers of its own."""

    def answer(self, talk: ConfirmDialog) -> None:
        """Look whether one is there, and have it answered."""


def press_button(
    page: Page,
    button: Locator,
    talk: ConfirmDialog,
    traffic: Traffic,
    *,
    confirm_seconds: float,
    alert_seconds: float,
    layers: Layers,
) -> None:
    """Click, and pump events until the dialogs are through or time is up.

    Neither a click that returns nor one that fails says anything about the request
    (measured), so neither is looked at except for a browser that has gone.
    """
    trouble = ""
    try:
        _click(button, talk, confirm_seconds)
        committed, start, lost_at = talk.committed, time.monotonic(), math.inf
        while not talk.over and not trouble:
            if talk.committed and not committed:
                committed, start = True, time.monotonic()
            limit = alert_seconds if talk.committed else confirm_seconds
            lost_at = min(lost_at, time.monotonic()) if talk.lost else math.inf
            if time.monotonic() - start > limit or time.monotonic() - lost_at > _LOST_SECONDS:
                break
            page.wait_for_timeout(_PUMP_MS)
            layers.answer(talk)
            trouble = _trouble(page, traffic)
    except Error as error:
        trouble = error.message.splitlines()[0]
    _conclude(talk, trouble, alert_seconds)


def _trouble(page: Page, traffic: Traffic) -> str:
    if traffic.crashed:
        return "the page crashed"
    return "the window was closed" if page.is_closed() else ""


def _click(button: Locator, talk: ConfirmDialog, seconds: float) -> None:
    try:
        button.click(timeout=seconds * 1000, no_wait_after=True)
    except Error as error:
        _log.info("click_ended_with", error=error.message.splitlines()[0], committed=talk.committed)


def _conclude(talk: ConfirmDialog, trouble: str, alert_seconds: float) -> None:
    if talk.done or talk.doubt is not None:
        return
    if not talk.committed:
        if trouble:
            talk.error = BrowserLost(detail=trouble)
    elif trouble:
        talk.doubt = _BROWSER_GONE.filled(detail=trouble)
    else:
        talk.doubt = _NO_ALERT.filled(seconds=alert_seconds)
