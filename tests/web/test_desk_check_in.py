"""Today's appointments at the desk: who is expected, and « Est arrivée », by a touch, a scan, or
ten letters. Each answer is said in a sentence."""

import pytest
from flask import Flask

from accueil.planning import booking
from accueil.planning.appointments import Appointment
from accueil.reception import queue, visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MANDELA, MISSION_LOCALE, PARQUET, paris, turn_of
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock, log_in
from tests.web.passages import booked_today, chips, undo, undoing
from tests.web.people import arrive

ARRIVALS = "/accueil/arrivees"


def touch(agent: Browser, held: Appointment) -> Answer:
    """« Est arrivée », beside somebody's hour."""
    return agent.press(agent.get("/accueil").page, ARRIVALS, appointment=held.id)


def scan(agent: Browser, typed: str) -> Answer:
    return agent.post(ARRIVALS, {"typed": typed})


def said(agent: Browser, answer: Answer) -> str:
    """The sentence that answers, on the panel where one lands."""
    page = agent.follow(answer).page if answer.status == 303 else answer.page
    return page.one("aside").all("p", class_="notice")[0].text


def listed(agent: Browser) -> list[str]:
    """The rows of today's appointments, without their button."""
    rows = agent.get("/accueil/jour").page.all("li", class_="expected-one")
    return [f"{each.one('b').text} {each.all('span')[0].text}" for each in rows]


def test_the_day_shows_who_is_expected_late_and_not_come(db: Db, app: Flask, clock: Clock) -> None:
    booked_today(db, 10, 0, name="Amadou")
    booked_today(db, 13, 30, name="Fatou")
    agent = log_in(Browser(app), "nadia")
    assert listed(agent) == ["10:00 Amadou", "13:30 Fatou"]
    for hour, minute, found in (
        (10, 10, "10:00 Amadou"),
        (10, 11, "10:00 Amadou en retard"),
        (12, 29, "10:00 Amadou en retard"),
    ):
        clock.set(paris(2026, 11, 23, hour, minute))
        assert listed(log_in(Browser(app), "nadia")) == [found, "13:30 Fatou"]
    clock.set(paris(2026, 11, 23, 12, 30))
    assert listed(log_in(Browser(app), "nadia")) == ["13:30 Fatou", "10:00 Amadou pas venue"]


def test_one_touch_and_its_holder_is_in_the_house(db: Db, agent: Browser, clock: Clock) -> None:
    held, _ = booked_today(db, 9, 30, name="Amadou", language="ar")
    answer = touch(agent, held)
    assert "Arrivée enregistrée" in said(agent, answer)
    [turn] = db.all("SELECT id, visit_id FROM queue_entry")
    visit = visits.visit(db, turn["visit_id"])
    assert (visit.channel, visit.language, visit.alias) == ("desk", "ar", "Amadou")
    assert listed(agent) == []
    assert "1 arrivée" in agent.get("/accueil/jour").page.one("h2", id="booked").text
    assert queue.entry(db, turn["id"]).due_at == held.starts_at


def test_a_check_in_by_mistake_is_taken_back(db: Db, agent: Browser) -> None:
    held, _ = booked_today(db, 9, 30, name="Amadou")
    touch(agent, held)
    assert "enregistrement" in undoing(agent)
    assert undo(agent).status == 303
    assert listed(agent) == ["9:30 Amadou"]
    assert chips(agent) == []
    assert touch(agent, held).status == 303


def test_two_touches_are_one_arrival(db: Db, agent: Browser) -> None:
    held, _ = booked_today(db, 9, 30)
    page = agent.get("/accueil").page
    answers = [agent.press(page, ARRIVALS, appointment=held.id) for _ in range(2)]
    assert [each.status for each in answers] == [303, 303]
    assert "Déjà enregistrée" in said(agent, answers[1])
    assert len(db.all("SELECT id FROM visit")) == 1


def test_early_one_waits_for_one_s_hour_and_nobody_calls_them_next(
    db: Db, agent: Browser, other_partner: Browser
) -> None:
    held, code = booked_today(db, 11)
    assert "En avance" in said(agent, scan(agent, code))
    aside = agent.get("/accueil/jour").page.one(class_="chip--aside")
    assert "11:00" in aside.text
    other_partner.post("/partenaire/appeler", {"room": "bearn-bureau-1"})
    assert db.all("SELECT id FROM call") == []
    assert held.state == "booked"


def test_late_one_waits_with_those_who_walk_in(db: Db, app: Flask, clock: Clock) -> None:
    _, code = booked_today(db, 9, 30)
    clock.set(paris(2026, 11, 23, 9, 41))
    agent = log_in(Browser(app), "nadia")
    assert "En retard" in said(agent, scan(agent, code))
    assert "depuis 9:41" in agent.get("/accueil/jour").page.one("a", class_="chip").text


