"""I cannot wait any longer: asked once more, then the queue moves on."""

from accueil.reception import queue, visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import PARQUET, turn_of
from tests.web.browser import Browser
from tests.web.people import arrive


def test_leaving_is_confirmed_then_done(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine, service_id=PARQUET)
    page = visitor.get(f"/v/{mine}").page
    [link] = [each for each in page.all("a") if f"/v/{mine}/partir" in each["href"]]
    question = visitor.get(link["href"]).page
    assert visits.visit(db, visit.id).closed_at is None
    left = visitor.press(question, f"/v/{mine}/partir")
    assert left.status == 303
    assert visitor.follow(left).status == 200
    assert visits.visit(db, visit.id).outcome == "left"
    assert queue.open_entries(db, visit.id) == []


def test_the_question_has_a_way_back_that_changes_nothing(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine)
    question = visitor.get(f"/v/{mine}/partir").page
    back = [each["href"] for each in question.all("a")]
    assert visitor.get(back[0]).status == 200
    assert visits.visit(db, visit.id).closed_at is None


def test_leaving_twice_is_leaving_once(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    assert visitor.post(f"/v/{mine}/partir").status == 303
    events = len(db.all("SELECT seq FROM journal"))
    assert visitor.post(f"/v/{mine}/partir").status == 303
    assert len(db.all("SELECT seq FROM journal")) == events


def test_whoever_left_is_not_called(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    visitor.post(f"/v/{mine}/partir")
    partner.post("/partenaire/appeler", {"room": "bearn-bureau-3"})
    assert db.all("SELECT id FROM call") == []


def test_leaving_keeps_the_language(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, language="en")
    question = visitor.get(f"/v/{mine}/partir", query_string={"language": "ar"}).page
    left = visitor.follow(visitor.press(question, f"/v/{mine}/partir")).page
    assert left.one("html")["lang"] == "ar"


def test_once_received_one_may_still_leave(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine, service_id=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    partner.post(f"/partenaire/passages/{turn_of(db, visit).id}/receive")
    assert visitor.post(f"/v/{mine}/partir").status == 303
    assert queue.open_entries(db, visit.id) == []
