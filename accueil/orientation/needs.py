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


_HOUSING = (
    "logement hebergement hebergement-urgence mise-en-securite accueil-de-jour insertion"
    " logement-en-cours aide-sociale"
)
_WORK = "recherche-emploi emploi emploi-formation formation orientation-professionnelle"

NEEDS = (
    _need("logement", "home-heart", _HOUSING),
    _need("travail", "briefcase", _WORK),
    _need(
        "papiers", "file-text", "demarches-administratives droits-administratifs ecrivain-public"
    ),
    _need("droit", "scale", "droit droits justice"),
    _need("sante", "stethoscope", "sante assurance-maladie"),
    _need("enfants", "baby-carriage", "garde-d-enfants"),
    _need("seniors", "old", "perte-autonomie information-seniors"),
    _need("argent", "coin-euro", "energie impayes budget aide-sociale"),
    _need("alimentation", "basket", "alimentation aide-sociale"),
    _need(
        "autre",
        "help-circle",
        "information orientation accompagnement accompagnement-autonomie aide-sociale",
    ),
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
