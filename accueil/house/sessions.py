"""Sessions: an account at work on one device, kept by the server so that it can be ended.

    login_session(token_hash, account_id, created_at, active_at, locked)
    known_device(device_hash, account_id, seen_at)
    login_throttle(subject, failures, retry_at)

    open -> locked (idle, or by hand) -> open (password) -> ended

The device keeps a random token; only its hash is stored. Failed logins are slowed down per
account and per device, and a device where an account has logged in before is counted apart,
so that a stranger's attempts do not lock the person out (OWASP, device cookies).
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accueil.house.accounts import Account, account, normal_login, with_password
from accueil.store.db import Db
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

# The shared desk's touchscreen; a partner receives for longer than that, behind a door.
IDLE = timedelta(minutes=10)
IDLE_OF_PARTNER = timedelta(hours=1)
LONGEST = timedelta(hours=10)
FREE_FAILURES = 5
LONGEST_WAIT_S = 15 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """`locked` also when nothing was asked of it for `idle`."""

    account: Account
    locked: bool
    active_at: datetime
    idle: timedelta


class WrongPassword(ValueError):
    """The login and the password do not open an account."""


class TooManyAttempts(ValueError):
    """`wait_s` seconds must pass before the next attempt."""

    def __init__(self, wait_s: int):
        super().__init__(wait_s)
        self.wait_s = wait_s


def open_session(db: Db, login: str, password: str, device: str, at: datetime) -> str:
    """Log in from `device` (its random cookie); the session's token, which only it will know.

    Raises `TooManyAttempts` without looking at the password, or `WrongPassword`.
    """
    subjects = _subjects(db, login, device)
    count_attempt(db, subjects, at)
    found = with_password(db, login, password)
    if found is None:
        raise WrongPassword
    token = secrets.token_urlsafe(16)
    with db.transaction():
        forget_failures(db, subjects)
        db.run(
            "INSERT INTO known_device (device_hash, account_id, seen_at)"
            " VALUES (:device, :account, :at)"
            " ON CONFLICT (device_hash, account_id) DO UPDATE SET seen_at = excluded.seen_at",
            device=digest(device),
            account=found.id,
            at=to_text(at),
        )
        db.run(
            "INSERT INTO login_session (token_hash, account_id, created_at, active_at, locked)"
            " VALUES (:token, :account, :at, :at, 0)",
            token=digest(token),
            account=found.id,
            at=to_text(at),
        )
        write(db, Event("logged in", found.id), at)
    return token


def session(db: Db, token: str, at: datetime) -> Session | None:
    """The session that `token` opens, or None when it has ended."""
    row = db.one(
        "SELECT s.account_id, s.created_at, s.active_at, s.locked FROM login_session AS s"
        " JOIN account AS a ON a.id = s.account_id"
        " WHERE s.token_hash = :token AND a.active = 1",
        token=digest(token),
    )
    if row is None or at - from_text(row["created_at"]) > LONGEST:
        return None
    who = account(db, row["account_id"])
    idle = IDLE_OF_PARTNER if who.role == "partner" else IDLE
    active_at = from_text(row["active_at"])
    return Session(who, bool(row["locked"]) or at - active_at > idle, active_at, idle)


def keep_awake(db: Db, token: str, at: datetime) -> None:
    """The person at the device did something: the idle time starts again, unless it is over."""
    with db.transaction():
        found = session(db, token, at)
        if found is None or found.locked:
            return
        db.run(
            "UPDATE login_session SET active_at = :at WHERE token_hash = :token",
            at=to_text(at),
            token=digest(token),
        )


def lock(db: Db, token: str) -> None:
    """Keep the session, hide it until the password is given again."""
    with db.transaction():
        db.run("UPDATE login_session SET locked = 1 WHERE token_hash = :token", token=digest(token))


def unlock(db: Db, token: str, password: str, device: str, at: datetime) -> None:
    """Open a locked session again. Raises `TooManyAttempts` or `WrongPassword`."""
    found = session(db, token, at)
    if found is None:
        raise WrongPassword
    subjects = _subjects(db, found.account.login, device)
    count_attempt(db, subjects, at)
    if with_password(db, found.account.login, password) is None:
        raise WrongPassword
    with db.transaction():
        forget_failures(db, subjects)
        db.run(
            "UPDATE login_session SET locked = 0, active_at = :at WHERE token_hash = :token",
            at=to_text(at),
            token=digest(token),
        )


def end(db: Db, token: str) -> None:
    """Log out."""
    with db.transaction():
        db.run("DELETE FROM login_session WHERE token_hash = :token", token=digest(token))


def forget_old(db: Db, at: datetime) -> None:
    """Remove sessions, devices and failures that no longer count."""
    with db.transaction():
        db.run("DELETE FROM login_session WHERE created_at < :at", at=to_text(at - LONGEST))
        db.run("DELETE FROM login_throttle WHERE retry_at < :at", at=to_text(at - LONGEST))
        old = to_text(at - timedelta(days=180))
        db.run("DELETE FROM known_device WHERE seen_at < :old", old=old)


def count_attempt(db: Db, subjects: Iterable[str], at: datetime, free: int = FREE_FAILURES) -> None:
    """Count an attempt as a failure until it succeeds, so that many at once cannot all pass.

    The first `free` ones cost nothing; then 2, 4, 8… seconds, up to LONGEST_WAIT_S. Raises
    `TooManyAttempts` while a wait lasts.
    """
    with db.transaction():
        for subject in subjects:
            row = db.one("SELECT * FROM login_throttle WHERE subject = :s", s=subject)
            if row and from_text(row["retry_at"]) > at:
                wait = from_text(row["retry_at"]) - at
                raise TooManyAttempts(int(wait.total_seconds()) + 1)
            failures = (row["failures"] if row else 0) + 1
            excess = min(failures - free, 20)
            wait_s = min(2**excess, LONGEST_WAIT_S) if excess > 0 else 0
            db.run(
                "INSERT INTO login_throttle (subject, failures, retry_at)"
                " VALUES (:s, :failures, :retry_at) ON CONFLICT (subject) DO UPDATE"
                " SET failures = excluded.failures, retry_at = excluded.retry_at",
                s=subject,
                failures=failures,
                retry_at=to_text(at + timedelta(seconds=wait_s)),
            )


def forget_failures(db: Db, subjects: Iterable[str]) -> None:
    """It succeeded, in the caller's transaction: nothing counts against these subjects."""
    for subject in subjects:
        db.run("DELETE FROM login_throttle WHERE subject = :s", s=subject)


def digest(secret: str) -> str:
    """What is stored of a secret with 128 bits of chance in it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _subjects(db: Db, login: str, device: str) -> tuple[str, str]:
    """What failures are counted against: this account (here or elsewhere), and this device."""
    login = normal_login(login)
    known = db.one(
        "SELECT 1 AS yes FROM known_device AS d JOIN account AS a ON a.id = d.account_id"
        " WHERE d.device_hash = :device AND a.login = :login",
        device=digest(device),
        login=login,
    )
    place = digest(device) if known else "elsewhere"
    return (digest(f"account {login} {place}"), digest(f"device {device}"))
