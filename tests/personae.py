"""Who and what the tests speak of: the demonstration house, its people, a Monday at 9:20."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from accueil.house import accounts
from accueil.house.accounts import Account
from accueil.reception import queue, visits
from accueil.reception.calls import Host
from accueil.reception.queue import Entry
from accueil.reception.visits import Arrival, Visit
from accueil.store.codes import new_code
from accueil.store.db import Db

FOLDER = Path(__file__).parent.parent / "data" / "chevilly-larue"
KEY = b"the key of the tests, kept outside the file"
PASSWORD = "une longue phrase de passe"

BEARN, MANDELA, MAISON_POUR_TOUS = "bearn", "mandela", "maison-pour-tous"
DESK = "ecs-accueil-partage"
PARQUET = "ecs-parquet-sans-rdv"
PARQUET_BOOKED = "ecs-parquet-rdv"
MISSION_LOCALE = "ecs-mission-locale"
DESK_ROOM, PARQUET_ROOM, MISSION_LOCALE_ROOM = "bearn-accueil", "bearn-bureau-3", "bearn-bureau-1"


def paris(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0
) -> datetime:
    """The instant when a clock in Paris shows this; `fold=1` is an hour's second passage."""
    zone = ZoneInfo("Europe/Paris")
    return datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold).astimezone(UTC)


MONDAY = paris(2026, 11, 23, 9, 20)


def after(seconds: float) -> datetime:
    """So many seconds after MONDAY."""
    return MONDAY + timedelta(seconds=seconds)


def agent(db: Db) -> Account:
    """Nadia, who works at the shared desk."""
    return _account(db, "nadia", "Nadia Benali", "agent", None)


def correspondent(db: Db) -> Account:
    """Claire, the correspondent of the Parquet."""
    return _account(db, "claire", "Claire Morel", "partner", "parquet")


def adviser(db: Db) -> Account:
    """Karim, of the Mission locale."""
    return _account(db, "karim", "Karim Diallo", "partner", "mission-locale")


def admin(db: Db) -> Account:
    """Sylvie, who looks after the house."""
    return _account(db, "sylvie", "Sylvie Laurent", "admin", None)


def _account(
    db: Db, login: str, name: str, role: accounts.Role, organisation_id: str | None
) -> Account:
    return accounts.create(
        db,
        login=login,
        name=name,
        role=role,
        organisation_id=organisation_id,
        password=PASSWORD,
        at=MONDAY,
    )


def claire_calling(account: Account) -> Host:
    """Claire in the room where the Parquet receives."""
    return Host(account.id, PARQUET_ROOM)


def karim_calling(account: Account) -> Host:
    """Karim in the room where the Mission locale receives."""
    return Host(account.id, MISSION_LOCALE_ROOM)


def arrive(db: Db, *, by: str = "an agent", at: datetime = MONDAY, **fields: object) -> Visit:
    """Somebody is registered by the desk, in French, for the desk itself, unless told otherwise."""
    known: dict[str, object] = {
        "site_id": BEARN,
        "code": new_code(),
        "channel": "desk",
        "language": "fr",
    }
    return visits.check_in(db, Arrival(**{**known, **fields}), by, at)


def turn_of(db: Db, visit: Visit) -> Entry:
    """The newest turn of a visit."""
    return queue.entries(db, visit.id)[-1]


def served() -> dict[str, str]:
    """How the house is served: the variables of server.env, as `make run` sets them."""
    lines = (FOLDER.parent.parent / "server.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
