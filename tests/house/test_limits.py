"""So many times a minute, and no more."""

from datetime import timedelta

import pytest

from accueil.house import limits
from accueil.house.sessions import TooManyAttempts
from accueil.store.db import Db
from tests.personae import MONDAY


def allowed(db: Db, what: str, times: int, seconds: float = 0) -> int:
    """How many of so many attempts at once pass, of which five cost nothing."""
    passed = 0
    for _ in range(times):
        try:
            limits.count(db, what, 5, MONDAY + timedelta(seconds=seconds))
        except TooManyAttempts:
            continue
        passed += 1
    return passed


def test_beyond_the_most_one_waits_until_the_next_minute(db: Db) -> None:
    assert allowed(db, "letters", 20) == 6
    assert allowed(db, "letters", 20, seconds=59) == 1
    assert allowed(db, "letters", 20, seconds=60) == 6


def test_each_thing_is_counted_apart_and_named_nowhere(db: Db) -> None:
    allowed(db, "letters of a door", 20)
    assert allowed(db, "letters of another", 5) == 5
    assert not [row for row in db.all("SELECT * FROM login_throttle") if "door" in str(row)]


def test_what_is_over_the_most_is_told_how_long(db: Db) -> None:
    allowed(db, "letters", 6)
    with pytest.raises(TooManyAttempts) as found:
        limits.count(db, "letters", 5, MONDAY)
    assert 1 <= found.value.wait_s <= 3
