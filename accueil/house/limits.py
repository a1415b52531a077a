"""Limits: what may be done so many times a minute, whoever does it."""

from datetime import datetime

from accueil.house.sessions import count_attempt, digest
from accueil.store.db import Db


def count(db: Db, what: str, most: int, at: datetime) -> None:
    """Count `what` once more in this minute. From the `most`th time on, each must wait longer than
    the one before (`TooManyAttempts`); the next minute begins anew."""
    minute = int(at.timestamp()) // 60
    count_attempt(db, [digest(f"{what}, minute {minute}")], at, free=most)
