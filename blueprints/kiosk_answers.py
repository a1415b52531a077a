"""What the kiosk shows of an orientation: which answers, and why, on a screen that others read."""

from collections.abc import Sequence
from dataclasses import dataclass

from accueil.orientation.answers import Answer, Orientation
from accueil.orientation.criteria import Verdict, facts_of
from blueprints import criteria_words, words

ELSEWHERE_SHOWN, REASONS_SHOWN = 4, 3


@dataclass(frozen=True, slots=True)
class Shown:
    """`further` counts what is elsewhere besides; `misses` only where nobody fits."""

    answers: Sequence[Answer]
    misses: Sequence[Answer]
    further: int


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons that may be read aloud, in words; how many are private, and how many more."""

    lines: Sequence[tuple[Verdict, str]]
    private: int
    more: int


def shown(found: Orientation) -> Shown:
    """All that is here; and elsewhere what fits best what the person said, then the nearest."""
    here = [each for each in found.answers if each.place != "elsewhere"]
    elsewhere = [each for each in found.answers if each.place == "elsewhere"]
    elsewhere.sort(key=lambda each: (each.full, -_fulfilled(each)))
    answers = [*here, *elsewhere[:ELSEWHERE_SHOWN]]
    return Shown(
        answers=answers,
        misses=[] if answers else found.near_misses,
        further=len(elsewhere[ELSEWHERE_SHOWN:]) + _left_out(found),
    )


def why(answer: Answer) -> Why:
    """Why an answer is proposed, or is not."""
    aloud = [each for each in answer.reasons if criteria_words.spoken_aloud(each)]
    return Why(
        lines=[
            (criteria_words.mark(each), _typeset(criteria_words.reason(each)))
            for each in aloud[:REASONS_SHOWN]
        ],
        private=len(answer.reasons) - len(aloud),
        more=len(aloud[REASONS_SHOWN:]),
    )


def _fulfilled(answer: Answer) -> int:
    """How many of the facts that a service asks are known to fit."""
    fitting = [each for each in answer.reasons if each.verdict == "yes" and each.part == "criteria"]
    return len(frozenset().union(*(facts_of(each.node) for each in fitting)))


def _left_out(found: Orientation) -> int:
    """How many more would fit: none when what was told already ends with what does not."""
    return 0 if any(each.service is None for each in found.others) else found.further


def _typeset(text: str) -> str:
    return words.typeset(text[:1].upper() + text[1:], words.language())
