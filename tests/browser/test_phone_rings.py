"""A phone told to ring: it says so, keeps it as the page changes, and forgets it with the page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import KIOSK, PHONE, Screens, take_ticket, wait_until

STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
FEEL = """
window.felt = { shaken: 0, tones: 0 };
navigator.vibrate = () => Boolean(window.felt.shaken += 1);
const Tone = window.OscillatorNode;
window.OscillatorNode = class extends Tone {
  constructor(...given) { super(...given); window.felt.tones += 1; }
};
"""


def felt(phone: Page) -> tuple[int, int]:
    return tuple(phone.evaluate("[window.felt.shaken, window.felt.tones]"))


def queue(screens: Screens, number: int) -> Page:
    """So many tickets at the kiosk, and the last one's page on a phone."""
    kiosk = screens.open("/borne", KIOSK)
    for _ in range(number):
        kiosk.goto("/borne")
        take_ticket(kiosk)
    code = kiosk.locator(".square").get_attribute("src") or ""
    phone = screens.open("/borne", PHONE)
    phone.add_init_script(FEEL)
    phone.goto(code.removesuffix("/qr.svg"))
    return phone


def call_one(partner: Page) -> None:
    partner.locator("#call button").click()
    partner.get_by_role("button", name="Est là").click()
    partner.get_by_role("button", name="Terminer", exact=True).click()


def test_a_phone_that_was_not_told_makes_no_sound(screens: Screens) -> None:
    phone, partner = queue(screens, 1), screens.log_in("parquet", PHONE)
    bell = phone.get_by_role("button", name="Sonner quand mon tour approche")
    bell.click()
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "false")
    told = felt(phone)
    partner.locator("#call button").click()
    expect(phone.locator("#turn .room")).to_be_visible()
    wait_until(phone, lambda: felt(phone)[0] == told[0] + 1)
    assert felt(phone)[1] == told[1]
    partner.get_by_role("button", name="Est là").click()
    partner.get_by_role("button", name="Terminer", exact=True).click()


def test_a_phone_rings_when_two_are_ahead_and_at_the_call(screens: Screens) -> None:
    phone, partner = queue(screens, 4), screens.log_in("parquet", PHONE)
    stored = phone.evaluate(STORED)
    bell = phone.get_by_role("button", name="Sonner quand mon tour approche")
    expect(bell).to_have_attribute("aria-pressed", "false")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")
    expect(phone.get_by_text("Ce téléphone sonnera.")).to_be_visible()
    assert felt(phone) == (1, 2)

    call_one(partner)
    expect(phone.locator("#turn .many")).to_have_text("2")
    wait_until(phone, lambda: felt(phone) == (2, 4))
    call_one(partner)
    expect(phone.locator("#turn .many")).to_have_text("1")
    expect(bell).to_have_attribute("aria-pressed", "true")
    assert felt(phone) == (2, 4)
    call_one(partner)
    partner.locator("#call button").click()
    expect(phone.locator("#turn .room")).to_be_visible()
    wait_until(phone, lambda: felt(phone) == (3, 10))
    expect(bell).to_be_hidden()
    assert phone.evaluate(STORED) == stored


def test_what_is_pressed_meanwhile_does_not_silence_it(screens: Screens) -> None:
    phone = queue(screens, 2)
    bell = phone.get_by_role("button", name="Sonner quand mon tour approche")
    bell.click()
    phone.get_by_role("button", name="J’ai une carte de priorité").click()
    expect(phone.get_by_text("C’est noté : vous passerez plus tôt.")).to_be_visible()
    expect(bell).to_have_attribute("aria-pressed", "true")
    phone.reload()
    expect(phone.get_by_text("C’est noté : vous passerez plus tôt.")).to_be_visible()
