"""The kiosk's camera, before which a phone shows its square: a film of it is played instead."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.appointments import book
from tests.browser.conftest import KIOSK, Screens, Server
from tests.web.check_in import address

WIDTH, HEIGHT = 640, 480


def film(square: str | None) -> bytes:
    """A short film, YUV4MPEG2, of a grey wall and of the square of a text."""
    rows = [bytearray([180]) * WIDTH for _ in range(HEIGHT)]
    if square:
        drawn = qrcode.QRCode(border=4)
        drawn.add_data(square)
        drawn.make()
        cells = drawn.get_matrix()
        side = (HEIGHT - 120) // len(cells)
        left, top = (WIDTH - side * len(cells)) // 2, (HEIGHT - side * len(cells)) // 2
        for y, line in enumerate(cells):
            row = b"".join(bytes([25 if dark else 225]) * side for dark in line)
            for each in rows[top + y * side : top + (y + 1) * side]:
                each[left : left + len(row)] = row
    frame = b"FRAME\n" + b"".join(rows) + bytes([128]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3


class Camera:
    """A browser whose camera plays a film."""

    def __init__(self, kind: BrowserType, folder: Path, url: str):
        self.kind, self.folder, self.url = kind, folder, url
        self.browsers: list[Browser] = []
        self.complaints: list[str] = []

    def kiosk(self, square: str | None, allowed: bool = True) -> Page:
        (self.folder / "film.y4m").write_bytes(film(square))
        flags = ["--no-sandbox", "--use-fake-device-for-media-stream"]
        flags += [f"--use-file-for-fake-video-capture={self.folder / 'film.y4m'}"]
        flags += ["--use-fake-ui-for-media-stream"] if allowed else ["--deny-permission-prompts"]
        self.browsers.append(self.kind.launch(executable_path=shutil.which("chromium"), args=flags))
        size = {"width": KIOSK[0], "height": KIOSK[1]}
        page = self.browsers[-1].new_context(viewport=size, base_url=self.url).new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.goto("/borne/bearn")
        page.locator(".tile--wide").click()
        page.locator("[data-camera-on]").click()
        return page


@pytest.fixture
def camera(browser_type: BrowserType, server: Server, tmp_path: Path) -> Iterator[Camera]:
    made = Camera(browser_type, tmp_path, server.url)
    yield made
    for each in made.browsers:
        each.close()
    assert made.complaints == []


def test_a_square_shown_to_the_camera_checks_in(camera: Camera, server: Server) -> None:
    kiosk = camera.kiosk(address(book(server)))
    expect(kiosk.locator(".ticket .number")).to_be_visible()


def test_while_there_is_no_square_it_looks_and_letters_wait(camera: Camera) -> None:
    kiosk = camera.kiosk(None)
    expect(kiosk.locator("video")).to_be_visible()
    kiosk.wait_for_timeout(1_000)
    expect(kiosk.locator("video")).to_be_visible()
    expect(kiosk.locator("#typing [name=typed]")).to_be_visible()


def test_a_camera_that_is_refused_is_said(camera: Camera) -> None:
    kiosk = camera.kiosk(None, allowed=False)
    expect(kiosk.locator("[data-camera-off]")).to_be_visible()
    expect(kiosk.locator("[name=letter]").first).to_be_visible()


def test_without_a_camera_there_is_no_button(screens: Screens) -> None:
    kiosk = screens.open("/borne/bearn/arrivee", KIOSK)
    kiosk.wait_for_load_state("networkidle")
    expect(kiosk.locator("[data-camera-on]")).to_be_hidden()
