"""The edition of what the house says of itself: it grows with every change of its text or of its
directory, so that whoever keeps a reading of them knows when to read again."""

from accueil.store.db import Db


def edition(db: Db) -> int:
    """The present edition."""
    row = db.one("SELECT number FROM edition WHERE id = 1")
    return int(row["number"]) if row else 0


def new_edition(db: Db) -> None:
    """In the caller's transaction: what was read before is old."""
    db.run("UPDATE edition SET number = number + 1 WHERE id = 1")
