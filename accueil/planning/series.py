"""Permanences as people edit them: a rule, its hours, its room, how it is booked.

    permanence(id, service_id, site_id, room_id?, host_id?, mode, rrule, first_day, last_day?,
               times, breaks, slot_minutes?, places, notice_minutes, ahead_days, kept, kept_for?,
               released_days, closed_on, said, assumed, follows?, source, retired)

The verbs write the rule and remake its occurrences, in the caller's transaction; `changes` is
what carries them out once it is known who is affected. "This and following" closes one rule the
day before and opens another, which `follows` it: the past never changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from accueil.house.services import service
from accueil.house.sites import Unknown, room, site
from accueil.planning import hours, recurrence
from accueil.planning.closures import EVERYWHERE, WORDS
from accueil.planning.drawn_ids import drawn_id
from accueil.planning.horizon import remake
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import to_text

MODES = ("walk_in", "appointment", "both", "collective", "partners_only")
MOST_SAID = 200
MOST_OCCURRENCES = 1_500
SLOT_MINUTES = (5, 480)
MOST_PLACES = 200
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


class BadPermanence(ValueError):
    """A field that cannot be used; `field` names it, `expected` is a word for the screens."""

    def __init__(self, field: str, expected: str):
        super().__init__(f"{field}: {expected}")
        self.field = field
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Permanence:
    """A recurring presence. Hours and breaks are wall-clock pairs of the site, "09:00".

    `first_day` anchors the rule; `last_day` is included, None without end. `slot_minutes` is
    None when nobody books; `places` are slots in parallel, or the seats of a collective
    session. `kept` counts, in each occurrence, the first slots kept for the organisation
    `kept_for` (None: the desk) until `released_days` before. `notice_minutes` and `ahead_days`
    are the least and the greatest notice. `closed_on` is some of `closures.WORDS`.
    """

    id: str
    service_id: str
    site_id: str
    room_id: str | None
    mode: str
    rrule: str
    first_day: date
    times: tuple[tuple[str, str], ...]
    said: str = ""
    assumed: tuple[str, ...] = ()
    last_day: date | None = None
    host_id: str | None = None
    breaks: tuple[tuple[str, str], ...] = ()
    slot_minutes: int | None = None
    places: int = 1
    notice_minutes: int = 0
    ahead_days: int = 90
    kept: int = 0
    kept_for: str | None = None
    released_days: int = 1
    closed_on: frozenset[str] = field(default=EVERYWHERE)
    follows: str | None = None
    source: str = "planning"
    retired: bool = False


def permanence(db: Db, permanence_id: str) -> Permanence:
    """One permanence in use; `Unknown` if there is none."""
    row = db.one("SELECT * FROM permanence WHERE id = :id AND retired = 0", id=permanence_id)
    if row is None:
        raise Unknown(permanence_id)
    return _permanence(row)


def permanences(db: Db, service_ids: Iterable[str], since: date) -> list[Permanence]:
    """The permanences of these services whose rule has not ended before `since`."""
    wanted = set(service_ids)
    rows = db.all(
        "SELECT * FROM permanence WHERE retired = 0"
        " AND (last_day IS NULL OR last_day >= :since) ORDER BY service_id, first_day, id",
        since=since.isoformat(),
    )
    return [_permanence(row) for row in rows if row["service_id"] in wanted]


def check(db: Db, new: Permanence) -> None:
    """Raise `BadPermanence` for the first field that cannot be used, or `BadRule`."""
    _check_place(db, new)
    _check_people(db, new)
    _check_hours(new)
    if new.mode not in MODES:
        raise BadPermanence("mode", "one-of")
    if new.slot_minutes is not None and not SLOT_MINUTES[0] <= new.slot_minutes <= SLOT_MINUTES[1]:
        raise BadPermanence("slot_minutes", "range")
    if not 1 <= new.places <= MOST_PLACES:
        raise BadPermanence("places", "range")
    if new.kept < 0 or not 0 <= new.released_days <= 396:
        raise BadPermanence("kept", "range")
    if new.notice_minutes < 0 or not 1 <= new.ahead_days <= 396:
        raise BadPermanence("notice", "range")
    if not new.closed_on <= set(WORDS):
        raise BadPermanence("closed_on", "one-of")
    if len(new.said) > MOST_SAID:
        raise BadPermanence("said", "shorter")
    if new.last_day and new.last_day < new.first_day:
        raise BadPermanence("last_day", "after-first")
    recurrence.check(new.rrule, new.first_day)
    year = new.first_day + timedelta(days=396)
    count = sum(1 for _ in recurrence.days(new.rrule, new.first_day, new.first_day, year))
    if count * len(new.times) > MOST_OCCURRENCES:
        raise BadPermanence("rrule", "fewer")


def create(db: Db, new: Permanence, at: datetime) -> str:
    """Open a permanence; its id."""
    check(db, new)
    opened = replace(new, id=new.id or new_id(), source="planning")
    store(db, opened)
    remake(db, [opened.id], at)
    return opened.id


def edit(db: Db, changed: Permanence, at: datetime) -> None:
    """Change the whole of a series from `at` on."""
    check(db, changed)
    store(db, replace(changed, source="planning"))
    remake(db, [changed.id], at)


def edit_following(db: Db, changed: Permanence, day: date, at: datetime) -> str:
    """Change a series from `day` on; the id of the rule that takes over.

    `changed.first_day` is the first day of the new rule, on `day` or later. What was cancelled
    or booked on the old rule from that day on goes over to the new one.
    """
    before = permanence(db, changed.id)
    if day <= before.first_day:
        edit(db, changed, at)
        return changed.id
    if changed.first_day < day:
        raise BadPermanence("first_day", "after-cut")
    fresh = drawn_id(lambda each: is_known(db, each), before.id, day)
    opened = replace(changed, id=fresh, follows=before.id, source="planning")
    check(db, opened)
    store(db, opened)
    _end_before(db, before, min(day, (before.last_day or day) + timedelta(days=1)))
    db.run(
        "UPDATE occurrence SET permanence_id = :opened WHERE permanence_id = :id"
        " AND original_start >= :day AND starts_at > :now",
        opened=opened.id,
        id=before.id,
        day=day.isoformat(),
        now=to_text(at),
    )
    remake(db, [before.id, opened.id], at)
    return opened.id


def end(db: Db, permanence_id: str, last_day: date, at: datetime) -> None:
    """Close a series after `last_day`."""
    before = permanence(db, permanence_id)
    _end_before(db, before, last_day + timedelta(days=1))
    remake(db, [permanence_id], at)


def is_known(db: Db, permanence_id: str) -> bool:
    """Whether there is such a permanence, or was."""
    return db.one("SELECT 1 AS yes FROM permanence WHERE id = :id", id=permanence_id) is not None


def _end_before(db: Db, before: Permanence, day: date) -> None:
    """The rule stops the day before; one that would stop before its first day is retired."""
    last = day - timedelta(days=1)
    db.run(
        "UPDATE permanence SET last_day = :last, source = 'planning', retired = :retired"
        " WHERE id = :id",
        id=before.id,
        last=max(last, before.first_day).isoformat(),
        retired=int(last < before.first_day),
    )


def _check_people(db: Db, new: Permanence) -> None:
    if new.host_id is not None and not db.one(
        "SELECT 1 AS yes FROM account WHERE id = :id", id=new.host_id
    ):
        raise BadPermanence("host", "known")
    if new.kept_for is not None and not db.one(
        "SELECT 1 AS yes FROM organisation WHERE id = :id AND retired = 0", id=new.kept_for
    ):
        raise BadPermanence("kept_for", "known")


def _check_place(db: Db, new: Permanence) -> None:
    try:
        service(db, new.service_id)
        site(db, new.site_id)
    except Unknown:
        raise BadPermanence("site", "known") from None
    if new.room_id is not None:
        try:
            where = room(db, new.room_id).site_id
        except Unknown:
            raise BadPermanence("room", "known") from None
        if where != new.site_id:
            raise BadPermanence("room", "here")


def _check_hours(new: Permanence) -> None:
    if not new.times or len(new.times) > 6:
        raise BadPermanence("times", "some")
    for name, pairs in (("times", new.times), ("breaks", new.breaks)):
        if not all(_CLOCK.fullmatch(clock) for pair in pairs for clock in pair):
            raise BadPermanence(name, "clock")
        read = hours.from_text(hours.to_text(pairs))
        if any(start >= end for start, end in read):
            raise BadPermanence(name, "end-after-start")
        ordered = sorted(read)
        if any(later[0] < sooner[1] for sooner, later in pairwise(ordered)):
            raise BadPermanence(name, "apart")


def store(db: Db, new: Permanence) -> None:
    """Write the rule alone, in the caller’s transaction: its occurrences are to be remade."""
    row = _row(new)
    names = [name for name in row if name != "id"]
    db.run(
        f"INSERT INTO permanence (id, {', '.join(names)})"
        f" VALUES (:id, {', '.join(f':{name}' for name in names)})"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in names)}",
        **row,
    )


def _row(new: Permanence) -> Row:
    row: Row = {each.name: getattr(new, each.name) for each in fields(new)}
    return row | {
        "first_day": new.first_day.isoformat(),
        "last_day": new.last_day.isoformat() if new.last_day else None,
        "times": hours.to_text(new.times),
        "breaks": hours.to_text(new.breaks),
        "assumed": " ".join(new.assumed),
        "closed_on": " ".join(sorted(new.closed_on)),
        "retired": int(new.retired),
    }


def _permanence(row: Row) -> Permanence:
    return Permanence(
        **{
            **row,
            "first_day": date.fromisoformat(row["first_day"]),
            "last_day": date.fromisoformat(row["last_day"]) if row["last_day"] else None,
            "times": _pairs(row["times"]),
            "breaks": _pairs(row["breaks"]),
            "assumed": tuple(row["assumed"].split()),
            "closed_on": frozenset(row["closed_on"].split()),
            "retired": bool(row["retired"]),
        }
    )


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    found = (pair.partition("-")[::2] for pair in text.split())
    return tuple((start, end) for start, end in found)
