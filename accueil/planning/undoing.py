"""Each change of the planning: one transaction, its event, and for ten seconds the way back.

    undoing(seq, actor, at, changes)

What a change touched is found by comparing the rows of its scope before and after. Undo puts
them back, unless one of them has changed since. Names and phones are never part of it.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta

from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

UNDO_WITHIN = timedelta(seconds=10)
NOBODY = frozenset({"kiosk", "visitor", "house"})  # who has no screen to undo on
_PERSONAL = ("name", "phone", "code_hash")
_TABLES = ("closure", "permanence", "occurrence", "slot", "appointment", "booking")
Picture = dict[tuple[str, str], Row]


class TooLate(ValueError):
    """Ten seconds have passed, or somebody has gone on from there."""


@dataclass(slots=True)
class Scope:
    """What a change may touch: whole permanences, occurrences alone, closures if it says so."""

    permanences: set[str] = field(default_factory=set)
    occurrences: set[str] = field(default_factory=set)
    closures: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One row, as it was and as it became; None where there was none."""

    table: str
    key: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change of the planning that its author may still undo, for `remaining` more."""

    seq: int
    verb: str
    remaining: timedelta


@contextmanager
def change(db: Db, verb: str, scope: Scope, by: str, at: datetime) -> Iterator[None]:
    """Change the planning inside the block: one transaction, and an event at each site."""
    with db.transaction():
        before = _picture(db, scope, at)
        yield
        changes = _compared(before, _picture(db, scope, at))
        if not changes:  # the same button twice: what was done before may still be undone
            return
        seq = 0
        for site_id in _sites(each.before or each.after or {} for each in changes):
            seq = write(db, Event(verb, by, site_id, data={"rows": len(changes)}), at)
        if by not in NOBODY:
            _remember(db, seq, by, at, changes)


def undoable(db: Db, by: str, at: datetime) -> Undoable | None:
    """The last change of `by` that can still be undone at `at`, or None."""
    row = db.one(
        "SELECT u.seq, u.at, j.verb FROM undoing AS u JOIN journal AS j ON j.seq = u.seq"
        " WHERE u.actor = :by AND u.at > :since ORDER BY u.seq DESC LIMIT 1",
        by=by,
        since=to_text(at - UNDO_WITHIN),
    )
    if row is None:
        return None
    return Undoable(row["seq"], row["verb"], from_text(row["at"]) + UNDO_WITHIN - at)


def undo(db: Db, seq: int, by: str, at: datetime) -> None:
    """Put the planning back as it was before the event `seq`; `TooLate` if that cannot be."""
    with db.transaction():
        row = db.one("SELECT * FROM undoing WHERE seq = :seq AND actor = :by", seq=seq, by=by)
        if row is None or at - from_text(row["at"]) >= UNDO_WITHIN:
            raise TooLate
        changes = [Change(*each) for each in json.loads(row["changes"])]
        try:
            _restore(db, changes, at)
        except Refused as refusal:
            raise TooLate from refusal
        db.run("DELETE FROM undoing WHERE seq = :seq", seq=seq)
        for site_id in _sites(each.before or each.after or {} for each in changes):
            write(db, Event("planning undone", by, site_id, data={"seq": seq}), at)


def forget_undoing(db: Db, at: datetime) -> int:
    """Drop what can no longer be undone; how many changes."""
    with db.transaction():
        return db.run("DELETE FROM undoing WHERE at < :since", since=to_text(at - UNDO_WITHIN))


def _picture(db: Db, scope: Scope, at: datetime) -> Picture:
    """The rows of a scope; what is over in a whole permanence never changes."""
    found: Picture = {}
    ahead = f"o.permanence_id = :id AND o.ends_at > '{to_text(at)}'"
    for permanence_id in scope.permanences:
        _add(db, found, "permanence", "id = :id", permanence_id)
        _add_occurrences(db, found, ahead, permanence_id)
    for occurrence_id in scope.occurrences:
        _add_occurrences(db, found, "o.id = :id", occurrence_id)
    if scope.closures:
        _add(db, found, "closure", "id <> :id", "")
    return found


def _add_occurrences(db: Db, found: Picture, where: str, wanted: str) -> None:
    inside = f"(SELECT o.id FROM occurrence AS o WHERE {where})"
    _add(db, found, "occurrence", f"id IN {inside}", wanted)
    _add(db, found, "slot", f"occurrence_id IN {inside}", wanted)
    _add(db, found, "appointment", f"occurrence_id IN {inside}", wanted)
    slots = f"(SELECT s.id FROM slot AS s WHERE s.occurrence_id IN {inside})"
    _add(db, found, "booking", f"slot_id IN {slots}", wanted)


def _add(db: Db, found: Picture, table: str, where: str, wanted: str) -> None:
    key = _key(table)
    for row in db.all(f"SELECT * FROM {table} WHERE {where}", id=wanted):
        found[table, row[key]] = row


def _compared(before: Picture, after: Picture) -> list[Change]:
    return [
        Change(
            table, key, _impersonal(before.get((table, key))), _impersonal(after.get((table, key)))
        )
        for table, key in {**before, **after}
        if before.get((table, key)) != after.get((table, key))
    ]


def _remember(db: Db, seq: int, by: str, at: datetime, changes: list[Change]) -> None:
    db.run(
        "DELETE FROM undoing WHERE actor = :by OR at < :since",
        by=by,
        since=to_text(at - UNDO_WITHIN),
    )
    db.run(
        "INSERT INTO undoing (seq, actor, at, changes) VALUES (:seq, :by, :at, :changes)",
        seq=seq,
        by=by,
        at=to_text(at),
        changes=json.dumps([astuple(each) for each in changes], ensure_ascii=False),
    )


def _impersonal(row: Row | None) -> Row | None:
    return row and {name: value for name, value in row.items() if name not in _PERSONAL}


def _restore(db: Db, changes: list[Change], at: datetime) -> None:
    """Each row as it was. What refers to others is let go first, what is referred to last."""
    for each in changes:
        if _now(db, each.table, each.key) != each.after:
            raise TooLate
    of = {table: [each for each in changes if each.table == table] for table in _TABLES}
    for each in of["occurrence"]:
        db.run(
            "UPDATE occurrence SET status = 'cancelled', original_start = id WHERE id = :id",
            id=each.key,
        )
    for each in of["appointment"]:
        _update(db, each, _again(each, at))
    for table in ("booking", "slot", "occurrence"):
        _delete_made(db, of[table])
    for table in ("closure", "permanence", "occurrence", "slot", "booking"):
        for each in of[table]:
            if each.before and each.after:
                _update(db, each, _again(each, at))
            elif each.before:
                _insert(db, each)
    for table in ("permanence", "closure"):
        _delete_made(db, of[table])


def _again(change: Change, at: datetime) -> Row:
    """The row as it was, but a new version of it: a calendar may have seen the other. An
    appointment that was not there is cancelled."""
    after = change.after or {}
    before = change.before or {"state": "cancelled", "cancelled_by": "house"}
    if "sequence" in after:
        return before | {"sequence": after["sequence"] + 1, "changed_at": to_text(at)}
    return before


def _delete_made(db: Db, changes: list[Change]) -> None:
    for each in changes:
        if each.before is None:
            db.run(f"DELETE FROM {each.table} WHERE {_key(each.table)} = :key", key=each.key)


def _insert(db: Db, change: Change) -> None:
    row = change.before or {}
    values = ", ".join(f":{name}" for name in row)
    db.run(f"INSERT INTO {change.table} ({', '.join(row)}) VALUES ({values})", **row)


def _now(db: Db, table: str, key: str) -> Row | None:
    row = db.one(f"SELECT * FROM {table} WHERE {_key(table)} = :key", key=key)
    return _impersonal(row)


def _update(db: Db, change: Change, values: Row) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    db.run(
        f"UPDATE {change.table} SET {assignments} WHERE {_key(change.table)} = :the_key",
        **values,
        the_key=change.key,
    )


def _key(table: str) -> str:
    return "slot_id" if table == "booking" else "id"


def _sites(rows: Iterable[Row]) -> list[str | None]:
    """The sites whose planning these rows speak of; the house as a whole if they do not say."""
    found: set[str] = {row["site_id"] for row in rows if row.get("site_id")}
    return [*sorted(found)] or [None]
