"""One press from the armed click to its end, with all that watches over it put together."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from playwright.sync_api import BrowserContext, Error, Page

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.domain.plan import Permit
from qsm_bot.portal.act.event_check import Approved, EventCheck
from qsm_bot.portal.act.habits import Habits
from qsm_bot.portal.act.page_layers import PageLayers
from qsm_bot.portal.act.press import ConfirmDialog, press_button
from qsm_bot.portal.act.repeats import Repeats
from qsm_bot.portal.act.request_fuse import FuseMode, RequestFuse
from qsm_bot.portal.act.sorting import RefusalMarks
from qsm_bot.portal.browser.dialogs import DialogHandler
from qsm_bot.portal.browser.traffic import Traffic
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.layers import LayersInSight
from qsm_bot.portal.pages.order_details import FormToPress
from qsm_bot.portal.protocol import ActLog, Pressed
from qsm_bot.portal.selectors.pack import Pack


class ActGuards:
    """What watches a context from its beginning; to be made before any page is opened."""

    def __init__(self, context: BrowserContext) -> None:
        self.check = EventCheck(context)
        self.habits = Habits(context)
        self.repeats = Repeats(context, self.habits)


@dataclass(frozen=True, kw_only=True)
class OnePress:
    """Presses キャンセル拒否 once. Times are seconds.

    Args:
        context: the browser context that is watched meanwhile.
        page: the portal's page.
        elements: knows where 取引情報 is.
        pack: the portal's names.
        guards: what was put up in the context before its pages.
        dialogs: the context's dialogs.
        traffic: tells a page that crashed.
        leave: leaves a page that may still send something.
        picture: takes a masked PNG of the page.
        mode: what the fuse does.
        confirm_seconds: how long the confirm may take.
        alert_seconds: how long the portal may take for its last word.
    """

    context: BrowserContext
    page: Page
    elements: Elements
    pack: Pack
    guards: ActGuards
    dialogs: DialogHandler
    traffic: Traffic
    leave: Callable[[], None]
    picture: Callable[[], bytes]
    mode: FuseMode
    confirm_seconds: float
    alert_seconds: float

    def run(self, permit: Permit, log: ActLog, form: FormToPress, approved: Approved) -> Pressed:
        """Press, and return what it came to: see `Portal.press`.

        Raises:
            QsmBotError: it ended before the confirm was accepted.
        """
        fuse = self._fuse(permit, log, approved)
        check = self.guards.check
        talk = ConfirmDialog(permit, log, self.pack.texts, fuse, check, self.page)
        with fuse.installed(self.context), self.dialogs.scripted(talk.answer):
            seen = LayersInSight(self.elements, self.pack.layers)
            layers = PageLayers(seen, check, self.confirm_seconds)
            if self._is_armed(talk, fuse, approved):
                press_button(
                    self.page,
                    form.button,
                    talk,
                    self.traffic,
                    confirm_seconds=self.confirm_seconds,
                    alert_seconds=self.alert_seconds,
                    layers=layers,
                )
            if not check.clicked:
                check.disarm()
            # Whatever the page still has under way ends here, while all of it is watched.
            picture = None
            if talk.restless or fuse.sending:
                picture = self._last_picture(talk)
                self.leave()
            if talk.committed:
                fuse.note_read()
            elif talk.confirm is None:
                fuse.note_unasked()
        return replace(talk.result(form.counters), picture=picture)

    def _last_picture(self, talk: ConfirmDialog) -> bytes | None:
        """Take what the page shows beside its last word; without one it may stand still."""
        if talk.alert is None:
            return None
        with suppress(QsmBotError):
            return self.picture()
        return None

    def _fuse(self, permit: Permit, log: ActLog, approved: Approved) -> RequestFuse:
        services = self.pack.services
        return RequestFuse(
            mode=self.mode,
            budget=permit.budget,
            timeout=self.alert_seconds,
            on_answer=log.answered,
            marks=RefusalMarks(
                order_no=approved.order_no,
                others=approved.others,
                ending=services.refusal,
                must_name=services.order_in_request == "must",
                harmless=services.harmless,
                text=approved.text,
            ),
            habits=self.guards.habits,
            repeats=self.guards.repeats,
        )

    def _is_armed(self, talk: ConfirmDialog, fuse: RequestFuse, approved: Approved) -> bool:
        """Arm the check at the event; what is in its way ends the press before the click."""
        try:
            names = self.guards.check.arm(
                self.elements.details_at, approved, self.pack, self.confirm_seconds
            )
        except QsmBotError as error:
            talk.error = error
        except Error as error:
            talk.error = BrowserLost(detail=error.message.splitlines()[0])
        else:
            fuse.marks = replace(fuse.marks, form=names)
            return True
        talk.done = True
        return False
