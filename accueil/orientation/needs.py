"""Needs: what a person touches on a screen, and the service tags that answer it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """`tags` are those of the services in the house's text; `icon` is a pictogram's name."""

    id: str
    icon: str
    tags: frozenset[str]


def _need(need_id: str, icon: str, tags: str) -> Need:
    return Need(need_id, icon, frozenset(tags.split()))


NEEDS = (
    _need("logement", "home-heart", "logement hebergement aide-sociale"),
    _need("travail", "briefcase", "recherche-emploi formation orientation-professionnelle"),
    _need("papiers", "file-text", "demarches-administratives ecrivain-public"),
    _need("droit", "scale", "droit justice"),
    _need("sante", "stethoscope", "sante assurance-maladie"),
    _need("enfants", "baby-carriage", "garde-d-enfants"),
    _need("seniors", "old", "perte-autonomie information-seniors"),
    _need("argent", "coin-euro", "energie impayes aide-sociale"),
    _need("alimentation", "basket", "alimentation aide-sociale"),
    _need("autre", "help-circle", "information orientation accompagnement aide-sociale"),
)
_BY_ID = {need.id: need for need in NEEDS}


class UnknownNeed(LookupError):
    """No tile has this id."""


def need(need_id: str) -> Need:
    """The need of a tile; `UnknownNeed` if there is none."""
    try:
        return _BY_ID[need_id]
    except KeyError:
        raise UnknownNeed(need_id) from None
