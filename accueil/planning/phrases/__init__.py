"""Phrases: what a partner writes of a permanence in French, read as rules and hours. Pure.

"lundi 9h-10h30 et 13h30-17h30, sans rendez-vous" is one clause; other days or another way to be
received begin another. What is missing is a question, and never guessed; what describes without
saying when is kept aside; anything else is `NotUnderstood`.
"""

from dataclasses import dataclass
from datetime import date

from accueil.house.text import Mode
from accueil.planning.phrases.drafts import Draft, Gathering
from accueil.planning.phrases.hours import Part
from accueil.planning.phrases.often import Days
from accueil.planning.phrases.pieces import Piece, has_place, pieces
from accueil.planning.phrases.rules import questions, rules
from accueil.planning.phrases.words import NotUnderstood, Phrase, phrase

__all__ = ["MOST_CHARACTERS", "QUESTIONS", "Clause", "NotUnderstood", "Said", "read"]

MOST_CHARACTERS = 2_000
QUESTIONS = ("day", "hours", "end_time", "anchor", "until", "zone")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule with its hours, "09:00" on the wall; an end is None when it is not said.

    `first` is the day it starts from, when said; `not_on` holds "public" and "school" holidays,
    and `zone` those of which zone; `questions` are words of QUESTIONS.
    """

    rrule: str | None
    times: tuple[tuple[str, str | None], ...] = ()
    mode: Mode | None = None
    first: date | None = None
    questions: tuple[str, ...] = ()
    not_on: frozenset[str] = frozenset()
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was read; `ignored` are the exact words that only describe."""

    clauses: tuple[Clause, ...]
    ignored: tuple[str, ...] = ()


def read(text: str) -> Said:
    """What `text` says of when people are received. Raises `NotUnderstood`."""
    if len(text) > MOST_CHARACTERS:
        raise NotUnderstood((f"{text[:60]}…",), "long")
    said = phrase(text)
    found = _same_part(pieces(said))
    ignored = [piece for piece in found if piece.fact is None]
    gathering = Gathering(said)
    for piece in found:
        gathering.feed(piece)
    drafts = gathering.drafts()
    if not drafts and not any(has_place(said, piece) for piece in ignored):
        raise NotUnderstood((text.strip(),) if text.strip() else ())
    clauses = [clause for draft in drafts or [Draft()] for clause in _clauses(draft)]
    return Said(tuple(clauses), tuple(_shown(said, piece) for piece in ignored))


def _same_part(found: list[Piece]) -> list[Piece]:
    """Le lundi matin et le jeudi matin de 9h à 12h: both days have the hours."""
    kept: list[Piece] = []
    for piece in found:
        kept.append(piece)
        if len(kept) < 4:
            continue
        days, part, others, same = (each.fact for each in kept[-4:])
        if (
            isinstance(days, Days) and isinstance(others, Days)
            and isinstance(part, Part) and part == same
            and (both := _both(days, others))
        ):  # fmt: skip
            kept[-4:] = [Piece(both, kept[-4].start, kept[-2].end, kept[-4].apart), kept[-1]]
    return kept


def _both(days: Days, others: Days) -> Days | None:
    """Two lists of weekdays as one, when they happen as often."""
    if days.weekdays and others.weekdays and not (days.nth or others.nth):
        alike = Days(days.weekdays | others.weekdays, unit=days.unit, every=days.every)
        same = Days(alike.weekdays, unit=others.unit, every=others.every)
        plain = not (days.weeks or others.weeks or days.months or others.months)
        return alike if alike == same and plain else None
    return None


def _clauses(draft: Draft) -> list[Clause]:
    words = " ".join(draft.words)
    if draft.without.zone and "school" not in draft.without.closures:
        raise NotUnderstood((f"zone {draft.without.zone}",))
    asked = questions(draft.days, draft.span)
    if not draft.times or draft.parts:
        asked.add("hours")
    if any(end is None for _, end in draft.times):
        asked.add("end_time")
    if "school" in draft.without.closures and not draft.without.zone:
        asked.add("zone")
    first = draft.days.on if draft.days and draft.days.on else draft.span.first
    found: list[str | None] = [*rules(draft.days, draft.span, draft.without, words)]
    return [
        Clause(
            rrule=rule,
            times=tuple(sorted(draft.times, key=lambda pair: pair[0])),
            mode=draft.mode,
            first=first,
            questions=tuple(word for word in QUESTIONS if word in asked),
            not_on=draft.without.closures,
            zone=draft.without.zone,
        )
        for rule in found or [None]
    ]


def _shown(said: Phrase, piece: Piece) -> str:
    """The exact words of a description, without the joining words around them."""
    return said.said(piece.start, piece.end).strip(" ,;:–-◗•")
