"""The communes of France, from the official list kept beside this file. Pure, once it is read.

A person says "Saint-Denis", "st denis 93", "94550", "Paris 12e", or the name that the commune had
before it joined others. No commune is kept as an object: all of them would hold ten times the
memory of the list, which is searched as it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import chain, islice

from accueil.house.commune_list import dotted, everything, having, line, words

LONGEST = 100
# So many of the biggest communes are put in order: enough for any list that a person reads.
_RANKED = 300
_SAINTS = {"st": "saint", "ste": "sainte"}
_ARTICLES = (b"l", b"la", b"le", b"les")
_CODE = re.compile(r"[0-9]{1,5}|2[ab][0-9]{0,3}")
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Commune:
    """`epci` and `ept` are the SIREN of its groups of communes, "" for none; only communes of the
    Grand Paris have an `ept`. `within` is the INSEE code of Paris, Lyon or Marseille, for one of
    their arrondissements. `formerly`: the names of the communes that became this one.
    """

    name: str
    insee: str
    departement: str
    region: str
    epci: str
    postcodes: tuple[str, ...]
    ept: str = ""
    within: str = ""
    formerly: tuple[str, ...] = ()


class UnknownCommune(LookupError):
    """No commune has this INSEE code, nor had it."""


@lru_cache(maxsize=1024)
def by_insee(code: str) -> Commune:
    """The commune of an INSEE code, of today or of before. `UnknownCommune` if there is none."""
    if _INSEE.fullmatch(code.upper()):
        for start in having(b"#%b" % code.upper().encode()):
            return _commune(start)
    raise UnknownCommune(code)


def codes(commune: Commune) -> frozenset[str]:
    """What a rule may call the place where somebody lives: the commune's name, its INSEE code,
    its groups, its département, its région; and the whole town, for an arrondissement.

    A région is written "R11": 94 alone is the Val-de-Marne, and R94 is Corsica.
    """
    whole = by_insee(commune.within) if commune.within else commune
    return frozenset({
        commune.name, commune.insee, whole.name, whole.insee, commune.epci, commune.ept,
        commune.departement, f"R{commune.region}",
    } - {""})  # fmt: skip


def named(text: str) -> list[Commune]:
    """The communes of exactly this name, postcode or INSEE code; "Saint-Denis (93)" has two.

    A name of today is preferred to one of before, then one that lacks its article, then one whose
    words were typed as one.
    """
    asked = _asked(text)
    if not asked.name:
        return _without_wholes(
            [_commune(start) for start in _once(_of_code(asked.codes, whole=True))]
        )
    name = asked.name
    ways = (
        having(b"\n.%b.|" % name),
        having(b"|.%b.|" % name),
        merge(*(having(b"\n.%b.%b.|" % (article, name)) for article in _ARTICLES)),
        _typed_as_one(name, whole=True),
    )
    for way in ways:
        if found := [_commune(start) for start in _with_codes(way, asked.codes)]:
            return found
    return []


def find(text: str, limit: int = 8) -> list[Commune]:
    """What a search box proposes as `text` is typed: at most `limit`, the likeliest first.

    First those of exactly this name, of today then of before; then names of today that begin so
    or have these whole words; then names with a word that begins so.
    """
    asked = _asked(text)
    starts: Iterator[int]
    if asked.name:
        names = dict.fromkeys((asked.name, asked.as_typed))
        starts = chain.from_iterable(_likely(name, asked.codes) for name in names)
    else:
        starts = _of_code(asked.codes, whole=False)
    return [_commune(start) for start in islice(_once(starts), limit)]


# ---- what was asked --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a name, with dots between them, and codes or beginnings of codes: none when
    there is nothing to look for. `as_typed` differs by a last "st", which may begin Strasbourg.
    """

    name: bytes = b""
    as_typed: bytes = b""
    codes: tuple[bytes, ...] = ()


