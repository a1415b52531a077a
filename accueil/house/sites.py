"""Sites (one address each), their rooms, and the site's own day.

site(id, name, address, postcode, commune, phone, timezone, reception, announce, …)
room(id, site_id, name, seats, …)
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from accueil.store.db import Db, Row


@dataclass(frozen=True)
class Site:
    id: str
    name: str
    address: str
    postcode: str
    commune: str
    phone: str
    timezone: str
    reception: bool
    announce: tuple[str, ...]
    assumed: tuple[str, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def wall_clock(self, at: datetime) -> datetime:
        """`at` (aware) as the clock on the site's wall shows it."""
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """The site's calendar day at the instant `at`: what ticket numbers restart with."""
        return self.wall_clock(at).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The instant when the wall shows `clock` on `day`.

        An hour that a clock change skips is read with the offset before the change, and one
        that it repeats is its first passage (PEP 495, fold=0).
        """
        return datetime.combine(day, clock, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Room:
    id: str
    site_id: str
    name: str
    seats: int
    assumed: tuple[str, ...]


class Unknown(LookupError):
    """There is no such thing in this house."""


def sites(db: Db) -> list[Site]:
    """Every site in use, in the order of the house's text."""
    return [_site(row) for row in db.all("SELECT * FROM site WHERE retired = 0 ORDER BY position")]


def every_site(db: Db) -> list[Site]:
    """Every site that ever was: visits of the past point at them."""
    return [_site(row) for row in db.all("SELECT * FROM site ORDER BY position")]


def site(db: Db, site_id: str) -> Site:
    """One site in use; `Unknown` if there is none."""
    row = db.one("SELECT * FROM site WHERE id = :id AND retired = 0", id=site_id)
    if row is None:
        raise Unknown(site_id)
    return _site(row)


def front_desk(db: Db) -> Site:
    """The first site with a reception: where a screen that was told nothing stands."""
    row = db.one("SELECT * FROM site WHERE reception = 1 AND retired = 0 ORDER BY position LIMIT 1")
    if row is None:
        raise Unknown("no site with a reception: load a house first")
    return _site(row)


def rooms(db: Db, site_id: str) -> list[Room]:
    """The rooms in use at a site, in the order of the house's text."""
    found = db.all(
        "SELECT id, site_id, name, seats, assumed FROM room"
        " WHERE site_id = :site_id AND retired = 0 ORDER BY position",
        site_id=site_id,
    )
    return [_room(row) for row in found]


def room(db: Db, room_id: str) -> Room:
    """One room in use; `Unknown` if there is none."""
    row = db.one(
        "SELECT id, site_id, name, seats, assumed FROM room WHERE id = :id AND retired = 0",
        id=room_id,
    )
    if row is None:
        raise Unknown(room_id)
    return _room(row)


def _site(row: Row) -> Site:
    return Site(
        id=row["id"],
        name=row["name"],
        address=row["address"],
        postcode=row["postcode"],
        commune=row["commune"],
        phone=row["phone"],
        timezone=row["timezone"],
        reception=bool(row["reception"]),
        announce=tuple(row["announce"].split()),
        assumed=tuple(row["assumed"].split()),
    )


def _room(row: Row) -> Room:
    return Room(**{**row, "assumed": tuple(row["assumed"].split())})
