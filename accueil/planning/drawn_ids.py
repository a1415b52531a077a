"""Ids drawn from what they name, and not from chance.

A change of the planning is tried, shown and taken back, then carried out: the slots that it
makes, and that people chose meanwhile, have to be the same ones.
"""

from collections.abc import Callable
from itertools import count
from uuid import UUID, uuid5

from accueil.store.db import Db

_OURS = UUID("0b3a3a52-6f0e-5f7c-9c53-8f5d6a1c2e44")


def drawn_id(is_taken: Callable[[str], object], *names: object) -> str:
    """An id for what `names` say, the first of them that is not taken."""
    ids = (str(uuid5(_OURS, " ".join(map(str, (*names, again))))) for again in count())
    return next(each for each in ids if not is_taken(each))


def new_occurrence_id(db: Db, permanence_id: str, original_start: str) -> str:
    """The id of an occurrence that is about to be made."""
    return drawn_id(
        lambda each: db.one("SELECT 1 AS yes FROM occurrence WHERE id = :id", id=each),
        permanence_id,
        original_start,
    )
