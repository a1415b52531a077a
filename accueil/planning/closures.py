"""Days on which the house is closed: public holidays, and its own closures.

closure(first_day, last_day, reason)
"""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from accueil.house.text import ClosureText
from accueil.store.db import Db

# Kept as data: the library that knows them would hold thirty megabytes of the server's memory.
_YEARS = tomllib.loads(Path(__file__).with_name("public_holidays.toml").read_text(encoding="utf-8"))
PUBLIC_HOLIDAYS = {
    date.fromisoformat(f"{year}-{day}"): name
    for year, days in _YEARS.items()
    for day, name in days.items()
}


def closed_days(db: Db, start: date, end: date) -> dict[date, str]:
    """Each closed day from `start` to `end`, both included, with its reason in French.

    Public holidays are those of metropolitan France (Code du travail, L3133-1).
    """
    found = {day: name for day, name in PUBLIC_HOLIDAYS.items() if start <= day <= end}
    for row in db.all(
        "SELECT * FROM closure WHERE last_day >= :start AND first_day <= :end",
        start=start.isoformat(),
        end=end.isoformat(),
    ):
        first = max(start, date.fromisoformat(row["first_day"]))
        last = min(end, date.fromisoformat(row["last_day"]))
        for offset in range((last - first).days + 1):
            found[first + timedelta(days=offset)] = row["reason"]
    return found


def replace(db: Db, closures: Iterable[ClosureText]) -> None:
    """The house's own closures are those, in the caller's transaction."""
    db.run("DELETE FROM closure")
    for closure in closures:
        db.run(
            "INSERT INTO closure (first_day, last_day, reason) VALUES (:first, :last, :reason)",
            first=closure.first.isoformat(),
            last=closure.last.isoformat(),
            reason=closure.reason,
        )
