"""Elements of the portal by their key in the selector pack, looked up anew each time."""

from playwright.sync_api import Error, Locator, Page

from qsm_bot.errors import SelectorDrift
from qsm_bot.log import get_logger
from qsm_bot.portal.border import border
from qsm_bot.portal.pack import Pack

_log = get_logger(__name__)


class Elements:
    """Finds elements on one page.

    What only reads may take a fallback selector, with a warning; what acts is
    asked for by `only`, which knows one selector and demands one match.
    """

    def __init__(self, page: Page, pack: Pack) -> None:
        self.page = page
        self.pack = pack
        self.fallbacks: set[str] = set()

    def find(self, key: str, **words: str) -> Locator | None:
        """Return the element, or None if it is not on the page now."""
        for index, selector in enumerate(self.pack.elements[key].at):
            locator = self.page.locator(selector.format(**words) if words else selector)
            if locator.count():
                if index:
                    self._note_fallback(key)
                return locator.first
        return None

    def read(self, key: str, **words: str) -> Locator:
        """Return the element, waiting for it.

        Raises:
            SelectorDrift: it does not appear in time.
        """
        found = self.find(key, **words)
        if found is not None:
            return found
        selectors = [at.format(**words) if words else at for at in self.pack.elements[key].at]
        either = self.page.locator(selectors[0])
        for selector in selectors[1:]:
            either = either.or_(self.page.locator(selector))
        try:
            either.first.wait_for(state="attached")
        except Error as error:
            detail = f"elements.{key} ({self.pack.name}): {error.message.splitlines()[0]}"
            raise SelectorDrift(element=words.get("label", key), detail=detail) from error
        return self.find(key, **words) or either.first

    def only(self, key: str) -> tuple[Locator, int]:
        """Return the acting element and how many there are; one is right, the caller checks."""
        locator = self.page.locator(self.pack.elements[key].at[0])
        with border(key, self.page):
            return locator, locator.count()

    def _note_fallback(self, key: str) -> None:
        if key not in self.fallbacks:
            self.fallbacks.add(key)
            _log.warning("fallback_selector_used", element=key, pack=self.pack.name)
