"""A little house for the planning: one place, three rooms, four services, no permanence yet."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accueil.house.text import (
    HouseText,
    OrganisationText,
    RoomText,
    ServiceText,
    SiteText,
)
from accueil.planning import booking, series, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.planning.series import Permanence
from accueil.planning.slots import FreeSlot
from accueil.planning.timetable import load
from accueil.store.codes import new_code
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text
from tests.personae import MONDAY

AIDE, RETRAITE, ATELIER, INFO = "aide", "retraite", "atelier", "info"
GRAND, PETIT, AUTRE = "grand", "petit", "autre"
FIRST = date(2026, 11, 30)  # a Monday, a week after MONDAY
WEEK = timedelta(days=7)
ZONE = ZoneInfo("Europe/Paris")
TABLES = ("closure", "permanence", "occurrence", "slot", "appointment", "booking")


def _service(name: str, organisation: str, booking: str, **more: object) -> ServiceText:
    return ServiceText(
        id=name,
        organisation=organisation,
        name=name,
        audience="public",
        needs=(),
        booking=booking,
        about={"fr": name},
        site="maison",
        **more,
    )


LITTLE = HouseText(
    sites=(
        SiteText(
            id="maison",
            name="Maison",
            address="",
            postcode="",
            commune="",
            timezone="Europe/Paris",
            reception=True,
        ),
        SiteText(
            id="annexe",
            name="Annexe",
            address="",
            postcode="",
            commune="",
            timezone="Europe/Paris",
            reception=False,
        ),
    ),
    rooms=(
        RoomText(id=GRAND, site="maison", name="Grand bureau", seats=2),
        RoomText(id=PETIT, site="maison", name="Petit bureau"),
        RoomText(id=AUTRE, site="maison", name="Autre bureau"),
        RoomText(id="grenier", site="annexe", name="Grenier"),
    ),
    closures=(),
    organisations=(
        OrganisationText(id="ecs", name="ECS", colour="pine"),
        OrganisationText(id="parquet", name="Parquet", colour="plum"),
        OrganisationText(id="cramif", name="Cramif", colour="sea"),
    ),
    services=(
        _service("accueil", "ecs", "none", reception=True),
        _service(AIDE, "parquet", "house"),
        _service(RETRAITE, "cramif", "partner"),
        _service(ATELIER, "ecs", "house"),
        _service(INFO, "ecs", "none"),
    ),
    permanences=(),
)


def furnish(db: Db) -> None:
    load(db, LITTLE, MONDAY)


def mondays(**changes: object) -> Permanence:
    """Every Monday from FIRST, four times, from 9:00 to 12:00, slots of half an hour."""
    known: dict[str, object] = {
        "id": "lundi",
        "service_id": AIDE,
        "site_id": "maison",
        "room_id": PETIT,
        "mode": "appointment",
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "first_day": FIRST,
        "last_day": FIRST + 3 * WEEK,
        "times": (("09:00", "12:00"),),
        "slot_minutes": 30,
    }
    return Permanence(**{**known, **changes})


def make(db: Db, *, at: datetime = MONDAY, **changes: object) -> Permanence:
    """`mondays`, made."""
    with db.transaction():
        made = series.create(db, mondays(**changes), at)
    return series.permanence(db, made)


def slot_at(db: Db, start: datetime, permanence_id: str = "lundi", place: int = 1) -> str:
    """The slot of a permanence that begins then; its id."""
    [row] = db.all(
        "SELECT s.id FROM slot AS s JOIN occurrence AS o ON o.id = s.occurrence_id"
        " WHERE o.permanence_id = :id AND s.starts_at = :start AND s.place = :place",
        id=permanence_id,
        start=to_text(start),
        place=place,
    )
    return str(row["id"])


def book(
    db: Db,
    slot: str | datetime,
    *,
    permanence_id: str = "lundi",
    asker: str = slots.DESK,
    by: str = "nadia",
    at: datetime = MONDAY,
    code: str | None = None,
    **wish: object,
) -> Appointment:
    """Somebody books a slot, or the one that begins then."""
    slot_id = slot if isinstance(slot, str) else slot_at(db, slot, permanence_id)
    asked: dict[str, object] = {"channel": "desk", "language": "fr", **wish}
    return booking.book(db, Wish(slot_id, code or new_code(), **asked), asker, by, at)


def occurrences(db: Db, permanence_id: str = "lundi") -> list[Row]:
    return db.all(
        "SELECT * FROM occurrence WHERE permanence_id = :id ORDER BY starts_at", id=permanence_id
    )


def held(db: Db, permanence_id: str = "lundi") -> list[str]:
    """What is held, "11-30 09:00-12:00", on the wall."""
    return [
        f"{row['day'][5:]} {clock(row['starts_at'])}-{clock(row['ends_at'])}"
        for row in occurrences(db, permanence_id)
        if row["status"] == "scheduled"
    ]


def occurrence_on(db: Db, day: str, permanence_id: str = "lundi") -> str:
    """The occurrence of a day, "11-30"; its id."""
    [row] = [row for row in occurrences(db, permanence_id) if row["day"][5:] == day]
    return str(row["id"])


def starts(db: Db, day: str, permanence_id: str = "lundi", *, all_slots: bool = False) -> list[str]:
    """The hours of the open slots of a day, at their first place."""
    rows = db.all(
        "SELECT s.starts_at FROM slot AS s JOIN occurrence AS o ON o.id = s.occurrence_id"
        " WHERE o.permanence_id = :id AND o.day LIKE :day AND s.place = 1"
        " AND (s.open = 1 OR :every = 1) ORDER BY s.starts_at",
        id=permanence_id,
        day=f"%{day}",
        every=int(all_slots),
    )
    return [clock(row["starts_at"]) for row in rows]


def clock(text: str) -> str:
    return from_text(text).astimezone(ZONE).strftime("%H:%M")


def hours_of(free: list[FreeSlot]) -> list[str]:
    return [each.starts_at.astimezone(ZONE).strftime("%m-%d %H:%M") for each in free]


def dump(db: Db, *but: str) -> str:
    """Everything that the planning keeps, but these columns."""
    return json.dumps(
        {
            table: [
                {name: value for name, value in row.items() if name not in but}
                for row in db.all(f"SELECT * FROM {table} ORDER BY 1")
            ]
            for table in TABLES
        },
        indent=1,
    )


def state_of(db: Db, appointment_id: str) -> Row:
    return db.all("SELECT * FROM appointment WHERE id = :id", id=appointment_id)[0]


def nothing_is_lost(db: Db, before: list[str]) -> None:
    """Each of these appointments is booked in a slot that is held at its hour, or cancelled and
    to be told."""
    for appointment_id in before:
        row = state_of(db, appointment_id)
        if row["state"] == "cancelled":
            assert row["tell"] == "cancelled"
            continue
        found = db.all(
            "SELECT s.starts_at, s.ends_at, o.id, o.status, o.starts_at AS held_at,"
            " o.ends_at AS held_end FROM booking AS b JOIN slot AS s ON s.id = b.slot_id"
            " JOIN occurrence AS o ON o.id = s.occurrence_id WHERE b.appointment_id = :id"
            " ORDER BY s.starts_at",
            id=appointment_id,
        )
        assert found
        assert {each["status"] for each in found} == {"scheduled"}
        assert {each["id"] for each in found} == {row["occurrence_id"]}
        assert found[0]["starts_at"] == row["starts_at"]
        assert found[-1]["ends_at"] == row["ends_at"]
        assert found[0]["held_at"] <= row["starts_at"]
        assert row["ends_at"] <= found[0]["held_end"]
