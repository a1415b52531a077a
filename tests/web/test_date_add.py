"""One more date of a permanence."""

import pytest

from accueil.planning import agenda
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Browser
from tests.web.rule_form import WEDNESDAYS

ADD = f"/planning/permanences/{WEDNESDAYS}/date"
FRIDAY = {"day": "2026-11-27", "start": "14:00", "end": "16:00", "room": "bearn-bureau-3"}


def days(db: Db) -> list[str]:
    return [str(each.occurrence.day) for each in agenda.next_of(db, WEDNESDAYS, MONDAY)]


def test_a_date_is_added_once(db: Db, partner: Browser) -> None:
    page = partner.get(ADD).page
    assert (page.one(id="start")["value"], page.one(id="end")["value"]) == ("09:00", "12:30")
    assert partner.post(ADD, FRIDAY).status == 303
    twice = partner.post(ADD, FRIDAY)
    assert twice.status == 422
    assert "déjà une séance" in twice.page.one("p", role="alert").text
    assert days(db).count("2026-11-27") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", ""), ("day", "2031-01-01"), ("start", "neuf"), ("end", ""), ("room", "nowhere"),
     ("room", "mandela-bureau-partage")],
)  # fmt: skip
def test_what_cannot_be_used_is_said(field: str, value: str, db: Db, partner: Browser) -> None:
    answer = partner.post(ADD, FRIDAY | {field: value})
    assert answer.status == 422
    assert answer.page.one(id=f"trouble-{field}").text
    assert "2026-11-27" not in days(db)


@pytest.mark.parametrize(
    "changed", [{"day": "2026-11-20"}, {"end": "13:00"}, {"day": "2027-03-28", "start": "02:30"}]
)
def test_what_the_planning_refuses_is_said(
    changed: dict[str, str], db: Db, partner: Browser
) -> None:
    before = days(db)
    answer = partner.post(ADD, FRIDAY | changed)
    assert answer.status == 422
    assert answer.page.one("p", role="alert").text
    assert answer.page.one(id="end")["value"] == changed.get("end", "16:00")
    assert days(db) == before


def test_a_room_that_is_taken_is_named_and_another_proposed(db: Db, partner: Browser) -> None:
    taken = FRIDAY | {"room": "bearn-bureau-1"}
    answer = partner.post(ADD, taken)
    assert answer.status == 422
    assert "Mission locale" in answer.page.one("p", role="alert").text
    free = answer.page.all("button", name="room")[0]["value"]
    assert partner.press(answer.page, ADD, room=free).status == 303
    added = agenda.next_of(db, WEDNESDAYS, MONDAY)[0].occurrence
    assert (str(added.day), added.room_id) == ("2026-11-27", free)
