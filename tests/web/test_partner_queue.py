"""A partner sees their own queue: who waits for them, and nobody else's."""

from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET
from tests.web.browser import Browser
from tests.web.page import Page
from tests.web.people import arrive


def waiting(page: Page) -> list[str]:
    return [each.one("b").text for each in page.all("li", class_="chip")]


def test_each_partner_sees_their_own_people_only(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    for service in (PARQUET, MISSION_LOCALE, DESK, PARQUET):
        arrive(db, service_id=service, alias=f"venu pour {service}")
    assert waiting(partner.get("/partenaire").page) == ["1", "4"]
    assert waiting(other_partner.get("/partenaire").page) == ["2"]
    for browser, others in ((partner, MISSION_LOCALE), (other_partner, PARQUET)):
        for path in ("/partenaire", "/partenaire/file"):
            html = browser.get(path).page.html
            assert f"venu pour {others}" not in html
            assert f"venu pour {DESK}" not in html


def test_the_part_that_changes_is_the_same_as_in_the_page(db: Db, partner: Browser) -> None:
    arrive(db, service_id=PARQUET)
    part = partner.get("/partenaire/file").page
    assert not part.whole
    assert waiting(part) == waiting(partner.get("/partenaire").page) == ["1"]


def test_the_page_says_when_one_receives_next(partner: Browser) -> None:
    page = partner.get("/partenaire").page
    assert "13:30" in page.one(class_="line").text
    assert "2 déc." in page.one(class_="coming").text


def test_the_partner_s_own_room_is_already_chosen(partner: Browser) -> None:
    assert partner.get("/partenaire").page.one("option", selected="")["value"] == "bearn-bureau-3"


def test_a_partner_who_does_not_receive_today_has_a_page_all_the_same(
    db: Db, other_partner: Browser, partner: Browser
) -> None:
    db.run("UPDATE occurrence SET status = 'cancelled' WHERE day = '2026-11-23'")
    for browser in (partner, other_partner):
        assert browser.get("/partenaire").status == 200
