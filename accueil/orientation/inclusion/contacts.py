"""Contacts as data·inclusion writes them: phone numbers, and mailboxes that are nobody's own."""

import re
from collections.abc import Iterable

from accueil.store.folding import fold

_FRENCH = re.compile(r"(?:\+33|0033|33)?0?([1-9][0-9]{8})")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")
_SHORT = re.compile(r"[0-9]{2,6}")
_WORDS = re.compile(r"[^\W\d_]+")
# What the mailbox of an office says of itself. One of these words, and it is nobody's own.
_OFFICE_WORDS = (
    "accompagnement accueil action adil administration ado ados agence aide antenne asso"
    " association atelier bonjour boutique bureau bus caf cap ccas cdas centre chantier chrs"
    " cias cidff clic club cohesion collectif comite communication compte conseil contact"
    " cooperative cpam crous csc culture cyber dac defense demande departement direction"
    " dispositif domicile droit droits ecole ecoute eds education egalite emploi enfance"
    " entraide epicerie equipe esat espace famille familles femmes fondation formation forum"
    " foyer france gestion gip groupe habitat handicap hebergement info information"
    " informations infos insertion instruction jeune jeunes jeunesse jobs justice ligue local"
    " locale logement mairie maison mdph mds mediation mission mobilite msa numerique"
    " orientation parentalite parents pension permanence petite pimms plateforme plie pmi"
    " point pole prefecture presidence prevention projet projets public reception reinsertion"
    " relais rendez renseignement rsa sante secours secretariat sejour senior seniors service"
    " services siao social sociale solidaire solidarite solidarites soutien sport support"
    " territoire transport travail unite urgence vie ville"
)
_OFFICES = frozenset(_OFFICE_WORDS.split())


def e164(text: str) -> str | None:
    """A number of France, or one that says its country, as +33123456789; None for any other."""
    digits = re.sub(r"[\s./()\u00a0\u202f-]", "", text)
    if _ABROAD.fullmatch(digits) and not digits.startswith("+33"):
        return digits
    found = _FRENCH.fullmatch(digits)
    if found is None or not digits.startswith(("0", "+33", "33")):
        return None
    return f"+33{found[1]}"


def exported(text: str) -> str | None:
    """`e164`, or a short number (115, 3919) as it is dialled."""
    short = text.replace(" ", "")
    return short if _SHORT.fullmatch(short) else e164(text)


def printed(text: str) -> str:
    """A number as people read it: "01 23 45 67 89"; any other as it is."""
    found = e164(text)
    if found is None or not found.startswith("+33"):
        return " ".join(text.split())
    national = f"0{found[3:]}"
    return " ".join(national[at : at + 2] for at in range(0, 10, 2))


def is_personal(mailbox: str, about: Iterable[str] = ()) -> bool:
    """Whether a mailbox looks like somebody's own: "marie.durand@", "m.durand@".

    It does not when one of its words is that of an office, or is said in `about` (the names of
    the service and of its town) or in the domain.
    """
    local, _, domain = mailbox.partition("@")
    words = _WORDS.findall(fold(re.sub(r"[._+-]", " ", local)))
    if not 2 <= len(words) <= 4 or re.search(r"\d", local):
        return False
    known = set(fold(" ".join(about)).split()) | _OFFICES
    host = fold(domain).replace(" ", "")
    named = [word for word in words if len(word) > 1]
    if any(word in known or (len(word) > 3 and word in host) for word in named):
        return False
    return any(len(word) > 2 for word in named)
