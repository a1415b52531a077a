"""A slot is taken for somebody: a small form, a paper to hand over, and no name required."""

import pytest

from accueil.planning import booking
from accueil.store.codes import code_hash, new_code
from accueil.store.db import Db
from tests.web.bookings import (
    CRAMIF,
    MEETING,
    PHONE,
    SEARCH,
    SOCIAL,
    WRITER,
    book,
    code_of,
    every,
    form,
    free,
    hours,
    meeting_of,
    take,
)
from tests.web.browser import Browser

TYPED = {"name": "Moussa  D.", "phone": "+33 6 18 42 04 84", "visitor_language": "ar"}


def test_the_form_makes_an_appointment(db: Db, agent: Browser) -> None:
    given = take(agent, free(db)[1], **TYPED)
    assert given.status == 200
    [held] = every(db)
    assert (held.name, held.phone, held.language) == ("Moussa D.", PHONE, "ar")
    assert (held.channel, held.starts_at) == ("desk", free(db)[0].ends_at)


def test_nothing_has_to_be_typed(db: Db, agent: Browser) -> None:
    assert take(agent, free(db)[0]).status == 200
    [held] = every(db)
    assert (held.name, held.phone, held.language) == (None, None, "fr")


def test_what_is_handed_over_is_in_the_person_s_language(db: Db, agent: Browser) -> None:
    paper = take(agent, free(db)[0], **TYPED).page.one("section", class_="slip")
    assert (paper["lang"], paper["dir"]) == ("ar", "rtl")
    assert "الخميس 26 نوفمبر" in paper.text
    assert "14:00" in paper.text
    assert "Moussa" not in paper.text
    assert "3 rue du Béarn" in paper.text


def test_the_page_around_stays_in_the_staff_s_language(db: Db, agent: Browser) -> None:
    page = take(agent, free(db)[0], **TYPED).page
    assert page.one("html")["lang"] == "fr"
    assert "jeudi 26 novembre" in page.one("main").text


def test_its_square_opens_the_visitor_s_page(db: Db, agent: Browser, visitor: Browser) -> None:
    page = take(agent, free(db)[0]).page
    code = code_of(page)
    assert visitor.get(page.one("img", class_="square")["src"]).response.mimetype == "image/svg+xml"
    assert visitor.get(f"/r/{code}").status == 200
    assert [row["code_hash"] for row in db.all("SELECT code_hash FROM appointment")] == [
        code_hash(code)
    ]


def test_it_prints(db: Db, agent: Browser) -> None:
    assert [
        each
        for each in take(agent, free(db)[0]).page.all("button")
        if "data-print" in each.attributes
    ]


def test_a_double_tap_is_one_appointment(db: Db, agent: Browser) -> None:
    page = form(agent, free(db)[0])
    first, second = (agent.press(page, SEARCH) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert code_of(first.page) == code_of(second.page)
    assert len(every(db)) == 1


def test_an_old_form_never_hands_over_an_appointment_that_was_undone(
    db: Db, agent: Browser
) -> None:
    page = form(agent, free(db)[0])
    given = agent.press(page, SEARCH)
    undo = given.page.one("form", class_="undo")["action"]
    assert agent.press(given.page, undo).status == 303
    again = agent.press(page, SEARCH)
    assert again.status == 409
    assert again.page.all("section", class_="slip") == []
    assert [each.state for each in every(db)] == ["cancelled"]
    assert agent.press(again.page, SEARCH).status == 200
    assert {each.state for each in every(db)} == {"cancelled", "booked"}


def test_several_slots_in_a_row(db: Db, agent: Browser) -> None:
    slots = free(db)
    page = form(agent, slots[3])
    options = [each["value"] for each in page.one("select", name="length").all("option")]
    assert options == ["1", "2", "3"], "16:30 is the last"
    agent.press(page, SEARCH, fill={"length": "2"})
    [held] = every(db)
    assert (held.starts_at, held.ends_at) == (slots[3].starts_at, slots[4].ends_at)
    assert len(free(db, number=12)) == 12
    assert slots[4].id not in {each.id for each in free(db)}


@pytest.mark.parametrize("length", ["0", "-3", "9", "x", "99999999999"])
def test_a_length_that_is_none_books_one_or_says_no(length: str, db: Db, agent: Browser) -> None:
    answer = take(agent, free(db)[0], length=length)
    assert answer.status in (200, 409)
    assert all(
        each.ends_at - each.starts_at == free(db)[0].ends_at - free(db)[0].starts_at
        for each in every(db)
    )


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("phone", "12"), ("phone", "pas de téléphone"), ("name", "x" * 61), ("name", "\x07")],
)
def test_what_cannot_be_used_is_said_and_everything_typed_is_kept(
    field: str, wrong: str, db: Db, agent: Browser
) -> None:
    answer = take(agent, free(db)[0], **{**TYPED, field: wrong})
    assert answer.status == 422
    assert every(db) == []
    bad = answer.page.one("input", name=field)
    assert bad["aria-invalid"] == "true"
    assert answer.page.one(id=bad["aria-describedby"]).text
    for name in ("name", "phone"):
        assert answer.page.one("input", name=name)["value"] == {**TYPED, field: wrong}[name]
    chosen = [each["value"] for each in answer.page.all("option") if "selected" in each.attributes]
    assert "ar" in chosen


