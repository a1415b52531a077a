"""From one's phone as well: somebody to speak to, in private."""

from accueil.reception import queue, visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK, PARQUET
from tests.web.browser import Browser
from tests.web.people import arrive


def test_the_desk_is_asked_and_the_other_turn_is_kept(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine, service_id=PARQUET)
    page = visitor.get(f"/v/{mine}").page
    asked = visitor.press(page, f"/v/{mine}/prive")
    assert asked.status == 303
    turns = queue.open_entries(db, visit.id)
    assert [(turn.service_id, turn.priority) for turn in turns] == [(PARQUET, False), (DESK, True)]
    page = visitor.follow(asked).page
    assert [each for each in page.forms if each["action"].endswith("/prive")] == []


def test_asking_again_changes_nothing(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    for _ in range(3):
        assert visitor.post(f"/v/{mine}/prive").status == 303
    assert len(queue.open_entries(db, visit.id)) == 1


def test_a_visit_that_is_over_does_not_begin_again_from_a_phone(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    visitor.post(f"/v/{mine}/partir")
    assert visitor.post(f"/v/{mine}/prive").status == 303
    assert visits.visit(db, visit.id).closed_at is not None
    assert queue.open_entries(db, visit.id) == []
