"""Accounts: who may work at the staff's screens, and in whose name.

    account(id, login, name, role, organisation_id?, password_hash, active, created_at)

An agent works at the shared desk; a partner belongs to one organisation and sees what is its
own; an admin looks after the house. Passwords are hashed with argon2id (RFC 9106).
"""

import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accueil.house.sites import Unknown
from accueil.store.db import Db
from accueil.store.ids import new_id
from accueil.store.instants import to_text
from accueil.store.journal import Event, write

Role = Literal["agent", "partner", "admin"]

# CNIL 2022-100 and ASVS 6.2: length, no composition rules, throttled attempts.
MIN_PASSWORD_CHARACTERS = 12
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# 19 MiB each: two at once is enough for a house, and keeps the server small under attack.
_hashing = threading.BoundedSemaphore(2)
# What an unknown login is verified against: no password has this hash.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA"
    "$vMrQXAdvMtFrDlfpyHGEBMlzsmEN2cmiFQd5ZxpLHXk"
)


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    login: str
    name: str
    role: Role
    organisation_id: str | None


class WeakPassword(ValueError):
    """Shorter than MIN_PASSWORD_CHARACTERS."""


class LoginTaken(ValueError):
    """Another account has this login."""


def create(
    db: Db,
    *,
    login: str,
    name: str,
    role: Role,
    organisation_id: str | None,
    password: str,
    at: datetime,
    by: str = "house",
) -> Account:
    """Open an account. Raises `WeakPassword` or `LoginTaken`."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise WeakPassword
    account = Account(new_id(), normal_login(login), name, role, organisation_id)
    password_hash = _hash(password)
    with db.transaction():
        if db.one("SELECT id FROM account WHERE login = :login", login=account.login):
            raise LoginTaken(account.login)
        db.run(
            "INSERT INTO account"
            " (id, login, name, role, organisation_id, password_hash, active, created_at)"
            " VALUES (:id, :login, :name, :role, :organisation_id, :password_hash, 1, :at)",
            id=account.id,
            login=account.login,
            name=account.name,
            role=account.role,
            organisation_id=account.organisation_id,
            password_hash=password_hash,
            at=to_text(at),
        )
        write(db, Event("account opened", by, data={"account": account.id}), at)
    return account


def accounts(db: Db) -> list[Account]:
    """Every active account, by login."""
    rows = db.all(f"{_SELECT} WHERE active = 1 ORDER BY login")
    return [Account(**row) for row in rows]


def account(db: Db, account_id: str) -> Account:
    """One active account; `Unknown` if there is none."""
    row = db.one(f"{_SELECT} WHERE id = :id AND active = 1", id=account_id)
    if row is None:
        raise Unknown(account_id)
    return Account(**row)


def with_password(db: Db, login: str, password: str) -> Account | None:
    """The active account that this login and password open, or None.

    An unknown login costs the same time as a wrong password.
    """
    row = db.one(
        "SELECT id, password_hash FROM account WHERE login = :login AND active = 1",
        login=normal_login(login),
    )
    matches = _verify(row["password_hash"] if row else _NOBODY, password)
    return account(db, row["id"]) if row and matches else None


def set_password(db: Db, account_id: str, password: str, by: str, at: datetime) -> None:
    """Give an account another password: its sessions end. Raises `WeakPassword`, `Unknown`."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise WeakPassword
    changed = account(db, account_id)
    password_hash = _hash(password)
    with db.transaction():
        db.run(
            "UPDATE account SET password_hash = :password_hash WHERE id = :id",
            password_hash=password_hash,
            id=changed.id,
        )
        db.run("DELETE FROM login_session WHERE account_id = :id", id=changed.id)
        write(db, Event("password changed", by, data={"account": changed.id}), at)


def close(db: Db, account_id: str, by: str, at: datetime) -> None:
    """Close an account: its sessions end with it."""
    with db.transaction():
        db.run("UPDATE account SET active = 0 WHERE id = :id", id=account_id)
        db.run("DELETE FROM login_session WHERE account_id = :id", id=account_id)
        write(db, Event("account closed", by, data={"account": account_id}), at)


def normal_login(login: str) -> str:
    """The login as it is kept: compatible forms and cases are one."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


_SELECT = "SELECT id, login, name, role, organisation_id FROM account"


def _hash(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def _verify(password_hash: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
