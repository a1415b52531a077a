"""From one's phone as well: somebody to speak to, in private."""

from accueil.reception import alerts, queue, visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK, PARQUET
from tests.web.browser import Browser
from tests.web.people import arrive


def test_the_desk_is_asked_and_the_other_turn_is_kept(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine, service_id=PARQUET)
    page = visitor.get(f"/v/{mine}").page
    asked = visitor.press(page, f"/v/{mine}", ask="desk")
    assert asked.status == 303
    turns = queue.open_entries(db, visit.id)
    assert [(turn.service_id, turn.priority) for turn in turns] == [(PARQUET, False), (DESK, True)]
    page = visitor.follow(asked).page
    assert page.all("button", name="ask", value="desk") == []


def test_asking_again_changes_nothing(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    events = set()
    for _ in range(3):
        assert visitor.post(f"/v/{mine}", {"ask": "desk"}).status == 303
        events.add(len(db.all("SELECT seq FROM journal")))
    assert len(queue.open_entries(db, visit.id)) == 1
    assert len(events) == 1


def test_it_cannot_wait(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    asked = visitor.press(visitor.get(f"/v/{mine}").page, f"/v/{mine}", ask="desk")
    assert visitor.follow(asked).page.all("button", name="ask") == []
    numbers = visitor.post(f"/v/{mine}", {"show": "numbers"}).page
    told = visitor.press(numbers, f"/v/{mine}", ask="now").page
    assert alerts.next_step(db, visit.id) is None
    assert told.all("button", name="ask") == []
    assert "L’accueil est prévenu." in told.text


def test_it_is_on_every_page_of_the_ticket(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    numbers = visitor.post(f"/v/{mine}", {"show": "numbers"}).page
    for page in (visitor.get(f"/v/{mine}").page, visitor.get(f"/v/{mine}/partir").page, numbers):
        assert page.form(f"/v/{mine}", ask="desk")


def test_a_visit_that_is_over_does_not_begin_again_from_a_phone(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    visitor.post(f"/v/{mine}/partir")
    for asked in ("desk", "now"):
        assert visitor.post(f"/v/{mine}", {"ask": asked}).status == 303
    assert visits.visit(db, visit.id).closed_at is not None
    assert queue.open_entries(db, visit.id) == []
    assert db.all("SELECT id FROM alert") == []


def test_what_means_nothing_asks_for_nothing(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    for data in ({}, {"ask": ""}, {"ask": "\0"}, {"ask": "x" * 9_000}, {"show": "?"}):
        assert visitor.post(f"/v/{mine}", data).status == 303
    assert db.all("SELECT id FROM alert") == []
