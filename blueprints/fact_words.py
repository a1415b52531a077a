"""Facts in plain words: what each is called, how it is asked, and what one may answer.

The words are the visitor's, in the language of the request; staff read the same. A word that is
nobody's of ours (a commune, what an admin wrote) is shown as it is.
"""

import re
from collections.abc import Mapping

import flask_babel

from accueil.house import communes
from accueil.house.communes import UnknownCommune
from accueil.orientation.facts import FACTS

_INSEE = re.compile(r"\d[\dAB]\d{3}")
_ISOLATED, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
COMING_OF_AGE = 18  # everybody says "moins de 18 ans"
_visitor = flask_babel.Domain(domain="visitor")


def _(message: str, **values: object) -> str:
    return str(_visitor.gettext(message, **values))


def ngettext(singular: str, plural: str, number: float, **values: object) -> str:
    return str(_visitor.ngettext(singular, plural, number, **values))


def N_(message: str) -> str:
    """A message said later, in the language of whoever reads."""
    return message


def fact(fact_id: str) -> str:
    """The short name of a fact: Âge."""
    return _known(_FACTS, fact_id)


def question(fact_id: str) -> str:
    """How a fact is asked: Quel âge avez-vous ?"""
    return _known(_QUESTIONS, fact_id)


def tag(fact_id: str, word: str) -> str:
    """A word of a fact as a condition says it: famille avec enfants."""
    if word in _TAGS and word in FACTS[fact_id].tags:
        return _(_TAGS[word])
    if fact_id == "commune":
        word = place(word)
    return f"{_ISOLATED}{word}{_END}" if _right_to_left() else word


def place(word: str) -> str:
    """Saint-Denis (93), for the INSEE code of a commune; any other word as it is."""
    if not _INSEE.fullmatch(word):
        return word
    try:
        found = communes.by_insee(word)
    except UnknownCommune:
        return word
    return f"{found.name} ({found.departement})"


def choice(fact_id: str, choice_id: str) -> str:
    """An answer as a person gives it: En couple, sans enfant. Besides the fact's own choices:
    "yes" and "no" of a flag, "none" of its words, "elsewhere" than the commune."""
    for words in (_CHOICES.get(fact_id, {}), _ANY_CHOICE):
        if choice_id in words:
            return _(words[choice_id])
    said = tag(fact_id, choice_id)
    return said[:1].upper() + said[1:]


def ages(low: float | None, high: float | None) -> str:
    """A band of whole years, both bounds in it; None is no bound on that side."""
    if low is None and high is None:
        return _("à tout âge")
    if high is not None and low is None:
        return under(high + 1) if high + 1 == COMING_OF_AGE else at_most(high)
    if high is None or low is None:
        return over((low or 0) - 1)
    if low == high:
        return ngettext("%(num)s an", "%(num)s ans", whole(low))
    return ngettext(
        "de %(low)s à %(num)s an", "de %(low)s à %(num)s ans", whole(high), low=whole(low)
    )


def under(years: float) -> str:
    return ngettext("moins de %(num)s an", "moins de %(num)s ans", whole(years))


def over(years: float) -> str:
    return ngettext("plus de %(num)s an", "plus de %(num)s ans", whole(years))


def at_least(years: float) -> str:
    return ngettext("%(num)s an ou plus", "%(num)s ans ou plus", whole(years))


def at_most(years: float) -> str:
    return ngettext("%(num)s an ou moins", "%(num)s ans ou moins", whole(years))


def whole(number: float) -> float:
    """18 rather than 18.0."""
    return int(number) if float(number).is_integer() else number


def _right_to_left() -> bool:
    locale = flask_babel.get_locale()
    return locale is not None and locale.text_direction == "rtl"


def _known(words: Mapping[str, str], name: str) -> str:
    return _(words[name]) if name in words else name


