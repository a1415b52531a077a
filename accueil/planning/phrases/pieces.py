"""The pieces of a phrase: what says when, and what only describes. Pure.

What says nothing of time is a description only where descriptions stand: an address or a phone
number, between brackets, before "reçoit" or after "organise", after "par" or "pour"; never when it
holds a word that restricts or a noun of time. Anything else is not understood.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from accueil.planning.phrases.days import days
from accueil.planning.phrases.hours import Part, Received, Times, hours
from accueil.planning.phrases.limits import Span, Without, limits
from accueil.planning.phrases.often import Days
from accueil.planning.phrases.words import (
    RESTRICTING,
    TIME_NOUNS,
    WEEKDAYS,
    NotUnderstood,
    Phrase,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BREAKS = frozenset(",;:/")
_MARKS = frozenset('.!-"«»◗•*&+–—…')
_JOINING = _words("et puis ainsi que")
_SMALL = (
    _words("le la les l' des d' de ce cette ces nos notre se est sont y egalement aussi")
    | _JOINING
    | _BREAKS
    | _MARKS
)
_ARTICLES = _words("le la les l' un une chaque tous toutes")
_VERBS = _words(
    "recoit recoivent recu recus recue recues tient tiennent organise organisent propose proposent"
    " assure assurent assuree assurees accueille accueillent anime animent lieu intervient"
    " interviennent ouvre ouvert ouverte ouverts ouvertes"
)
_NOUNS = _words(
    "permanence permanences accueil consultation consultations ouverture horaire horaires seance"
    " seances rencontre rencontres entretien entretiens presence"
)
_PLACES = _words(
    "bureau bureaux salle salles batiment etage porte local hall mairie maison espace centre ecs"
    " ccas caf tel telephone mail email courriel contact renseignement renseignements information"
    " informations inscription inscriptions entree gratuit gratuite rdv clic"
)
_BARE = _words("par pour avec aupres chez au aux a dans en du un une")
_INTRODUCING = (
    _PLACES | (_BARE - {"du", "un", "une"}) | _words("anime animee animes animees auquel laquelle")
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A fact, or a description (None), from one place of the phrase to another.

    `apart`: a comma or "et" stands before it; `leads`: days come just after it; `set_off`: a
    comma comes just after it.
    """

    fact: Days | Times | Part | Received | Span | Without | None
    start: int
    end: int
    apart: bool = False
    leads: bool = False
    set_off: bool = False


def pieces(said: Phrase) -> list[Piece]:
    """Every piece of the phrase, in order. Raises `NotUnderstood` with all the words it cannot
    place."""
    found: list[Piece] = []
    wrong: list[str] = []
    for start, end in _sentences(said):
        here = _cut(said, start, end)
        wrong += _wrong(said, here, start, end)
        found += here
    if wrong:
        raise NotUnderstood(tuple(wrong))
    return found


def has_place(said: Phrase, piece: Piece) -> bool:
    """Whether a description is of a permanence: an address, a phone number, "permanence"."""
    return any(
        said.kind(at) == "aside" or said.value(at) in _NOUNS | _VERBS
        for at in range(piece.start, piece.end)
    )


def _sentences(said: Phrase) -> list[tuple[int, int]]:
    """Where each sentence begins and ends; a full stop in brackets ends none."""
    found, start, depth = [], 0, 0
    for at in range(len(said.tokens) + 1):
        depth += {"(": 1, ")": -1}.get(said.value(at), 0)
        if at == len(said.tokens) or (said.kind(at) == "end" and depth <= 0):
            found.append((start, at))
            start = at + 1
    return [(start, end) for start, end in found if start < end]


