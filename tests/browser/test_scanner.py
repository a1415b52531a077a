"""A scanner at the kiosk: a keyboard faster than any finger, on an American or a French layout."""

import sqlite3
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.appointments import book
from tests.browser.conftest import KIOSK, Screens, Server, wait_until
from tests.web.check_in import ON_AZERTY, address

HOME, ARRIVE = "/borne/bearn", "/borne/bearn/arrivee"


def visits(server: Server) -> int:
    with sqlite3.connect(server.folder / "accueil.db") as file:
        return int(file.execute("SELECT count(*) FROM visit").fetchone()[0])


def press(page: Page, text: str, end: str = "\r") -> None:
    """The keys of a scanner, as the machine's layout names them, five milliseconds apart however
    busy this machine is."""
    keys, now = page.context.new_cdp_session(page), time.time()
    for nth, letter in enumerate(text + end):
        key = {"\r": "Enter", "\t": "Tab"}.get(letter, letter)
        pressed = {"key": key, "timestamp": now + nth * 0.005}
        written = {"text": letter} if letter != "\t" else {}
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **written, **pressed})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


def number(page: Page) -> str:
    page.wait_for_selector(".ticket .number")
    return page.locator(".ticket .number").inner_text()


def test_on_the_first_screen_and_typed_twice(screens: Screens, server: Server) -> None:
    code, before = book(server), visits(server)
    kiosk = screens.open(HOME, KIOSK)
    sent: list[str] = []
    kiosk.on("request", lambda request: sent.append(request.url))
    for _ in range(2):
        press(kiosk, address(code).translate(ON_AZERTY))
    first = number(kiosk)
    kiosk.wait_for_timeout(500)
    assert number(kiosk) == first
    assert visits(server) == before + 1
    assert not [url for url in sent if code[:10].lower() in url.lower()]
    assert code[:10] not in kiosk.locator("body").inner_text()


def test_on_the_screen_for_appointments(
    screens: Screens, server: Server, accessible: Callable[[Page], None]
) -> None:
    code, before = book(server), visits(server)
    kiosk = screens.open(HOME, KIOSK)
    kiosk.locator(".tile--wide").click()
    field = kiosk.locator("#typing [name=typed]")
    expect(field).to_be_focused()
    shown: list[str] = []
    kiosk.expose_function("shown", lambda text: shown.append(text))
    field.evaluate("field => field.addEventListener('input', () => shown(field.value))")
    press(kiosk, address(code).lower() * 2, end="\t")
    number(kiosk)
    accessible(kiosk)
    assert visits(server) == before + 1
    assert max(map(len, shown), default=0) <= 10


def test_wherever_the_focus_is_no_button_is_pressed(screens: Screens, server: Server) -> None:
    code = book(server)
    kiosk = screens.open(ARRIVE, KIOSK)
    kiosk.locator(".band button").last.focus()
    press(kiosk, address(code))
    number(kiosk)


def test_a_scanner_that_ends_with_nothing(screens: Screens, server: Server) -> None:
    code = book(server)
    kiosk = screens.open(HOME, KIOSK)
    press(kiosk, address(code), end="")
    number(kiosk)


def test_a_square_that_is_not_ours(screens: Screens, server: Server) -> None:
    before = visits(server)
    kiosk = screens.open(HOME, KIOSK)
    press(kiosk, "BEGIN:VCARD\rN:Awa")
    expect(kiosk.locator("[role=alert].notice")).to_contain_text("n’est pas reconnu")
    expect(kiosk.locator("#typing [name=typed]")).to_have_value("")
    assert visits(server) == before
    forgive_422(screens)


def test_letters_are_touched_and_tried_again(screens: Screens, server: Server) -> None:
    code, kiosk = book(server), screens.open(ARRIVE, KIOSK)
    field = kiosk.locator("#typing [name=typed]")
    for letter in f"{code[:6]}X":
        kiosk.locator(f"[name=letter][value={letter}]").click()
    expect(field).to_have_value(f"{code[:5]} {code[5]}X")
    kiosk.locator("[name=erase]").click()
    kiosk.locator("#typing .button--main").click()
    expect(kiosk.locator("[role=alert].notice")).to_be_visible()
    expect(field).to_have_value(code[:6])
    for letter in code[6:10]:
        kiosk.locator(f"[name=letter][value={letter}]").click()
    expect(field).to_be_focused()
    kiosk.keyboard.press("Enter")
    number(kiosk)
    forgive_422(screens)


def test_fingers_on_a_keyboard_are_no_scanner(screens: Screens) -> None:
    kiosk = screens.open(HOME, KIOSK)
    kiosk.keyboard.type("bonjour tout le monde", delay=150)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_timeout(600)
    expect(kiosk.locator("button[name=need]").first).to_be_visible()


def test_without_a_script_a_scanner_fills_the_field(screens: Screens, server: Server) -> None:
    code = book(server)
    kiosk = screens.open(ARRIVE, KIOSK, java_script_enabled=False)
    kiosk.keyboard.type(address(code))
    kiosk.keyboard.press("Enter")
    number(kiosk)


def forgive_422(screens: Screens) -> None:
    """What the console says of a page that asks to try again."""
    wait_until(screens.contexts[-1].pages[0], lambda: any("422" in c for c in screens.complaints))
    screens.complaints[:] = [each for each in screens.complaints if "422" not in each]
