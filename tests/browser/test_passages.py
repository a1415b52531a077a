"""One person, several passages: from the desk to a partner and back, each undone while it can be;
a code that a scanner types, wherever the focus is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BOARD, DESK, PHONE, Screens

Check = Callable[[Page], None]
TYPED_AT_ONCE = """keys => { for (const key of keys) document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})) }"""


def newcomer(desk: Page) -> str:
    """Somebody registered for the desk itself; their number."""
    desk.goto("/accueil/nouveau/droit")
    desk.get_by_role("button", name="Attendra l’accueil").click()
    number = desk.locator(".panel .big").inner_text()
    desk.get_by_role("link", name="C’est fait").click()
    return number


def open_visit(desk: Page, number: str) -> None:
    desk.locator(".presence", has=desk.locator("b", has_text=re.compile(f"^{number}$"))).click()
    expect(desk.locator("#panel-title")).to_have_text(f"Numéro {number}")


def line(desk: Page, name: str) -> Locator:
    return desk.locator(".line", has=desk.get_by_role("heading", name=name)).first


def chip(desk: Page, name: str, number: str) -> Locator:
    return line(desk, name).locator(
        ".chip", has=desk.locator("b", has_text=re.compile(f"^{number}$"))
    )


def test_from_the_desk_to_a_partner_and_back_with_the_way_back_each_time(screens: Screens) -> None:
    desk, board = screens.log_in("accueil"), screens.open("/ecran", BOARD)
    partner = screens.log_in("parquet", PHONE)
    number = newcomer(desk)

    open_visit(desk, number)
    desk.locator("#panel").get_by_role("button", name="Correspondant du Parquet").click()
    expect(chip(desk, "Correspondant du Parquet", number)).to_be_visible()
    expect(desk.locator(".undo")).to_contain_text("changement de file")
    desk.get_by_role("button", name="Annuler").click()
    expect(chip(desk, "Accueil partagé", number)).to_be_visible()
    open_visit(desk, number)
    desk.locator("#panel").get_by_role("button", name="Correspondant du Parquet").click()

    place = partner.locator(".chips--rows .chip", has_text=number)
    expect(place).to_contain_text("Sans rendez-vous, en file depuis")
    partner.locator("#call button").click()
    expect(partner.locator(".guest .big")).to_have_text(number)
    expect(board.locator(".number")).to_have_text(number)
    partner.get_by_role("button", name="Annuler").click()
    expect(partner.locator(".guest")).to_have_count(0)
    expect(board.locator(".number", has_text=number)).to_have_count(0)
    partner.locator("#call button").click()
    partner.get_by_role("button", name="Est là").click()
    expect(partner.locator(".guest--serving .big")).to_have_text(number)

    partner.get_by_role("link", name="Confier à").click()
    partner.locator("#panel").get_by_role("button", name="Accueil partagé").click()
    expect(partner.locator(".guest")).to_have_count(0)
    expect(chip(desk, "Accueil partagé", number)).to_be_visible()
    partner.get_by_role("button", name="Annuler").click()
    expect(partner.locator(".guest--serving .big")).to_have_text(number)
    expect(chip(desk, "Accueil partagé", number)).to_have_count(0)


def test_the_way_is_kept_while_the_house_changes(screens: Screens) -> None:
    """« Ensuite » was chosen; somebody else comes in meanwhile; it is still « Ensuite »."""
    desk = screens.log_in("accueil")
    number = newcomer(desk)
    open_visit(desk, number)
    desk.locator("#panel").get_by_role("link", name="Ensuite").click()
    expect(desk.locator(".how[aria-current]")).to_have_text("Ensuite")
    newcomer(screens.log_in("accueil"))
    expect(desk.locator(".presence").first.locator("b")).not_to_have_text(number)
    expect(desk.locator(".how[aria-current]")).to_have_text("Ensuite")
    desk.locator("#panel").get_by_role("button", name="Mission locale").click()
    expect(chip(desk, "Mission locale", number)).to_contain_text("ensuite")


def test_what_is_being_typed_is_never_taken_back(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.locator("#scanned").press_sequentially("BCDEF")
    number = newcomer(screens.log_in("accueil"))
    expect(desk.locator(".presence b", has_text=number).first).to_be_visible()
    expect(desk.locator("#scanned")).to_have_value("BCDEF")
    expect(desk.locator("#scanned")).to_be_focused()


def test_a_scanner_is_heard_wherever_the_focus_is(screens: Screens) -> None:
    """Its keys come faster than fingers, and end with Enter; here, a code that nobody has."""
    desk = screens.log_in("accueil")
    desk.get_by_role("link", name="Chiffres").focus()
    scanned = [*"httpsM!!maison!r!BCDEFGHJKLNPRSTUVXYBCDEFGHJKLNP", "Enter"]
    desk.evaluate(TYPED_AT_ONCE, scanned)
    expect(desk.locator(".panel [role=alert]")).to_contain_text("pas reconnu")
    expect(desk.locator("#typed")).to_have_value(re.compile("BCDEFGHJKLNPRSTUVXYBCDEFGHJKLNP$"))
    screens.complaints[:] = [text for text in screens.complaints if "422" not in text]


@pytest.mark.parametrize("size", [DESK, PHONE, (320, 640)])
def test_the_gestures_are_for_everybody(
    screens: Screens, accessible: Check, size: tuple[int, int]
) -> None:
    desk = screens.log_in("accueil", size)
    number = newcomer(desk)
    accessible(desk)
    open_visit(desk, number)
    accessible(desk)
    desk.get_by_role("link", name="Mettre en pause").click()
    desk.wait_for_selector(".pause")
    accessible(desk)
    for path in ("/accueil/feuille", "/accueil/chiffres"):
        desk.goto(path)
        accessible(desk)


@pytest.mark.parametrize("size", [DESK, PHONE, (320, 640)])
def test_a_partner_s_gestures_are_for_everybody(
    screens: Screens, accessible: Check, size: tuple[int, int]
) -> None:
    desk = screens.log_in("accueil")
    number = newcomer(desk)
    open_visit(desk, number)
    desk.locator("#panel").get_by_role("button", name="Correspondant du Parquet").click()
    partner = screens.log_in("parquet", size)
    accessible(partner)
    partner.locator(".chips--rows .chip a").first.click()
    partner.wait_for_selector("#panel-title")
    accessible(partner)
    partner.locator("#panel").get_by_role("link", name="Mettre en pause").click()
    partner.wait_for_selector(".pause")
    accessible(partner)
