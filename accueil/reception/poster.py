"""The poster at the door: an address, and four letters, that change every minute.

Whoever sends them stands before it. Both are drawn from the house's secret, the site and the
minute, by the house's clock alone: nothing is stored, a restart changes nothing, and the hour
that a phone believes plays no part.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from accueil.house.sites import Site, Unknown, sites
from accueil.store.codes import LETTERS
from accueil.store.db import Db

CHANGES_S = 60
ACCEPTED = 3  # minutes during which what was shown still counts
FILLED_IN = 15  # minutes to fill the forms of the page that it opens
MINUTE_LETTERS, SEAL_LETTERS, SHOWN_LETTERS = 7, 10, 4


@dataclass(frozen=True, slots=True)
class Poster:
    """What is shown: `token` ends the address of the square, `letters` stand below it."""

    token: str
    letters: str


class Changed(LookupError):
    """It was on the poster of this house, too long ago."""


def poster(db: Db, site_id: str, at: datetime) -> Poster:
    """What the door of a site shows at this instant."""
    minute = _minute(at)
    return Poster(
        token=_written(minute, MINUTE_LETTERS) + _seal(db, site_id, minute),
        letters=_drawn(db, "letters", site_id, minute, SHOWN_LETTERS),
    )


def site_of(db: Db, token: str, at: datetime, within: int = ACCEPTED) -> Site:
    """Whose door showed this token, less than `within` minutes ago. `Changed` if it was before;
    `Unknown` if no door of this house ever did."""
    token = token.strip().upper()
    try:
        minute = _read(token[:MINUTE_LETTERS])
    except ValueError:
        raise Unknown("poster") from None
    for site in sites(db):
        if hmac.compare_digest(_seal(db, site.id, minute).encode(), _rest(token)):
            if not 0 <= _minute(at) - minute < within:
                raise Changed
            return site
    raise Unknown("poster")


def shows(db: Db, site_id: str, letters: str, at: datetime) -> bool:
    """Whether the door of this site shows these letters, or has just shown them."""
    typed = "".join(letters.split()).upper().encode()
    now = _minute(at)
    shown = (_drawn(db, "letters", site_id, now - ago, SHOWN_LETTERS) for ago in range(ACCEPTED))
    return any(hmac.compare_digest(typed, each.encode()) for each in shown)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // CHANGES_S


def _rest(token: str) -> bytes:
    return token[MINUTE_LETTERS:].encode()


def _seal(db: Db, site_id: str, minute: int) -> str:
    return _drawn(db, "address", site_id, minute, SEAL_LETTERS)


def _drawn(db: Db, what: str, site_id: str, minute: int, length: int) -> str:
    drawn = hmac.new(db.key, f"poster {what} {minute} {site_id}".encode(), hashlib.sha256)
    return _written(int.from_bytes(drawn.digest(), "big"), length)


def _written(number: int, length: int) -> str:
    """The last `length` digits of a number, in letters."""
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(LETTERS))
        letters.append(LETTERS[digit])
    return "".join(reversed(letters))


def _read(letters: str) -> int:
    """Raises `ValueError` for what is not of LETTERS."""
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number
