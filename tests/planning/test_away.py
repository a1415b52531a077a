from datetime import datetime, timedelta

import pytest

from accueil.house.text import HouseText
from accueil.planning import away
from accueil.planning.away import Span
from accueil.store.db import Db
from tests.personae import MONDAY, after, paris

NEXT = [paris(2026, 11, 30, 9), paris(2026, 11, 30, 10, 30)]  # the Parquet's next morning


def span(start: datetime, minutes: float) -> Span:
    return start, start + timedelta(minutes=minutes)


def parquet(db: Db) -> list[str]:
    rows = db.all("SELECT p.id FROM permanence AS p WHERE p.service_id LIKE 'ecs-parquet%'")
    return [row["id"] for row in rows]


def all_rows(db: Db) -> list[dict[str, object]]:
    return db.all("SELECT * FROM occurrence ORDER BY id") + db.all("SELECT * FROM slot ORDER BY id")


def effect(db: Db, *spans: Span) -> list[tuple[str, datetime, datetime, str]]:
    dates, useful = away.touching(db, parquet(db), spans, MONDAY)
    return [
        (each.how(), each.after.starts_at, each.after.ends_at, each.after.breaks)
        for each in away.effects(db, dates, useful, MONDAY)
    ]


def test_absences_that_meet_are_one_and_of_whole_minutes() -> None:
    spans = [span(after(3600), 30), span(after(0), 60), span(after(20), 0.1), span(after(9000), 1)]
    assert away.merged(spans) == [span(MONDAY, 90), span(after(9000), 1)]
    assert away.merged([(after(59), after(60.5))]) == [span(MONDAY, 2)]
    assert away.merged([]) == []


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (NEXT[0], 90, ("cancelled", *NEXT, "")),
        (NEXT[0] - timedelta(hours=1), 90, ("shortened", paris(2026, 11, 30, 9, 30), NEXT[1], "")),
        (NEXT[1], -30, ("shortened", NEXT[0], paris(2026, 11, 30, 10), "")),
        (paris(2026, 11, 30, 9, 30), 15, ("interrupted", *NEXT, "09:30-09:45")),
    ],
)
def test_a_date_is_cancelled_shortened_or_interrupted(
    start: datetime,
    minutes: float,
    expected: tuple[str, datetime, datetime, str],
    db: Db,
    house: HouseText,
) -> None:
    both = sorted(span(start, minutes))
    assert effect(db, (both[0], both[1])) == [expected]


def test_several_absences_on_one_date_add_up(db: Db, house: HouseText) -> None:
    halves = span(NEXT[0], 30), span(NEXT[0] + timedelta(minutes=60), 15)
    begins = paris(2026, 11, 30, 9, 30)
    assert effect(db, *halves) == [("shortened", begins, NEXT[1], "10:00-10:15")]


def test_what_has_begun_and_what_is_between_dates_is_left_alone(db: Db, house: HouseText) -> None:
    assert away.touching(db, parquet(db), [span(MONDAY, 10), span(NEXT[1], 60)], MONDAY) == ([], [])


def test_looking_changes_nothing(db: Db, house: HouseText) -> None:
    before = all_rows(db)
    assert len(effect(db, span(MONDAY, 60 * 24 * 60))) > 10
    assert all_rows(db) == before
