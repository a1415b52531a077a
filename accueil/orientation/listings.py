"""Listings: the entries of the directory, one for each service, in the house or outside.

    listing(id, service_id?, source, name, organisation, about, needs, …, rule, places?,
            verified_on?, version)

A service of the house has its name, needs and phones in the house's text; its listing holds what
the directory adds. A listing that was changed on a screen is no longer the text's.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from dateutil.relativedelta import relativedelta

from accueil.house.edition import new_edition
from accueil.house.services import services
from accueil.house.sites import Unknown
from accueil.orientation.criteria import OPEN, Rule
from accueil.orientation.criteria_data import rule_from_data, rule_to_data
from accueil.store.db import Db, Row
from accueil.store.journal import Event, write

State = Literal["open", "project", "reference"]
Unit = Literal["places", "dwellings", "households", "persons_a_year"]
UNITS: tuple[Unit, ...] = ("places", "dwellings", "households", "persons_a_year")
HOUSE = "house"
VERIFIED_MONTHS = 6
AT_ONCE = 500  # ids in one query


@dataclass(frozen=True, slots=True)
class Places:
    """How many a service has in all, and free on the day `on`; None is not known.

    `reserved` of them are kept for a birth in secret (CASF, L. 222-6): nobody is ever asked who
    they are for one of those.
    """

    total: int | None = None
    left: int | None = None
    unit: Unit = "places"
    on: date | None = None
    reserved: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """`source` is "house", or the data·inclusion source it came from. `hours` and `bring` are
    sentences in French; `about` is a sentence by language. `departements` are the codes of those
    it serves, () when not said. `missing` names what is not known. `version` grows with every
    change.
    """

    id: str
    name: str
    organisation: str
    service_id: str | None = None
    source: str = HOUSE
    about: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    audience: str = "public"
    state: State = "open"
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    departements: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    email: str = ""
    url: str = ""
    hours: str = ""
    bring: str = ""
    rule: Rule = OPEN
    places: Places = Places()
    missing: tuple[str, ...] = ()
    verified_on: date | None = None
    edited: bool = False
    version: int = 0

    def is_stale(self, today: date) -> bool:
        """Whether nobody has verified it for VERIFIED_MONTHS months, or ever."""
        oldest = today - relativedelta(months=VERIFIED_MONTHS)
        return self.verified_on is None or self.verified_on < oldest


class Changed(Exception):
    """Somebody else saved this listing since it was read."""


def listing(db: Db, listing_id: str) -> Listing:
    """One listing in use, of a house's service or outside; `Unknown` if there is none."""
    found = listings(db, [listing_id])
    if not found:
        raise Unknown(listing_id)
    return found[0]


def listings(db: Db, ids: Iterable[str]) -> list[Listing]:
    """The listings in use that have these ids, in their order."""
    wanted = list(dict.fromkeys(ids))
    rows: dict[str, Row] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = {f"id{n}": each for n, each in enumerate(wanted[start : start + AT_ONCE])}
        holes = ", ".join(f":{name}" for name in some)
        found = db.all(f"SELECT * FROM listing WHERE id IN ({holes}) AND retired = 0", **some)
        rows |= {row["id"]: row for row in found}
    asked_inside = any(_of_the_house(rows.get(each)) for each in wanted)
    inside = {service.id: service for service in services(db)} if asked_inside else {}
    described = [_listing(rows[each]) if each in rows else bare(each) for each in wanted]
    named = [
        replace(
            each,
            service_id=each.id,
            name=inside[each.id].name,
            organisation=inside[each.id].organisation.name,
            about=inside[each.id].about,
            needs=inside[each.id].needs,
            audience=inside[each.id].audience,
            phones=inside[each.id].phones or each.phones,
        )
        if each.id in inside
        else each
        for each in described
    ]
    return [each for each in named if each.name]


def of_source(db: Db, source: str) -> list[Listing]:
    """The listings in use that came from one source, by id."""
    rows = db.all(
        "SELECT * FROM listing WHERE source = :source AND retired = 0 ORDER BY id", source=source
    )
    return [_listing(row) for row in rows]


def save(db: Db, wanted: Listing, by: str, at: datetime) -> Listing:
    """Write a listing as somebody changed it on a screen. It is then no more the text's, unless
    they only verified it, or counted its places.

    `wanted.version` is the one that was read: `Changed` if another was saved since. A new
    listing has version 0.
    """
    with db.transaction():
        row = db.one("SELECT * FROM listing WHERE id = :id", id=wanted.id)
        if (row["version"] if row else 0) != wanted.version:
            raise Changed(wanted.id)
        known = _listing(row) if row else bare(wanted.id, wanted.service_id)
        edited = known.edited or _described(known) != _described(wanted)
        saved = replace(wanted, edited=edited, version=wanted.version + 1)
        put(db, [saved])
        write(db, Event("listing changed", by, data={"listing": wanted.id}), at)
        new_edition(db)
        return saved


