"""Nothing is lost silently: who is to be told, who could come earlier, on whose page."""

from accueil.planning import booking
from accueil.planning.appointments import Appointment
from accueil.planning.changes import KEEP, Decision, carry_out
from accueil.planning.plans import cancelling, in_room
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import MISSION, PHONE, SEARCH, again, book, free
from tests.web.browser import Browser
from tests.web.page import Page


def people(page: Page) -> list[str]:
    return [each.text for each in page.all("li", class_="person")]


def cancelled_date(db: Db, held: Appointment) -> None:
    """The partner does not come that day."""
    decisions = {held.id: Decision("tell")}
    carry_out(db, cancelling([held.occurrence_id], MONDAY), decisions, "an account", MONDAY)


def test_who_is_to_be_told_is_there_with_their_phone_and_why(db: Db, agent: Browser) -> None:
    held = book(db, name="Moussa", phone=PHONE)
    cancelled_date(db, held)
    [said] = people(agent.get(SEARCH).page)
    for words in ("Moussa", "annulé par la maison", "jeudi 26 novembre, 14:00"):
        assert words in said
    assert PHONE in said.replace("\N{NO-BREAK SPACE}", " ")


def test_another_room_is_told_with_its_name(db: Db, agent: Browser) -> None:
    held = book(db)
    change = in_room([held.occurrence_id], "bearn-bureau-6", MONDAY)
    carry_out(db, change, {}, "an account", MONDAY, otherwise=Decision("tell"))
    [said] = people(agent.get(SEARCH).page)
    assert "Le bureau a changé : Bureau 6" in said.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_it_is_said_and_the_list_is_empty(db: Db, agent: Browser) -> None:
    held = book(db)
    cancelled_date(db, held)
    page = agent.get(SEARCH).page
    assert agent.press(page, f"{SEARCH}/{held.id}/told").location == SEARCH
    assert people(agent.get(SEARCH).page) == []
    assert again(db, held).tell is None


def test_the_desk_s_page_counts_them_and_leads_there(db: Db, agent: Browser) -> None:
    def links() -> list[str]:
        there = f"{SEARCH}#a-prevenir"
        return [each.text for each in agent.get("/accueil").page.all("a", href=there)]

    assert links() == []
    cancelled_date(db, book(db))
    assert links() == ["1 personne à prévenir d’un changement"]


def test_who_asked_to_come_earlier_is_proposed_a_slot_that_somebody_gave_up(
    db: Db, agent: Browser
) -> None:
    first = free(db)[0]
    gone = book(db, first)
    for slot in free(db)[:3]:
        book(db, slot)
    held = book(db, free(db)[0], name="Moussa", phone=PHONE)
    booking.ask_earlier(db, held.id, True, "visitor", MONDAY)
    assert people(agent.get(SEARCH).page) == []
    booking.cancel(db, gone.id, "visitor", "visitor", MONDAY)
    page = agent.get(SEARCH).page
    [said] = people(page)
    assert "Moussa" in said
    assert "jeudi 26 novembre, 14:00" in said
    moved = agent.press(page, f"{SEARCH}/{held.id}/deplacer", slot=first.id)
    assert moved.location == SEARCH
    now = again(db, held)
    assert (now.starts_at, now.earlier, now.tell) == (first.starts_at, False, None)


def test_the_first_to_have_asked_is_the_first_of_the_list(db: Db, agent: Browser) -> None:
    held = [book(db, free(db)[3], name=name) for name in ("Awa", "Moussa")]
    for each in reversed(held):
        booking.ask_earlier(db, each.id, True, "visitor", MONDAY)
    db.run("UPDATE appointment SET earlier_at = '2026-11-22' WHERE id = :id", id=held[1].id)
    assert [said.split()[0] for said in people(agent.get(SEARCH).page)] == ["Moussa", "Awa"]


def test_a_partner_only_sees_their_own(db: Db, partner: Browser, other_partner: Browser) -> None:
    tomorrow = next(each for each in free(db, MISSION, number=40) if each.starts_at.day == 24)
    cancelled_date(db, book(db, tomorrow, name="Moussa"))
    assert people(partner.get(SEARCH).page) == []
    assert len(people(other_partner.get(SEARCH).page)) == 1


def test_a_partner_s_page_has_their_appointments_by_date(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    slots = free(db, MISSION, number=40)
    book(db, slots[0], name="Moussa")
    book(db, next(each for each in slots if each.starts_at.day == 24))
    page = other_partner.get("/partenaire").page
    dates = [each.text for each in page.one("ul", class_="booked").all("h3")]
    assert [each.split()[0] for each in dates] == ["Aujourd’hui", "Mardi"]
    names = [each.one("span").text for each in page.all("a", class_="booked-person")]
    assert names == ["Moussa", "sans nom"]
    assert page.all("a", href="/planning/mois")
    assert "Moussa" not in partner.get("/partenaire").page.text


def test_somebody_kept_is_told_nothing(db: Db, agent: Browser) -> None:
    held = book(db)
    change = in_room([held.occurrence_id], "bearn-bureau-6", MONDAY)
    carry_out(db, change, {held.id: KEEP}, "an account", MONDAY)
    assert people(agent.get(SEARCH).page) == []