def _asked(text: str) -> _Asked:
    said = words(text) if len(text) <= LONGEST else []
    name = [word for word in said if not _CODE.fullmatch(word)]
    full = [_SAINTS.get(word, word) for word in name]
    return _Asked(
        name=dotted(full),
        as_typed=dotted([*full[:-1], *name[-1:]]),
        codes=tuple(word.upper().encode() for word in said if _CODE.fullmatch(word)),
    )


# ---- the ways to find it; each gives where the lines start, the biggest communes first ---------


def _likely(name: bytes, wanted: tuple[bytes, ...]) -> Iterator[int]:
    """Those of a name that may not be finished, with these codes: the likeliest first, some more
    than once.
    """
    begun = list(islice(_with_codes(having(b".%b" % name), wanted), _RANKED))
    if len(begun) == _RANKED:
        exact = chain(having(b"\n.%b.|" % name), having(b"|.%b.|" % name))
        begun = [*_with_codes(exact, wanted), *begun]
    yield from sorted(begun, key=lambda start: _rank(name, start))
    if not begun:
        yield from _with_codes(_typed_as_one(name, whole=False), wanted)


def _rank(name: bytes, start: int) -> int:
    """How unlikely a line is, that has a word which begins so."""
    lines = everything()
    names = lines[start - 1 : lines.index(b"#", start)]
    today = names[: names.index(b"|") + 1]
    ways = (
        today == b"\n.%b.|" % name,
        b"|.%b.|" % name in names,
        today.startswith(b"\n.%b" % name) or b".%b." % name in today,
        True,
    )
    return ways.index(True)


def _typed_as_one(name: bytes, whole: bool) -> Iterator[int]:
    """Those of a name whose words may be joined: "lhay les roses"."""
    joined, lines = name.replace(b".", b""), everything()
    first, second = joined[:1], joined[1:2]
    for start in merge(*(having(b"\n.%b%b%b" % (first, dot, second)) for dot in (b"", b"."))):
        known = lines[start : lines.index(b"|", start)].replace(b".", b"")
        if known == joined or (known.startswith(joined) and not whole):
            yield start


def _of_code(wanted: tuple[bytes, ...], whole: bool) -> Iterator[int]:
    """Those of the first code: a postcode or an INSEE code, else an INSEE code of before. Only its
    beginning may be there unless `whole`.
    """
    for code in wanted[:1]:
        if whole and len(code) < 5:
            continue
        nothing = True
        for start in chain(having(b"@%b" % code), having(b"|#%b" % code)):
            nothing = False
            yield start
        if nothing:
            yield from having(b"#%b" % code)


def _with_codes(starts: Iterable[int], wanted: tuple[bytes, ...]) -> Iterator[int]:
    """The lines where each of these begins a postcode, or the INSEE code of today."""
    for start in starts:
        numbers = line(start).partition(b"\t")[0]
        if all(b"@%b" % code in numbers or b"|#%b" % code in numbers for code in wanted):
            yield start


def _without_wholes(found: list[Commune]) -> list[Commune]:
    """No Paris beside its 12th arrondissement, which has the same postcode."""
    wholes = {commune.within for commune in found}
    return [commune for commune in found if commune.insee not in wholes]


def _once(starts: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for start in starts:
        if start not in seen:
            seen.add(start)
            yield start


def _commune(start: int) -> Commune:
    """The commune of the line that starts there."""
    head, name, region, groups, within, formerly = line(start).decode().split("\t")
    insee = head[head.index("#") + 1 :][:5]
    epci, ept = [*groups.split(), "", ""][:2]
    return Commune(
        name=name,
        insee=insee,
        departement=insee[: 3 if insee.startswith(("97", "98")) else 2],
        region=region,
        epci=epci,
        postcodes=tuple(head.split("@")[1:]),
        ept=ept,
        within=within,
        formerly=tuple(filter(None, formerly.split(";"))),
    )
