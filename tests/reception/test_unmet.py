"""Nobody could answer: what was missing is kept, taken back, and counted without anybody in it."""

from datetime import date, timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.reception import passages, unmet, visits
from accueil.reception.change import undo
from accueil.reception.unmet import MISSING, Count, Missing
from accueil.store import journal
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import BEARN, DESK, MANDELA, MONDAY, after, arrive

DAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def leave(
    db: Db, need: str | None, missing: Missing | None, days: int = 0, **fields: object
) -> None:
    at = MONDAY + timedelta(days=days)
    arrive(db, at=at, need=need, outcome="unmet", missing=missing, **fields)


@pytest.mark.parametrize("word", MISSING)
def test_a_visit_says_what_was_missing(word: Missing, db: Db, house: HouseText) -> None:
    visit = arrive(db, need="logement")
    visits.close(db, visit.id, "unmet", "an agent", after(1), missing=word)
    found = visits.visit(db, visit.id)
    assert (found.outcome, found.missing) == ("unmet", word)


def test_a_word_that_is_not_among_them_is_refused() -> None:
    with pytest.raises(Unknown):
        unmet.missing("nationality")


def test_the_schema_refuses_it_too(db: Db, house: HouseText) -> None:
    visit = arrive(db)
    for assignment in ("missing = 'place'", "outcome = 'unmet', closed_at = '', missing = 'x'"):
        with pytest.raises(Refused):
            db.run(f"UPDATE visit SET {assignment} WHERE id = :id", id=visit.id)


def test_what_ends_otherwise_misses_nothing(db: Db, house: HouseText) -> None:
    visit = arrive(db)
    visits.close(db, visit.id, "received", "an agent", after(1), missing="place", need="droit")
    assert (visits.visit(db, visit.id).missing, visits.visit(db, visit.id).need) == (None, None)


def test_a_need_is_added_where_none_was_said_and_never_to_who_asked_in_private(
    db: Db, house: HouseText
) -> None:
    needs = []
    for fields in ({}, {"need": "droit"}, {"private": True}):
        visit = arrive(db, **fields)
        visits.close(db, visit.id, "unmet", "an agent", after(1), missing="wait", need="sante")
        needs.append(visits.visit(db, visit.id).need)
    assert needs == ["sante", "droit", None]


def test_taken_back_it_was_never_missing(db: Db, nadia: Account) -> None:
    visit = arrive(db)
    visits.close(db, visit.id, "unmet", nadia.id, after(1), missing="place", need="logement")
    undo(db, journal.version(db, BEARN), nadia.id, after(2))
    found = visits.visit(db, visit.id)
    assert (found.outcome, found.missing, found.need) == (None, None, None)
    assert unmet.counts(db, BEARN, FIRST, LAST) == []


def test_a_person_who_comes_back_is_counted_no_more(db: Db, house: HouseText) -> None:
    visit = arrive(db, outcome="unmet", missing="hours")
    passages.send_to(db, visit.id, DESK, "an agent", after(1))
    assert visits.visit(db, visit.id).missing is None
    assert unmet.counts(db, BEARN, FIRST, LAST) == []


def test_needs_are_counted_by_what_was_missing(db: Db, house: HouseText) -> None:
    for need, missing in (
        *(("logement", "place"), ("logement", "place"), ("logement", "service")),
        *(("droit", None), (None, "language")),
    ):
        leave(db, need, missing)
    leave(db, "logement", "place", days=-30)
    leave(db, "logement", "place", site_id=MANDELA, service_id="ecs-clic6")
    arrive(db, need="logement", outcome="address")
    assert unmet.counts(db, BEARN, FIRST, LAST) == [
        Count("logement", "place", 2),
        Count(None, "language", 1),
        Count("droit", None, 1),
        Count("logement", "service", 1),
    ]


def test_a_need_that_comes_back_within_thirty_days_is_said(db: Db, house: HouseText) -> None:
    for days in (-30, -29, -1):
        leave(db, "logement", "place", days=days)
    assert unmet.often(db, BEARN, DAY) == []
    leave(db, "logement", "wait")
    for _ in range(4):
        leave(db, "droit", "service")
        leave(db, None, "other")
    assert unmet.often(db, BEARN, DAY) == [("droit", 4), ("logement", 3)]
