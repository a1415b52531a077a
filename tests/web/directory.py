"""The directory as the tests know it: that of the house's text, and a solidarity grocery."""

from dataclasses import replace
from datetime import date
from typing import Any

from accueil.house.services import services
from accueil.orientation import directory_text, listings
from accueil.orientation.listings import Listing, Places
from accueil.store.db import Db
from tests.personae import FOLDER, MONDAY

SHOP = Listing(
    "epicerie",
    "Épicerie du Béarn",
    "Cœur solidaire",
    about={"fr": "Des courses à petit prix."},
    needs=frozenset({"alimentation"}),
    address="3 rue des Lilas",
    postcode="94550",
    commune="Chevilly-Larue",
    insee="94021",
    phones=("01 46 87 00 00", "115"),
    email="contact@coeur.example.org",
    url="https://coeur.example.org",
    hours="le mardi de 9h à 12h",
    bring="un justificatif de domicile",
    places=Places(12, 3, on=date(2026, 11, 20)),
    missing=("duration",),
)


def load_directory(db: Db) -> None:
    """The directory of the house's text, as it is loaded with the house."""
    known = directory_text.read(FOLDER, frozenset(each.id for each in services(db)))
    with db.transaction():
        directory_text.load(db, known, MONDAY)


def keep(db: Db, wanted: Listing = SHOP, **changes: Any) -> Listing:
    """An admin saves a listing on the screen."""
    return listings.save(db, replace(wanted, **changes), "sylvie", MONDAY)
