"""Days without permanences: public holidays, school holidays, and the house's own closures.

    closure(id, kind, site_id?, zone, first_day, last_day, reason, source)

Each permanence says which of them it keeps: words among "public", "alsace-moselle" (those of
Moselle, Bas-Rhin and Haut-Rhin as well), "school-a", "school-b", "school-c", "house". Public
holidays are known; a school holiday is suggested, and counts once somebody has confirmed it here.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from accueil.house.sites import Unknown
from accueil.house.text import ClosureText
from accueil.store.db import Db, Row
from accueil.store.ids import new_id

Kind = Literal["house", "school"]
EVERYWHERE = frozenset({"public", "house"})
WORDS = ("public", "alsace-moselle", "school-a", "school-b", "school-c", "house")
ZONES = ("A", "B", "C")
LONGEST = timedelta(days=365)
# The départements of the académies of each zone; every other one of the mainland is in zone B.
_ZONE_A = frozenset({
    "01", "03", "07", "15", "16", "17", "19", "21", "23", "24", "25", "26", "33", "38", "39",
    "40", "42", "43", "47", "58", "63", "64", "69", "70", "71", "73", "74", "79", "86", "87",
    "89", "90",
})  # fmt: skip
_ZONE_C = frozenset({
    "09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "75", "77", "78", "81",
    "82", "91", "92", "93", "94", "95",
})  # fmt: skip

# Kept as data: the library that knows them would hold thirty megabytes of the server's memory.
_DATA = Path(__file__).parent


def _dated(name: str) -> dict[date, str]:
    years = tomllib.loads((_DATA / name).read_text(encoding="utf-8"))
    return {
        date.fromisoformat(f"{year}-{day}"): reason
        for year, days in years.items()
        for day, reason in days.items()
    }


PUBLIC_HOLIDAYS = _dated("public_holidays.toml")
ALSACE_MOSELLE = _dated("alsace_moselle.toml")


class BadClosure(ValueError):
    """A closure that ends before it begins, or lasts longer than a year."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Both days included. `site_id` is None for the whole house; `zone` is a school zone."""

    id: str
    kind: Kind
    site_id: str | None
    zone: str
    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """What is closed in a span of days, for whichever permanence asks."""

    closures: tuple[Closure, ...]

    def reason(self, day: date, site_id: str, closed_on: frozenset[str]) -> str | None:
        """Why a permanence of that site which keeps `closed_on` is not held; None if it is."""
        for closure in self.closures:
            word = "house" if closure.kind == "house" else f"school-{closure.zone.lower()}"
            if (
                word in closed_on
                and closure.first_day <= day <= closure.last_day
                and closure.site_id in (None, site_id)
            ):
                return closure.reason
        if "alsace-moselle" in closed_on and day in ALSACE_MOSELLE:
            return ALSACE_MOSELLE[day]
        return PUBLIC_HOLIDAYS.get(day) if "public" in closed_on else None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """School holidays as they were published: nothing is closed until somebody confirms them."""

    zone: str
    first_day: date
    last_day: date
    reason: str


def _suggestions() -> tuple[Suggestion, ...]:
    zones = tomllib.loads((_DATA / "school_holidays.toml").read_text(encoding="utf-8"))
    return tuple(
        Suggestion(zone, date.fromisoformat(first), span["last"], span["reason"])
        for zone, holidays in zones.items()
        for first, span in holidays.items()
    )


SCHOOL_HOLIDAYS = _suggestions()


def zone_of(postcode: str) -> str:
    """The school zone of a postcode; empty in Corsica and overseas, whose holidays are others."""
    if not "01" <= postcode[:2] <= "95" or postcode.startswith("20"):
        return ""
    return "A" if postcode[:2] in _ZONE_A else "C" if postcode[:2] in _ZONE_C else "B"


def closed_days(db: Db, start: date, end: date) -> ClosedDays:
    """What is closed from `start` to `end`, both included.

    Public holidays are those of metropolitan France (Code du travail, L3133-1), with those of
    Alsace-Moselle (L3134-13).
    """
    rows = db.all(
        f"{_SELECT} AND last_day >= :start AND first_day <= :end ORDER BY first_day",
        start=start.isoformat(),
        end=end.isoformat(),
    )
    return ClosedDays(tuple(_closure(row) for row in rows))


