"""Changes of the planning that touch people: who is affected is known before, and each of them
is kept, moved or told.

`impact` carries a change out, looks at who it touches, and takes everything back: what is
shown is what would happen. `carry_out` does it for good, with a decision for each person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar

from accueil.house.services import service
from accueil.house.sites import Unknown
from accueil.planning import booking, exceptions, slots
from accueil.planning.appointments import Appointment, Tell, appointment
from accueil.planning.booking import NotFree
from accueil.planning.slots import FreeSlot
from accueil.planning.undoing import Scope, change
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

Reason = Literal["gone", "moved", "room", "host"]
Kind = Literal["keep", "move", "tell"]
CHOICES = 3
MOST_FREE = 5_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Planned:
    """A change to be made: what it may touch, and what does it in a transaction."""

    verb: str
    scope: Scope
    act: Callable[[Db], object]


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody whose appointment a change touches. "gone": its slot is no longer held; "moved":
    it would be at `starts_at` (UTC), or end at another hour; "room", "host": another one.
    `proposed` are free slots, the nearest first, no first choice proposed to two people."""

    appointment: Appointment
    reason: Reason
    starts_at: datetime
    proposed: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one person: "keep" the appointment (at its new hour if it moves), "move"
    it to `slot_id`, or "tell": give it up when it is gone, and have the desk tell them."""

    kind: Kind
    slot_id: str | None = None


KEEP = Decision("keep")


class Undecided(ValueError):
    """Some people are affected and nothing was said of them; nothing was changed."""

    def __init__(self, affected: list[Affected]):
        super().__init__(f"{len(affected)} people are affected")
        self.affected = affected


def impact(db: Db, planned: Planned, at: datetime) -> list[Affected]:
    """Who the change would touch, by hour. Raises what the change raises; changes nothing."""
    with db.rehearsal():
        before = _booked(db, planned.scope, at)
        planned.act(db)
        found = _affected(db, before, at)
    return found


def carry_out(
    db: Db,
    planned: Planned,
    decisions: Mapping[str, Decision],
    by: str,
    at: datetime,
    *,
    otherwise: Decision | None = None,
) -> None:
    """Do it, all or nothing, with a decision for each appointment that is affected.

    Raises `Undecided` when one is missing and there is no `otherwise`, `NotFree` when a slot
    that was chosen has been taken, and what the change itself raises.
    """
    planned.scope.occurrences |= _chosen(db, decisions)
    with change(db, planned.verb, planned.scope, by, at):
        before = _booked(db, planned.scope, at)
        planned.act(db)
        _decide(db, _affected(db, before, at), decisions, otherwise, at)


def keeping_everybody(db: Db, at: datetime, act: Callable[[], T]) -> T:
    """Do `act` on the whole planning, in the caller's transaction; whoever it touches is kept."""
    everything = Scope({row["id"] for row in db.all("SELECT id FROM permanence")})
    before = _booked(db, everything, at)
    result = act()
    _decide(db, _affected(db, before, at), {}, KEEP, at)
    return result


def _chosen(db: Db, decisions: Mapping[str, Decision]) -> set[str]:
    """The occurrences where people are moved to: the change touches them too."""
    rows = [
        db.one("SELECT occurrence_id FROM slot WHERE id = :id", id=each.slot_id)
        for each in decisions.values()
        if each.slot_id
    ]
    return {row["occurrence_id"] for row in rows if row}


def _decide(
    db: Db,
    affected: list[Affected],
    decisions: Mapping[str, Decision],
    otherwise: Decision | None,
    at: datetime,
) -> None:
    decided = []
    for each in affected:
        decision = decisions.get(each.appointment.id, otherwise)
        if decision is None or (decision.kind == "move" and not decision.slot_id):
            raise Undecided(affected)
        decided.append((each, decision))
    _keep_gone(db, decided, at)
    for each, decision in decided:
        _settle(db, each, decision, at)


def _booked(db: Db, scope: Scope, at: datetime) -> dict[str, Row]:
    """The appointments to come of a scope, with where and with whom they are."""
    found: dict[str, Row] = {}
    for column, values in (
        ("o.permanence_id", scope.permanences),
        ("o.id", scope.occurrences),
    ):
        for value in sorted(values):
            rows = db.all(f"{_WHERE} AND {column} = :value {_GROUP}", value=value, now=to_text(at))
            found |= {row["id"]: row for row in rows}
    return dict(sorted(found.items(), key=lambda item: (item[1]["starts_at"], item[0])))


_SELECT = (
    "SELECT a.id, a.starts_at, min(s.starts_at) AS slot_at, max(s.ends_at) AS slot_end,"
    " min(s.open) AS open, count(*) AS length, o.status, o.room_id, o.site_id, o.host_id,"
    " o.starts_at AS held_at, o.ends_at AS held_end"
    " FROM appointment AS a JOIN booking AS b ON b.appointment_id = a.id"
    " JOIN slot AS s ON s.id = b.slot_id JOIN occurrence AS o ON o.id = s.occurrence_id"
)
_WHERE = f"{_SELECT} WHERE a.state = 'booked' AND a.starts_at > :now"
_GROUP = (
    "GROUP BY a.id, a.starts_at, o.status, o.room_id, o.site_id, o.host_id, o.starts_at, o.ends_at"
)


