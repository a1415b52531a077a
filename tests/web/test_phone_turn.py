"""On one's own phone: my number, the people before me, and the room when it is my turn."""

import pytest

from accueil.reception import calls, visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import code, number, take
from tests.web.page import Page
from tests.web.people import arrive


def turn(page: Page) -> list[str]:
    """The words of the part that changes."""
    return page.one(id="turn").text.split()


def test_the_ticket_s_square_opens_one_s_page(visitor: Browser) -> None:
    ticket = take(visitor, service=PARQUET).page
    page = visitor.get(f"/v/{code(ticket)}").page
    assert number(page) == number(ticket) == 1


def test_people_before_are_counted(db: Db, visitor: Browser) -> None:
    for _ in range(5):
        arrive(db, service_id=PARQUET)
    mine = new_code()
    arrive(db, service_id=PARQUET, code=mine)
    page = visitor.get(f"/v/{mine}").page
    assert number(page) == 6
    assert page.one(class_="many").text == "5"


def test_the_number_of_people_falls_as_they_are_called(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    mine = new_code()
    arrive(db, service_id=PARQUET, code=mine)
    assert visitor.get(f"/v/{mine}/tour").page.one(class_="many").text == "1"
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    assert visitor.get(f"/v/{mine}/tour").page.all(class_="many") == []


def test_when_it_is_my_turn_the_room_is_there(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    arrive(db, service_id=PARQUET, code=mine)
    before = visitor.get(f"/v/{mine}").page
    assert before.all(class_="room") == []
    assert before.one(id="turn").get("data-called") is None
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    page = visitor.get(f"/v/{mine}").page
    assert page.one(class_="room").text == "Bureau 3"
    assert page.one(id="turn")["data-called"] == "1"


def test_a_call_sounded_again_is_seen_by_the_phone(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    entry = turn_of(db, arrive(db, service_id=PARQUET, code=mine))
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    partner.post(f"/partenaire/passages/{entry.id}/recall")
    assert visitor.get(f"/v/{mine}/tour").page.one(id="turn")["data-called"] == "2"


def test_whoever_was_not_there_is_told_to_ask(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    entry = turn_of(db, arrive(db, service_id=PARQUET, code=mine))
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    partner.post(f"/partenaire/passages/{entry.id}/absent")
    page = visitor.get(f"/v/{mine}").page
    assert number(page) == 1
    assert page.all(class_="room") == []


def test_a_visit_that_is_over_says_so_all_day(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    entry = turn_of(db, arrive(db, service_id=PARQUET, code=mine))
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    partner.post(f"/partenaire/passages/{entry.id}/finish")
    page = visitor.get(f"/v/{mine}").page
    sent = [each for each in page.forms if each["method"] == "post"]
    assert [each.one("button")["name"] for each in sent] == ["show"]


def test_while_one_is_received_the_other_queue_is_not_counted(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    visit = arrive(db, service_id=PARQUET, code=mine)
    arrive(db, service_id=MISSION_LOCALE)
    calls.send_to(db, visit.id, MISSION_LOCALE, "nadia", visit.arrived_at)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    page = visitor.get(f"/v/{mine}").page
    assert page.one(class_="room").text == "Bureau 3"
    assert page.all(class_="many") == []


def test_whoever_asked_in_private_is_told_of_that_turn(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, service_id=PARQUET)
    visit = arrive(db, service_id=PARQUET, code=mine)
    arrive(db, service_id=DESK)
    visits.ask_in_private(db, visit.id, "visitor", visit.arrived_at)
    assert visitor.get(f"/v/{mine}").page.all(class_="many") == []


def test_a_service_that_has_stopped_receiving_is_said(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    mine = new_code()
    arrive(db, service_id=PARQUET, code=mine)
    open_page = visitor.get(f"/v/{mine}").page.one(id="turn").text
    clock.pass_by(hours=1, minutes=15)
    closed_page = visitor.get(f"/v/{mine}").page.one(id="turn").text
    assert "13:30" not in open_page
    assert "13:30" in closed_page


@pytest.mark.parametrize("service", [PARQUET, DESK])
def test_the_page_says_nothing_of_why_one_came(service: str, db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, service_id=service, code=mine, need="droit", alias="Zoé")
    page = visitor.get(f"/v/{mine}").page
    assert "Parquet" not in page.html
    assert "Zoé" not in page.html


def test_the_address_may_be_in_any_case(db: Db, visitor: Browser) -> None:
    """A square in capitals is coarser, and a phone keeps the address as it was read."""
    mine = new_code()
    arrive(db, code=mine)
    for address in (f"/v/{mine}", f"/V/{mine}", f"/v/{mine.lower()}", f"/V/{mine.lower()}"):
        assert number(visitor.get(address).page) == 1


def test_the_part_that_changes_is_the_same_as_in_the_page(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    whole, part = visitor.get(f"/v/{mine}").page, visitor.get(f"/v/{mine}/tour").page
    assert not part.whole
    assert turn(whole) == turn(part)
    asked = whole.one(id="turn")["hx-get"]
    assert visitor.get(asked).page.html == part.html


def test_what_has_not_changed_is_not_sent_again(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    tag = visitor.get(f"/v/{mine}/tour").headers["ETag"]
    same = visitor.get(f"/v/{mine}/tour", headers={"If-None-Match": tag})
    assert (same.status, same.body) == (304, b"")
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    changed = visitor.get(f"/v/{mine}/tour", headers={"If-None-Match": tag})
    assert changed.status == 200
    assert changed.page.one(class_="room").text == "Bureau 3"


def test_the_page_is_in_the_language_of_the_kiosk_until_another_is_touched(
    db: Db, visitor: Browser
) -> None:
    mine = new_code()
    arrive(db, code=mine, language="ar")
    page = visitor.get(f"/v/{mine}", headers={"Accept-Language": "en"}).page
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar", "rtl")
    english = visitor.press(page, f"/v/{mine}", language="en").page
    assert english.one("html")["lang"] == "en"
    assert "language=en" in english.one(id="turn")["hx-get"]


def test_the_number_and_the_room_do_not_turn_round(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    arrive(db, code=mine, language="ar", service_id=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    page = visitor.get(f"/v/{mine}").page
    assert page.one(class_="number").one("bdi")["dir"] == "ltr"
    assert page.one(class_="room").all(lang="fr", dir="ltr")


def test_late_in_the_night_it_is_still_the_site_s_day(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    """23:30 in Paris is the same day in Paris, whatever it is elsewhere."""
    mine = new_code()
    arrive(db, code=mine)
    clock.pass_by(hours=14, minutes=10)
    assert visitor.get(f"/v/{mine}").status == 200
    clock.pass_by(minutes=30)
    assert visitor.get(f"/v/{mine}").status == 404
