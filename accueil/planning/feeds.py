"""Calendar feeds: the planning at a secret address, for the calendar that people already have.

    calendar_address(id, token_hash, kind, subject_id, made_by, made_at, asked_at?, revoked_at?)

An address shows the dates of an organisation, of one host, of a room, or of a site. Whoever has
it can read: it says what is held, when and where, and nothing of people. It answers until it is
revoked, or until what it shows has left the house.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from accueil.house.sites import Site, Unknown, every_site, front_desk
from accueil.planning.calendars import Entry
from accueil.planning.horizon import AHEAD
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

Kind = Literal["organisation", "host", "room", "site"]
BEHIND = timedelta(days=30)
ASKED_EVERY = timedelta(hours=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Address:
    """An address that answers. `subject` and `maker` are names, of people too; `title` is what
    calendars call the feed, and names nobody. `asked_at` is within the hour."""

    id: str
    kind: Kind
    subject_id: str
    subject: str
    title: str
    maker: str
    made_at: datetime
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """What a feed is made from, told without making it: the same `tag`, the same bytes."""

    tag: str
    changed_at: datetime


def open_address(db: Db, kind: Kind, subject_id: str, by: str, at: datetime) -> str:
    """A new address; its token, which is kept nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    address_id = new_id()
    with db.transaction():
        db.run(
            "INSERT INTO calendar_address (id, token_hash, kind, subject_id, made_by, made_at)"
            " VALUES (:id, :token_hash, :kind, :subject_id, :by, :at)",
            id=address_id,
            token_hash=_hash(token),
            kind=kind,
            subject_id=subject_id,
            by=by,
            at=to_text(at),
        )
        data = {"address": address_id, "kind": kind, "subject": subject_id}
        write(db, Event("calendar opened", by, data=data), at)
    return token


def revoke(db: Db, address_id: str, by: str, at: datetime) -> None:
    """Answer at that address no more."""
    with db.transaction():
        revoked = db.run(
            "UPDATE calendar_address SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
            id=address_id,
            at=to_text(at),
        )
        if revoked:
            write(db, Event("calendar revoked", by, data={"address": address_id}), at)


def addresses(db: Db, of: Collection[tuple[Kind, str]] | None = None) -> list[Address]:
    """The addresses that answer, of these subjects or of all, the newest first."""
    found = [_address(row) for row in db.all(f"{_SELECT} ORDER BY c.made_at DESC, c.id DESC")]
    return [each for each in found if of is None or (each.kind, each.subject_id) in of]


def address_of_token(db: Db, token: str) -> Address:
    """The address that this token opens; `Unknown` if there is none, or no more."""
    row = db.one(f"{_SELECT} AND c.token_hash = :hash", hash=_hash(token))
    if row is None:
        raise Unknown("no such address")
    return _address(row)


def note_asked(db: Db, asked: Address, at: datetime) -> None:
    """Remember that somebody still follows it; once an hour is enough."""
    if asked.asked_at is None or at - asked.asked_at >= ASKED_EVERY:
        with db.transaction():
            db.run(
                "UPDATE calendar_address SET asked_at = :at WHERE id = :id",
                id=asked.id,
                at=to_text(at),
            )


def place_of(db: Db, shown: Address) -> Site:
    """The site whose clock a feed follows: that of the room or the site, else the front desk's."""
    if shown.kind in ("organisation", "host"):
        return front_desk(db)
    site_id = shown.subject_id
    if shown.kind == "room":
        site_id = db.all("SELECT site_id FROM room WHERE id = :id", id=site_id)[0]["site_id"]
    return next(each for each in every_site(db) if each.id == site_id)


def entries(db: Db, shown: Address, at: datetime) -> list[Entry]:
    """The dates of thirty days before and thirteen months after; the cancelled ones until past."""
    rows = db.all(
        "SELECT o.id, o.sequence, o.changed_at, o.starts_at, o.ends_at, o.status,"
        " s.name AS service, g.name AS organisation, r.name AS room,"
        " t.address, t.postcode, t.commune"
        " FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
        " JOIN service AS s ON s.id = p.service_id"
        " JOIN organisation AS g ON g.id = s.organisation_id"
        " JOIN site AS t ON t.id = o.site_id LEFT JOIN room AS r ON r.id = o.room_id"
        f" WHERE {_OF[shown.kind]} AND {_SHOWN} ORDER BY o.starts_at, o.id",
        **_window(db, shown, at),
    )
    whose = shown.kind in ("room", "site")
    return [_entry(row, whose) for row in rows]


