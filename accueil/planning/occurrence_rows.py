"""An occurrence written, its slots with it, inside the caller's change."""

from datetime import datetime, timedelta

from accueil.planning import grids
from accueil.planning.rooms import clash
from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.instants import from_text, to_text


def write(db: Db, row: Row, at: datetime, **changes: object) -> None:
    """Change one occurrence; what is so already is no change. Raises `RoomTaken`."""
    changes = {name: value for name, value in changes.items() if row[name] != value}
    if not changes:
        return
    after = {**row, **changes}
    columns = ", ".join(f"{name} = :{name}" for name in changes)
    try:
        db.run(
            f"UPDATE occurrence SET {columns}, sequence = sequence + 1, changed_at = :changed_at"
            " WHERE id = :id",
            **changes,
            id=row["id"],
            changed_at=to_text(at),
        )
    except Refused as refusal:
        raise clash(db, row["permanence_id"], after) from refusal
    regrid(db, after)


def insert(db: Db, row: Row, at: datetime) -> None:
    """Add one occurrence by hand. Raises `RoomTaken`."""
    row = {**row, "status": "scheduled", "exception": "added", "changed_at": to_text(at)}
    names = ", ".join(row)
    try:
        db.run(
            f"INSERT INTO occurrence ({names}, sequence)"
            f" VALUES ({', '.join(f':{name}' for name in row)}, 0)",
            **row,
        )
    except Refused as refusal:
        raise clash(db, row["permanence_id"], row) from refusal
    regrid(db, row)


def shift_slots(db: Db, occurrence_id: str, shift: timedelta) -> None:
    """Move the slots that people booked. Those that are free are made anew at their new hours:
    whoever is looking at one of them does not book another hour than the one they see."""
    db.run(
        "DELETE FROM slot WHERE occurrence_id = :id"
        " AND NOT EXISTS (SELECT 1 FROM booking AS b WHERE b.slot_id = slot.id)",
        id=occurrence_id,
    )
    rows = db.all("SELECT * FROM slot WHERE occurrence_id = :id", id=occurrence_id)
    # In the order that never meets a slot which has not moved yet.
    for row in sorted(rows, key=lambda row: str(row["starts_at"]), reverse=shift > timedelta()):
        db.run(
            "UPDATE slot SET starts_at = :starts_at, ends_at = :ends_at WHERE id = :id",
            starts_at=to_text(from_text(row["starts_at"]) + shift),
            ends_at=to_text(from_text(row["ends_at"]) + shift),
            id=row["id"],
        )


def regrid(db: Db, row: Row) -> None:
    """Bring the slots of one occurrence in line with its row."""
    permanence = db.all("SELECT * FROM permanence WHERE id = :id", id=row["permanence_id"])[0]
    grids.regrid(db, permanence, [row])
