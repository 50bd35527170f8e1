"""A person shows how a page asks by a layer of its own: which button goes on, which gives up.

To see the question キャンセル拒否 is pressed as in a rehearsal. Until it has been given up nothing
that changes anything leaves the browser: the request fuse stays shut.
"""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words, same
from qsm_bot.domain.request import RefusalReason
from qsm_bot.portal.act.request_fuse import RequestFuse
from qsm_bot.portal.act.sorting import RefusalMarks
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.calibrate.pointing import Overlay, Pointer
from qsm_bot.portal.pages.layers import LayersInSight
from qsm_bot.portal.selectors.pack import LayerNames
from qsm_bot.portal.sign_in.session import PortalSession

KEY = "question"
GO_ON = Words(
    "the button of the question that goes on with the refusal", "確認文の「進む（拒否する）」ボタン"
)
GIVE_UP = Words("the button of the question that gives up", "確認文の「やめる」ボタン")
PRESSES = Words(
    "To see how the page asks, キャンセル拒否 is pressed as in a rehearsal; nothing is sent.",
    "確認文を表示するため、リハーサルと同じように「キャンセル拒否」を押します（何も送信しません）。",
)
NATIVE = Words(
    "The portal asks by a dialog of the browser; there is nothing to show.",
    "ポータルの確認はブラウザのダイアログです。教えるものはありません。",
)
_NOTHING = Words(
    "no question came: no layer with the confirm's words", "確認文の窓が表示されませんでした"
)
_OTHER_WORDS = Words(
    "this does not stand beside the question “{confirm}”",
    "確認文「{confirm}」の窓のボタンではありません",
)
_NOT_ALONE = Words(
    "its words stand on several buttons of the question", "同じ文字のボタンが窓の中に複数あります"
)
_SAME_BUTTON = Words("this is the button that goes on", "これは「進む」ボタンです")
_NOT_UNIQUE = Words(
    "the layer cannot be told from others on the page", "この窓をほかの部品と区別できません"
)
_STAYS = Words("the question stays although it was given up", "やめても確認文の窓が閉じません")
_TICK_MS = 50


class QuestionTeacher:
    """Learns the layer by which the page asks.

    Args:
        session: whose order is open, and shown with its form.
        pointer: who asks the person.
        patience: seconds that the question is waited for.
    """

    def __init__(self, session: PortalSession, pointer: Pointer, *, patience: float) -> None:
        self._session = session
        self._elements = session.elements
        self._pointer = pointer
        self._patience = patience
        self._heard: list[str] = []

    def learn(self) -> LayerNames | None:
        """Return the layer's names; None if the browser's own dialog asks, or one was skipped.

        Raises:
            SelectorDrift: no question came, or it does not go away.
            NobodyPointed, RunStopped, BrowserLost: see `Pointer.ask`.
        """
        self._heard = []
        session, texts = self._session, self._elements.pack.texts
        fuse = RequestFuse(
            mode="strict",
            budget=0,
            timeout=self._patience,
            on_answer=lambda _: None,
            marks=RefusalMarks(harmless=self._elements.pack.services.harmless),
        )
        self._pointer.lower()
        session.claims.choose_reason(texts.label(RefusalReason.SHIPPED), None)
        form = session.claims.form_to_press()
        context = session.page.context
        with fuse.installed(context), session.dialogs.scripted(self._dismiss):
            with border(texts.refuse_button, self._page):
                form.button.click(no_wait_after=True)
            if not self._comes():
                raise SelectorDrift(element=KEY, detail=_NOTHING)
            return None if self._heard else self._pointed_at()

    @property
    def asked_natively(self) -> bool:
        """Whether the browser's own dialog asked."""
        return bool(self._heard)

    @property
    def _page(self) -> Page:
        return self._session.claims.details.window

    def _dismiss(self, kind: str, _text: str) -> bool:
        if kind != "alert":
            self._heard.append(kind)
        return kind == "alert"

    def _comes(self) -> bool:
        wanted = same(self._elements.pack.texts.confirm)
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            with border(KEY, self._page):
                said = self._elements.details_at.evaluate("document.body.innerText")
            if self._heard or wanted in same(str(said)):
                return True
            self._page.wait_for_timeout(_TICK_MS)
        return False

    def _pointed_at(self) -> LayerNames | None:
        found: list[tuple[str, str]] = []
        go_on = self._ask(GO_ON, found, "")
        give_up = self._ask(GIVE_UP, found, go_on or "") if go_on else None
        if go_on is None or give_up is None:
            return None
        names = LayerNames(at=found[0][0], go_on=go_on, give_up=give_up)
        self._pointer.lower()
        layers = LayersInSight(self._elements, names)
        layers.click(give_up, self._patience)
        deadline = time.monotonic() + self._patience
        while layers.new() is not None:
            if time.monotonic() > deadline:
                raise SelectorDrift(element=KEY, detail=_STAYS)
            self._page.wait_for_timeout(_TICK_MS)
        return names

    def _ask(self, name: Words, found: list[tuple[str, str]], other: str) -> str | None:
        return self._pointer.ask(
            self._page, KEY, name, kind="button", beside="", judge=self._judge(found, other)
        )

    def _judge(
        self, found: list[tuple[str, str]], other: str
    ) -> Callable[[Overlay], tuple[str | None, Words | None]]:
        confirm = self._elements.pack.texts.confirm

        def judge(overlay: Overlay) -> tuple[str | None, Words | None]:
            label = overlay.thing().text
            layers = overlay.layers()
            fitting = [each for each in layers if same(each["text"]) == same(confirm)]
            if not label or not fitting:
                return None, _OTHER_WORDS.filled(confirm=confirm)
            if same(label) == same(other):
                return None, _SAME_BUTTON
            if [same(each) for each in fitting[0]["buttons"]].count(same(label)) != 1:
                return None, _NOT_ALONE
            selectors = fitting[0]["selectors"]
            if not selectors:
                return None, _NOT_UNIQUE
            found.append((selectors[0], label))
            return label, None

        return judge
