"""Hours as they are said in French, the part of the day, and how people are received. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from accueil.house.text import Mode
from accueil.planning.phrases.words import NotUnderstood, Phrase

# The first and the last hour at which each part of the day may begin.
_PARTS = {
    "matin": ("00:00", "12:59"), "apres-midi": ("12:00", "19:59"), "soir": ("17:00", "23:59"),
    "journee": ("00:00", "23:59"),
}  # fmt: skip
_SAME_PART = {
    "matins": "matin", "matinee": "matin", "matinees": "matin", "soirs": "soir",
    "soiree": "soir", "soirees": "soir", "apres-midis": "apres-midi",
}  # fmt: skip
_MODES: tuple[tuple[str, Mode], ...] = (
    ("avec|sur ou|et sans prise? de? rdv", "both"),
    ("sans ou|et avec|sur prise? de? rdv", "both"),
    ("sur|avec rdv ou sans rdv?", "both"),
    ("sans rdv ou sur|avec rdv", "both"),
    ("sans prise? de? rdv", "walk_in"),
    ("en|d'? acces|entree|accueil libre", "walk_in"),
    ("libre acces", "walk_in"),
    ("sur|avec prise? de? rdv", "appointment"),
    ("prise|prendre de? rdv", "appointment"),
    ("pour un|le|son premier|1er rdv", "appointment"),
    ("premier|1er rdv", "appointment"),
    ("reunion|reunions|rencontre|rencontres? entre partenaires|professionnels", "partners_only"),
    ("entre partenaires|professionnels", "partners_only"),
    ("reserve|reservee|reserves|reservees aux partenaires|professionnels", "partners_only"),
    ("en groupe|groupes", "collective"),
    ("reunion|reunions|atelier|ateliers collective|collectives|collectif|collectifs", "collective"),
    ("seance|seances collective|collectives", "collective"),
    ("reunion|reunions|atelier|ateliers|collectif|collective|collectives", "collective"),
    ("information|informations collective|collectives", "collective"),
    ("seance|seances d' information", "collective"),
)  # fmt: skip
_OPENINGS = ("a partir de", "a compter de", "des", "depuis", "de", "a", "apres")
_HOURS = ("heures", "heure", "h")


@dataclass(frozen=True, slots=True)
class Times:
    """Pairs of "09:00", the end None when it is not said; none at all when only an end is."""

    pairs: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The morning, for instance: hours that remain to be said."""

    name: str

    def holds(self, start: str) -> bool:
        first, last = _PARTS[self.name]
        return first <= start <= last


@dataclass(frozen=True, slots=True)
class Received:
    mode: Mode


Found = tuple[Times | Part | Received, int] | None


def hours(said: Phrase, at: int) -> Found:
    """What is said at this place beside the days, and the place after it, or None."""
    for reader in _READERS:
        found = reader(said, at)
        if found:
            return found
    return None


def _times(said: Phrase, at: int) -> Found:
    """De 9h à 12h30, 9h-12h, à partir de 14h, à 17h, jusqu’à 17h."""
    until = said.past(at, "jusqu' a")
    if until > at and (only_end := _clock(said, until)):
        return Times(()), only_end[1]
    opening = next((end for words in _OPENINGS if (end := said.after(at, words))), at)
    between = said.past(opening, "entre")
    start = _start(said, between)
    if start is None:
        return None
    begins, after = start
    endings = ("et",) if between > opening else ("-|a", "et? jusqu' a")
    to = next((end for words in endings if (end := said.after(after, words))), None)
    last = _clock(said, to) if to is not None else None
    if last is None:
        return Times(((begins, None),)), after
    if last[0] <= begins:
        raise NotUnderstood((said.said(at, last[1]),), "end_before_start")
    return Times(((begins, last[0]),)), last[1]


def _start(said: Phrase, at: int) -> tuple[str, int] | None:
    """An hour; "9" alone is one when an hour follows: 9-12h, de 9 à 12h."""
    clock = _clock(said, at)
    if clock or said.kind(at) != "number":
        return clock
    number = said.numbers(at)[0]
    to = said.after(at + 1, "-|a|et")
    if to is None or (said.kind(to) != "time" and said.value(to + 1) not in _HOURS):
        return None
    if number > 23:
        raise NotUnderstood((said.said(at, to + 1),), "never")
    return f"{number:02}:00", at + 1


def _clock(said: Phrase, at: int) -> tuple[str, int] | None:
    """9h, 9 h 30, 9:00, midi, quatorze heures."""
    after = at + 1
    if said.kind(at) == "time":
        hour, minute = said.numbers(at)
    elif (number := said.number(at)) is not None and said.value(after) in _HOURS:
        hour, minute, after = number, 0, after + 1
    else:
        return None
    if hour > 23 or minute > 59:
        raise NotUnderstood((said.said(at, after),), "never")
    return f"{hour:02}:{minute:02}", after


def part_of_day(said: Phrase, at: int) -> Found:
    """Le matin, l’après-midi, en soirée, toute la journée."""
    after = said.after(at, "en|dans|toute la|le|les|l'?")
    after = said.past(at, "le|les|l'|la") if after is None else after
    word = _SAME_PART.get(said.value(after), said.value(after))
    return (Part(word), after + 1) if word in _PARTS else None


def _received(said: Phrase, at: int) -> Found:
    """Sans rendez-vous, sur rendez-vous, avec ou sans, réunion, entre professionnels."""
    start = said.past(at, "uniquement|seulement|exclusivement")
    for words, mode in _MODES:
        after = said.after(start, words)
        if after is not None:
            return Received(mode), said.past(after, "uniquement|seulement|exclusivement")
    # "un point mensuel d’information": the adjective between says how often, and is read as such.
    if said.value(at) == "point":
        for between in (0, 1):
            if said.after(at + 1 + between, "d' information") is not None:
                return Received("collective"), at + 1
    return None


_READERS: tuple[Callable[[Phrase, int], Found], ...] = (
    _received,
    _times,
    part_of_day,
)
