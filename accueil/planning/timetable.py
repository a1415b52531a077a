"""A house's text taken into use: its partners and rooms, its rules, and their occurrences."""

from datetime import datetime

from accueil.house import storage
from accueil.house.text import HouseText, Mistake
from accueil.planning import closures
from accueil.planning.horizon import RoomTaken, times_to_text, top_up, withdraw_ahead
from accueil.planning.recurrence import BadRule, check
from accueil.store.db import Db
from accueil.store.journal import Event, write

FILE = "permanences.toml"


def load(db: Db, text: HouseText, at: datetime) -> int:
    """Load or reload the house at the instant `at`; how many occurrences lie ahead.

    Visits and what has begun stay as they are. All or nothing: `Mistake` changes nothing.
    """
    for permanence in text.permanences:
        try:
            check(permanence.rrule, permanence.first)
        except BadRule as error:
            raise Mistake(FILE, f"permanence {permanence.id}, rrule", str(error)) from None
    try:
        with db.transaction():
            storage.store(db, text)
            closures.replace(db, text.closures)
            _store_permanences(db, text)
            withdraw_ahead(db, at)
            made = top_up(db, at)
            write(db, Event("house loaded", "house", data={"occurrences": made}), at)
    except RoomTaken as error:
        raise Mistake(FILE, "room", str(error)) from None
    return made


def _store_permanences(db: Db, text: HouseText) -> None:
    db.run("UPDATE permanence SET retired = 1")
    for permanence in text.permanences:
        db.run(
            "INSERT INTO permanence (id, service_id, site_id, room_id, mode, rrule, first_day,"
            " times, said, assumed, retired) VALUES (:id, :service_id, :site_id, :room_id, :mode,"
            " :rrule, :first_day, :times, :said, :assumed, 0)"
            " ON CONFLICT (id) DO UPDATE SET service_id = excluded.service_id,"
            " site_id = excluded.site_id, room_id = excluded.room_id, mode = excluded.mode,"
            " rrule = excluded.rrule, first_day = excluded.first_day, times = excluded.times,"
            " said = excluded.said, assumed = excluded.assumed, retired = 0",
            id=permanence.id,
            service_id=permanence.service,
            site_id=permanence.site,
            room_id=permanence.room,
            mode=permanence.mode,
            rrule=permanence.rrule,
            first_day=permanence.first.isoformat(),
            times=times_to_text(permanence.times),
            said=permanence.said,
            assumed=" ".join(permanence.assumed),
        )