_FACTS = {
    "age": N_("Âge"),
    "household": N_("Foyer"),
    "employment": N_("Travail"),
    "relation": N_("Venir pour un proche"),
    "commune": N_("Commune"),
    "departement": N_("Département"),
    "territory": N_("Secteur"),
    "housing": N_("Logement"),
    "resources_monthly_eur": N_("Ressources par mois"),
    "iae": N_("Chantier d’insertion"),
    "wants": N_("Souhait"),
    "dalo": N_("Droit au logement (DALO)"),
    "autonomy": N_("Autonomie"),
    "gender": N_("Femme ou homme"),
    "ase": N_("Aide sociale à l’enfance"),
    "contrat_jeune_majeur": N_("Contrat jeune majeur"),
    "situation": N_("Situation"),
    "actor": N_("Entre professionnels"),
}
_QUESTIONS = {
    "age": N_("Quel âge avez-vous ?"),
    "household": N_("Avec qui vivez-vous ?"),
    "employment": N_("Où en êtes-vous avec le travail ?"),
    "relation": N_("Pour qui venez-vous ?"),
    "commune": N_("Où habitez-vous ?"),
    "departement": N_("Dans quel département habitez-vous ?"),
    "territory": N_("Dans quel secteur habitez-vous ?"),
    "housing": N_("Où vivez-vous en ce moment ?"),
    "resources_monthly_eur": N_("Combien d’argent recevez-vous par mois, à peu près ?"),
    "iae": N_("Avez-vous un chantier d’insertion, ou le souhaitez-vous ?"),
    "wants": N_("Que souhaitez-vous ?"),
    "dalo": N_("Votre droit au logement (DALO) est-il reconnu ?"),
    "autonomy": N_("Vivre seul ou seule dans un logement : est-ce possible ?"),
    "gender": N_("Êtes-vous une femme ou un homme ?"),
    "ase": N_("L’Aide sociale à l’enfance vous a-t-elle aidé ou aidée ?"),
    "contrat_jeune_majeur": N_("Avez-vous un contrat jeune majeur ?"),
    "situation": N_("Une de ces situations est-elle la vôtre ?"),
    "actor": N_("Venez-vous pour votre travail ?"),
}
_TAGS = {
    "isole": N_("personne seule"),
    "couple-sans-enfant": N_("couple sans enfant"),
    "monoparentale": N_("parent seul avec enfants"),
    "couple-avec-enfants": N_("couple avec enfants"),
    "famille-avec-enfants": N_("famille avec enfants"),
    "demandeur-emploi": N_("en recherche d’emploi"),
    "agent-communal": N_("travail pour la commune"),
    "famille-d-une-personne-agee": N_("proche d’une personne âgée"),
    "parent-de-tout-petit": N_("parent d’un tout-petit"),
    "sans-logement": N_("sans logement"),
    "mal-loge": N_("dans un mauvais logement"),
    "hotel-via-115": N_("à l’hôtel par le 115"),
    "difficulte-acces": N_("difficulté à trouver un logement"),
    "difficulte-maintien": N_("difficulté à garder son logement"),
    "heberge-essor93": N_("hébergement par ESSOR 93"),
    "inscrit-chantier": N_("en chantier d’insertion"),
    "souhaite-chantier": N_("souhait d’un chantier d’insertion"),
    "parcours-insertion": N_("souhait d’un parcours d’insertion"),
    "capable-logement-autonome": N_("capable de vivre dans son propre logement"),
    "moins-autonome": N_("besoin d’aide au quotidien"),
    "femme": N_("femme"),
    "homme": N_("homme"),
    "prise-en-charge-prend-fin": N_("fin prochaine de l’aide sociale à l’enfance"),
    "sorti-ase": N_("sortie de l’aide sociale à l’enfance"),
    "sortant-famille-accueil": N_("sortie d’une famille d’accueil"),
    "sortant-mecs": N_("sortie d’une maison d’enfants"),
    "sortant-lieu-collectif": N_("sortie d’un foyer"),
    "a-beneficie-un-jour-ase-93": N_("un jour aidé ou aidée par l’ASE de Seine-Saint-Denis"),
    "APJM": N_("contrat jeune majeur APJM"),
    "AED": N_("contrat jeune majeur AED"),
    "en-fin": N_("contrat jeune majeur qui se termine"),
    "rupture-besoin-hebergement-momentane": N_("rupture et besoin d’un toit pour un temps"),
    "en-insertion-sans-acces-logement-perenne": N_("parcours d’insertion sans logement durable"),
    "errance": N_("sans lieu où vivre"),
    "long-parcours-errance": N_("longtemps sans lieu où vivre"),
    "isolement-aggrave": N_("grand isolement"),
    "difficulte-de-sante": N_("difficulté de santé"),
    "victime-de-violences": N_("violences subies"),
    "professionnel": N_("professionnels seulement"),
}
# What a person touches on a screen says it in their own words.
_CHOICES = {
    "household": {
        "isole": N_("Seul ou seule"),
        "couple-sans-enfant": N_("En couple, sans enfant"),
        "monoparentale": N_("Seul ou seule, avec des enfants"),
        "couple-avec-enfants": N_("En couple, avec des enfants"),
        "none": N_("Une autre situation"),
    },
    "employment": {
        "demandeur-emploi": N_("Je cherche du travail"),
        "agent-communal": N_("Je travaille pour la commune"),
        "none": N_("Une autre situation"),
    },
    "relation": {
        "famille-d-une-personne-agee": N_("Pour une personne âgée de ma famille"),
        "parent-de-tout-petit": N_("Pour mon enfant tout petit"),
        "none": N_("Pour moi, ou pour autre chose"),
    },
    "commune": {"elsewhere": N_("Ailleurs")},
}
_ANY_CHOICE = {"yes": N_("Oui"), "no": N_("Non"), "none": N_("Aucun de ceux-là")}
