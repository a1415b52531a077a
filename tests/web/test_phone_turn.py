"""On one's own phone: my number, the people before me, and the room when it is my turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accueil.house.accounts import accounts
from accueil.reception import calls, passages, visits
from accueil.reception.calls import Host
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET, PARQUET_ROOM, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import code, number, take
from tests.web.page import Page
from tests.web.people import arrive

HOUR = timedelta(hours=1)


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
    passages.send_to(db, visit.id, MISSION_LOCALE, "nadia", visit.arrived_at)
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


def test_a_tag_changes_whenever_what_is_shown_does(db: Db, visitor: Browser, clock: Clock) -> None:
    """Looked at after each change: a phone that has the page before is sent another, or what it
    has is what it would be sent."""
    claire = next(each.id for each in accounts(db) if each.login == "claire")
    before = arrive(db, service_id=PARQUET)
    mine = new_code()
    visit = arrive(db, code=mine, service_id=PARQUET)
    entry = turn_of(db, visit)
    changes: list[Callable[[], object]] = [
        lambda: arrive(db, service_id=PARQUET),
        lambda: calls.leave(db, before.id, clock.now),
        lambda: passages.park(db, entry.id, "air", clock.now + HOUR, "nadia", clock.now),
        lambda: clock.pass_by(minutes=40),
        lambda: clock.pass_by(minutes=40),
        lambda: passages.resume(db, entry.id, "nadia", clock.now),
        lambda: calls.call(db, entry.id, Host(claire, PARQUET_ROOM), clock.now),
        lambda: calls.recall(db, entry.id, claire, clock.now),
        lambda: calls.did_not_come(db, entry.id, claire, clock.now),
        lambda: calls.came_back(db, entry.id, "visitor", clock.now),
        lambda: visits.ask_in_private(db, visit.id, "visitor", clock.now),
        lambda: calls.leave(db, visit.id, clock.now),
    ]
    shown = visitor.get(f"/v/{mine}/tour")
    pages = {shown.page.html}
    for change in changes:
        change()
        known = {"If-None-Match": shown.headers["ETag"]}
        again = visitor.get(f"/v/{mine}/tour", headers=known)
        whole = visitor.get(f"/v/{mine}/tour")
        assert again.status == 200 or whole.page.html == shown.page.html
        shown = whole
        pages.add(whole.page.html)
    assert len(pages) > 7


def test_a_tag_is_of_one_language(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    tag = visitor.get(f"/v/{mine}/tour").headers["ETag"]
    english = visitor.get(f"/v/{mine}/tour?language=en", headers={"If-None-Match": tag})
    assert english.status == 200


@pytest.mark.parametrize(("before", "every"), [(0, "5s"), (3, "5s"), (4, "15s"), (12, "15s")])
def test_a_phone_asks_more_often_when_its_turn_is_near(
    before: int, every: str, db: Db, visitor: Browser
) -> None:
    for _ in range(before):
        arrive(db, service_id=PARQUET)
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    turn = visitor.get(f"/v/{mine}/tour").page.one(id="turn")
    assert turn["hx-trigger"] == f"every {every}"


def test_a_phone_whose_number_was_called_asks_often(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    entry = turn_of(db, arrive(db, service_id=PARQUET, code=mine))
    for _ in range(6):
        arrive(db, service_id=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    assert visitor.get(f"/v/{mine}/tour").page.one(id="turn")["hx-trigger"] == "every 5s"
    partner.post(f"/partenaire/passages/{entry.id}/absent")
    assert visitor.get(f"/v/{mine}/tour").page.one(id="turn")["hx-trigger"] == "every 5s"


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
