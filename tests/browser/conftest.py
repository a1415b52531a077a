"""A real server on loopback and Debian's Chromium: what people see, touch and hear."""

import os
import shutil
import signal
import socket
import subprocess
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.personae import FOLDER, served

ROOT = Path(__file__).parent.parent.parent
BIN = ROOT / ".venv" / "bin"
# How fast things happen is measured in benchmarks/; a busy machine fails no test.
expect.set_options(timeout=15_000)
KIOSK, DESK, PHONE, BOARD = (1080, 1920), (1280, 800), (375, 812), (1920, 1080)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MONDAY_MORNING = "2026-11-23T09:20"


@dataclass
class Server:
    """The product as `make run` starts it, on a Monday at 9:20 unless told otherwise."""

    folder: Path
    port: int
    at: str = MONDAY_MORNING
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {
            **os.environ,
            **served(),
            "ACCUEIL_DATA": str(self.folder),
            "ACCUEIL_NOW": self.at,
        }
        self.process = subprocess.Popen(
            [BIN / "granian", "--port", str(self.port), "app:serve"],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _wait(self) -> None:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.url}/connexion", timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration house's data, as `make run` prepares it. Copied, never served."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "ACCUEIL_DATA": str(folder), "ACCUEIL_NOW": MONDAY_MORNING}
    command = [BIN / "flask", "demo"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = shutil.copytree(furnished, tmp_path_factory.mktemp("house") / "instance")
    running = Server(folder, port)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--autoplay-policy=no-user-gesture-required",
        ],
    }


@dataclass
class Screens:
    """Opens pages of a given size, and remembers what any of them complained about."""

    browser: Browser
    url: str
    complaints: list[str]
    contexts: list[BrowserContext]

    def open(self, path: str, size: tuple[int, int], **options: object) -> Page:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=self.url, **options
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path)
        return page

    def log_in(self, login: str, size: tuple[int, int] = DESK) -> Page:
        """A page where a person of the demonstration house has just come to work."""
        people = tomllib.loads((FOLDER / "accounts.toml").read_text(encoding="utf-8"))["account"]
        password = next(each["password"] for each in people if each["login"] == login)
        page = self.open("/connexion", size)
        page.fill("#login", login)
        page.fill("#password", password)
        page.locator("main form button").first.click()
        page.wait_for_selector("#day")
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def screens(browser: Browser, server: Server) -> Iterator[Screens]:
    opened = Screens(browser, server.url, [], [])
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Zero violations of WCAG 2.2 AA, and nothing that has to be scrolled to sideways."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": STANDARDS})
        assert found.violations_count == 0, found.generate_report()
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(sideways) <= 0

    return check


def wait_until(page: Page, happened: Callable[[], bool], within_ms: int = 30_000) -> None:
    """Let the page live until something has happened; an assertion fails if it never does."""
    for _ in range(within_ms // 100):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")


def touch_need(page: Page, need: str) -> None:
    """To the answers to a need, passing over the questions."""
    page.locator(f"button[name=need][value={need}]").click()
    page.wait_for_selector(".cards, button[name=enough]")
    if page.locator("button[name=enough]").count():
        page.locator("button[name=enough]").click()
        page.wait_for_selector(".cards")


def take_ticket(page: Page, need: str = "droit", service: str = "ecs-parquet-sans-rdv") -> int:
    """From the kiosk's first screen to a number, as fingers do it."""
    touch_need(page, need)
    page.locator(f"button[name=service][value={service}]").first.click()
    return int(page.locator(".number").inner_text())
