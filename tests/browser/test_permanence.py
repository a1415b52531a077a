"""A partner on a phone opens a permanence from its flyer's words, then cancels a booked date."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accueil.planning import slots
from accueil.planning.booking import Wish, book
from accueil.store.codes import new_code
from app import create_app
from tests.browser.conftest import DESK, PHONE, Screens, Server
from tests.personae import paris

Check = Callable[[Page], None]
PARQUET_BOOKED = "ecs-parquet-rdv"
NEW = "/planning/permanences/nouvelle"
THURSDAYS = "un jeudi sur deux à partir de 14h sur rendez-vous"
REFUSALS = ("409", "422")


def refused_on_purpose(screens: Screens) -> None:
    """A question that is asked back is no complaint."""
    screens.complaints[:] = [
        text for text in screens.complaints if not any(each in text for each in REFUSALS)
    ]


def read_the_flyer(page: Page) -> None:
    page.goto(NEW)
    page.get_by_role("textbox", name="Ce que dit votre affiche").fill(THURSDAYS)
    page.get_by_role("button", name="Lire la phrase").click()
    page.get_by_role("heading", name="Il reste 2 questions").wait_for()


def answer_the_questions(page: Page) -> None:
    page.get_by_role("radio", name="jeudi 3 décembre").check()
    page.locator("#end1").fill("17:00")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("heading", name="Les prochaines dates").wait_for()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_forms_are_accessible(
    screens: Screens, accessible: Check, size: tuple[int, int]
) -> None:
    page = screens.log_in("parquet", size)
    read_the_flyer(page)
    accessible(page)
    answer_the_questions(page)
    accessible(page)
    for path in (
        NEW,
        "/planning/permanences/parquet-mercredis",
        "/planning/permanences/parquet-mercredis/date",
        "/planning/absence",
    ):
        page.goto(path)
        for fold in page.locator("main details > summary").all():
            fold.click()
        accessible(page)
    page.goto("/planning/permanences/parquet-mercredis")
    page.locator(".dates a").first.click()
    page.get_by_role("heading", name="Changer cette date").wait_for()
    for fold in page.locator("main details > summary").all():
        fold.click()
    accessible(page)


def test_what_is_typed_is_previewed_without_a_touch(screens: Screens) -> None:
    page = screens.log_in("parquet")
    page.goto(NEW)
    page.get_by_role("checkbox", name="vendredi").check()
    page.locator("#start1").fill("09:00")
    page.locator("#end1").fill("11:00")
    page.get_by_role("radio", name="Sans rendez-vous On vient").check()
    expect(page.locator("#preview .dates li")).to_have_count(6)
    page.locator("#end1").fill("08:00")
    page.locator("#end1").blur()
    expect(page.locator("#preview .dates li")).to_have_count(0)
    expect(page.locator("#end1")).to_have_value("08:00")


def somebody_books(server: Server, day: str) -> None:
    """Somebody has the first slot of that day with the Parquet."""
    at = paris(2026, 11, 23, 9, 21)
    with create_app(server.folder).extensions["house"].store.connection() as db:
        free = slots.free(db, PARQUET_BOOKED, at, asker=slots.DESK, number=40)
        slot = next(each for each in free if each.starts_at.date().isoformat() == day)
        wish = Wish(slot.id, new_code(), "desk", "fr", "Amina", "06 12 34 56 78")
        book(db, wish, slots.DESK, "an agent", at)


def test_from_the_flyer_to_a_cancelled_date(
    screens: Screens, server: Server, accessible: Check
) -> None:
    page = screens.log_in("parquet", PHONE)
    read_the_flyer(page)
    page.locator("#service").select_option(PARQUET_BOOKED)
    answer_the_questions(page)
    expect(page.locator("#preview .dates li")).to_have_count(6)
    expect(page.locator("#preview")).to_contain_text("Un jeudi sur deux, de 14 h à 17 h")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Modifier une permanence").wait_for()
    page.locator(".dates a").first.click()
    page.get_by_role("heading", name="Jeudi 3 décembre").wait_for()
    somebody_books(server, "2026-12-03")
    page.reload()
    page.locator("summary", has_text="Annuler cette date").click()
    page.get_by_role("button", name="Annuler la séance").click()
    page.get_by_role("heading", name="1 personne a rendez-vous").wait_for()
    accessible(page)
    page.get_by_role("button", name="Enregistrer le changement").click()
    expect(page.get_by_text("Il manque encore une réponse")).to_be_visible()
    accessible(page)
    page.get_by_role("radio", name="Déplacer").first.check()
    page.get_by_role("button", name="Enregistrer le changement").click()
    expect(page.get_by_text("Annulée", exact=True)).to_be_visible()
    expect(page.locator("form.undo")).to_be_visible()
    refused_on_purpose(screens)
