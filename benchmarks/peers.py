"""The same 40 refusals three ways: with every check, and by two scripts without any."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qsm_bot.mock_portal.grid_names import GridName

CLAIMS = "/GMKT.INC.Gsm.Web/Claim/ClaimManagement.aspx"
LABEL = "商品発送完了"


@dataclass(frozen=True)
class Portal:
    """A mock portal in a process of its own, so that no peer shares its interpreter."""

    url: str
    login_id: str
    password: str
    shop: str
    journal: Path

    def refused(self) -> list[str]:
        """Return the orders refused so far, by the portal's journal."""
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        return [
            effect["order"] for line in lines if (effect := json.loads(line))["kind"] == "refuse"
        ]


@contextmanager
def mock_portal(orders: int, latency: int, style: str = "json") -> Iterator[Portal]:
    """Serve a fresh mock portal on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.jsonl"
        command = [sys.executable, "-m", "qsm_bot", "portal", "--json", "--port", "0"]
        command += ["--style", style]
        command += ["--orders", str(orders), "--latency", str(latency), "--journal", str(journal)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                facts = _first_document(process)
                yield Portal(
                    facts["QSM_PORTAL_URL"],
                    facts["QSM_LOGIN_ID"],
                    facts["QSM_PASSWORD"],
                    facts["QSM_SHOP_NAME"],
                    journal,
                )
            finally:
                process.terminate()


def _first_document(process: subprocess.Popen[str]) -> dict[str, str]:
    text = ""
    for line in process.stdout or ():
        text += line
        if line.rstrip() == "}":
            return json.loads(text)
    raise RuntimeError("the mock portal did not start")


def open_orders(count: int, seed: int = 1) -> list[str]:
    """Return the order numbers that a portal with `count` open requests has."""
    from qsm_bot.mock_portal.world import World

    return [order.order_no for order in World.seeded(count, seed).open_requests()]


class Nobody:
    """Hears of the run, and does nothing about it."""

    lang = "en"

    def tell(self, words: object) -> None:
        """Hear a line of progress."""

    def report(self, event: object) -> None:
        """Hear what happens."""


def ours(portal: Portal, orders: list[str], selectors: Path | None = None) -> float:
    """Refuse by an approved plan with every check, picture and ledger commit on; seconds."""
    from datetime import timedelta

    from pydantic import SecretStr

    from flows.approve import approve
    from flows.collect import collect
    from flows.propose import propose
    from flows.refuse import apply_plan
    from qsm_bot.base.clock import now
    from qsm_bot.cli.wiring.run import open_portal_run
    from qsm_bot.config.settings import Settings
    from qsm_bot.rules import RuleBook

    rule = {"name": "all", "reason": "shipped", "orders": orders}
    book = RuleBook.model_validate(
        {"schema": 1, "limits": {"max_count": 10_000, "max_share": 1}, "rule": [rule]}
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_construct(
            portal_url=portal.url,
            login_id=portal.login_id,
            password=SecretStr(portal.password),
            shop_name=portal.shop,
            data_dir=Path(folder),
            selectors=selectors,
            # Outside the seconds that count; it would write into the measurer's keyring, and
            # where there is none the warning would stand before the document on stdout.
            keep_session=False,
        )
        with open_portal_run(settings, Nobody(), acts=True) as context:
            context.portal.sign_in()
            plan = propose(
                collect(context),
                book,
                shop=context.shop,
                portal_url=context.portal_url,
                pack=context.pack,
                attempted={},
                now=now(),
                valid_for=timedelta(hours=1),
            )
            context.ledger.record_plan(plan)
            approve(context.ledger, plan, who="benchmark", now=now())
            start = time.perf_counter()
            result = apply_plan(context, plan, rules=book.digest)
            seconds = time.perf_counter() - start
        if result.exit_code:
            raise SystemExit(f"qsm-bot: {[r.outcome for r in result.receipts]}")
    return seconds


def bare_playwright(portal: Portal, orders: list[str]) -> float:
    """Refuse with the same clicks and no checks; seconds."""
    from qsm_bot.portal.browser.launch import open_context

    with open_context("chromium", headless=True, loopback_only=True, timeout=20) as context:
        page = context.new_page()
        heard: list[str] = []

        def answer(dialog: object) -> None:
            heard.append(dialog.message)  # type: ignore[attr-defined]
            dialog.accept()  # type: ignore[attr-defined]

        page.on("dialog", answer)
        start = time.perf_counter()
        page.goto(portal.url + CLAIMS)
        page.fill("#txtLoginID", portal.login_id)
        page.fill("#txtLoginPwd", portal.password)
        page.click("button.g-recaptcha")
        counter = page.locator("#ctl00_ctl00_MainMaster_MainHolder_cancel_request")
        for done, order in enumerate(orders, start=1):
            counter.click()
            page.locator("#__grid_ClaimGrid .objbox td", has_text=order).dblclick()
            page.locator("#div_trade_info td", has_text=order).wait_for()
            page.select_option("#sel_refuse_reason", label=LABEL)
            page.click("#btn_cancel_refuse")
            while len(heard) < 2 * done:
                page.wait_for_timeout(5)
        return time.perf_counter() - start


def bare_selenium(portal: Portal, orders: list[str]) -> float:
    """Refuse with the same clicks and no checks; seconds."""
    from selenium import webdriver
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support import expected_conditions as until
    from selenium.webdriver.support.ui import Select, WebDriverWait

    from qsm_bot.portal.browser.find import installed_browser
    from qsm_bot.portal.browser.launch import LOOPBACK_ONLY

    options = webdriver.ChromeOptions()
    options.binary_location = str(installed_browser(for_person=True))
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1280,900", LOOPBACK_ONLY):
        options.add_argument(argument)
    driver = webdriver.Chrome(options, webdriver.ChromeService(chromedriver()))
    try:
        wait = WebDriverWait(driver, 20)
        start = time.perf_counter()
        driver.get(portal.url + CLAIMS)
        driver.find_element(By.ID, "txtLoginID").send_keys(portal.login_id)
        driver.find_element(By.ID, "txtLoginPwd").send_keys(portal.password)
        driver.find_element(By.CSS_SELECTOR, "button.g-recaptcha").click()
        counter = (By.ID, "ctl00_ctl00_MainMaster_MainHolder_cancel_request")
        for order in orders:
            old = driver.find_elements(By.CSS_SELECTOR, "#__grid_ClaimGrid .objbox td")[:1]
            wait.until(until.element_to_be_clickable(counter)).click()
            for row in old:
                wait.until(until.staleness_of(row))
            cell = (By.XPATH, f"//*[@id='__grid_ClaimGrid']//td[normalize-space()='{order}']")
            ActionChains(driver).double_click(
                wait.until(until.element_to_be_clickable(cell))
            ).perform()
            shown = (By.XPATH, f"//*[@id='div_trade_info']//td[normalize-space()='{order}']")
            wait.until(until.presence_of_element_located(shown))
            Select(driver.find_element(By.ID, "sel_refuse_reason")).select_by_visible_text(LABEL)
            driver.find_element(By.ID, "btn_cancel_refuse").click()
            for _ in ("confirm", "alert"):
                wait.until(until.alert_is_present()).accept()
        return time.perf_counter() - start
    finally:
        driver.quit()


def chromedriver() -> str:
    """Return ChromeDriver's path; Selenium's own download is not used."""
    import shutil

    found = shutil.which("chromedriver")
    if found is None:
        raise SystemExit("chromedriver is missing (Debian: apt-get install chromium-driver)")
    return found


PEERS: dict[str, Callable[[Portal, list[str]], float]] = {
    "qsm-bot": ours,
    "bare Playwright": bare_playwright,
    "bare Selenium": bare_selenium,
}


DRAWN = """(count) => new Promise((done) => {
    const from = performance.now();
    const total = document.querySelector('#div_total_search_cnt .type_purple');
    total.textContent = '-';
    const loading = document.querySelector('#loading_layer');
    const rows = () => document.querySelector('#__grid_ClaimGrid .objbox table').rows.length;
    const drawn = () => total.textContent === count && !loading.getClientRects().length && rows();
    // The second frame begins when the first has been laid out and painted.
    const look = () => drawn()
        ? requestAnimationFrame(() => done((performance.now() - from) / 1000))
        : requestAnimationFrame(look);
    document.querySelector('#ctl00_ctl00_MainMaster_MainHolder_cancel_request').click();
    requestAnimationFrame(look);
})"""


def grid_times(rows: int, grid: GridName) -> dict[str, float]:
    """Return seconds for a list of `rows`: drawn by the portal; asked for and read by us.

    What of "smart", "aria" and "split" is not in view, and what of "paged" is on later pages,
    is drawn only while it is read: the portal's own seconds are taken of "dhtmlx" alone.
    """
    from qsm_bot.mock_portal.options import PortalOptions
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.world import World
    from qsm_bot.portal.browser.launch import open_context
    from qsm_bot.portal.pages.needs import NEEDS
    from qsm_bot.portal.qsm import QsmPortal
    from qsm_bot.portal.selectors.pack import load_pack
    from qsm_bot.portal.sign_in.by_program import SignIn

    whole = grid == "dhtmlx"
    options = PortalOptions(grid=grid, smart_rendering_from=rows + 1 if whole else 60)
    with (
        MockPortal(World.seeded(rows, seed=1), options=options) as portal,
        open_context("chromium", headless=True, loopback_only=True, timeout=20) as context,
    ):
        who = SignIn(login_id=portal.login_id, password=portal.password, shop_name="")
        seat = QsmPortal(context, base_url=portal.url, pack=load_pack(None, NEEDS), sign_in=who)
        seat.sign_in()
        seat.collect()
        page = context.pages[0]
        shown = page.locator("#div_total_search_cnt .type_purple").inner_text()
        by_portal = page.evaluate(DRAWN, shown) if whole else 0
        claims = seat.session.claims
        start = time.perf_counter()
        claims.show_list("キャンセル要請")
        table = claims.grid.read()
        seconds = time.perf_counter() - start
        if len(table.rows) != rows:
            raise SystemExit(f"read {len(table.rows)} of {rows} rows")
    return {"portal": by_portal, "ours": seconds}