def _affected(db: Db, before: Mapping[str, Row], at: datetime) -> list[Affected]:
    touched = []
    for appointment_id, was in before.items():
        now = _now(db, appointment_id)
        reason = _reason(was, now)
        if reason:
            touched.append((appointment(db, appointment_id), reason, now))
    free = _free(db, [held for held, reason, _ in touched if reason in ("gone", "moved")], at)
    found: list[Affected] = []
    promised: set[str] = set()
    for held, reason, now in touched:
        proposed: tuple[FreeSlot, ...] = ()
        if reason in ("gone", "moved"):
            proposed = _proposed(db, held, now["length"], free[held.service_id], promised, at)
        found.append(Affected(held, reason, from_text(now["slot_at"]), proposed))
    return found


def _free(db: Db, people: list[Appointment], at: datetime) -> dict[str, list[FreeSlot]]:
    """What is free of the services of these people, until well after the last of them."""
    last: dict[str, datetime] = {}
    for held in people:
        last[held.service_id] = max(held.starts_at, last.get(held.service_id, at))
    return {
        service_id: slots.free(
            db,
            service_id,
            at,
            asker=service(db, service_id).organisation.id,
            number=MOST_FREE,
            within=latest - at + slots.FARTHEST,
        )
        for service_id, latest in last.items()
    }


def _now(db: Db, appointment_id: str) -> Row:
    return db.all(f"{_SELECT} WHERE a.id = :id {_GROUP}", id=appointment_id)[0]


def _reason(was: Row, now: Row) -> Reason | None:
    lost = was["open"] and not now["open"]
    if now["status"] != "scheduled" or lost or (_is_inside(was) and not _is_inside(now)):
        return "gone"
    if (was["slot_at"], was["slot_end"]) != (now["slot_at"], now["slot_end"]):
        return "moved"
    if (was["room_id"], was["site_id"]) != (now["room_id"], now["site_id"]):
        return "room"
    return "host" if was["host_id"] != now["host_id"] else None


def _is_inside(row: Row) -> bool:
    """Whether the slots are within the hours of their occurrence."""
    return bool(row["held_at"] <= row["slot_at"] and row["slot_end"] <= row["held_end"])


def _proposed(
    db: Db,
    held: Appointment,
    length: int,
    free: Iterable[FreeSlot],
    promised: set[str],
    at: datetime,
) -> tuple[FreeSlot, ...]:
    """The nearest of these slots from which as many as they have are free; the first choice is
    added to what is promised."""
    owner = service(db, held.service_id).organisation.id
    rows = (
        (slot, booking.in_a_row(db, slot.id, length, owner, at))
        for slot in sorted(free, key=lambda slot: _distance(slot, held))
    )
    fit = ((slot, ids) for slot, ids in rows if ids and ids.isdisjoint(promised))
    found = list(islice(fit, CHOICES))
    promised |= {each for _, ids in found[:1] for each in ids}
    return tuple(slot for slot, _ in found)


def _distance(slot: FreeSlot, held: Appointment) -> tuple[bool, float]:
    return slot.site_id != held.site_id, abs((slot.starts_at - held.starts_at).total_seconds())


def _keep_gone(db: Db, decided: Iterable[tuple[Affected, Decision]], at: datetime) -> None:
    """Occurrences that are no longer held, held for those who are kept."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for each, decision in decided:
        if each.reason == "gone" and decision.kind == "keep":
            now = _now(db, each.appointment.id)
            span = from_text(now["slot_at"]), from_text(now["slot_end"])
            spans.setdefault(each.appointment.occurrence_id, []).append(span)
    for occurrence_id, wanted in spans.items():
        exceptions.keep(db, occurrence_id, wanted, at)


def _settle(db: Db, affected: Affected, decision: Decision, at: datetime) -> None:
    held, reason = affected.appointment, affected.reason
    if decision.kind == "move" and decision.slot_id:
        owner = service(db, held.service_id).organisation.id
        try:
            booking.rebook(db, held.id, decision.slot_id, owner, at, tell="moved")
        except Unknown:
            raise NotFree([]) from None
    elif decision.kind == "tell" and reason in ("gone", "moved"):
        booking.give_up(db, held.id, "house", at, tell="cancelled")
    elif reason in ("room", "host") and decision.kind == "tell":
        _follow(db, held, at, reason)
    else:
        _follow(db, held, at)


def _follow(db: Db, held: Appointment, at: datetime, tell: Tell | None = None) -> None:
    """The appointment takes the hours of its slots, when they moved, and the site of its
    occurrence; `tell` what else the person does not know."""
    now = _now(db, held.id)
    changed = {"starts_at": now["slot_at"], "ends_at": now["slot_end"]}
    if changed != {"starts_at": to_text(held.starts_at), "ends_at": to_text(held.ends_at)}:
        tell, changed["confirmed_at"] = "moved", None
    if tell or now["site_id"] != held.site_id:
        columns = {**changed, "site_id": now["site_id"], "tell": tell or held.tell}
        booking.note_change(db, held.id, at, **columns)
