"""The directory under people's hands: it answers as one types, and is read on a phone too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Screens

Check = Callable[[Page], None]


def test_the_list_follows_what_is_typed_and_the_box_keeps_it(screens: Screens) -> None:
    page = screens.log_in("accueil")
    page.get_by_role("link", name="Annuaire").click()
    page.get_by_label("Un besoin, un nom, un lieu").press_sequentially("epicerie", delay=20)
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("epicerie")
    page.locator(".entry").click()
    page.get_by_role("heading", name="Sol’Épi").wait_for()
    page.go_back()
    expect(page.locator("#q")).to_have_value("epicerie")
    expect(page.locator(".entry")).to_have_count(1)


def test_a_tile_is_one_touch(screens: Screens) -> None:
    page = screens.log_in("parquet")
    page.goto("/annuaire")
    page.get_by_label("Santé, Assurance maladie").click()
    expect(page.locator(".entry", has_text="Cramif")).to_be_visible()
    expect(page.locator(".entry", has_text="Clic6")).to_have_count(0)


def test_without_javascript_too(screens: Screens) -> None:
    plain = screens.open("/connexion", DESK, java_script_enabled=False)
    plain.fill("#login", "accueil")
    plain.fill("#password", "bonjour-accueil")
    plain.locator("main form button").first.click()
    plain.goto("/annuaire")
    plain.fill("#q", "cimes")
    plain.get_by_role("button", name="Chercher").click()
    expect(plain.locator(".entry")).to_have_count(1)
    plain.goto("/accueil/nouveau/seniors")
    plain.fill("#asked-typed", "67")
    plain.get_by_role("button", name="Valider").click()
    expect(plain.locator(".verdict")).to_have_text("Oui")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_everybody_can_read_it(screens: Screens, accessible: Check, size: tuple[int, int]) -> None:
    page = screens.log_in("admin", size)
    for path in (
        *("", "?q=hebergement", "?a-verifier=1", "/essor93-cimes", "/ecs-mission-locale"),
        *("/nouvelle", "/ecs-clic6/modifier", "/essor93-cimes/modifier", "/essor93-cimes/retirer"),
    ):
        page.goto(f"/annuaire{path}")
        accessible(page)


def test_a_question_is_answered_without_losing_what_is_typed_below(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.goto("/accueil/nouveau/seniors")
    desk.get_by_text("Préciser un nom d’usage").click()
    desk.fill("#alias", "Mme Diallo")
    desk.fill("#asked-typed", "60")
    desk.keyboard.press("Enter")
    expect(desk.locator("#asked")).to_have_text("Pour qui venez-vous ?")
    expect(desk.locator("#alias")).to_have_value("Mme Diallo")
    desk.get_by_role("button", name="Pour une personne âgée de ma famille").click()
    expect(desk.locator(".verdict")).to_have_text("Oui")
    desk.get_by_role("button", name="Attendra l’accueil").click()
    expect(desk.locator(".presence", has_text="Mme Diallo")).to_be_visible()
    kept = desk.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert [word for word in ("fact", "60", "agee", "Diallo") if word in kept] == []


def test_everybody_can_answer(screens: Screens, accessible: Check) -> None:
    desk = screens.log_in("accueil", PHONE)
    desk.goto("/accueil/nouveau/logement")
    desk.get_by_text("Tout préciser").click()
    desk.fill("#every-age", "19")
    desk.get_by_label("Contrat jeune majeur APJM").last.check()
    desk.get_by_role("button", name="Voir qui peut aider").click()
    expect(desk.locator(".said-chip")).to_have_count(2)
    accessible(desk)
