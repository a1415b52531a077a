"""Organisations and the services that they offer.

organisation(id, name, colour, …)
service(id, organisation_id, site_id?, name, reception, audience, booking, phones, needs, …)
service_text(service_id, field, language, text)      what a visitor reads, in each language
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from accueil.house.sites import Unknown
from accueil.store.db import Db, Row


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Service:
    """`site_id` is None for a partner outside the house whose place is not known.

    `audience`: "public" is proposed to visitors, "staff" by the desk only, "partners" is a
    meeting of professionals. `booking`: who books appointments, "house", "partner" or "none".
    `late` is how late an appointment keeps its hour, `returning` how late an absent person keeps
    their place.
    """

    id: str
    organisation: Organisation
    site_id: str | None
    name: str
    reception: bool
    audience: str
    booking: str
    phones: tuple[str, ...]
    needs: frozenset[str]
    assumed: tuple[str, ...]
    about: Mapping[str, str]
    condition: Mapping[str, str]
    late: timedelta
    returning: timedelta


EVER = (
    "SELECT s.*, o.name AS organisation_name, o.colour FROM service AS s"
    " JOIN organisation AS o ON o.id = s.organisation_id"
)
SELECT = f"{EVER} WHERE s.retired = 0"


def services(db: Db) -> list[Service]:
    """Every service in use, in the order of the house's text."""
    return _services(db, db.all(f"{SELECT} ORDER BY s.position"))


def services_by_id(db: Db) -> dict[str, Service]:
    """Every service that ever was, by its id: turns of today may point at one just retired. What
    a visitor reads of them is left out."""
    rows = db.all(f"{EVER} ORDER BY s.retired, s.position")
    return {row["id"]: _service(row, {}) for row in rows}


def service(db: Db, service_id: str) -> Service:
    """One service in use; `Unknown` if there is none."""
    found = _services(db, db.all(f"{SELECT} AND s.id = :id", id=service_id))
    if not found:
        raise Unknown(service_id)
    return found[0]


def reception_service_id(db: Db, site_id: str) -> str:
    """The shared desk of a site, which is a service with its own queue; `Unknown` if none."""
    row = db.one(
        "SELECT id FROM service WHERE reception = 1 AND site_id = :site_id AND retired = 0",
        site_id=site_id,
    )
    if row is None:
        raise Unknown(f"no reception at {site_id}")
    return str(row["id"])


def services_of(db: Db, organisation_id: str) -> list[Service]:
    """What one organisation offers."""
    rows = db.all(
        f"{SELECT} AND s.organisation_id = :organisation_id ORDER BY s.position",
        organisation_id=organisation_id,
    )
    return _services(db, rows)


def organisations(db: Db) -> list[Organisation]:
    """Every organisation in use, in the order of the house's text."""
    rows = db.all("SELECT id, name, colour FROM organisation WHERE retired = 0 ORDER BY position")
    return [Organisation(**row) for row in rows]


def _services(db: Db, rows: Iterable[Row]) -> list[Service]:
    rows = list(rows)
    if not rows:
        return []
    only = " WHERE service_id = :id" if len(rows) == 1 else ""
    texts: dict[tuple[str, str], dict[str, str]] = {}
    for text in db.all(
        f"SELECT * FROM service_text{only}", **({"id": rows[0]["id"]} if only else {})
    ):
        texts.setdefault((text["service_id"], text["field"]), {})[text["language"]] = text["text"]
    return [_service(row, texts) for row in rows]


def _service(row: Row, texts: Mapping[tuple[str, str], Mapping[str, str]]) -> Service:
    return Service(
        id=row["id"],
        organisation=Organisation(row["organisation_id"], row["organisation_name"], row["colour"]),
        site_id=row["site_id"],
        name=row["name"],
        reception=bool(row["reception"]),
        audience=row["audience"],
        booking=row["booking"],
        phones=tuple(filter(None, row["phones"].split(","))),
        needs=frozenset(row["needs"].split()),
        assumed=tuple(row["assumed"].split()),
        about=texts.get((row["id"], "about"), {}),
        condition=texts.get((row["id"], "condition"), {}),
        late=timedelta(minutes=row["late_minutes"]),
        returning=timedelta(minutes=row["return_minutes"]),
    )
