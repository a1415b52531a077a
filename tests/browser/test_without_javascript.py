"""No script at all: the kiosk and the phone still do their work."""

from playwright.sync_api import expect

from tests.browser.conftest import KIOSK, PHONE, Screens, take_ticket


def test_a_ticket_is_taken_and_the_line_left_without_any_script(screens: Screens) -> None:
    kiosk = screens.open("/borne?language=en", KIOSK, java_script_enabled=False)
    number = take_ticket(kiosk)
    source = kiosk.locator(".square").get_attribute("src")
    assert source
    phone = screens.open(source.removesuffix("/qr.svg"), PHONE, java_script_enabled=False)
    expect(phone.locator(".plate .number")).to_have_text(str(number))
    phone.locator("a.button--leave").click()
    phone.locator("form button.button--leave").click()
    expect(phone.locator("#turn .row")).to_be_visible()
    assert phone.locator("a.button--leave").count() == 0
