"""At the kiosk, an answer of another day becomes an appointment: two touches, and no name."""

import pytest

from accueil.planning import booking
from accueil.reception.visits import REPEAT_WITHIN
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MAISON_POUR_TOUS, MONDAY
from tests.web.bookings import CRAMIF, MEETING, WRITER, book, code_of, edit, every, free, meeting_of
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.kiosk import ANSWERS, HOME, TICKET, answers, card, turn_to
from tests.web.page import Page

SLOTS, BOOK = f"{HOME}/creneaux", f"{HOME}/reserver"


def slots_of(kiosk: Browser, language: str = "fr", position: int = 0) -> Page:
    """Touch the button of an answer that is booked."""
    page = answers(kiosk, "papiers", language)
    form = [each for each in page.forms if each["action"] == SLOTS][position]
    data = {each["name"]: each["value"] for each in form.all("input")}
    answer = kiosk.send(SLOTS, {**data, "service": form.one("button")["value"]})
    assert answer.status == 200
    return answer.page


def take(kiosk: Browser, page: Page, position: int = 0) -> Answer:
    chosen = page.all("button", name="slot")[position]["value"]
    return kiosk.press(page, BOOK, slot=chosen)


def test_the_next_hours_of_the_next_days(visitor: Browser) -> None:
    page = slots_of(visitor)
    days = [each.text for each in page.one("form", class_="dates").all("h2")]
    assert days == ["jeudi 26 novembre", "jeudi 10 décembre", "jeudi 24 décembre"]
    assert "jeudi 26 novembre 14:00" in page.all("button", name="slot")[0].text
    assert len(page.all("button", name="slot")) == 18


def test_another_address_of_the_house_is_said(visitor: Browser) -> None:
    page = slots_of(visitor, position=1)
    assert "Maison pour tous" in page.one("p", class_="notice").text
    assert page.one("form", class_="dates").all("h2")[0].text == "jeudi 3 décembre"


def test_one_touch_more_is_an_appointment_with_its_square(db: Db, visitor: Browser) -> None:
    booked = take(visitor, slots_of(visitor, "ar"), 1)
    assert booked.status == 200
    assert booked.page.one("p", class_="when-day").text == "الخميس 26 نوفمبر"
    assert booked.page.one("p", class_="when-hour").text == "14:30"
    [held] = every(db)
    assert (held.name, held.phone, held.language, held.channel) == (None, None, "ar", "kiosk")
    assert visitor.get(f"/r/{code_of(booked.page)}").page.one("html")["lang"] == "ar"


def test_nothing_is_asked_to_be_typed(visitor: Browser) -> None:
    page = slots_of(visitor)
    for each in (page, take(visitor, page).page):
        assert {field.get("type") for field in each.all("input")} <= {"hidden"}


def test_it_prints_and_resets_itself(visitor: Browser) -> None:
    page = take(visitor, slots_of(visitor)).page
    assert [each for each in page.all("button") if "data-print" in each.attributes]
    assert [each for each in page.all("b") if "data-rest-count" in each.attributes]
    assert visitor.press(page, HOME).page.form(ANSWERS, need="droit")


def test_a_double_tap_is_one_appointment(db: Db, visitor: Browser) -> None:
    page = slots_of(visitor)
    first, second = take(visitor, page), take(visitor, page, 3)
    assert code_of(first.page) == code_of(second.page)
    assert (
        first.page.one("p", class_="when-hour").text
        == second.page.one("p", class_="when-hour").text
    )
    assert len(every(db)) == 1


def test_the_same_screen_in_another_language_is_the_same_appointment(
    db: Db, visitor: Browser
) -> None:
    page = take(visitor, slots_of(visitor)).page
    other = turn_to(visitor, page, BOOK, "en")
    assert (other.status, code_of(other.page)) == (200, code_of(page))
    assert len(every(db)) == 1


def test_later_the_screen_is_another_person_s(db: Db, visitor: Browser, clock: Clock) -> None:
    page = slots_of(visitor)
    take(visitor, page)
    clock.set(MONDAY + REPEAT_WITHIN)
    assert take(visitor, page).status == 200
    clock.pass_by(seconds=1)
    again = take(visitor, page)
    assert (again.status, again.location) == (303, HOME)


def test_once_cancelled_the_screen_shows_nobody(db: Db, visitor: Browser) -> None:
    page = slots_of(visitor)
    take(visitor, page)
    booking.cancel(db, every(db)[0].id, "visitor", "visitor", MONDAY)
    assert take(visitor, page).location == HOME


def test_an_hour_taken_meanwhile_shows_the_others_and_says_so(db: Db, visitor: Browser) -> None:
    page = slots_of(visitor)
    book(db, free(db)[0])
    answer = take(visitor, page)
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert "14:30" in answer.page.all("button", name="slot")[0].text
    assert take(visitor, answer.page).status == 200


