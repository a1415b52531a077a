"""Files in data·inclusion schema v1, as other people's programs write them."""

import json
from datetime import datetime
from typing import Any

from accueil.orientation.inclusion import taking
from accueil.orientation.inclusion.check import Entry
from accueil.orientation.inclusion.export import pieces
from accueil.orientation.inclusion.hours import Opening
from accueil.orientation.inclusion.read import Report, read
from accueil.orientation.inclusion.taking import Changes
from accueil.orientation.inclusion.write import Own, Words, own_records, own_source
from accueil.store.db import Db
from tests.personae import MONDAY, paris

# The schema refuses what is later than the machine's own day.
BEFORE = paris(2026, 11, 16, 9)
WORDS = Words(lambda permanence: f"la règle {permanence.rrule}", lambda rule: "une condition")


def structure(number: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "source": "dora",
        "id": f"dora--s{number}",
        "nom": f"Association {number}",
        "date_maj": "2026-09-01",
        **other,
    }


def service(number: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "source": "dora",
        "structure_id": "dora--s1",
        "id": f"dora--{number}",
        "nom": f"Atelier {number}",
        "description": "Un atelier pour chercher un emploi.",
        "date_maj": "2026-09-15",
        "thematiques": ["trouver-un-emploi--repondre-a-des-offres-demploi"],
        "publics": ["tous-publics"],
        "zone_eligibilite": ["94"],
        **other,
    }


def file(*services: Any, structures: list[Any] | None = None) -> bytes:
    """Both lists, in UTF-8; one structure unless told otherwise."""
    above = [structure()] if structures is None else structures
    return json.dumps({"structures": above, "services": list(services)}).encode()


def found(content: bytes, own: str = "") -> tuple[Report, list[Entry]]:
    """What is read of a file: the report, and what can be taken."""
    entries: list[Entry] = []
    return read(content, entries.append, own), entries


def say(openings: tuple[Opening, ...]) -> str:
    return " ; ".join(f"{each.rule.frequency} {each.times[0][0]}" for each in openings)


def take(db: Db, content: bytes) -> Changes:
    """A file checked, and taken in."""
    report, entries = found(content, own_source(db))
    return taking.take_in(db, report, entries, say, "an admin", MONDAY)


def exported(db: Db) -> str:
    """The whole file that the house gives, as of BEFORE."""
    return "".join(pieces(db, own(db)))


def own(db: Db, at: datetime = BEFORE) -> Own:
    return own_records(db, WORDS, at)
