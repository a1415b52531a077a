"""A busier house than the demonstration's: many services, and years of appointments behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from accueil.planning import series
from accueil.planning.horizon import remake
from accueil.planning.series import Permanence
from accueil.store.db import Db, Store
from accueil.store.ids import new_id
from accueil.store.instants import to_text
from accueil.store.migrations import migrate
from benchmarks.server import MONDAY

ZONE = "Europe/Paris"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")
A_DAY = 160


@contextmanager
def house(services: int, past: int) -> Iterator[Db]:
    """A house with so many services, a weekly half-day each, and so many past appointments."""
    with TemporaryDirectory(prefix="accueil-bench-") as folder:
        file = Path(folder) / "accueil.db"
        migrate(file)
        store = Store(file, b"a key of the measures")
        with store.connection() as db:
            with db.transaction():
                _furnish(db, services)
                ids = [_open(db, number) for number in range(services)]
                remake(db, ids, MONDAY)
                _live(db, ids, past)
            yield db
        store.close()


def weekly(number: int, **changes: object) -> Permanence:
    """A weekly half-day of 30-minute slots for the service `number`."""
    first = date(2026, 1, 5) + timedelta(days=number % 5)
    known: dict[str, object] = {
        "id": f"p{number}",
        "service_id": f"s{number}",
        "site_id": "here",
        "room_id": None,
        "mode": "appointment",
        "rrule": f"FREQ=WEEKLY;BYDAY={WEEKDAYS[number % 5]}",
        "first_day": first,
        "times": (("09:00", "12:30"),),
        "slot_minutes": 30,
    }
    return Permanence(**{**known, **changes})


def _furnish(db: Db, services: int) -> None:
    db.run(
        "INSERT INTO site (id, name, address, postcode, commune, phone, timezone, reception,"
        " announce, assumed, position, retired) VALUES ('here', 'Ici', '', '', '', '', :zone,"
        " 1, 'fr', '', 1, 0)",
        zone=ZONE,
    )
    db.run(
        "INSERT INTO organisation (id, name, colour, position, retired)"
        " VALUES ('o', 'Un partenaire', 'pine', 1, 0)"
    )
    for number in range(services):
        db.run(
            "INSERT INTO service (id, organisation_id, site_id, name, reception, audience,"
            " booking, phones, needs, assumed, position, retired) VALUES (:id, 'o', 'here',"
            " :id, 0, 'public', 'house', '', 'droits', '', :position, 0)",
            id=f"s{number}",
            position=number,
        )


def _open(db: Db, number: int) -> str:
    opened = weekly(number)
    series.store(db, opened)
    return opened.id


def _live(db: Db, permanence_ids: list[str], past: int) -> None:
    """Past appointments, each in its own slot, shared out between the permanences."""
    for number in range(past):
        day, rank = divmod(number, A_DAY)
        start = (MONDAY - timedelta(days=day + 1)).replace(hour=8, minute=0)
        _appoint(db, permanence_ids[rank % len(permanence_ids)], start, rank)


def _appoint(db: Db, permanence_id: str, start: datetime, rank: int) -> None:
    begin = start + timedelta(minutes=3 * rank)
    occurrence, slot, appointment = new_id(), new_id(), new_id()
    at = {"starts_at": to_text(begin), "ends_at": to_text(begin + timedelta(minutes=30))}
    db.run(
        "INSERT INTO occurrence (id, permanence_id, original_start, site_id, day, starts_at,"
        " ends_at, status, grid_at, changed_at) VALUES (:id, :permanence, :id, 'here', :day,"
        " :starts_at, :ends_at, 'scheduled', :starts_at, :starts_at)",
        id=occurrence,
        permanence=permanence_id,
        day=start.date().isoformat(),
        **at,
    )
    db.run(
        "INSERT INTO slot (id, occurrence_id, starts_at, ends_at, place, kept, open)"
        " VALUES (:id, :occurrence, :starts_at, :ends_at, 1, 0, 1)",
        id=slot,
        occurrence=occurrence,
        **at,
    )
    db.run(
        "INSERT INTO appointment (id, occurrence_id, service_id, site_id, starts_at, ends_at,"
        " code_hash, language, channel, booked_by, booked_at, state, sequence, changed_at)"
        " VALUES (:id, :occurrence, :service, 'here', :starts_at, :ends_at, :hash, 'fr', 'desk',"
        " 'desk', :starts_at, 'booked', 0, :starts_at)",
        id=appointment,
        occurrence=occurrence,
        service=f"s{permanence_id[1:]}",
        hash=sha256(appointment.encode()).hexdigest(),
        **at,
    )
    db.run(
        "INSERT INTO booking (slot_id, appointment_id) VALUES (:slot, :appointment)",
        slot=slot,
        appointment=appointment,
    )