def test_an_hour_of_a_service_that_is_for_staff_is_not_booked(db: Db, visitor: Browser) -> None:
    page = slots_of(visitor)
    db.run("UPDATE service SET audience = 'staff' WHERE id = :id", id=WRITER)
    assert take(visitor, page).page.all("img", class_="square") == []
    assert every(db) == []


def test_an_hour_that_is_no_more_shows_the_others(db: Db, visitor: Browser) -> None:
    page = slots_of(visitor)
    edit(db, "nouvelles-voies-bearn", slot_minutes=45)
    answer = take(visitor, page, 1)
    assert answer.status == 409
    assert "14:00" in answer.page.all("button", name="slot")[0].text


def test_none_of_these_dates_is_a_ticket_for_the_desk(db: Db, visitor: Browser) -> None:
    ticket = visitor.press(slots_of(visitor), TICKET)
    assert ticket.status == 200
    assert ticket.page.one("p", class_="number").text == "1"
    assert every(db) == []


def test_somebody_who_has_booked_may_still_speak_in_private(visitor: Browser) -> None:
    page = take(visitor, slots_of(visitor)).page
    ticket = visitor.press(page, TICKET, private="1")
    assert ticket.status == 200
    square = ticket.page.one("img", class_="square")["src"]
    assert code_of(page) not in square, "the ticket has a code of its own"


def test_when_everything_is_taken_it_is_said_and_the_desk_is_proposed(
    db: Db, visitor: Browser
) -> None:
    edit(db, "nouvelles-voies-bearn", ahead_days=1)
    page = answers(visitor, "papiers")
    here = page.all("li", class_="card--here_on")[0]
    assert here.all("button") == []
    assert "Aucune place libre" in here.text
    late = visitor.post(SLOTS, {"service": WRITER, "need": "papiers"}).page
    assert late.all("button", name="slot") == []
    assert visitor.press(late, TICKET).status == 200


def test_what_is_kept_for_the_desk_is_not_at_the_kiosk(db: Db, visitor: Browser) -> None:
    edit(db, "nouvelles-voies-bearn", kept=2)
    kept = free(db)[0]
    page = slots_of(visitor)
    assert "15:00" in page.all("button", name="slot")[0].text
    assert visitor.press(page, BOOK, slot=page.all("button", name="slot")[0]["value"]).status == 200
    form = {"slot": kept.id, "code": new_code(), "service": WRITER}
    assert visitor.post(BOOK, form).status == 409


def test_a_meeting_has_its_number_of_places(db: Db, visitor: Browser) -> None:
    meeting_of(db, 2)
    slot = free(db, MEETING)[0]
    form = {"slot": slot.id, "service": MEETING, "place": slot.site_id}
    statuses = [visitor.post(BOOK, {**form, "code": new_code()}).status for _ in range(3)]
    assert statuses == [200, 200, 409]


def test_who_books_at_their_own_phone_has_no_button(db: Db, visitor: Browser) -> None:
    page = answers(visitor, "sante")
    cramif = card(page, "Assistante sociale de la Cramif")
    assert cramif.all("button") == []
    assert "01 56 20 15 85" in cramif.text.replace("\N{NO-BREAK SPACE}", " ")
    form = {"slot": free(db, CRAMIF)[0].id, "service": CRAMIF, "code": new_code()}
    assert visitor.post(SLOTS, form).status == 422
    assert visitor.post(BOOK, form).status == 422
    assert every(db) == []


@pytest.mark.parametrize("service", ["", "nobody", "ecs-as-personnel-communal", "\0"])
def test_what_is_not_proposed_to_visitors_begins_again(
    service: str, db: Db, visitor: Browser
) -> None:
    answer = visitor.post(SLOTS, {"service": service, "code": new_code()})
    assert answer.status == 422
    assert answer.page.form(ANSWERS, need="droit")


@pytest.mark.parametrize("code", ["", "x", "A" * 31])
def test_a_code_that_is_not_one_begins_again(code: str, db: Db, visitor: Browser) -> None:
    form = {"slot": free(db)[0].id, "service": WRITER, "code": code}
    assert visitor.post(BOOK, form).status == 422
    assert every(db) == []


def test_a_place_that_is_none_is_the_same_as_no_page(visitor: Browser) -> None:
    form = {"service": WRITER, "place": "nowhere"}
    assert visitor.post(SLOTS, form).status == 404
    assert visitor.post(SLOTS, {**form, "place": MAISON_POUR_TOUS}).status == 200


@pytest.mark.parametrize("step", ["creneaux", "reserver"])
def test_an_address_typed_or_reloaded_begins_again(step: str, visitor: Browser) -> None:
    assert visitor.get(f"{HOME}/{step}").location == HOME