def closures(db: Db, since: date) -> list[Closure]:
    """Every closure that ends on `since` or later, the earliest first."""
    rows = db.all(
        f"{_SELECT} AND last_day >= :since ORDER BY first_day, id",
        since=since.isoformat(),
    )
    return [_closure(row) for row in rows]


def suggestions(db: Db, zone: str, since: date) -> list[Suggestion]:
    """The school holidays of a zone that end on `since` or later, the earliest first, but those
    of which somebody has confirmed a day or more."""
    kept = [each for each in closures(db, since) if each.kind == "school" and each.zone == zone]
    return [
        each
        for each in SCHOOL_HOLIDAYS
        if each.zone == zone
        and each.last_day >= since
        and not any(k.first_day <= each.last_day and k.last_day >= each.first_day for k in kept)
    ]


def closure(db: Db, closure_id: str) -> Closure:
    """One closure; `Unknown` if there is none."""
    row = db.one(f"{_SELECT} AND id = :id", id=closure_id)
    if row is None:
        raise Unknown(closure_id)
    return _closure(row)


def add(db: Db, new: Closure) -> None:
    """Close the house, or a school zone, in the caller's transaction.

    Raises `BadClosure`, or `Taken` when those days are closed so already. The occurrences
    follow with `horizon.remake`.
    """
    if not new.first_day <= new.last_day <= new.first_day + LONGEST:
        raise BadClosure
    db.run(
        "DELETE FROM closure WHERE source = 'reopened' AND kind = :kind"
        " AND coalesce(site_id, '') = coalesce(:site_id, '')"
        " AND first_day = :first AND last_day = :last",
        kind=new.kind,
        site_id=new.site_id,
        first=new.first_day.isoformat(),
        last=new.last_day.isoformat(),
    )
    _insert(db, new, "planning")


def remove(db: Db, closure_id: str) -> None:
    """Open again, in the caller's transaction; for good, whatever the house's text says."""
    text, planning = "id = :id AND source = 'text'", "id = :id AND source = 'planning'"
    db.run(f"UPDATE closure SET source = 'reopened' WHERE {text}", id=closure_id)
    db.run(f"DELETE FROM closure WHERE {planning}", id=closure_id)


def replace(db: Db, texts: Iterable[ClosureText]) -> None:
    """The closures of the house's text are those, in the caller's transaction; what was added
    or reopened on the screens stays so."""
    db.run("DELETE FROM closure WHERE source = 'text'")
    for text in texts:
        if not _is_settled(db, text):
            new = Closure(new_id(), "house", None, "", text.first, text.last, text.reason)
            _insert(db, new, "text")


def _is_settled(db: Db, text: ClosureText) -> bool:
    """Whether the screens have closed these days already, or reopened them."""
    return bool(
        db.one(
            "SELECT 1 AS yes FROM closure WHERE kind = 'house' AND site_id IS NULL"
            " AND first_day = :first AND last_day = :last",
            first=text.first.isoformat(),
            last=text.last.isoformat(),
        )
    )


_SELECT = "SELECT * FROM closure WHERE source <> 'reopened'"


def _insert(db: Db, new: Closure, source: str) -> None:
    db.run(
        "INSERT INTO closure (id, kind, site_id, zone, first_day, last_day, reason, source)"
        " VALUES (:id, :kind, :site_id, :zone, :first_day, :last_day, :reason, :source)",
        id=new.id,
        kind=new.kind,
        site_id=new.site_id,
        zone=new.zone,
        first_day=new.first_day.isoformat(),
        last_day=new.last_day.isoformat(),
        reason=new.reason,
        source=source,
    )


def _closure(row: Row) -> Closure:
    return Closure(
        id=row["id"],
        kind=row["kind"],
        site_id=row["site_id"],
        zone=row["zone"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        reason=row["reason"],
    )
