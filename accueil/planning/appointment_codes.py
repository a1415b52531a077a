"""The codes of an appointment: what its holder scans, or types the first ten letters of.

    appointment_code(code_hash, short_hash, appointment_id, made_at)

One is drawn with the form that books; others are given later, in messages, since a code is never
kept. Ten letters are short enough to be guessed from a stolen file: their hash is keyed.
"""

import hashlib
import hmac
from datetime import datetime

from accueil.store.codes import SHORT, code_hash, new_code, read_short
from accueil.store.db import Db
from accueil.store.instants import to_text


def keep(db: Db, appointment_id: str, code: str, at: datetime) -> None:
    """In the caller's transaction: `code` opens this appointment. Raises `BadCode`."""
    db.run(
        "INSERT INTO appointment_code (code_hash, short_hash, appointment_id, made_at)"
        " VALUES (:hash, :short, :appointment_id, :at) ON CONFLICT (code_hash) DO NOTHING",
        hash=code_hash(code),
        short=_short_hash(db, code[:SHORT]),
        appointment_id=appointment_id,
        at=to_text(at),
    )


def add(db: Db, appointment_id: str, at: datetime) -> str:
    """A further, fresh code of an appointment."""
    code = new_code()
    with db.transaction():
        keep(db, appointment_id, code, at)
    return code


def of_code(db: Db, code: str) -> str | None:
    """The id of the appointment that a whole code opens, or None. Raises `BadCode`."""
    row = db.one(
        "SELECT appointment_id FROM appointment_code WHERE code_hash = :hash", hash=code_hash(code)
    )
    return str(row["appointment_id"]) if row else None


def of_letters(db: Db, letters: str) -> list[str]:
    """The ids of the appointments whose codes begin with these ten letters, the last first."""
    rows = db.all(
        "SELECT DISTINCT c.appointment_id, a.starts_at FROM appointment_code AS c"
        " JOIN appointment AS a ON a.id = c.appointment_id"
        " WHERE c.short_hash = :short ORDER BY a.starts_at DESC",
        short=_short_hash(db, letters),
    )
    return [row["appointment_id"] for row in rows]


def _short_hash(db: Db, letters: str) -> str:
    return hmac.new(
        db.key, b"ten letters" + read_short(letters).encode(), hashlib.sha256
    ).hexdigest()
