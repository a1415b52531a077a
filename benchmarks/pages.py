"""What the kiosk's screens weigh on the wire, in a browser that has kept nothing."""

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import figures
from benchmarks.browser import chromium
from benchmarks.figures import Figure
from benchmarks.server import SITE, Server, house, running

# The most kilobytes that each language's first screen may take.
FIRST_KB = {"fr": 150, "ar": 320}
NEXT_KB = 20


def measure() -> list[Figure]:
    with house() as folder, running(folder) as server, chromium() as browser:
        return [
            figure
            for language, limit in FIRST_KB.items()
            for figure in _visit(browser, server, language, limit)
        ]


def _visit(browser: Browser, server: Server, language: str, limit: int) -> list[Figure]:
    page = browser.new_context(viewport={"width": 1080, "height": 1920}).new_page()
    scale = Scale(page)
    page.goto(f"{server.address}/borne/{SITE}?language={language}")
    first = scale.weigh()
    page.click("button[name=need][value=droit]")
    page.wait_for_selector("button[name=service]")
    answers = scale.weigh()
    page.click("button[name=service]")
    page.wait_for_selector("[data-ticket]")
    ticket = scale.weigh()
    page.context.close()
    return [
        figures.at_most(f"kiosk, first screen ({language})", first[0], "KB", limit, first[1]),
        figures.at_most(f"kiosk, answers ({language})", answers[0], "KB", NEXT_KB, answers[1]),
        figures.at_most(f"kiosk, ticket ({language})", ticket[0], "KB", NEXT_KB, ticket[1]),
    ]


class Scale:
    """The bytes received by a page, headers included, as Chromium counts them."""

    def __init__(self, page: Page):
        self._page = page
        self._bytes: list[int] = []
        session: CDPSession = page.context.new_cdp_session(page)
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def weigh(self) -> tuple[float, str]:
        """The kilobytes since the last weighing, and in how many answers."""
        self._page.wait_for_load_state("networkidle")
        self._page.wait_for_timeout(600)
        weighed, self._bytes = self._bytes, []
        return sum(weighed) / 1000, f"{sum(map(bool, weighed))} answers"

    def _add(self, event: dict[str, float]) -> None:
        self._bytes.append(int(event["encodedDataLength"]))
