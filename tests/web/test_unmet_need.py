"""Nobody had an answer: the desk says what was missing in one touch, and the house counts it."""

import pytest

from accueil.reception.unmet import MISSING
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.people import arrive

PAGE = "/admin/besoins-sans-reponse"


def ended(db: Db) -> tuple[str | None, str | None, str | None]:
    [row] = db.all("SELECT outcome, need, missing FROM visit")
    return row["outcome"], row["need"], row["missing"]


@pytest.mark.parametrize("missing", MISSING)
def test_one_touch_ends_the_visit(missing: str, db: Db, agent: Browser) -> None:
    visit = arrive(db, need="logement")
    page = agent.get(f"/accueil/visites/{visit.id}").page
    close = f"/accueil/visites/{visit.id}/clore/unmet"
    done = agent.press(page, close, missing=missing)
    assert (done.status, done.location) == (303, "/accueil")
    assert ended(db) == ("unmet", "logement", missing)


def test_where_no_need_was_said_it_is_chosen_there(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=DESK)
    page = agent.get(f"/accueil/visites/{visit.id}").page
    close = f"/accueil/visites/{visit.id}/clore/unmet"
    assert len(page.form(close, missing="wait").all("input", type="radio")) > 5
    agent.press(page, close, fill={"need": "sante"}, missing="wait")
    assert ended(db) == ("unmet", "sante", "wait")


def test_of_whoever_asked_in_private_no_need_is_asked(db: Db, agent: Browser) -> None:
    visit = arrive(db, private=True)
    page = agent.get(f"/accueil/visites/{visit.id}").page
    close = f"/accueil/visites/{visit.id}/clore/unmet"
    assert page.form(close, missing="other").all("input", type="radio") == []
    agent.post(close, {"missing": "other", "need": "sante"})
    assert ended(db) == ("unmet", None, "other")


def test_whoever_was_never_registered_is_counted_too(db: Db, agent: Browser) -> None:
    sent = agent.post(
        "/accueil/visites", {"code": new_code(), "need": "logement", "missing": "place"}
    )
    assert sent.status == 303
    assert ended(db) == ("unmet", "logement", "place")


def test_it_is_taken_back_like_anything_else(db: Db, agent: Browser) -> None:
    visit = arrive(db, need="logement")
    agent.post(f"/accueil/visites/{visit.id}/clore/unmet", {"missing": "place"})
    page = agent.get("/accueil").page
    [undo] = [form for form in page.forms if form["action"].startswith("/accueil/annuler/")]
    assert agent.press(page, undo["action"]).status == 303
    assert ended(db) == (None, "logement", None)


@pytest.mark.parametrize("value", ["inconnu", "\0", "' --", "👩🏽", "x" * 50_000], ids=range(5))
def test_a_word_that_means_nothing_ends_nothing(value: str, db: Db, agent: Browser) -> None:
    visit = arrive(db)
    for name in ("missing", "need"):
        sent = agent.post(f"/accueil/visites/{visit.id}/clore/unmet", {name: value})
        assert sent.status == 422
    assert ended(db) == (None, None, None)
    registered = agent.post(
        "/accueil/visites", {"code": new_code(), "need": "droit", "missing": value}
    )
    assert registered.status == 422


def table(browser: Browser, month: str = "2026-11") -> list[list[str]]:
    rows = browser.get(PAGE, query_string={"mois": month}).page.all("tr")
    return [[each.text for each in row.everything() if each.tag in ("th", "td")] for row in rows]


def leave(db: Db, need: str | None, missing: str | None, **fields: object) -> None:
    arrive(db, need=need, outcome="unmet", missing=missing, alias="Zébulon", **fields)


def test_the_house_sees_needs_by_what_was_missing(db: Db, admin: Browser) -> None:
    leave(db, "logement", "place")
    leave(db, "logement", "place")
    leave(db, "droit", "language")
    leave(db, None, None)
    assert table(admin) == [
        ["Besoin", "Plus de place", "Pas dans sa langue", "Non précisé", "Total"],
        ["Logement, hébergement", "2", "–", "–", "2"],
        ["Droit, plainte, justice", "–", "1", "–", "1"],
        ["Besoin non dit", "–", "–", "1", "1"],
    ]
    assert "Zébulon" not in admin.get(PAGE).page.text


def test_a_month_is_reached_from_another_and_from_the_house(
    db: Db, admin: Browser, agent: Browser
) -> None:
    leave(db, "logement", "place")
    assert admin.get("/admin").page.one("a", href=PAGE)
    december = agent.get(PAGE, query_string={"mois": "2026-12"}).page
    assert december.all("table") == []
    november = december.all("a", class_="observed-month")[0]
    assert len(agent.get(november["href"]).page.all("table")) == 1


def test_a_need_that_comes_back_is_said(db: Db, admin: Browser) -> None:
    leave(db, "logement", "place")
    leave(db, "logement", "wait")
    assert admin.get(PAGE).page.all(class_="notice") == []
    leave(db, "logement", "place")
    assert "3" in admin.get(PAGE).page.one(class_="notice").text


def test_it_is_said_that_nobody_is_in_it(admin: Browser) -> None:
    assert "Ni nom, ni ticket" in admin.get(PAGE).page.text


@pytest.mark.parametrize("month", ["2026-13", "x", "\0", "1999-12", "2100-01", "-1", "2026-11-01"])
def test_a_month_that_does_not_exist_is_said(month: str, agent: Browser) -> None:
    answer = agent.get(PAGE, query_string={"mois": month})
    assert answer.status == 422
    assert answer.page.one(role="alert")


def test_a_partner_does_not_see_it(partner: Browser) -> None:
    assert partner.get(PAGE).status == 403


def test_the_count_is_the_desk_s_where_the_agent_stands(
    db: Db, agent: Browser, clock: Clock
) -> None:
    leave(db, "logement", "place", site_id="mandela", service_id="ecs-clic6")
    assert table(agent) == []