def state(db: Db, shown: Address, at: datetime) -> State:
    """From a few figures of its dates, the day, and the names it may show.

    The sum moves when a change is undone, the last change does not; midnight brings other days
    and takes the cancelled ones away.
    """
    window = _window(db, shown, at)
    found = db.all(
        "SELECT count(*) AS number, sum(o.sequence) AS sequences, max(o.changed_at) AS changed_at"
        f" FROM occurrence AS o WHERE {_OF[shown.kind]} AND {_SHOWN}",
        **window,
    )[0]
    parts = [shown.id, window["today"], *found.values(), *_names(db)]
    tag = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    midnight = datetime.combine(date.fromisoformat(window["today"]), time(), tzinfo=UTC)
    changed = from_text(found["changed_at"]) if found["changed_at"] else midnight
    return State(tag, min(at, max(changed, midnight)))


_SUBJECT = "coalesce(g.name, h.name, r.name, t.name)"
_SELECT = (
    f"SELECT c.*, {_SUBJECT} AS subject, m.name AS maker,"
    " coalesce(g.name, w.name, r.name || ' – ' || b.name, t.name, '') AS title"
    " FROM calendar_address AS c"
    " JOIN account AS m ON m.id = c.made_by"
    " LEFT JOIN organisation AS g"
    " ON c.kind = 'organisation' AND g.id = c.subject_id AND g.retired = 0"
    " LEFT JOIN account AS h ON c.kind = 'host' AND h.id = c.subject_id AND h.active = 1"
    " LEFT JOIN organisation AS w ON w.id = h.organisation_id"
    " LEFT JOIN room AS r ON c.kind = 'room' AND r.id = c.subject_id AND r.retired = 0"
    " LEFT JOIN site AS b ON b.id = r.site_id"
    " LEFT JOIN site AS t ON c.kind = 'site' AND t.id = c.subject_id AND t.retired = 0"
    f" WHERE c.revoked_at IS NULL AND {_SUBJECT} IS NOT NULL"
)
_OF: dict[Kind, str] = {
    "organisation": "o.permanence_id IN (SELECT own.id FROM permanence AS own"
    " JOIN service AS offered ON offered.id = own.service_id"
    " WHERE offered.organisation_id = :subject)",
    "host": "o.host_id = :subject",
    # Its site as well, for the index that holds the cancelled dates too.
    "room": "o.room_id = :subject AND o.site_id = (SELECT site_id FROM room WHERE id = :subject)",
    "site": "o.site_id = :subject",
}
_SHOWN = "o.day >= :first AND o.day <= :last AND (o.status = 'scheduled' OR o.day >= :today)"
_NAMES = (
    "SELECT name FROM (SELECT 1 AS kind, id, name FROM organisation"
    " UNION ALL SELECT 2, id, name FROM service UNION ALL SELECT 3, id, name FROM room"
    " UNION ALL SELECT 4, id, address || postcode || commune FROM site"
    " UNION ALL SELECT 5, id, service_id FROM permanence) AS named ORDER BY kind, id"
)


def _window(db: Db, shown: Address, at: datetime) -> dict[str, str]:
    today = place_of(db, shown).day(at)
    return {
        "subject": shown.subject_id,
        "first": (today - BEHIND).isoformat(),
        "today": today.isoformat(),
        "last": (today + AHEAD).isoformat(),
    }


def _names(db: Db) -> list[str]:
    """Everything that a feed says and that is not of its dates."""
    return [row["name"] for row in db.all(_NAMES)]


def _entry(row: Row, whose: bool) -> Entry:
    where = f"{row['address']}, {row['postcode']} {row['commune']}"
    return Entry(
        uid=f"{row['id']}@accueil-commun",
        sequence=row["sequence"],
        changed_at=from_text(row["changed_at"]),
        starts_at=from_text(row["starts_at"]),
        ends_at=from_text(row["ends_at"]),
        cancelled=row["status"] == "cancelled",
        title=f"{row['organisation']} – {row['service']}" if whose else row["service"],
        place=f"{row['room']}, {where}" if row["room"] else where,
        about="",
    )


def _address(row: Row) -> Address:
    return Address(
        id=row["id"],
        kind=row["kind"],
        subject_id=row["subject_id"],
        subject=row["subject"],
        title=row["title"],
        maker=row["maker"],
        made_at=from_text(row["made_at"]),
        asked_at=from_text(row["asked_at"]) if row["asked_at"] else None,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