def test_when_the_permanence_is_over_the_desk_receives_them(
    db: Db, app: Flask, clock: Clock
) -> None:
    _, code = booked_today(db, 10)
    clock.set(paris(2026, 11, 23, 12, 31))
    agent = log_in(Browser(app), "nadia")
    assert "permanence est finie" in said(agent, scan(agent, code))
    [row] = db.all("SELECT s.reception FROM queue_entry e JOIN service s ON s.id = e.service_id")
    assert row["reception"] == 1


def typings(code: str) -> list[str]:
    """What scanners and fingers make of a code."""
    short = code[:10].lower()
    return [
        code,
        code.lower(),
        f"https://accueil.example/r/{code}",
        f"httpsM!!qccueil:exqmple!r!{code}",
        f"{code}{code}",
        short,
        f"{short[:5]} {short[5:]}",
    ]


@pytest.mark.parametrize("nth", range(7))
def test_whatever_a_scanner_or_a_finger_types_is_read(nth: int, db: Db, agent: Browser) -> None:
    _, code = booked_today(db, 9, 30)
    assert scan(agent, typings(code)[nth]).status == 303
    assert len(db.all("SELECT id FROM visit")) == 1


@pytest.mark.parametrize("typed", ["", "BCDEFGHJKL", "bonjour", "\0", "X" * 5_000, "9782070360024"])
def test_what_is_no_code_is_said_and_kept(typed: str, db: Db, agent: Browser) -> None:
    answer = scan(agent, typed)
    assert answer.status == 422
    assert "pas reconnu" in said(agent, answer)
    assert (answer.page.one("input", id="typed").get("value") or "")[:20] == typed[:20]
    assert db.all("SELECT id FROM visit") == []


def test_another_day_s_appointment_is_said_and_cannot_be_called(
    db: Db, app: Flask, agent: Browser, clock: Clock
) -> None:
    held, code = booked_today(db, 10)
    clock.set(paris(2026, 11, 24, 9, 20))
    tuesday = log_in(Browser(app), "nadia")
    answer = scan(tuesday, code)
    assert answer.status == 409
    assert "lundi 23 novembre" in said(tuesday, answer)
    assert tuesday.post(ARRIVALS, {"appointment": held.id}).status == 409
    assert db.all("SELECT id FROM queue_entry") == []


def test_an_appointment_that_was_not_checked_in_is_in_nobody_s_line(
    db: Db, app: Flask, clock: Clock, agent: Browser
) -> None:
    booked_today(db, 9, 30)
    clock.set(paris(2026, 11, 23, 9, 35))
    karim = log_in(Browser(app), "karim")
    assert karim.post("/partenaire/appeler", {"room": "bearn-bureau-1"}).status == 303
    assert db.all("SELECT id FROM call") == []


def test_a_cancelled_appointment_is_said(db: Db, agent: Browser) -> None:
    held, code = booked_today(db, 10)
    booking.cancel(db, held.id, "visitor", "visitor", paris(2026, 11, 22, 9, 0))
    answer = scan(agent, code)
    assert answer.status == 409
    assert "annulé" in said(agent, answer)


def test_a_ticket_s_own_code_shows_its_person(db: Db, agent: Browser) -> None:
    code = new_code()
    visit = arrive(db, service_id=PARQUET, code=code)
    answer = scan(agent, code)
    assert answer.location
    assert answer.location.startswith(f"/accueil/visites/{visit.id}")
    assert "Déjà enregistrée" in said(agent, answer)
    assert turn_of(db, visit).state == "waiting"


def test_a_ticket_of_another_address_is_said(db: Db, agent: Browser) -> None:
    code = new_code()
    arrive(db, site_id=MANDELA, service_id="ecs-clic6", code=code)
    answer = scan(agent, code)
    assert answer.status == 409
    assert "pas ici" in said(agent, answer)


@pytest.mark.parametrize("appointment_id", ["inconnu", "\0"])
def test_an_appointment_that_does_not_exist_is_not_checked_in(
    appointment_id: str, db: Db, agent: Browser
) -> None:
    assert agent.post(ARRIVALS, {"appointment": appointment_id}).status == 422
    assert db.all("SELECT id FROM visit") == []


def test_the_code_is_in_no_address(db: Db, agent: Browser) -> None:
    _, code = booked_today(db, 9, 30, service=MISSION_LOCALE)
    agent.follow(scan(agent, code))
    assert code not in "".join(agent.been)
