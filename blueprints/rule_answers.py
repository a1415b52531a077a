"""Answers that are written rather than ticked: communes and départements, told by what they are
called, and any words for the facts whose answers nobody can list."""

import re

from accueil.house import communes
from accueil.house.communes import Commune
from accueil.orientation.facts import TAG_CHARACTERS

_DEPARTEMENT = re.compile(r"\d{2}|2[AB]|97\d")
_AREA = re.compile(r"R\d{2}|\d{9}")  # a région, or the SIREN of a group of communes
_BETWEEN = re.compile(r"[,;\r\n]")


def gathered(fact: str, written: str) -> tuple[list[str], str]:
    """The answers that were written, as a rule has them, and what is left that cannot be used."""
    words = [word.strip() for word in _BETWEEN.split(written) if word.strip()]
    troubled = [word for word in words if _trouble(fact, word)]
    good = [each for word in words if word not in troubled for each in _words(fact, word)]
    return good, ", ".join(troubled)


def trouble(fact: str, written: str) -> str:
    """Why the first of these answers cannot be used."""
    return _trouble(fact, _BETWEEN.split(written)[0].strip())


def _trouble(fact: str, word: str) -> str:
    if len(word) > TAG_CHARACTERS:
        return "long"
    if fact == "departement":
        return "" if _DEPARTEMENT.fullmatch(word.upper()) else "departement"
    if fact != "commune" or _AREA.fullmatch(word):
        return ""
    return "" if communes.named(word) else "commune"


def _words(fact: str, word: str) -> list[str]:
    if fact == "departement":
        return [word.upper()]
    if fact != "commune" or _AREA.fullmatch(word):
        return [word]
    found = communes.named(word)
    names = {each.name for each in found}
    return [*names] if len(names) == 1 < len(found) else [_alone(each) for each in found]


def _alone(found: Commune) -> str:
    """A commune's name, or its INSEE code when another has the same name."""
    return found.name if len(communes.named(found.name)) == 1 else found.insee
