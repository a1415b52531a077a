"""The directory as text: `directory.toml` in the house's folder, read strictly, taken in whole.

It says, for the house's services, who they are for and how many places they have, and describes
the services outside. A house without this file has an empty directory, open to all.
"""

import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from accueil.house.edition import new_edition
from accueil.house.text import Language, Line, Mistake, Optional, Phone, Slug
from accueil.orientation import listings
from accueil.orientation.criteria_data import BadCriterion, rule_from_data
from accueil.orientation.listings import HOUSE, Listing, Places, State, Unit
from accueil.store.db import Db
from accueil.store.journal import Event, write

FILE = "directory.toml"
Departement = Annotated[str, msgspec.Meta(pattern=r"^(\d{2}|2[AB]|97\d)\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class PlacesText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    total: Count
    unit: Unit = "places"
    reserved: Count = 0


class ListingText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`name`, `organisation` and what else the house's text holds are left out for a service of
    the house."""

    id: Slug
    name: Line | None = None
    organisation: Optional = ""
    needs: tuple[Slug, ...] = ()
    audience: str = "public"
    about: dict[Language, Line] = {}
    state: State = "open"
    address: Optional = ""
    postcode: Optional = ""
    commune: Optional = ""
    insee: Optional = ""
    departements: tuple[Departement, ...] = ()
    phones: tuple[Phone, ...] = ()
    email: Optional = ""
    url: Optional = ""
    hours: Optional = ""
    bring: Optional = ""
    places: PlacesText | None = None
    missing: tuple[Slug, ...] = ()
    verified: date | None = None
    criteria: dict[str, Any] = {}
    check: tuple[dict[str, Any], ...] = ()
    prefer: tuple[dict[str, Any], ...] = ()


class _Directory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    listing: tuple[ListingText, ...] = ()


def read(folder: Path, services: frozenset[str]) -> tuple[Listing, ...]:
    """The listings described in `folder`, where the house has `services` (their ids).
    `Mistake` if anything in them is wrong."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        text = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Directory)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Mistake(FILE, "", str(error)) from None
    found: dict[str, Listing] = {}
    for each in text.listing:
        if each.id in found:
            raise Mistake(FILE, f"listing {each.id}", "expected each id once")
        found[each.id] = _listing(each, each.id in services)
    return tuple(found.values())


def load(db: Db, wanted: tuple[Listing, ...], at: datetime) -> None:
    """Take the directory's text in, in the caller's transaction.

    What was changed on a screen, verified or counted, and what was imported, stay; what has left
    the text is retired.
    `Mistake` for an id that an imported listing has.
    """
    known = {row["id"]: row for row in db.all("SELECT id, source, edited, version FROM listing")}
    kept = {each.id: each for each in listings.of_source(db, HOUSE)}
    said = {each.id: each for each in wanted}
    for each in kept.values():  # a service of the house is verified, whatever the text says of it
        if each.service_id:
            said.setdefault(each.id, listings.bare(each.id, each.service_id))
    db.run("UPDATE listing SET retired = 1 WHERE source = :source AND edited = 0", source=HOUSE)
    for each in said.values():
        row = known.get(each.id, {"source": HOUSE, "edited": 0, "version": 0})
        if row["source"] != HOUSE:
            raise Mistake(FILE, f"listing {each.id}", f"{row['source']} has a listing of this id")
        if not row["edited"]:
            _take_in(db, each, kept.get(each.id), row["version"])
    new_edition(db)
    write(db, Event("directory loaded", "house", data={"listings": len(wanted)}), at)


def _take_in(db: Db, said: Listing, before: Listing | None, version: int) -> None:
    """What the text says, with what was verified and counted; a new version if that is news."""
    wanted = replace(listings.counted(said, before) if before else said, version=version)
    same = before == wanted
    listings.put(db, [wanted if same else replace(wanted, version=version + 1)])


def _listing(text: ListingText, inside: bool) -> Listing:
    key = f"listing {text.id}"
    try:
        rule = rule_from_data(
            {"criteria": text.criteria, "check": text.check, "prefer": text.prefer}
        )
    except BadCriterion as error:
        raise Mistake(FILE, f"{key}, {error.where}", error.expected) from None
    if inside and (text.name or text.needs or text.phones or text.about):
        raise Mistake(FILE, key, "expected name, needs, about and phones in partners.toml")
    if not inside and not (text.name and text.organisation):
        raise Mistake(FILE, key, "expected a name and an organisation, or a service of the house")
    if text.audience not in ("public", "staff", "partners"):
        raise Mistake(FILE, f"{key}, audience", "expected public, staff or partners")
    plain = {
        name: getattr(text, name)
        for name in (
            *("organisation", "about", "audience", "state", "address", "postcode", "commune"),
            *("insee", "departements", "phones", "email", "url", "hours", "bring", "missing"),
        )
    }
    return Listing(
        id=text.id,
        name=text.name or "",
        service_id=text.id if inside else None,
        needs=frozenset(text.needs),
        rule=rule,
        places=_places(key, text.places),
        verified_on=text.verified,
        **plain,
    )


def _places(key: str, text: PlacesText | None) -> Places:
    if text is None:
        return Places()
    if text.reserved > text.total:
        raise Mistake(FILE, f"{key}, places.reserved", f"expected {text.total} at most")
    return Places(total=text.total, unit=text.unit, reserved=text.reserved)
