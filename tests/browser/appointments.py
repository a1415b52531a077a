"""Appointments of this Monday, written beside the server that runs."""

import hashlib

from accueil.planning import booking, slots
from accueil.planning.booking import Wish
from accueil.planning.slots import DESK
from accueil.store.codes import new_code
from accueil.store.db import Store
from tests.browser.conftest import Server
from tests.personae import MISSION_LOCALE
from tests.web.check_in import EARLY_MORNING


def key(server: Server) -> bytes:
    """What the house of this server draws its letters from."""
    secret = bytes.fromhex((server.folder / "secret").read_text())
    return hashlib.sha256(b"journal" + secret).digest()


def book(server: Server, language: str = "fr") -> str:
    """The code of somebody who has the Mission locale’s next free appointment after ten."""
    code, store = new_code(), Store(server.folder / "accueil.db", key(server))
    with store.connection() as db:
        free = slots.free(db, MISSION_LOCALE, EARLY_MORNING, asker=DESK, number=60)
        after_ten = [slot for slot in free if slot.starts_at.hour >= 9]
        wish = Wish(slot_id=after_ten[0].id, code=code, channel="desk", language=language)
        booking.book(db, wish, DESK, "an agent", EARLY_MORNING)
    store.close()
    return code
