"""From their phone, a person takes another date, cancels, or asks to come earlier."""

from accueil.planning import booking
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import CRAMIF, MISSION, again, book, edit, every, free, hours
from tests.web.browser import Browser


def test_another_date(db: Db, visitor: Browser) -> None:
    code = new_code()
    held, wanted = book(db, code=code), free(db)[2]
    page = visitor.get(f"/r/{code}/dates").page
    moved = visitor.press(page, f"/r/{code}/dates", slot=wanted.id)
    assert (moved.status, moved.location) == (303, f"/r/{code}?language=fr")
    assert again(db, held).starts_at == wanted.starts_at
    assert "15:30" in visitor.follow(moved).page.one("main").text


def test_a_date_taken_meanwhile_keeps_the_old_one(db: Db, visitor: Browser) -> None:
    code = new_code()
    held, wanted = book(db, code=code), free(db)[0]
    page = visitor.get(f"/r/{code}/dates").page
    book(db, wanted)
    answer = visitor.press(page, f"/r/{code}/dates", slot=wanted.id)
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert wanted.id not in {each["value"] for each in answer.page.all("button", name="slot")}
    assert again(db, held) == held


def test_an_hour_that_is_no_more_keeps_the_old_one(db: Db, visitor: Browser) -> None:
    code = new_code()
    held, gone = book(db, code=code), free(db)[1]
    edit(db, "nouvelles-voies-bearn", slot_minutes=45)
    answer = visitor.post(f"/r/{code}/dates", {"slot": gone.id})
    assert answer.status == 422
    assert answer.page.all("button", name="slot")
    assert again(db, held).starts_at == held.starts_at


def test_what_is_kept_for_the_desk_is_not_for_a_visitor(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, free(db)[5], code=code)
    edit(db, "nouvelles-voies-bearn", kept=2)
    kept = free(db)[0]
    assert hours(visitor.get(f"/r/{code}/dates").page)[0] == "15:00"
    assert visitor.post(f"/r/{code}/dates", {"slot": kept.id}).status == 409
    assert again(db, held) == held


def test_nobody_moves_to_another_service_or_to_one_that_books_by_phone(
    db: Db, visitor: Browser
) -> None:
    mine, theirs = new_code(), new_code()
    held, phoned = book(db, code=mine), book(db, free(db, CRAMIF)[0], code=theirs)
    assert visitor.post(f"/r/{mine}/dates", {"slot": free(db, MISSION)[0].id}).status == 422
    assert visitor.post(f"/r/{theirs}/dates", {"slot": free(db, CRAMIF)[1].id}).status == 409
    assert every(db) == [held, phoned]


def test_cancelling_asks_once(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    page = visitor.get(f"/r/{code}/annuler").page
    assert again(db, held).state == "booked"
    assert "jeudi 26 novembre" in page.one("main").text
    cancelled = visitor.press(page, f"/r/{code}/annuler")
    now = again(db, held)
    assert (now.state, now.cancelled_by, now.tell) == ("cancelled", "visitor", None)
    assert free(db)[0].starts_at == held.starts_at, "the place is somebody else's"
    assert visitor.follow(cancelled).page.all("button", name="slot"), "another date is proposed"


def test_cancelling_twice_is_cancelling_once(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, code=code)
    page = visitor.get(f"/r/{code}/annuler").page
    assert [visitor.press(page, f"/r/{code}/annuler").status for _ in range(2)] == [303, 303]
    assert [each.state for each in every(db)] == ["cancelled"]


def test_asking_to_come_earlier_and_no_more(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, free(db)[5], code=code)
    visitor.press(visitor.get(f"/r/{code}").page, f"/r/{code}/plus-tot", wanted="1")
    assert again(db, held).earlier
    visitor.press(visitor.get(f"/r/{code}").page, f"/r/{code}/plus-tot", wanted="0")
    assert not again(db, held).earlier


def test_a_place_that_somebody_gave_up_is_proposed_and_taken(db: Db, visitor: Browser) -> None:
    code, slots = new_code(), free(db)
    others = [book(db, slot) for slot in slots[:2]]
    held = book(db, slots[2], code=code)
    edit(db, "nouvelles-voies-bearn", notice_minutes=10 * 24 * 60)
    booking.ask_earlier(db, held.id, True, "visitor", MONDAY)
    assert visitor.get(f"/r/{code}").page.all("button", name="slot") == []
    booking.cancel(db, others[1].id, "visitor", "visitor", MONDAY)
    page = visitor.get(f"/r/{code}").page
    [proposed] = page.all("button", name="slot")
    assert "jeudi 26 novembre 14:30" in proposed.text
    visitor.press(page, f"/r/{code}/dates", slot=proposed["value"])
    assert (again(db, held).starts_at, again(db, held).earlier) == (slots[1].starts_at, False)


def test_without_asking_nothing_earlier_than_the_notice_is_given(db: Db, visitor: Browser) -> None:
    code, slots = new_code(), free(db)
    held = book(db, slots[2], code=code)
    edit(db, "nouvelles-voies-bearn", notice_minutes=10 * 24 * 60)
    assert visitor.post(f"/r/{code}/dates", {"slot": slots[0].id}).status == 409
    assert again(db, held) == held


def test_what_is_kept_is_not_proposed_to_who_asked_to_come_earlier(
    db: Db, visitor: Browser
) -> None:
    code = new_code()
    held = book(db, free(db)[2], code=code)
    edit(db, "nouvelles-voies-bearn", kept=2)
    booking.ask_earlier(db, held.id, True, "visitor", MONDAY)
    assert visitor.get(f"/r/{code}").page.all("button", name="slot") == []
