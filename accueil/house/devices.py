"""Devices: the house's own screens in the hall, made known to it by a code typed once.

    device(id, site_id, kind, name, rooms, voice, reach, text_size,
           code_hash?, code_expires_at?, token_hash?, made_by, made_at,
           enrolled_at?, seen_at?, revoked_at?)

    made (a code, for an hour) -> enrolled (the code typed) -> revoked -> enrolled (a new code)

The screen keeps a random token; only its hash is stored, and the code's. Wrong codes are slowed
down like wrong passwords, by device and, from EVERYBODY_FREE on, by house.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from accueil.house.sessions import count_attempt, digest, forget_failures
from accueil.house.sites import Unknown, rooms, site
from accueil.store.codes import LETTERS
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

Kind = Literal["kiosk", "board", "door"]
TextSize = Literal["usual", "larger"]
KINDS: tuple[str, ...] = get_args(Kind)
TEXT_SIZES: tuple[str, ...] = get_args(TextSize)
CODE_LENGTH = 8
CODE_LASTS = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_NAME = 40
EVERYBODY, EVERYBODY_FREE = "a screen's code, by everybody", 50


@dataclass(frozen=True, slots=True)
class Settings:
    """What an admin says of a screen. `rooms` and `voice` are a board's: no room means all of
    them. `reach` and `text_size` are a kiosk's."""

    name: str
    rooms: tuple[str, ...] = ()
    voice: bool = True
    reach: bool = False
    text_size: str = "usual"


@dataclass(frozen=True, slots=True)
class Device:
    id: str
    site_id: str
    kind: Kind
    settings: Settings
    code_expires_at: datetime | None
    enrolled_at: datetime | None
    seen_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_enrolled(self) -> bool:
        return self.enrolled_at is not None and self.revoked_at is None

    def awaits_code(self, at: datetime) -> bool:
        """Whether a code that was given for it can still be typed."""
        return self.code_expires_at is not None and at < self.code_expires_at


class BadDevice(ValueError):
    """`field` cannot be so: kind, site, name, rooms or text_size."""

    def __init__(self, field: str):
        super().__init__(field)
        self.field = field


class WrongCode(ValueError):
    """No screen waits for this code: mistyped, used, or an hour old."""


def make(
    db: Db, site_id: str, kind: str, settings: Settings, by: str, at: datetime
) -> tuple[Device, str]:
    """A screen to enrol, and the code to type on it, known from here on to the caller alone.
    Raises `BadDevice`."""
    _check(db, site_id, kind, settings)
    device_id, code = new_id(), _new_code()
    with db.transaction():
        db.run(
            "INSERT INTO device (id, site_id, kind, name, rooms, voice, reach, text_size,"
            " code_hash, code_expires_at, made_by, made_at) VALUES (:id, :site_id, :kind, :name,"
            " :rooms, :voice, :reach, :text_size, :code_hash, :expires, :by, :at)",
            id=device_id,
            site_id=site_id,
            kind=kind,
            **_columns(settings),
            code_hash=digest(code),
            expires=to_text(at + CODE_LASTS),
            by=by,
            at=to_text(at),
        )
        _note(db, "screen made", device_id, site_id, by, at)
    return device(db, device_id), code


def change(db: Db, device_id: str, settings: Settings, by: str, at: datetime) -> None:
    """Other settings for a screen. Raises `BadDevice` or `Unknown`."""
    with db.transaction():
        known = device(db, device_id)
        _check(db, known.site_id, known.kind, settings)
        db.run(
            "UPDATE device SET name = :name, rooms = :rooms, voice = :voice, reach = :reach,"
            " text_size = :text_size WHERE id = :id",
            id=known.id,
            **_columns(settings),
        )
        _note(db, "screen changed", known.id, known.site_id, by, at)


def give_code(db: Db, device_id: str, by: str, at: datetime) -> str:
    """Another code, instead of the one before: for a screen that was revoked, or forgot."""
    code = _new_code()
    with db.transaction():
        known = device(db, device_id)
        db.run(
            "UPDATE device SET code_hash = :code_hash, code_expires_at = :expires WHERE id = :id",
            id=known.id,
            code_hash=digest(code),
            expires=to_text(at + CODE_LASTS),
        )
        _note(db, "screen given a code", known.id, known.site_id, by, at)
    return code


