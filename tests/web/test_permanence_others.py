"""What is somebody else's, what left the house, and what no calendar holds: a clear answer each."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accueil.house.text import HouseText
from accueil.planning import plans, series, slots
from accueil.planning.changes import carry_out
from accueil.planning.timetable import load
from accueil.store.db import Db
from accueil.store.ids import new_id
from tests.personae import MISSION_LOCALE, MONDAY
from tests.web.bookings import book, edit
from tests.web.browser import Answer, Browser
from tests.web.planning import occurrences
from tests.web.rule_form import NEW, WEDNESDAYS, filled, opened, problems, send

ABSENCE, MONDAYS = "/planning/absence", "parquet-lundi"
SATURDAY: dict[str, Any] = {
    "weekday": "SA", "repeat": "weekly", "start1": "09:00", "end1": "10:00", "mode": "walk_in",
}  # fmt: skip
FAR = ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]


def leave(db: Db, text: HouseText) -> None:
    """The Parquet leaves the house's text, after its Mondays were changed on the screens."""
    edit(db, MONDAYS, said="le lundi")
    left = replace(
        text,
        services=tuple(each for each in text.services if each.organisation != "parquet"),
        permanences=tuple(each for each in text.permanences if "parquet" not in each.service),
    )
    load(db, left, MONDAY + timedelta(hours=1))


# ---- what is somebody else's -----------------------------------------------------------------


@pytest.mark.parametrize("service", ["nobody", MISSION_LOCALE])
def test_the_people_of_another_service_are_not_named(service: str, partner: Browser) -> None:
    page = partner.get(NEW).page
    answer = send(partner, page, service=service)
    assert answer.status in (200, 422)
    assert "Karim" not in answer.page.html


def test_a_permanence_that_was_another_s_is_not_taken_over(db: Db, partner: Browser) -> None:
    gone = replace(
        series.permanence(db, "mission-locale"),
        id=new_id(),
        room_id=None,
        first_day=date(2026, 12, 14),
    )
    for planned in (plans.opening(gone, MONDAY), plans.ending(gone.id, date(2026, 12, 1), MONDAY)):
        carry_out(db, planned, {}, "nadia", MONDAY)
    before = db.all("SELECT * FROM permanence WHERE id = :id", id=gone.id)
    send(partner, partner.get(NEW).page, "save", id=gone.id, **SATURDAY)
    assert db.all("SELECT * FROM permanence WHERE id = :id", id=gone.id) == before
    assert before[0]["retired"] == 1


def test_somebody_of_another_organisation_replaces_nobody(db: Db, agent: Browser) -> None:
    karim = db.all("SELECT id FROM account WHERE login = 'karim'")[0]["id"]
    period = {"first": "2026-11-30", "last": "2026-11-30", "what": "host", "host": karim}
    answer = agent.post(
        ABSENCE, period | {"permanence": ["mission-locale", MONDAYS], "step": "save"}
    )
    assert answer.status == 422
    assert karim not in [each.host_id for each in occurrences(db, MONDAYS, date(2026, 11, 30))]


# ---- what is missing, or taken ---------------------------------------------------------------


@pytest.mark.parametrize("field", ["service", "site"])
@pytest.mark.parametrize("step", ["check", "save"])
def test_a_permanence_of_no_service_or_no_site_is_asked_for_it(
    field: str, step: str, db: Db, partner: Browser
) -> None:
    answer = send(partner, partner.get(NEW).page, step, **{field: ""}, **SATURDAY)
    assert answer.status == (422 if step == "save" else 200)
    assert field in problems(answer.page)
    assert opened(db) == []


def test_a_room_taken_by_who_is_kept_is_said_and_nothing_changes(db: Db, agent: Browser) -> None:
    held = series.permanence(db, "nouvelles-voies-bearn")
    found = slots.free(db, held.service_id, MONDAY, asker="desk", number=200, site_id="bearn")
    day = [each for each in found if each.occurrence_id == found[0].occurrence_id]
    person = book(db, day[-1])
    address = f"/planning/permanences/{held.id}"
    split = {"start1": "13:00", "end1": "15:00", "start2": "15:00", "end2": "17:00", "phrase": ""}
    form = filled(agent.get(address).page) | split | {"step": "save"}
    assert agent.send(address, form).status == 409
    answer = agent.send(address, form | {f"decision-{person.id}": "keep"})
    assert answer.status == 422
    assert "Bureau 3" in answer.page.one("p", role="alert").text
    assert series.permanence(db, held.id) == held


# ---- what no calendar holds ------------------------------------------------------------------


def refused(answer: Answer) -> bool:
    return answer.status == 422 and "n’existe pas" in answer.page.one("main").text


@pytest.mark.parametrize("day", FAR)
def test_a_day_that_nobody_means_is_no_date(day: str, db: Db, partner: Browser) -> None:
    period = {"first": day, "last": day, "permanence": MONDAYS, "what": "absent", "step": "save"}
    assert refused(partner.post(ABSENCE, period))
    end = {"step": "end", "last_day": day}
    assert partner.post(f"/planning/permanences/{WEDNESDAYS}", end).status == 422
    page = partner.get(f"/planning/permanences/{WEDNESDAYS}").page
    for fields in ({"first": day}, {"last": day}, {"scope": "following", "cut": day}):
        assert send(partner, page, "save", **fields).status == 422
    assert opened(db) == []


# ---- what left the house ---------------------------------------------------------------------


def test_what_left_the_house_is_retired_even_when_the_screens_changed_it(
    db: Db, text: HouseText
) -> None:
    leave(db, text)
    row = db.one("SELECT retired, source FROM permanence WHERE id = :id", id=MONDAYS)
    assert row == {"retired": 1, "source": "text"}
    assert occurrences(db, MONDAYS, date(2026, 11, 30)) == []


def test_the_past_of_what_left_the_house_is_still_shown(
    db: Db, agent: Browser, text: HouseText
) -> None:
    past = occurrences(db, MONDAYS, date(2026, 11, 23))[0]
    leave(db, text)
    assert agent.get("/planning").status == 200
    page = agent.get(f"/planning/seances/{past.id}").page
    assert "lundi 23 novembre" in page.one("h1").text


def test_a_date_at_a_site_that_left_the_house_is_still_shown(
    db: Db, agent: Browser, text: HouseText
) -> None:
    days = [MONDAY.date() + timedelta(days=number) for number in range(5)]
    held = next(found for day in days for found in occurrences(db, "clic6", day))
    with db.transaction():
        db.run("UPDATE site SET retired = 1 WHERE id = :id", id=held.site_id)
    assert agent.get(f"/planning/seances/{held.id}").status == 200
