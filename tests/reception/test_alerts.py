"""Somebody asks the desk for help without a word: one alert, seen once, forgotten overnight."""

import json
from datetime import timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown, site
from accueil.house.text import HouseText
from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.reception import alerts, calls, queue, visits
from accueil.reception.alerts import Alert
from accueil.reception.calls import Host
from accueil.reception.change import NotNow
from accueil.reception.overnight import end_past_days, forget_alerts
from accueil.reception.visits import Visit
from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
    DESK_ROOM,
    MANDELA,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    PARQUET_ROOM,
    after,
    arrive,
    turn_of,
)

NIGHT = MONDAY + timedelta(hours=13)


def waiting(db: Db, site_id: str = BEARN, seconds: float = 60) -> list[Alert]:
    return alerts.waiting(db, site(db, site_id), after(seconds))


def ask(db: Db, visit: Visit, seconds: float = 1, *, urgent: bool = False) -> None:
    visits.ask_in_private(db, visit.id, "visitor", after(seconds), urgent=urgent)


def held(db: Db, service_id: str = MISSION_LOCALE) -> Appointment:
    [slot] = slots.free(db, service_id, MONDAY, asker=slots.DESK, number=1)
    wish = Wish(slot_id=slot.id, code=new_code(), channel="desk", language="fr", name="Kanari")
    return booking.book(db, wish, slots.DESK, "an agent", MONDAY)