def enrol(
    db: Db, typed: str, tries_of: str, at: datetime, before: Device | None = None
) -> tuple[Device, str]:
    """The screen that waits for this code, and the token that it keeps; the code is used up.

    `tries_of` is the random name of the device, against which mistakes are counted, and `before`
    the screen that it was until now, which it is no more. Raises `TooManyAttempts`, `WrongCode`.
    """
    subjects = (digest(f"code {tries_of}"), digest(EVERYBODY))
    count_attempt(db, subjects[:1], at)
    count_attempt(db, subjects[1:], at, EVERYBODY_FREE)
    token = secrets.token_urlsafe(32)
    with db.transaction():
        row = db.one(
            "SELECT id, site_id FROM device WHERE code_hash = :code AND code_expires_at > :at",
            code=digest(_read(typed)),
            at=to_text(at),
        )
        if row is None:
            raise WrongCode
        if before and before.id != row["id"]:
            revoke(db, before.id, "house", at)
        db.run(
            "UPDATE device SET token_hash = :token, code_hash = NULL, code_expires_at = NULL,"
            " enrolled_at = :at, seen_at = :at, revoked_at = NULL WHERE id = :id",
            id=row["id"],
            token=digest(token),
            at=to_text(at),
        )
        forget_failures(db, subjects)
        _note(db, "screen enrolled", row["id"], row["site_id"], "house", at)
    return device(db, row["id"]), token


def revoke(db: Db, device_id: str, by: str, at: datetime) -> None:
    """From its next request on, the screen is no longer one of the house's. Raises `Unknown`."""
    with db.transaction():
        known = device(db, device_id)
        if known.revoked_at is not None:
            return
        db.run(
            "UPDATE device SET token_hash = NULL, code_hash = NULL, code_expires_at = NULL,"
            " revoked_at = :at WHERE id = :id",
            id=known.id,
            at=to_text(at),
        )
        _note(db, "screen revoked", known.id, known.site_id, by, at)


def seen(db: Db, known: Device, at: datetime) -> None:
    """The screen asked for something: a sign of life, written once a minute at most."""
    if known.seen_at is None or at - known.seen_at >= SEEN_EVERY:
        with db.transaction():
            db.run("UPDATE device SET seen_at = :at WHERE id = :id", id=known.id, at=to_text(at))


def devices(db: Db) -> list[Device]:
    """Every screen, by site, kind and name; the revoked ones last."""
    rows = db.all(
        "SELECT d.* FROM device AS d JOIN site AS s ON s.id = d.site_id"
        " ORDER BY d.revoked_at IS NOT NULL, s.position, d.kind DESC, d.name, d.id"
    )
    return [_device(row) for row in rows]


def device(db: Db, device_id: str) -> Device:
    """One screen; `Unknown` if there is none."""
    row = db.one("SELECT * FROM device WHERE id = :id", id=device_id)
    if row is None:
        raise Unknown(device_id)
    return _device(row)


def device_of(db: Db, token: str) -> Device | None:
    """The enrolled screen that holds this token, or None when there is none any more."""
    row = db.one("SELECT * FROM device WHERE token_hash = :token", token=digest(token))
    return _device(row) if row else None


def ever_enrolled(db: Db, site_id: str, kind: Kind) -> bool:
    """Whether this site has enrolled such a screen, now or before."""
    row = db.one(
        "SELECT 1 AS yes FROM device WHERE site_id = :site_id AND kind = :kind"
        " AND enrolled_at IS NOT NULL LIMIT 1",
        site_id=site_id,
        kind=kind,
    )
    return row is not None


def _check(db: Db, site_id: str, kind: str, settings: Settings) -> None:
    try:
        place = site(db, site_id)
    except Unknown:
        raise BadDevice("site") from None
    here = {room.id for room in rooms(db, place.id)}
    wrong = {
        "kind": kind not in KINDS,
        "site": kind != "board" and not place.reception,
        "name": not settings.name.strip() or len(settings.name.strip()) > LONGEST_NAME,
        "rooms": not here.issuperset(settings.rooms),
        "text_size": settings.text_size not in TEXT_SIZES,
    }
    for field, bad in wrong.items():
        if bad:
            raise BadDevice(field)


def _columns(settings: Settings) -> Row:
    return {
        "name": settings.name.strip(),
        "rooms": " ".join(settings.rooms),
        "voice": int(settings.voice),
        "reach": int(settings.reach),
        "text_size": settings.text_size,
    }


def _device(row: Row) -> Device:
    return Device(
        id=row["id"],
        site_id=row["site_id"],
        kind=row["kind"],
        settings=Settings(
            name=row["name"],
            rooms=tuple(row["rooms"].split()),
            voice=bool(row["voice"]),
            reach=bool(row["reach"]),
            text_size=row["text_size"],
        ),
        code_expires_at=_instant(row["code_expires_at"]),
        enrolled_at=_instant(row["enrolled_at"]),
        seen_at=_instant(row["seen_at"]),
        revoked_at=_instant(row["revoked_at"]),
    )


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def _read(typed: str) -> str:
    """The letters of a code, however they were typed: in small letters, with spaces or dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _note(db: Db, verb: str, device_id: str, site_id: str, by: str, at: datetime) -> None:
    write(db, Event(verb, by, site_id=site_id, data={"device": device_id}), at)
