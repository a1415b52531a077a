"""People who come in, one after the other."""

from datetime import timedelta
from itertools import count

from accueil.reception.visits import Visit
from accueil.store.db import Db
from tests import personae

_next = count()


def arrive(db: Db, **fields: object) -> Visit:
    """Somebody comes in just before 9:20, a moment after the one before them."""
    at = personae.MONDAY - timedelta(seconds=1) + timedelta(microseconds=next(_next))
    return personae.arrive(db, **{"at": at, **fields})
