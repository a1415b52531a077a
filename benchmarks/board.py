"""From the partner's click on "call" to the number on the board, in two real pages."""

import random
import statistics
import tomllib

from playwright.sync_api import Browser, Page

from accueil.reception.visits import Arrival, check_in
from accueil.store.codes import new_code
from benchmarks import figures
from benchmarks.browser import chromium
from benchmarks.figures import Figure
from benchmarks.load import PARQUET
from benchmarks.server import MONDAY, ROOT, SITE, Server, house, running, state

CALLS = 30
VISITS = 35
LOGIN = "parquet"
# Between two people, so that calls fall anywhere in the rhythm of the server's watch.
LONGEST_PAUSE_MS = 500
# The machine's one clock, in milliseconds, as both pages read it.
CLOCK = "const clock = () => performance.timeOrigin + performance.now();\n"
NOTE_CLICKS = CLOCK + "document.addEventListener('click', () => (window.clicked = clock()), true);"
NOTE_NUMBERS = f"""{CLOCK}
window.shown = {{}};
new MutationObserver(() => {{
  const number = document.querySelector(".now .number")?.textContent.trim();
  if (number) window.shown[number] ??= clock();
}}).observe(document, {{ subtree: true, childList: true }});
"""


def measure() -> list[Figure]:
    with house() as folder, running(folder) as server, chromium() as browser:
        _fill_the_room(server)
        board, partner = _board(browser, server), _partner(browser, server)
        delays = [_call(partner, board) for _ in range(CALLS)]
    hundredths = statistics.quantiles(delays, n=100, method="inclusive")
    longest = f"longest {max(delays):.0f}"
    return [
        figures.shown("call to board p50", hundredths[49], "ms", f"{CALLS} calls"),
        figures.at_most("call to board p95", hundredths[94], "ms", 300, longest),
    ]


def _call(partner: Page, board: Page) -> float:
    """Call the next person, wait for the board, finish: the milliseconds until it showed them."""
    partner.locator("form.call button").click()
    number = partner.locator(".guest--called .big").inner_text()
    board.wait_for_function("number => number in window.shown", arg=number, timeout=10_000)
    shown = board.evaluate("number => window.shown[number]", number)
    delay: float = shown - partner.evaluate("window.clicked")
    partner.locator("form[action$='/finish'] button").click()
    partner.locator("form.call button").wait_for()
    partner.wait_for_timeout(random.uniform(0, LONGEST_PAUSE_MS))
    return delay


def _board(browser: Browser, server: Server) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(NOTE_NUMBERS)
    page.goto(f"{server.address}/ecran/{SITE}")
    return page


def _partner(browser: Browser, server: Server) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(NOTE_CLICKS)
    page.goto(f"{server.address}/connexion")
    page.fill("#login", LOGIN)
    page.fill("#password", _password())
    page.click("form.stack button")
    page.wait_for_url("**/partenaire")
    return page


def _password() -> str:
    accounts = tomllib.loads((ROOT / "data/chevilly-larue/accounts.toml").read_text("utf-8"))
    found: str = next(each["password"] for each in accounts["account"] if each["login"] == LOGIN)
    return found


def _fill_the_room(server: Server) -> None:
    with state(server.folder) as db:
        for _ in range(VISITS):
            arrival = Arrival(SITE, new_code(), "kiosk", "fr", "droit", PARQUET)
            check_in(db, arrival, "kiosk", MONDAY)
