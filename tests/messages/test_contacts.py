"""A consent: given once, taken back at will, forgotten the day after."""

import json
from datetime import timedelta
from pathlib import Path

from accueil.house.text import HouseText
from accueil.messages.contacts import contact_of, forget_contacts, withdraw
from accueil.store.db import Db
from tests.messages.people import MAIL, SOON, ask, every, kinds, of, of_visit, send, told
from tests.personae import MONDAY, arrive
from tests.web.bookings import book


def rows(db: Db, table: str) -> str:
    return json.dumps(db.all(f"SELECT * FROM {table}"), ensure_ascii=False)


def test_the_same_consent_twice_is_one(db: Db, house: HouseText) -> None:
    held = book(db)
    assert ask(db, of(held)) == ask(db, of(held), at=SOON)
    assert len(db.all("SELECT * FROM contact")) == 1


def test_another_address_takes_the_place_of_the_first(db: Db, house: HouseText) -> None:
    held = book(db)
    ask(db, of(held))
    second = ask(db, of(held), MAIL)
    assert contact_of(db, of(held)) == second
    assert "618420484" not in rows(db, "contact")


def test_taken_back_it_is_in_no_row_and_nothing_more_is_sent(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, MONDAY)  # nothing is due yet: what is undone at once is told to nobody
    assert kinds(db, "due") == ["confirmation"]
    for _ in range(2):
        withdraw(db, of(held), "visitor", MONDAY)
    assert contact_of(db, of(held)) is None
    assert "618420484" not in rows(db, "contact")
    assert send(db, SOON) == []
    assert kinds(db) == kinds(db, "dropped") == ["confirmation"]


def test_asked_again_after_it_was_taken_back_it_is_a_new_consent(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    withdraw(db, of(held), "visitor", SOON)
    later = SOON + timedelta(minutes=1)
    ask(db, of(held), at=later)
    assert send(db, later + timedelta(minutes=1)) == ["confirmation"]


def test_it_is_forgotten_the_day_after_the_appointment(
    db: Db, house: HouseText, path: Path
) -> None:
    held = told(db, MAIL)
    assert forget_contacts(db, held.ends_at + timedelta(hours=23)) == 0
    assert forget_contacts(db, held.ends_at + timedelta(hours=25)) == 1
    assert forget_contacts(db, held.ends_at + timedelta(hours=25)) == 0
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"moussa@example.org" not in path.read_bytes()


def test_that_of_a_ticket_is_forgotten_when_the_day_is_over(db: Db, house: HouseText) -> None:
    visit = arrive(db)
    ask(db, of_visit(visit))
    assert forget_contacts(db, MONDAY + timedelta(hours=14)) == 0
    assert forget_contacts(db, MONDAY + timedelta(hours=15)) == 1
    assert contact_of(db, of_visit(visit)) is None


def test_what_waits_for_somebody_forgotten_is_dropped(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, MONDAY)
    forget_contacts(db, held.ends_at + timedelta(days=2))
    assert [each.state for each in every(db)] == ["dropped"]


def test_the_journal_says_that_there_is_one_and_not_where(db: Db, house: HouseText) -> None:
    held = told(db)
    ask(db, of(held), MAIL)
    send(db, SOON, "refused")
    withdraw(db, of(held), "visitor", SOON)
    journal = rows(db, "journal")
    for verb in ("asked for messages", "wants no messages", "message refused"):
        assert verb in journal
    assert "618420484" not in journal
    assert "example.org" not in journal
    assert "618420484" not in rows(db, "message")
    assert "618420484" not in rows(db, "undoing")
