"""The directory as staff search it: by name, organisation, place or need. Pure, over a catalogue.

A search reads `Candidate.words`, whose parts stand in the order of what matters most: the name,
then the organisation, the place, the needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import chain, islice

from dateutil.relativedelta import relativedelta

from accueil.orientation.catalogue import PART, Candidate, Catalogue
from accueil.orientation.listings import VERIFIED_MONTHS
from accueil.store.folding import fold

MOST_SHOWN = 50
MOST_WORDS, MOST_CHARACTERS = 8, 200


@dataclass(frozen=True, slots=True)
class Found:
    """How many were found in all, and the first of them."""

    total: int
    shown: tuple[Candidate, ...]


def search(
    catalogue: Catalogue, text: str, tags: frozenset[str] = frozenset(), limit: int = MOST_SHOWN
) -> Found:
    """What has all the words of `text`, whole or begun, and answers one of these needs (any, for
    none): the best first, then in the order of the catalogue."""
    words = fold(text[:MOST_CHARACTERS]).split()[:MOST_WORDS]
    found = list(catalogue.candidates)
    if tags:
        found = [each for each in found if not tags.isdisjoint(each.needs)]
    for word in words:
        inside = f" {word}"
        found = [each for each in found if inside in each.words or each.words.startswith(word)]
    return Found(len(found), tuple(_best(found, words, limit)))


def to_verify(catalogue: Catalogue, today: date, limit: int = MOST_SHOWN) -> Found:
    """What nobody has verified for VERIFIED_MONTHS months, or ever: the oldest first."""
    oldest = (today - relativedelta(months=VERIFIED_MONTHS)).isoformat()
    stale = [each for each in catalogue.candidates if (each.verified_on or "") < oldest]
    return Found(len(stale), tuple(nsmallest(limit, stale, lambda each: each.verified_on or "")))


def _best(found: Iterable[Candidate], words: list[str], limit: int) -> Iterable[Candidate]:
    """The first of them by rank; nothing more is looked at once enough have the best one."""
    ranked: dict[int, list[Candidate]] = {0: []}
    for each in found:
        ranked.setdefault(_rank(each.words, words), []).append(each)
        if len(ranked[0]) == limit:
            break
    return islice(chain.from_iterable(ranked[rank] for rank in sorted(ranked)), limit)


def _rank(text: str, words: list[str]) -> int:
    """0 when every word begins the name; the further the parts where they are found, the more."""
    rank = 0
    for word in words:
        if not text.startswith(word):
            rank += 1 + 2 * text.count(PART, 0, text.index(f" {word}") + 1)
    return rank
