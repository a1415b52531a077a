"""The changes that the screens offer, ready for `changes`: each says what it may touch."""

from collections.abc import Callable
from datetime import date, datetime, time

from accueil.house.sites import Unknown
from accueil.planning import closures, exceptions, series
from accueil.planning.changes import Planned
from accueil.planning.closures import ClosedDays, Closure
from accueil.planning.horizon import remake
from accueil.planning.series import Permanence
from accueil.planning.undoing import Scope
from accueil.store.db import Db
from accueil.store.instants import from_text, to_text


def opening(new: Permanence, at: datetime) -> Planned:
    """Open a permanence; its id is drawn by the caller."""
    return Planned("permanence opened", Scope({new.id}), lambda db: series.create(db, new, at))


def editing(changed: Permanence, at: datetime) -> Planned:
    """Change a whole series."""
    return Planned(
        "permanence changed", Scope({changed.id}), lambda db: series.edit(db, changed, at)
    )


def editing_following(changed: Permanence, day: date, at: datetime) -> Planned:
    """Change a series from `day` on."""
    scope = Scope({changed.id})

    def act(db: Db) -> None:
        scope.permanences.add(series.edit_following(db, changed, day, at))

    return Planned("permanence changed", scope, act)


def ending(permanence_id: str, last_day: date, at: datetime) -> Planned:
    """Close a series after `last_day`."""
    return Planned(
        "permanence ended",
        Scope({permanence_id}),
        lambda db: series.end(db, permanence_id, last_day, at),
    )


def cancelling(occurrence_ids: list[str], at: datetime) -> Planned:
    """Cancel these dates."""
    return _dates(
        "date cancelled", occurrence_ids, lambda db: exceptions.cancel(db, occurrence_ids, at)
    )


def restoring(occurrence_id: str, at: datetime) -> Planned:
    """Hold a cancelled date after all."""
    return _dates(
        "date restored", [occurrence_id], lambda db: exceptions.restore(db, occurrence_id, at)
    )


def rescheduling(occurrence_id: str, day: date, start: time, end: time, at: datetime) -> Planned:
    """Move, shorten or lengthen one date."""
    return _dates(
        "date moved",
        [occurrence_id],
        lambda db: exceptions.reschedule(db, occurrence_id, day, start, end, at),
    )


def in_room(occurrence_ids: list[str], room_id: str | None, at: datetime) -> Planned:
    """Hold these dates in another room."""
    return _dates(
        "room changed",
        occurrence_ids,
        lambda db: exceptions.put_in_room(db, occurrence_ids, room_id, at),
    )


def with_host(occurrence_ids: list[str], host_id: str | None, at: datetime) -> Planned:
    """Have somebody else receive on these dates."""
    return _dates(
        "host changed",
        occurrence_ids,
        lambda db: exceptions.put_host(db, occurrence_ids, host_id, at),
    )


def absent(
    occurrence_ids: list[str], spans: list[tuple[datetime, datetime]], at: datetime
) -> Planned:
    """Nobody receives during these spans."""

    def act(db: Db) -> None:
        hours = {each: _hours(db, each) for each in occurrence_ids}
        for start, end in spans:
            touched = [
                each for each, (first, last) in hours.items() if first < end and last > start
            ]
            held = [each for each in touched if _is_held(db, each)]
            exceptions.be_absent(db, held, start, end, at)

    return _dates("absence", occurrence_ids, act)


def adding(
    permanence_id: str, day: date, start: time, end: time, room_id: str | None, at: datetime
) -> Planned:
    """Hold a permanence on one more date."""
    return Planned(
        "date added",
        Scope({permanence_id}),
        lambda db: exceptions.add(db, permanence_id, day, start, end, room_id, at),
    )


def closing(db: Db, new: Closure, at: datetime) -> Planned:
    """Close the house, a site, or a school zone for some days."""

    def act(db: Db) -> None:
        closures.add(db, new)
        remake(db, ids, at)
        exceptions.withdraw(db, _left_open(db, new, at), at)

    ids = _in_use(db)
    return Planned("house closed", Scope(set(ids), closures=True), act)


def reopening(db: Db, closure_id: str, at: datetime) -> Planned:
    """Take a closure back. What had been added or moved to its days stays cancelled."""

    def act(db: Db) -> None:
        closures.remove(db, closure_id)
        remake(db, ids, at)

    ids = _in_use(db)
    return Planned("house reopened", Scope(set(ids), closures=True), act)


def _dates(verb: str, occurrence_ids: list[str], act: Callable[[Db], None]) -> Planned:
    return Planned(verb, Scope(occurrences=set(occurrence_ids)), act)


def _in_use(db: Db) -> list[str]:
    return [row["id"] for row in db.all("SELECT id FROM permanence WHERE retired = 0 ORDER BY id")]


def _left_open(db: Db, new: Closure, at: datetime) -> list[str]:
    """What the rules do not decide and is still held on the days of a closure: what was changed,
    added, moved there, or kept."""
    rows = db.all(
        "SELECT o.id, o.day, o.site_id, p.closed_on FROM occurrence AS o"
        " JOIN permanence AS p ON p.id = o.permanence_id WHERE o.status = 'scheduled'"
        " AND o.exception <> '' AND o.day >= :first AND o.day <= :last AND o.starts_at > :now"
        " AND p.retired = 0 ORDER BY o.starts_at, o.id",
        first=new.first_day.isoformat(),
        last=new.last_day.isoformat(),
        now=to_text(at),
    )
    only = ClosedDays((new,))
    return [
        row["id"]
        for row in rows
        if only.reason(
            date.fromisoformat(row["day"]),
            row["site_id"],
            frozenset(row["closed_on"].split()) - {"public", "alsace-moselle"},
        )
    ]


def _hours(db: Db, occurrence_id: str) -> tuple[datetime, datetime]:
    row = db.one("SELECT starts_at, ends_at FROM occurrence WHERE id = :id", id=occurrence_id)
    if row is None:
        raise Unknown(occurrence_id)
    return from_text(row["starts_at"]), from_text(row["ends_at"])


def _is_held(db: Db, occurrence_id: str) -> bool:
    row = db.one("SELECT status FROM occurrence WHERE id = :id", id=occurrence_id)
    return row is not None and row["status"] == "scheduled"