def test_the_desk_of_the_site_is_told_the_number_and_nothing_else(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    ask(db, visit)
    [alert] = waiting(db)
    assert (alert.number, alert.channel, alert.urgent) == (visit.number, "phone", False)
    assert waiting(db, MANDELA) == []


def test_whoever_asks_at_the_kiosk_rings_as_they_come_in(db: Db, house: HouseText) -> None:
    visit = arrive(db, channel="kiosk", private=True, by="kiosk")
    [alert] = waiting(db)
    assert (alert.visit_id, alert.channel) == (visit.id, "kiosk")


def test_whom_the_desk_registers_is_there_already(db: Db, house: HouseText) -> None:
    arrive(db, private=True)
    assert waiting(db) == []


def test_asking_at_the_kiosk_keeps_no_need_and_no_service(db: Db, house: HouseText) -> None:
    visit = arrive(
        db, channel="kiosk", private=True, need="sante", service_id=PARQUET, appointment=True
    )
    assert visit.need is None
    turns = queue.entries(db, visit.id)
    assert [(turn.service_id, turn.appointment) for turn in turns] == [(DESK, False)]


def test_asked_twice_it_is_one_alert(db: Db, house: HouseText) -> None:
    visit = arrive(db)
    for seconds in (1, 1.2):
        ask(db, visit, seconds)
    for seconds in (2, 2.2):
        ask(db, visit, seconds, urgent=True)
    [alert] = waiting(db)
    assert (alert.urgent, alert.raised_at) == (True, after(2))
    assert len(db.all("SELECT id FROM alert")) == 1


def test_what_cannot_wait_comes_first_then_the_oldest(db: Db, house: HouseText) -> None:
    first, second, third = arrive(db), arrive(db), arrive(db)
    ask(db, first, 1)
    ask(db, second, 2)
    ask(db, third, 3, urgent=True)
    assert [alert.number for alert in waiting(db)] == [3, 1, 2]


def test_what_may_still_be_asked(db: Db, nadia: Account) -> None:
    visit = arrive(db)
    steps = [alerts.next_step(db, visit.id)]
    ask(db, visit, 1)
    steps.append(alerts.next_step(db, visit.id))
    ask(db, visit, 2, urgent=True)
    steps.append(alerts.next_step(db, visit.id))
    [alert] = waiting(db)
    alerts.see(db, alert.id, BEARN, nadia.id, after(3))
    assert steps == ["desk", "now", None]
    assert alerts.next_step(db, visit.id) == "now"


def test_an_agent_who_goes_there_takes_it_off_the_screens(db: Db, nadia: Account) -> None:
    ask(db, arrive(db))
    [alert] = waiting(db)
    before = journal.version(db, BEARN)
    seen = alerts.see(db, alert.id, BEARN, nadia.id, after(30))
    assert (seen.seen_by, seen.seen_at) == (nadia.id, after(30))
    assert waiting(db) == []
    assert journal.version(db, BEARN) == before + 1
    assert alerts.see(db, alert.id, BEARN, nadia.id, after(31)) == seen
    assert journal.version(db, BEARN) == before + 1


def test_two_agents_do_not_both_go(db: Db, nadia: Account, karim: Account) -> None:
    ask(db, arrive(db))
    [alert] = waiting(db)
    alerts.see(db, alert.id, BEARN, nadia.id, after(30))
    with pytest.raises(NotNow):
        alerts.see(db, alert.id, BEARN, karim.id, after(31))


def test_another_site_s_alert_is_no_alert(db: Db, nadia: Account) -> None:
    ask(db, arrive(db))
    [alert] = waiting(db)
    for site_id, alert_id in ((MANDELA, alert.id), (BEARN, "nothing")):
        with pytest.raises(Unknown):
            alerts.see(db, alert_id, site_id, nadia.id, after(30))
    assert waiting(db) == [alert]


def test_still_waiting_after_an_agent_saw_it_one_may_say_that_it_cannot_wait(
    db: Db, nadia: Account
) -> None:
    visit = arrive(db)
    ask(db, visit)
    alerts.see(db, waiting(db)[0].id, BEARN, nadia.id, after(5))
    ask(db, visit, 6)
    assert waiting(db) == []
    ask(db, visit, 7, urgent=True)
    assert [alert.urgent for alert in waiting(db)] == [True]


def test_whom_the_desk_calls_is_seen_and_whoever_does_not_come_is_not(
    db: Db, nadia: Account
) -> None:
    visit = arrive(db)
    ask(db, visit)
    turn = turn_of(db, visit)
    calls.call(db, turn.id, Host(nadia.id, DESK_ROOM), after(5))
    assert waiting(db) == []
    calls.did_not_come(db, turn.id, nadia.id, after(30))
    assert [alert.number for alert in waiting(db)] == [visit.number]


def test_a_partner_s_call_does_not_silence_it(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    ask(db, visit)
    parquet = next(t for t in queue.open_entries(db, visit.id) if t.service_id == PARQUET)
    calls.call(db, parquet.id, Host(claire.id, PARQUET_ROOM), after(5))
    assert len(waiting(db)) == 1


def test_who_asks_once_more_after_being_called_is_told_of_again(db: Db, nadia: Account) -> None:
    visit = arrive(db)
    ask(db, visit, 1)
    host = Host(nadia.id, DESK_ROOM)
    calls.call(db, turn_of(db, visit).id, host, after(2))
    assert waiting(db) == []
    ask(db, visit, 3, urgent=True)
    assert [alert.visit_id for alert in waiting(db)] == [visit.id]


def test_a_visit_that_the_desk_has_ended_asks_for_nothing(db: Db, house: HouseText) -> None:
    visit = arrive(db)
    ask(db, visit)
    visits.close(db, visit.id, "received", "an agent", after(5))
    assert waiting(db) == []


def test_somebody_who_leaves_before_anybody_came_is_still_told_of(db: Db, house: HouseText) -> None:
    """They may have been made to leave."""
    visit = arrive(db)
    ask(db, visit)
    visits.close(db, visit.id, "left", "visitor", after(5))
    assert [alert.visit_id for alert in waiting(db)] == [visit.id]


def test_from_an_appointment_the_hour_is_told_not_the_person(db: Db, house: HouseText) -> None:
    booked = held(db)
    before = journal.version(db, BEARN)
    assert alerts.ring_for_appointment(db, booked, after(1))
    assert not alerts.ring_for_appointment(db, booked, after(2))
    [alert] = waiting(db)
    assert (alert.appointment_id, alert.starts_at, alert.number) == (
        booked.id,
        booked.starts_at,
        None,
    )
    assert "Kanari" not in repr(alert)
    assert journal.version(db, BEARN) == before + 1


def test_a_site_without_a_desk_is_watched_by_the_front_desk(db: Db, house: HouseText) -> None:
    assert alerts.desk_of(db, MANDELA).id == BEARN
    assert alerts.desk_of(db, BEARN).id == BEARN


def test_what_is_asked_at_night_is_there_in_the_morning(db: Db, house: HouseText) -> None:
    alerts.ring_for_appointment(db, held(db), NIGHT)
    tuesday = MONDAY + timedelta(days=1)
    assert forget_alerts(db, tuesday) == 0
    assert len(alerts.waiting(db, site(db, BEARN), tuesday)) == 1
    assert forget_alerts(db, tuesday + timedelta(days=1)) == 1


def test_alerts_are_forgotten_overnight_seen_or_not(db: Db, nadia: Account) -> None:
    for _ in range(2):
        ask(db, arrive(db))
    alerts.see(db, waiting(db)[0].id, BEARN, nadia.id, after(5))
    assert forget_alerts(db, NIGHT) == 0
    assert forget_alerts(db, MONDAY + timedelta(days=1)) == 2
    assert db.all("SELECT id FROM alert") == []


def test_nothing_that_is_kept_links_a_person_and_a_service(db: Db, house: HouseText) -> None:
    """A birth in secret: a number, the shared desk, and the next day not even the alert."""
    visit = arrive(db, channel="kiosk", private=True, by="kiosk", need="sante", service_id=PARQUET)
    ask(db, visit, 2, urgent=True)
    visits.close(db, visit.id, "received", "an agent", after(600))
    tomorrow = MONDAY + timedelta(days=1)
    end_past_days(db, tomorrow)
    forget_alerts(db, tomorrow)
    kept = {
        table["name"]: json.dumps(db.all(f"SELECT * FROM {table['name']}"))
        for table in db.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert {name for name, rows in kept.items() if visit.id in rows} == {
        "visit",
        "queue_entry",
        "journal",
    }
    [row] = db.all("SELECT need, alias FROM visit")
    assert row == {"need": None, "alias": None}
    assert [turn.service_id for turn in queue.entries(db, visit.id)] == [DESK]
    assert PARQUET not in kept["journal"]
    assert "sante" not in kept["journal"]