def test_a_slot_taken_meanwhile_gives_the_next_ones_and_keeps_what_was_typed(
    db: Db, agent: Browser
) -> None:
    slots = free(db)
    page = form(agent, slots[0])
    book(db, slots[0])
    answer = agent.press(page, SEARCH, fill=TYPED)
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert answer.page.one("input", name="phone")["value"] == TYPED["phone"]
    assert hours(answer.page)[0] == "14:30"
    assert agent.press(answer.page, SEARCH, slot=slots[1].id).status == 200
    held = next(each for each in every(db) if each.name)
    assert (held.starts_at, held.phone, held.language) == (slots[1].starts_at, PHONE, "ar")


def test_two_people_at_once_have_two_places_of_a_meeting(
    db: Db, agent: Browser, partner: Browser
) -> None:
    meeting_of(db, 2)
    [slot, *_] = free(db, MEETING)
    pages = [(each, form(each, slot)) for each in (agent, partner)]
    assert [each.press(page, SEARCH).status for each, page in pages] == [200, 200]
    assert {each.starts_at for each in every(db)} == {slot.starts_at}
    assert take(agent, slot).status == 409, "there were two places"


def test_a_partner_books_for_another_across_the_corridor(db: Db, partner: Browser) -> None:
    given = take(partner, free(db)[0], name="Moussa")
    assert given.status == 200
    [held] = every(db)
    assert (held.channel, held.service_id) == ("partner", WRITER)
    assert f"{SEARCH}/{held.id}" not in given.page.html, "it is the other's now"
    assert partner.get(f"{SEARCH}/{held.id}").status == 404


def test_a_partner_does_not_book_who_books_at_their_own_phone(db: Db, partner: Browser) -> None:
    [slot, *_] = free(db, CRAMIF)
    assert partner.get(f"{SEARCH}/creneau/{slot.id}").location == f"{SEARCH}?pour={CRAMIF}"
    assert partner.post(SEARCH, {"slot": slot.id, "code": new_code()}).status == 409
    assert every(db) == []


def test_the_desk_notes_what_was_agreed_by_phone(db: Db, agent: Browser) -> None:
    [slot, *_] = free(db, CRAMIF)
    page = form(agent, slot)
    assert page.one("h1").text == "Noter le rendez-vous"
    assert "01 56 20 15 85" in page.one("main").text
    assert agent.press(page, SEARCH).status == 200
    assert [each.service_id for each in every(db)] == [CRAMIF]


@pytest.mark.parametrize("form", [{}, {"slot": "nobody"}, {"slot": "\0", "code": "x"}])
def test_what_is_no_slot_books_nothing(form: dict[str, str], db: Db, agent: Browser) -> None:
    assert agent.post(SEARCH, form).status == 422
    assert every(db) == []


@pytest.mark.parametrize("code", ["", "x", "A" * 31])
def test_what_is_no_code_books_nothing(code: str, db: Db, agent: Browser) -> None:
    assert agent.post(SEARCH, {"slot": free(db)[0].id, "code": code}).status == 422
    assert every(db) == []


def test_no_more_than_the_most_slots_in_a_row(db: Db, agent: Browser) -> None:
    page = form(agent, free(db, SOCIAL)[0])
    assert len(page.one("select", name="length").all("option")) <= booking.MOST_SLOTS


def test_no_address_holds_the_name_or_the_phone(db: Db, agent: Browser) -> None:
    take(agent, free(db)[0], **TYPED)
    agent.get(f"{SEARCH}/{every(db)[0].id}")
    been = "\n".join(agent.been)
    assert "Moussa" not in been
    assert "18 42" not in been
    assert "1842" not in been
