"""What the house says, in French, in the records that it exports and the listings it imports."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import cast

import flask_babel

from accueil.house.text import Mode
from accueil.orientation.inclusion.hours import Opening
from accueil.orientation.inclusion.write import Words
from accueil.planning.recurrence import rule
from accueil.planning.series import Permanence
from blueprints import criteria_words, words
from blueprints.sentences import sentence

NOT_CONFIRMED = frozenset({"hours", "end_time", "anchor", "day"})
_MOST_REMEMBERED = 2_000
_visitor = flask_babel.Domain(domain="visitor")


@contextmanager
def in_french() -> Iterator[None]:
    """Records are in French, whoever asks for them."""
    with words.to_visitor(words.SOURCE):
        yield


def of_house(today: date) -> Words:
    """How the house says when and who; `today` is its day."""
    return Words(lambda permanence: when(permanence, today), criteria_words.sentence)


def openings() -> Callable[[tuple[Opening, ...]], str]:
    """Says openings: "Du lundi au vendredi, de 9 h à 12 h". The hours of a file repeat
    themselves: what was said is remembered, by what is given here."""
    return lru_cache(_MOST_REMEMBERED)(_openings)


def when(permanence: Permanence, today: date) -> str:
    """When a permanence is and how one comes: the day of its alternation is said, and what
    nobody has confirmed."""
    read = rule(permanence.rrule)
    if permanence.last_day and read.until is None and read.count is None:
        read = replace(read, until=permanence.last_day)
    counted = read.interval > 1 or read.count == 1 or permanence.first_day > today
    mode = cast(Mode, permanence.mode)
    first = permanence.first_day if counted else None
    said = sentence(read, permanence.times, mode, first, permanence.closed_on)
    if NOT_CONFIRMED & set(permanence.assumed):
        return str(_visitor.gettext("%(sentence)s (à confirmer)", sentence=said))
    return said


def _openings(found: tuple[Opening, ...]) -> str:
    said = " ; ".join(sentence(each.rule, each.times, None, None, each.not_on) for each in found)
    return said[:1].upper() + said[1:]
