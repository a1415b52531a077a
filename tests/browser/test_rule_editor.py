"""An admin writes a rule with a keyboard, with a finger, and with no script at all."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Screens

Check = Callable[[Page], None]
CIMES, RELIANCES = "essor93-cimes", "reliances-suivi"
REFUSALS = ("409", "422")


def open_rule(page: Page, listing_id: str) -> None:
    page.goto(f"/admin/annuaire/{listing_id}/conditions")


def field(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


def refused_on_purpose(screens: Screens) -> None:
    """A question that is asked back is no complaint."""
    screens.complaints[:] = [
        text for text in screens.complaints if not any(each in text for each in REFUSALS)
    ]


def admin(screens: Screens, size: tuple[int, int] = DESK, **options: object) -> Page:
    page = screens.open("/connexion", size, **options)
    page.fill("#login", "admin")
    page.fill("#password", "bonjour-la-maison")
    page.locator("main form button").first.click()
    page.wait_for_url("**/admin")
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("listing_id", [CIMES, RELIANCES])
def test_the_editor_is_accessible(
    screens: Screens, accessible: Check, size: tuple[int, int], listing_id: str
) -> None:
    page = admin(screens, size)
    open_rule(page, listing_id)
    accessible(page)
    for fold in page.locator("main details > summary").all():
        fold.click()
    for every in page.get_by_role("checkbox", name="Voir toutes les réponses").all():
        every.check()
    accessible(page)
    page.locator('[name="n.0.low"]').fill("beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator(".problem").first.wait_for()
    expect(page.locator('[name="n.0.low"]')).to_be_focused()
    accessible(page)
    refused_on_purpose(screens)


def test_what_is_typed_is_read_back_and_tried_without_a_touch(screens: Screens) -> None:
    page = admin(screens)
    open_rule(page, CIMES)
    page.locator("#fact-age").fill("17")
    expect(page.locator("#verdict")).to_contain_text("Non")
    expect(page.locator("#fact-age")).to_be_focused()
    page.locator('[name="n.0.low"]').fill("16")
    expect(page.locator("#sentence")).to_contain_text("plus de 16 ans")
    expect(page.locator("#verdict")).to_contain_text("À vérifier")
    expect(page.locator('[name="n.0.low"]')).to_be_focused()
    page.locator('[name="n.0.low"]').fill("60")
    page.locator('[name="n.0.high"]').fill("")
    expect(page.locator("#said")).to_contain_text("n’est pas finie")
    expect(page.locator("#verdict")).to_have_count(1)


def test_the_keyboard_alone_builds_a_condition(screens: Screens) -> None:
    page = admin(screens)
    open_rule(page, CIMES)
    choice = page.locator('[id="n.adding"]')
    choice.focus()
    page.keyboard.type("Femme")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="femme", exact=True)).to_be_focused()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    page.keyboard.press("Space")
    expect(page.locator("#sentence")).to_contain_text("femme")
    expect(page.locator("#fact-gender")).to_be_visible()  # the made-up person is asked it too
    page.locator('[id="n.4.up"]').focus()
    for there in (3, 2, 1, 0):
        page.keyboard.press("Enter")
        button = "up" if there else "down"
        expect(page.locator(f'[id="n.{there}.{button}"]')).to_be_focused()
    expect(page.locator("#sentence")).to_contain_text(re.compile("femme.*18 ans"))
    page.locator('button[value="remove:n.0"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#restore")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="femme", exact=True)).to_be_focused()
    expect(page.get_by_role("checkbox", name="femme", exact=True)).to_be_checked()


def test_only_the_ticked_answers_of_a_rule_are_in_the_way(screens: Screens) -> None:
    page = admin(screens, PHONE)
    open_rule(page, RELIANCES)
    group = page.get_by_role("group", name="Situation").first
    expect(group.locator(".answer-tick:visible")).to_have_count(1)
    group.get_by_text("Voir toutes les réponses").click()
    expect(group.locator(".answer-tick:visible")).to_have_count(7)


def test_a_button_takes_nothing_of_what_was_typed_with_it(screens: Screens) -> None:
    page = admin(screens)
    open_rule(page, RELIANCES)
    page.locator('[name="n.0.low"]').fill("dix")
    page.locator("#fact-age").fill("20")
    page.get_by_role("button", name="Ajouter un groupe").last.click()
    expect(page.locator('[id="n.2.kind"]')).to_be_focused()
    assert (field(page, "n.0.low"), field(page, "fact-age")) == ("dix", "20")
    page.locator('button[value="line:c"]').click()
    expect(page.get_by_text("Choisissez d’abord sur quoi porte la condition.")).to_be_visible()
    page.locator('[name="n.0.low"]').press("Enter")
    expect(page.locator('[name="n.0.low"]')).to_be_focused()
    assert (field(page, "n.0.low"), field(page, "fact-age")) == ("dix", "20")
    refused_on_purpose(screens)


def test_a_rule_is_written_without_any_script(screens: Screens) -> None:
    page = admin(screens, PHONE, java_script_enabled=False)
    open_rule(page, "ecs-cramif")
    page.locator('[id="n.adding"]').select_option(label="Âge")
    page.locator('button[value="line:n"]').click()
    page.locator('[id="n.0.op"]').select_option(label="au moins")
    expect(page.locator('[name="n.0.high"]')).to_be_hidden()
    page.locator('[name="n.0.low"]').fill("60")
    page.locator('button[value="show"]').press("Enter")
    expect(page.locator("#sentence")).to_contain_text("60 ans ou plus")
    page.locator("#fact-age").fill("59")
    page.get_by_role("button", name="Essayer").click()
    expect(page.locator("#verdict")).to_contain_text("Non")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/annuaire/ecs-cramif")
    open_rule(page, "ecs-cramif")
    assert field(page, "n.0.low") == "60"


def test_a_rule_for_nobody_is_asked_about(screens: Screens, accessible: Check) -> None:
    page = admin(screens)
    open_rule(page, CIMES)
    page.locator('[id="n.adding"]').select_option(label="Âge")
    page.locator('button[value="line:n"]').click()
    page.locator('[id="n.4.op"]').select_option(label="moins de")
    page.locator('[name="n.4.low"]').fill("18")
    expect(page.locator("#said")).to_contain_text("Personne ne peut remplir")
    page.get_by_role("button", name="Enregistrer").click()
    again = page.get_by_role("button", name="Enregistrer quand même")
    again.wait_for()
    accessible(page)
    refused_on_purpose(screens)
