"""A house's text taken into use: its partners and rooms, its rules, and their occurrences."""

from datetime import datetime

from accueil.house import storage
from accueil.house.text import HouseText, Mistake, PermanenceText
from accueil.planning import changes, closures, series
from accueil.planning.horizon import remake
from accueil.planning.recurrence import BadRule, check
from accueil.planning.rooms import RoomTaken, refuse_crowds
from accueil.planning.series import Permanence
from accueil.store.db import Db
from accueil.store.journal import Event, write

FILE = "permanences.toml"


def load(db: Db, text: HouseText, at: datetime) -> int:
    """Load or reload the house at the instant `at`; how many occurrences were made.

    Visits, what has begun, what people have booked and the permanences that were changed on
    the screens stay as they are. All or nothing: `Mistake` changes nothing.
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
            made = changes.keeping_everybody(db, at, lambda: _take_in(db, text, at))
            refuse_crowds(db, at)
            write(db, Event("house loaded", "house", data={"occurrences": made}), at)
    except RoomTaken as error:
        raise Mistake(FILE, "room", str(error)) from None
    return made


def _take_in(db: Db, text: HouseText, at: datetime) -> int:
    # What has left the house is no more to be changed on the screens.
    db.run(
        "UPDATE permanence SET retired = 1, source = 'text' WHERE source = 'text'"
        " OR service_id IN (SELECT id FROM service WHERE retired = 1)"
        " OR site_id IN (SELECT id FROM site WHERE retired = 1)"
    )
    for permanence in text.permanences:
        if not _is_edited(db, permanence.id):
            series.store(db, _permanence(permanence))
    return remake(db, [row["id"] for row in db.all("SELECT id FROM permanence ORDER BY id")], at)


def _is_edited(db: Db, permanence_id: str) -> bool:
    row = db.one("SELECT source FROM permanence WHERE id = :id", id=permanence_id)
    return row is not None and row["source"] == "planning"


def _permanence(text: PermanenceText) -> Permanence:
    return Permanence(
        id=text.id,
        service_id=text.service,
        site_id=text.site,
        room_id=text.room,
        mode=text.mode,
        rrule=text.rrule,
        first_day=text.first,
        times=text.times,
        said=text.said,
        assumed=text.assumed,
        slot_minutes=text.slot,
        places=text.places,
        source="text",
    )
