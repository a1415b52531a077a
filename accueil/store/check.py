"""Is the file whole? What the engine, the references and the journal say."""

from accueil.store.db import Db
from accueil.store.journal import first_broken


def problems(db: Db) -> list[str]:
    """What is wrong with the database, a line each; empty when nothing is."""
    found = [
        f"pages: {row['integrity_check']}"
        for row in db.all("PRAGMA integrity_check")
        if row["integrity_check"] != "ok"
    ]
    found += [
        f"orphan: {row['table']} {row['rowid']}" for row in db.all("PRAGMA foreign_key_check")
    ]
    broken = first_broken(db)
    return found if broken is None else [*found, f"journal: broken at {broken}"]
