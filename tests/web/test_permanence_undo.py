"""For ten seconds, the way back from a change of the planning."""

from dataclasses import replace

import pytest

from accueil.planning import agenda, series
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.page import Node
from tests.web.rule_form import NEW, WEDNESDAYS, booked, now, opened, send


def change(browser: Browser, db: Db, **answers: str) -> Answer:
    entry = agenda.next_of(db, WEDNESDAYS, MONDAY)[0]
    done = browser.post(f"/planning/seances/{entry.occurrence.id}/annuler", answers)
    assert done.status == 303
    return browser.follow(done)


def bar(answer: Answer) -> Node:
    return answer.page.one("form", class_="undo")


def undo(browser: Browser, answer: Answer) -> Answer:
    return browser.press(answer.page, bar(answer)["action"])


def test_a_cancelled_date_is_held_again(db: Db, partner: Browser) -> None:
    page = change(partner, db)
    assert 0 < int(bar(page)["data-expires-ms"]) <= 10_000
    taken_back = undo(partner, page)
    assert taken_back.status == 303
    assert agenda.next_of(db, WEDNESDAYS, MONDAY)[0].occurrence.status == "scheduled"
    assert partner.follow(taken_back).page.all("form", class_="undo") == []


def test_whoever_was_moved_is_back_at_their_hour(db: Db, partner: Browser) -> None:
    held = booked(db)
    page = change(partner, db, **{f"decision-{held.id}": "keep", "everyone": "first"})
    assert undo(partner, page).status == 303
    moved = change(partner, db, everyone="first")
    assert now(db, held).starts_at != held.starts_at
    assert undo(partner, moved).status == 303
    again = now(db, held)
    assert again.sequence > held.sequence
    assert replace(again, sequence=held.sequence, changed_at=held.changed_at) == held
    assert agenda.next_of(db, WEDNESDAYS, MONDAY)[0].booked == 1


def test_hours_changed_by_a_double_tap_go_back_to_what_they_were(db: Db, partner: Browser) -> None:
    entry = agenda.next_of(db, WEDNESDAYS, MONDAY)[0]
    fields = {"day": str(entry.occurrence.day), "start": "10:00", "end": "12:00"}
    for _ in range(2):
        done = partner.post(f"/planning/seances/{entry.occurrence.id}/horaires", fields)
        assert done.status == 303
    assert undo(partner, partner.follow(done)).status == 303
    found = agenda.entry(db, entry.occurrence.id).occurrence
    assert (found.starts_at, found.ends_at) == (
        entry.occurrence.starts_at,
        entry.occurrence.ends_at,
    )


def test_a_permanence_opened_by_mistake_is_gone(db: Db, partner: Browser) -> None:
    fields = {"weekday": "FR", "start1": "14:00", "end1": "16:00", "mode": "walk_in"}
    page = partner.follow(send(partner, partner.get(NEW).page, "save", **fields))
    taken_back = undo(partner, page)
    assert (taken_back.status, taken_back.location) == (303, "/planning")
    assert opened(db) == []


def test_a_series_cut_by_mistake_is_whole_again(db: Db, partner: Browser) -> None:
    before = series.permanence(db, WEDNESDAYS)
    page = partner.get(f"/planning/permanences/{WEDNESDAYS}?from=2026-12-30").page
    done = partner.follow(send(partner, page, "save", end1="11:00"))
    assert undo(partner, done).status == 303
    assert series.permanence(db, WEDNESDAYS) == before
    assert opened(db) == []


def test_after_ten_seconds_it_is_too_late(db: Db, partner: Browser, clock: Clock) -> None:
    page = change(partner, db)
    clock.pass_by(seconds=10.1)
    answer = undo(partner, page)
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert agenda.next_of(db, WEDNESDAYS, MONDAY)[0].occurrence.status == "cancelled"


def test_one_person_s_change_is_not_another_s_to_undo(
    db: Db, partner: Browser, agent: Browser
) -> None:
    action = bar(change(partner, db))["action"]
    assert agent.post(action, {"back": "/planning"}).status == 409
    assert agenda.next_of(db, WEDNESDAYS, MONDAY)[0].occurrence.status == "cancelled"


@pytest.mark.parametrize("back", ["", "https://ailleurs.example", "//ailleurs.example", "/\\x"])
def test_the_way_back_stays_in_the_house(back: str, db: Db, partner: Browser) -> None:
    action = bar(change(partner, db))["action"]
    answer = partner.post(action, {"back": back})
    assert (answer.status, answer.location) == (303, "/planning")


@pytest.mark.parametrize("seq", [0, 999_999, 9_999_999_999, 10**30])
def test_a_change_that_does_not_exist_is_not_undone(seq: int, partner: Browser) -> None:
    assert partner.post(f"/planning/annuler/{seq}").status in (404, 409)
