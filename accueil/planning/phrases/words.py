"""Words of time: the tables of words, and the cutting of a phrase into tokens. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "number", "ordinal", "time", "date", "aside", "mark", "end"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    ("janvier", "janv"), ("fevrier", "fevr"), ("mars",), ("avril", "avr"), ("mai",), ("juin",),
    ("juillet", "juil"), ("aout",), ("septembre", "sept"), ("octobre", "oct"),
    ("novembre", "nov"), ("decembre", "dec"),
)  # fmt: skip
NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14,
    "quinze": 15, "seize": 16, "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20,
    "vingt-et-un": 21, "vingt-et-une": 21, "vingt-deux": 22,
}  # fmt: skip
ORDINALS = {
    word: position
    for position, words in {
        1: "premier premiers premiere premieres",
        2: "deuxieme deuxiemes second seconds seconde secondes",
        3: "troisieme troisiemes",
        4: "quatrieme quatriemes",
        5: "cinquieme cinquiemes",
        6: "sixieme sixiemes",
        -1: "dernier derniers derniere dernieres",
        -2: "avant-dernier avant-derniers avant-derniere avant-dernieres",
    }.items()
    for word in words.split()
}
# Where one of these stands, what the phrase leaves out of a timetable may change it.
RESTRICTING = _words(
    "sauf hors hormis excepte exceptee exceptes exception dehors pas jamais ne n' ni aucun aucune"
    " si s'il sinon selon parfois quelquefois souvent rarement environ vers presque variable"
    " variables alternance alternativement lorsque lorsqu' quand pendant durant avant apres"
    " suspendu suspendue ferme fermee fermeture annule annulee reporte reportee sous demande"
    " chaque prochain prochaine prochains prochaines suivant suivants certain certains"
)
TIME_NOUNS = _words(
    "jour jours semaine semaines mois an annee annees quinzaine quinzaines trimestre trimestres"
    " semestre semestres ete hiver printemps automne vacances conges saison periode ferie feries"
    " fois heure heures week-end week-ends paire paires impaire impaires pairs impairs noel"
    " paques ramadan rentree toussaint demain hier aujourd'hui"
)
_MONTH = {word: month for month, words in enumerate(MONTHS, start=1) for word in words}
_MONTH_WORDS = "|".join(sorted(_MONTH, key=len, reverse=True))
_STREETS = (
    "rue|place|avenue|boulevard|bd|allees?|impasse|chemin|quai|cours|square|route|passage|villa"
    "|esplanade|parvis|voie|sentier"
)
_HALVES = {"demi": 30, "demie": 30, "quart": 15}
_CLOCK_TAIL = r"(?: et (demie?|quart)(?![a-z]))?"
_ABBREVIATIONS = frozenset({"mme", "mlle", "dr", "tel", "st", "ste", "av", "bd"})


# Tried in this order at each place of the folded text.
_RAW_PATTERNS: tuple[tuple[Kind, str], ...] = (
        ("aside", r"(?:0|\+33 ?)\d(?:[ .-]?\d\d){4}(?!\d)"),
        ("aside", r"0\d(?:[ .-]?\d\d){4}(?!\d)"),
        ("aside", r"[\w.+-]+@[\w.-]+\w|https?://\S+|www\.\S+"),
        ("aside", rf"\d+(?: ?(?:bis|ter|quater))?,? ?(?:{_STREETS})(?![a-z])"),
        ("aside", r"\d+(?: ?(?:-|a|et) ?\d+)? ?ans(?![a-z])"),
        ("aside", r"accueil de (?:jour|nuit)(?![a-z])|maison pour tous(?![a-z])"),
        (
            "aside",
            r"(?:(?:jour|heure|horaire|date)s?(?: et | ou |, | ))+(?:non|a)"
            r" (?:(?:donne|precise|indique|communique|connu|fixe)e?s?|confirmer|preciser|definir)"
            r"(?![a-z])",
        ),
        ("date", rf"(\d\d?|1er|premier) ?({_MONTH_WORDS})(?![a-z])\.?(?: (\d{{4}})(?!\d))?"),
        ("date", r"(\d\d?)/(\d\d?)/(\d{4}|\d\d)(?!\d)"),
        ("date", r"(\d{4})-(\d\d)-(\d\d)(?!\d)"),
        (
            "time",
            r"(\d+) ?(?:heures?|hrs?|h)(?![a-z])"
            r"(?: ?(\d\d)(?!\d| ?h|[ .]\d\d[ .]\d\d)(?: ?(?:minutes|min|mn)(?![a-z]))?)?"
            + _CLOCK_TAIL,
        ),
        ("time", r"(\d\d?):(\d\d)(?!\d)" + _CLOCK_TAIL),
        ("time", r"(midi|minuit)(?![a-z])()" + _CLOCK_TAIL),
        ("ordinal", r"(\d+) ?(?:ers?|eres?|nds?|ndes?|emes?|iemes?|es?)(?![a-z])"),
        ("number", r"\d+"),
        ("word", r"apres[- ]midis?(?![a-z])|avant[- ]dern[a-z]+|week[- ]ends?(?![a-z])"),
        ("word", r"rendez[- ]?vous(?![a-z])|r\.d\.v\.?|rdvs?(?![a-z])"),
        ("word", r"(?:dix-(?:sept|huit|neuf)|vingt(?:-et-une?|-deux))(?![a-z])"),
        ("word", r"(?:jusqu|lorsqu|qu|[a-z])'"),
        ("word", r"[^\W\d_]+"),
        ("end", r"\n"),
        ("mark", r"\S"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _RAW_PATTERNS)


class NotUnderstood(ValueError):
    """`words` are the exact words that are no timetable, and `reason` why, in one word."""

    def __init__(self, words: tuple[str, ...], reason: str = "unknown"):
        super().__init__(f"expected a timetable, got {', '.join(words) or 'nothing'} ({reason})")
        self.words = words
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, hour or mark, folded, at its place in the text.

    `numbers`: the number itself; hour and minute; or year (0 when unsaid), month and day.
    """

    kind: Kind
    value: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """A text and its tokens. Places in it are indices of tokens."""

    text: str
    tokens: tuple[Token, ...]

    def value(self, at: int) -> str:
        return self.tokens[at].value if at < len(self.tokens) else ""

    def kind(self, at: int) -> str:
        return self.tokens[at].kind if at < len(self.tokens) else "end"

    def numbers(self, at: int) -> tuple[int, ...]:
        return self.tokens[at].numbers

    def said(self, start: int, end: int) -> str:
        """The exact words from one place to another."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def after(self, at: int, pattern: str) -> int | None:
        """The place after these words, or None: "tous|toutes les? jours", the `?` for optional."""
        for element in pattern.split():
            if self.value(at) in element.rstrip("?").split("|"):
                at += 1
            elif not element.endswith("?"):
                return None
        return at

    def past(self, at: int, pattern: str) -> int:
        """The place after these words if they are there, or else `at`."""
        found = self.after(at, pattern)
        return at if found is None else found

    def weekday(self, at: int) -> int | None:
        """0 for lundi or lundis, to 6."""
        word = self.value(at).removesuffix("s")
        return WEEKDAYS.index(word) if word in WEEKDAYS else None

    def month(self, at: int) -> int | None:
        return _MONTH.get(self.value(at))

    def number(self, at: int) -> int | None:
        """2 for 2 or deux."""
        if self.kind(at) == "number":
            return self.numbers(at)[0]
        return NUMBERS.get(self.value(at))

    def position(self, at: int) -> int | None:
        """2 for 2e or deuxième, -1 for dernier."""
        if self.kind(at) == "ordinal":
            return self.numbers(at)[0]
        return ORDINALS.get(self.value(at))


def phrase(text: str) -> Phrase:
    """The text cut into tokens; compatible characters are made one (1ᵉʳ is 1er)."""
    text = unicodedata.normalize("NFKC", text)
    folded = "".join(_fold(character) for character in text)
    tokens: list[Token] = []
    at = 0
    while at < len(folded):
        if folded[at] == " ":
            at += 1
            continue
        token = _token(folded, at, tokens[-1].value if tokens else "")
        tokens.append(token)
        at = token.end
    return Phrase(text, tuple(tokens))


def _fold(character: str) -> str:
    """A letter without its accent or capital; one kind of space, of dash and of apostrophe."""
    if character in "’‘ʼ`´":
        return "'"
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category in ("Zs", "Zl", "Zp", "Cc", "Cf"):
        return " "
    return unicodedata.normalize("NFD", character)[0].lower()[0]


def _token(text: str, at: int, before: str) -> Token:
    kind, found = next(
        (kind, found) for kind, pattern in _PATTERNS if (found := pattern.match(text, at))
    )
    value = found[0]
    if value == "." and _is_end(text, at, before):
        kind = "end"
    if value.startswith(("rendez", "rdv", "r.d")):
        value = "rdv"
    if kind == "word":
        value = re.sub(r"^(apres|avant|week) ", r"\1-", value)
    return Token(kind, value, at, found.end(), _numbers(kind, found))


def _is_end(text: str, at: int, before: str) -> bool:
    """Whether a full stop ends a sentence: not after M. or Tél."""
    alone = text[at + 1 : at + 2] in ("", " ", "\n")
    return alone and len(before) > 1 and before not in _ABBREVIATIONS


def _numbers(kind: Kind, found: re.Match[str]) -> tuple[int, ...]:
    """What a number, an hour or a date is worth; too long to be one, it is 10,000."""
    if kind not in ("number", "ordinal", "time", "date"):
        return ()
    parts = found.groups() or (found[0],)
    if kind == "time":
        hour = {"midi": 12, "minuit": 0}.get(parts[0])
        minute = _HALVES.get(parts[2], 0) + _count(parts[1] or "0")
        return (_count(parts[0]) if hour is None else hour, minute)
    if kind == "date":
        return _date_numbers(parts)
    return (_count(parts[0]),)


def _date_numbers(parts: tuple[str | None, ...]) -> tuple[int, int, int]:
    first, second, third = (part or "0" for part in parts)
    if len(first) == 4:
        return (_count(first), _count(second), _count(third))
    day = 1 if first in ("1er", "premier") else _count(first)
    year = _count(third) + (2000 if len(third) == 2 else 0)
    return (year, _MONTH.get(second) or _count(second), day)


def _count(digits: str) -> int:
    return int(digits) if len(digits) <= 4 else 10_000
