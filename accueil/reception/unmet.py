"""Unmet needs: what people asked for and nobody could answer, counted without anybody in it.

A visit that ends `unmet` says what was missing: no service for it, no place, the conditions, the
distance, the wait, the hours, the language, or something else. Only numbers are read from there.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from accueil.house.sites import Unknown
from accueil.store.db import Db

Missing = Literal[
    "service", "place", "conditions", "distance", "wait", "hours", "language", "other"
]
MISSING: tuple[Missing, ...] = (
    *("service", "place", "conditions", "distance"),
    *("wait", "hours", "language", "other"),
)
# The same need, left so many times without an answer within so many days, is worth saying.
OFTEN, WITHIN = 3, timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Count:
    """How many visits ended so. `need` is the id of a tile, None when it was not said; `missing`
    is one of MISSING, None when nobody said it."""

    need: str | None
    missing: Missing | None
    number: int


def missing(word: str) -> Missing:
    """One of MISSING; `Unknown` for anything else."""
    for known in MISSING:
        if known == word:
            return known
    raise Unknown(word)


def counts(db: Db, site_id: str, first: date, last: date) -> list[Count]:
    """The unmet needs of a site between two days, both included: the most frequent first."""
    rows = db.all(
        "SELECT need, missing, count(*) AS number FROM visit WHERE site_id = :site_id"
        " AND outcome = 'unmet' AND day BETWEEN :first AND :last GROUP BY need, missing",
        site_id=site_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    found = [Count(**row) for row in rows]
    return sorted(found, key=lambda each: (-each.number, each.need or "", each.missing or ""))


def often(db: Db, site_id: str, last: date) -> list[tuple[str, int]]:
    """Each need that was unmet OFTEN times or more in the days WITHIN which end at `last`, and
    how many times, the most frequent first."""
    total: dict[str, int] = {}
    for each in counts(db, site_id, last - WITHIN + timedelta(days=1), last):
        if each.need:
            total[each.need] = total.get(each.need, 0) + each.number
    found = [(need, number) for need, number in total.items() if number >= OFTEN]
    return sorted(found, key=lambda each: (-each[1], each[0]))