def set_rule(
    db: Db, listing_id: str, rule: Rule, by: str, at: datetime, seen_version: int
) -> Listing:
    """Change who a service is for. `Unknown`; `Changed` if it was saved since it was read."""
    known = replace(listing(db, listing_id), rule=rule, version=seen_version)
    return save(db, known, by, at)


def retire(db: Db, listing_id: str, by: str, at: datetime) -> None:
    """Take a listing out of the directory. `Unknown` if there is none."""
    with db.transaction():
        listing(db, listing_id)
        db.run(
            "UPDATE listing SET retired = 1, edited = 1, version = version + 1 WHERE id = :id",
            id=listing_id,
        )
        write(db, Event("listing retired", by, data={"listing": listing_id}), at)
        new_edition(db)


def put(db: Db, wanted: Iterable[Listing]) -> None:
    """In the caller's transaction: write listings as they are; the caller makes the edition."""
    rows = [_row(each) for each in wanted]
    if rows:
        columns = list(rows[0])
        updates = ", ".join(f"{each} = excluded.{each}" for each in columns if each != "id")
        db.many(
            f"INSERT INTO listing ({', '.join(columns)}) VALUES"
            f" ({', '.join(f':{each}' for each in columns)})"
            f" ON CONFLICT (id) DO UPDATE SET {updates}",
            rows,
        )


def counted(wanted: Listing, known: Listing) -> Listing:
    """What a text says, with what was verified and counted of it on a screen meanwhile."""
    days = [day for day in (wanted.verified_on, known.verified_on) if day]
    left, on = known.places.left, known.places.on
    if left is not None and left <= (wanted.places.total or 0):
        wanted = replace(wanted, places=replace(wanted.places, left=left, on=on))
    return replace(wanted, verified_on=max(days, default=None))


def _described(each: Listing) -> Row:
    """What a text says of a listing: all but what people verify and count."""
    uncounted = replace(each, places=replace(each.places, left=None, on=None))
    return _row(replace(uncounted, verified_on=None, edited=False, version=0))


def _of_the_house(row: Row | None) -> bool:
    return row is None or row["service_id"] is not None


def bare(listing_id: str, service_id: str | None = None) -> Listing:
    """A service that the directory says nothing of: open to all, until somebody says more."""
    return Listing(id=listing_id, name="", organisation="", service_id=service_id)


def _row(each: Listing) -> Row:
    inside = each.service_id is not None
    return {
        "id": each.id,
        "service_id": each.service_id,
        "source": each.source,
        "name": "" if inside else each.name,
        "organisation": "" if inside else each.organisation,
        "about": json.dumps({} if inside else dict(each.about), ensure_ascii=False),
        "needs": "" if inside else " ".join(sorted(each.needs)),
        "audience": "public" if inside else each.audience,
        "state": each.state,
        **{
            key: getattr(each, key)
            for key in (
                *("address", "postcode", "commune", "insee"),
                *("email", "url", "hours", "bring"),
            )
        },
        "departements": " ".join(each.departements),
        "phones": "" if inside else ",".join(each.phones),
        "rule": json.dumps(rule_to_data(each.rule), ensure_ascii=False, sort_keys=True),
        "places": each.places.total,
        "places_left": each.places.left,
        "places_unit": each.places.unit,
        "places_on": each.places.on and each.places.on.isoformat(),
        "reserved": each.places.reserved,
        "missing": " ".join(each.missing),
        "verified_on": each.verified_on and each.verified_on.isoformat(),
        "edited": int(each.edited),
        "retired": 0,
        "version": each.version,
    }


def _listing(row: Row) -> Listing:
    values: dict[str, Any] = {
        key: row[key]
        for key in (
            *("id", "name", "organisation", "service_id", "source", "audience", "state"),
            *("address", "postcode", "commune", "insee", "email", "url", "hours", "bring"),
            "version",
        )
    }
    return Listing(
        **values,
        about=json.loads(row["about"]),
        needs=frozenset(row["needs"].split()),
        departements=tuple(row["departements"].split()),
        phones=tuple(filter(None, row["phones"].split(","))),
        rule=rule_from_data(json.loads(row["rule"])),
        places=Places(
            total=row["places"],
            left=row["places_left"],
            unit=row["places_unit"],
            on=_day(row["places_on"]),
            reserved=row["reserved"],
        ),
        missing=tuple(row["missing"].split()),
        verified_on=_day(row["verified_on"]),
        edited=bool(row["edited"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
