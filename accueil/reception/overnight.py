"""Overnight: the visits of a day that is over end; the names given to them are forgotten, and who
asked for help."""

from datetime import datetime

from accueil.house.sites import every_site
from accueil.reception import visits
from accueil.store.db import Db


def forget_aliases(db: Db, at: datetime) -> int:
    """Erase the names given on days that are over; how many."""
    forgotten = 0
    with db.transaction():
        for place in every_site(db):
            forgotten += db.run(
                "UPDATE visit SET alias = NULL"
                " WHERE alias IS NOT NULL AND site_id = :site_id AND day < :today",
                site_id=place.id,
                today=place.day(at).isoformat(),
            )
    return forgotten


def forget_alerts(db: Db, at: datetime) -> int:
    """Erase the alerts of days that are over, seen or not; how many."""
    forgotten = 0
    with db.transaction():
        for place in every_site(db):
            forgotten += db.run(
                "DELETE FROM alert WHERE site_id = :site_id AND day < :today",
                site_id=place.id,
                today=place.day(at).isoformat(),
            )
    return forgotten


def end_past_days(db: Db, at: datetime) -> int:
    """Close the visits of days that are over; how many. Whoever was still waiting, and was received
    by nobody, is counted as a need that nobody answered, for want of time; the others left."""
    ended = 0
    for place in every_site(db):
        for row in db.all(
            "SELECT id, EXISTS (SELECT 1 FROM queue_entry AS e WHERE e.visit_id = visit.id"
            " AND e.state = 'waiting') AND NOT EXISTS (SELECT 1 FROM queue_entry AS e"
            " WHERE e.visit_id = visit.id AND e.state IN ('done', 'serving')) AS unanswered"
            " FROM visit WHERE site_id = :site_id AND day < :today AND closed_at IS NULL",
            site_id=place.id,
            today=place.day(at).isoformat(),
        ):
            if row["unanswered"]:
                visits.close(db, row["id"], "unmet", "house", at, missing="wait")
            else:
                visits.close(db, row["id"], "left", "house", at)
            ended += 1
    return ended
