"""The planning on the desk, on a phone and on paper: readable, touchable, alive."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from playwright.sync_api import Page, expect

from accueil.planning import agenda, changes, plans
from accueil.store.db import Store
from tests.browser.conftest import DESK, PHONE, Screens, Server
from tests.personae import MONDAY

Check = Callable[[Page], None]
PAGES = ("/planning", "/planning?par=partenaire", "/planning/mois?mois=2026-12")
LEAST_PX = 44
SMALL = f"""
[...document.querySelectorAll("main a, main button, main select, main input:not([type=hidden])")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < {LEAST_PX} || box.height < {LEAST_PX})
  .map(([text]) => text)
"""


@pytest.mark.parametrize("size", [DESK, PHONE, (320, 640), (820, 1180)])
@pytest.mark.parametrize("login", ["accueil", "parquet"])
def test_the_planning_is_accessible_and_touchable(
    screens: Screens, accessible: Check, login: str, size: tuple[int, int]
) -> None:
    page = screens.log_in(login, size)
    for path in PAGES:
        page.goto(path)
        accessible(page)
        assert page.evaluate(SMALL) == []


def test_the_planning_speaks_english(screens: Screens, accessible: Check) -> None:
    page = screens.log_in("accueil")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en] #day")
    for path in PAGES:
        page.goto(path)
        accessible(page)


def test_the_planning_has_its_looks_however_one_comes_to_it(screens: Screens) -> None:
    page = screens.log_in("parquet")
    page.get_by_role("link", name="Planning").click()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".week-days")).to_be_hidden()
    page.get_by_role("link", name="Mon mois").click()
    expect(page).to_have_url("/planning/mois?mois=2026-11")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Semaine du 23 novembre 2026")


def test_a_phone_lists_the_days_in_place_of_the_table(screens: Screens) -> None:
    page = screens.log_in("parquet", PHONE)
    page.goto("/planning")
    expect(page.get_by_role("table")).to_be_hidden()
    page.get_by_role("link", name="jeudi 26").click()
    expect(page.get_by_role("heading", name="jeudi 26")).to_be_in_viewport()
    page.goto("/planning/mois?mois=2026-12")
    expect(page.get_by_role("heading", name="mercredi 2", exact=True)).to_be_visible()
    expect(page.locator("a.card:visible").first).to_contain_text("9:00–12:30")
    page.locator("a.card:visible").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mercredi 2 décembre")


def test_the_weeks_are_walked_with_the_keyboard(screens: Screens) -> None:
    page = screens.log_in("accueil")
    page.goto("/planning")
    page.get_by_role("link", name="Semaine suivante").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Semaine du 30 novembre 2026")
    page.locator("#jour").focus()
    page.locator("#jour").fill("2027-01-05")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Semaine du 4 janvier 2027")


def test_a_change_is_on_every_open_planning(screens: Screens, server: Server) -> None:
    page = screens.log_in("accueil")
    page.goto("/planning?semaine=2026-W50")
    expect(page.locator("table .card--off")).to_have_count(0)
    secret = bytes.fromhex((server.folder / "secret").read_text())
    store = Store(server.folder / "accueil.db", sha256(b"journal" + secret).digest())
    with store.connection() as db:
        day = date(2026, 12, 10)
        [held] = [
            each.occurrence.id
            for each in agenda.between(db, day, day)
            if each.occurrence.permanence_id == "cramif-jeudi"
        ]
        changes.carry_out(db, plans.cancelling([held], MONDAY), {}, "somebody", MONDAY)
    store.close()
    expect(page.locator("table .card--off")).to_contain_text("annulée")


def test_a_week_is_printed_on_one_sheet_without_its_buttons(screens: Screens) -> None:
    page = screens.log_in("accueil")
    for path in PAGES:
        page.goto(path)
        page.emulate_media(media="print")
        expect(page.get_by_role("table")).to_be_visible()
        for hidden in (".bar", ".planning-acts", ".planning-tools", ".week-days"):
            expect(page.locator(hidden).first).to_be_hidden()
        sheets = page.pdf(prefer_css_page_size=True)
        assert sheets.count(b"/Type /Page\n") == 1, path
        page.emulate_media(media="screen")
