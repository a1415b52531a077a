"""A change to one visit: made whole, written in the journal, and undone for ten seconds.

The event keeps how the visit and its turns were before, in pseudonymous columns only, so that
undo is another event that puts them back. A number once given is not given again: undoing an
arrival closes it as a mistake.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

UNDO_WITHIN = timedelta(seconds=10)
_VISIT = ("need", "private", "precedence", "closed_at", "outcome", "missing")
_ENTRY = (
    *("state", "priority", "queued_at", "called_at", "started_at", "ended_at", "room_id"),
    *("host_id", "hold", "hold_reason", "back_at", "due_at"),
)
_MISTAKE = {"outcome": "mistake", "private": 0, "precedence": 0, "need": None}


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change that its author may still undo, for `remaining` more."""

    seq: int
    verb: str
    number: int
    remaining: timedelta


class NotNow(ValueError):
    """The visit, or its turn, is no longer in the state that this verb takes it from."""


class TooLate(ValueError):
    """Ten seconds have passed, or somebody has gone on from there."""


@contextmanager
def change(db: Db, verb: str, visit_id: str, by: str, at: datetime) -> Iterator[None]:
    """Change one visit inside the block: one transaction, and its event in the journal."""
    with db.transaction():
        before = _picture(db, visit_id)
        yield
        site_id = db.all("SELECT site_id FROM visit WHERE id = :id", id=visit_id)[0]["site_id"]
        write(db, Event(verb, by, site_id, visit_id, {"before": before}), at)


def undoable(db: Db, by: str, at: datetime) -> Undoable | None:
    """The last change of `by` that can still be undone at `at`, or None."""
    row = db.one(
        "SELECT j.seq, j.at, j.verb, v.number"
        " FROM journal AS j JOIN visit AS v ON v.id = j.visit_id"
        " WHERE j.actor = :by AND j.verb <> 'undone' AND j.at > :since"
        " AND j.seq > (SELECT max(seq) - 500 FROM journal)"
        " AND NOT EXISTS"
        " (SELECT 1 FROM journal AS l WHERE l.visit_id = j.visit_id AND l.seq > j.seq)"
        " ORDER BY j.seq DESC LIMIT 1",
        by=by,
        since=to_text(at - UNDO_WITHIN),
    )
    if row is None:
        return None
    remaining = from_text(row["at"]) + UNDO_WITHIN - at
    return Undoable(row["seq"], row["verb"], row["number"], remaining)


def undo(db: Db, seq: int, by: str, at: datetime) -> None:
    """Put the visit back as it was before the event `seq`; `TooLate` if that cannot be."""
    with db.transaction():
        event = db.one("SELECT * FROM journal WHERE seq = :seq AND actor = :by", seq=seq, by=by)
        if event is None or event["visit_id"] is None or event["verb"] == "undone":
            raise TooLate
        later = db.one(
            "SELECT 1 AS yes FROM journal WHERE visit_id = :visit AND seq > :seq LIMIT 1",
            visit=event["visit_id"],
            seq=seq,
        )
        if later or at - from_text(event["at"]) > UNDO_WITHIN:
            raise TooLate
        try:
            _restore(db, event, at)
        except Refused as refusal:
            raise TooLate from refusal
        write(db, Event("undone", by, event["site_id"], event["visit_id"], {"seq": seq}), at)


def _picture(db: Db, visit_id: str) -> Row:
    visit = db.one(f"SELECT {', '.join(_VISIT)} FROM visit WHERE id = :id", id=visit_id)
    entries = db.all(
        f"SELECT id, calls, {', '.join(_ENTRY)} FROM queue_entry WHERE visit_id = :id",
        id=visit_id,
    )
    return {"visit": visit, "entries": entries}


def _restore(db: Db, event: Row, at: datetime) -> None:
    before = json.loads(event["data"])["before"]
    calls = {entry["id"]: entry["calls"] for entry in before["entries"]}
    entries = db.all("SELECT id FROM queue_entry WHERE visit_id = :id", id=event["visit_id"])
    for entry in entries:
        db.run(
            "UPDATE call SET withdrawn = 1 WHERE entry_id = :id AND nth > :calls",
            id=entry["id"],
            calls=calls.get(entry["id"], 0),
        )
        if entry["id"] not in calls:
            db.run(
                "UPDATE queue_entry SET state = 'undone', ended_at = :at, hold = NULL,"
                " hold_reason = NULL, back_at = NULL WHERE id = :id",
                id=entry["id"],
                at=to_text(at),
            )
    for entry in before["entries"]:
        _put_back(db, "queue_entry", _ENTRY, entry, entry["id"])
    mistake = {"closed_at": to_text(at), **_MISTAKE}
    _put_back(db, "visit", _VISIT, before["visit"] or mistake, event["visit_id"])


def _put_back(db: Db, table: str, columns: tuple[str, ...], values: Row, row_id: str) -> None:
    assignments = ", ".join(f"{column} = :{column}" for column in columns)
    kept = {column: values.get(column) for column in columns}
    db.run(f"UPDATE {table} SET {assignments} WHERE id = :row_id", **kept, row_id=row_id)