def _cut(said: Phrase, start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    at, apart = start, True
    while at < end:
        fact = _fact(said, at)
        if fact:
            leads = days(said, fact[1]) is not None
            set_off = said.value(fact[1]) in _BREAKS
            found.append(Piece(fact[0], at, fact[1], apart, leads, set_off))
            at, apart = fact[1], False
        elif said.value(at) == "(":
            closing = _closing(said, at, end)
            found += _bracketed(said, at, closing)
            at = closing
        elif said.value(at) in _BREAKS | _JOINING:
            at, apart = at + 1, True
        else:
            following = _run_end(said, at, end)
            if not _is_small(said, at, following):
                found.append(Piece(None, at, following, apart))
                apart = False
            apart = apart or said.value(following - 1) in _JOINING
            at = following
    return found


def _fact(
    said: Phrase, at: int
) -> tuple[Days | Times | Part | Received | Span | Without, int] | None:
    return limits(said, at) or days(said, at) or hours(said, at)


def _run_end(said: Phrase, at: int, end: int) -> int:
    """Where the words that say nothing of time stop."""
    at += 1
    while at < end and said.value(at) not in (",", ";", "/", "(") and _fact(said, at) is None:
        at += 1
    return at


def _is_small(said: Phrase, start: int, end: int) -> bool:
    return all(said.value(at) in _SMALL for at in range(start, end))


def _closing(said: Phrase, at: int, end: int) -> int:
    """The place after the bracket that closes this one, or the end of the sentence."""
    depth = 0
    for place in range(at, end):
        depth += {"(": 1, ")": -1}.get(said.value(place), 0)
        if depth == 0:
            return place + 1
    return end


def _bracketed(said: Phrase, start: int, end: int) -> list[Piece]:
    """What brackets hold: facts when they hold nothing else, or one description."""
    last = end - (said.value(end - 1) == ")")
    nested = any(said.value(at) == "(" for at in range(start + 1, last))
    inside = [Piece(None, start + 1, last)] if nested else _cut(said, start + 1, last)
    if inside and all(piece.fact for piece in inside) and said.value(start + 1) != "et":
        return inside
    wrong = [
        words
        for piece in inside
        if piece.fact is None
        for words in _forbidden(said, piece.start, piece.end, end)
    ]
    if wrong:
        raise NotUnderstood(tuple(wrong))
    return [Piece(None, start, end)]


def _wrong(said: Phrase, found: list[Piece], start: int, end: int) -> list[str]:
    """The words of a sentence that can neither be placed nor left out."""
    wrong: list[str] = []
    timed = any(piece.fact for piece in found)
    told = False  # whether something was said of time already
    before: Piece | None = None
    for piece in found:
        if piece.fact is None and said.value(piece.start) != "(":
            named = not told and _presenter(said, piece.end, end) is not None
            heading = not told and said.value(piece.end - 1) == ":"
            forbidden = _forbidden(said, piece.start, piece.end, end, after_name=not named)
            if forbidden:
                wrong += forbidden
            elif timed and not (named or heading or _describes(said, piece, before, told)):
                wrong.append(_trimmed(said, piece.start, piece.end))
        told = told or piece.fact is not None
        before = piece
    return wrong


def _describes(said: Phrase, piece: Piece, before: Piece | None, told: bool) -> bool:
    """Whether a description may stand there."""
    presenter = _presenter(said, piece.start, piece.end)
    if presenter is not None and (not told or _is_small(said, piece.start, presenter)):
        after = presenter + 1
        return said.value(presenter) in _VERBS or _may_follow(said, after, piece.end)
    if _follows_meeting(said, before, piece) and _may_follow(said, piece.start, piece.end):
        return True
    first = _first(said, piece.start, piece.end)
    if all(said.value(at) in _SMALL | _BARE for at in range(piece.start, piece.end)):
        return False
    introduced = said.value(first) in _INTRODUCING or said.kind(first) == "aside"
    return (introduced or _is_invitation(said, first)) and _numbers_have_names(said, piece)


def _follows_meeting(said: Phrase, before: Piece | None, piece: Piece) -> bool:
    """Whether it comes just after "réunion" or "un point mensuel"."""
    if before is None or before.end != piece.start:
        return False
    after_point = isinstance(before.fact, Days) and said.value(piece.start) == "d'"
    return after_point or before.fact == Received("collective")


def _is_invitation(said: Phrase, at: int) -> bool:
    return said.after(at, "sur inscription|place|orientation|invitation|convocation") is not None


def _may_follow(said: Phrase, start: int, end: int) -> bool:
    """Whether these words may follow "permanence": "de l’écrivain public", not "le zurdi"."""
    while start < end and said.value(start) in _JOINING | _BREAKS:
        start += 1
    return start == end or said.value(start) not in _ARTICLES or _is_small(said, start, end)


def _numbers_have_names(said: Phrase, piece: Piece) -> bool:
    """Whether each number belongs to a place, "bureau 12", "1er étage", "Clic6"."""
    for at in range(piece.start, piece.end):
        if said.kind(at) in ("number", "ordinal", "date"):
            glued = at > 0 and said.tokens[at].start == said.tokens[at - 1].end
            street = any(said.kind(before) == "aside" for before in range(piece.start, at))
            named = at > 0 and said.value(at - 1) in _PLACES
            if not (glued or street or named or said.value(at + 1) == "etage"):
                return False
    return True


def _forbidden(
    said: Phrase, start: int, end: int, limit: int, after_name: bool = True
) -> list[str]:
    """Words that no description may hold, as typed, with what follows a restriction."""
    presenter = _presenter(said, start, end)
    for at in range(start, end):
        word = said.value(at)
        if word in RESTRICTING or (word == "ou" and at in (start, end - 1)):
            return [said.said(at, _segment_end(said, at, limit))]
        name = not after_name or (presenter is not None and at < presenter)
        if not name and (word in TIME_NOUNS or _is_misspelt(said, at)):
            return [_trimmed(said, start, end)]
    return []


def _segment_end(said: Phrase, at: int, limit: int) -> int:
    at += 1
    while at < limit and said.value(at) not in (",", ";", "(", ")"):
        at += 1
    return at


def _is_misspelt(said: Phrase, at: int) -> bool:
    """Whether a word looks like a weekday: "mecredi", "le zurdi"."""
    if said.kind(at) != "word":
        return False
    word = said.value(at)
    if get_close_matches(word.removesuffix("s"), WEEKDAYS, 1, 0.8):
        return True
    return at > 0 and said.value(at - 1) in _ARTICLES and word.endswith(("rdi", "ndi", "udi"))


def _presenter(said: Phrase, start: int, end: int) -> int | None:
    return next((at for at in range(start, end) if said.value(at) in _VERBS | _NOUNS), None)


def _first(said: Phrase, start: int, end: int) -> int:
    return next((at for at in range(start, end) if said.value(at) not in _SMALL), start)


def _trimmed(said: Phrase, start: int, end: int) -> str:
    """The exact words, without the articles and marks around them."""
    idle = _SMALL | {"un", "une"}
    while start < end - 1 and said.value(start) in idle:
        start += 1
    while end > start + 1 and said.value(end - 1) in idle:
        end -= 1
    return said.said(start, end)
