"""Pieces of a phrase gathered into drafts: days with their hours, and how people are received.

Pure. A new draft begins with other days, or with another way to be received.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from accueil.house.text import Mode
from accueil.planning.phrases.hours import Part, Received, Times
from accueil.planning.phrases.limits import Span, Without
from accueil.planning.phrases.often import Days
from accueil.planning.phrases.pieces import Piece
from accueil.planning.phrases.words import NotUnderstood, Phrase


@dataclass
class Draft:
    """`parts` are the parts of the day whose hours are not said yet; `leading` tells a mode said
    before the days, which holds for the days that follow too."""

    days: Days | None = None
    times: list[tuple[str, str | None]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    mode: Mode | None = None
    leading: bool = False
    often: Days | None = None
    span: Span = field(default_factory=Span)
    without: Without = field(default_factory=Without)
    words: list[str] = field(default_factory=list)
    hours_first: bool = False

    def begun(self) -> bool:
        return bool(self.days or self.times or self.parts)


class Gathering:
    """The drafts of a phrase, fed one piece after the other."""

    def __init__(self, said: Phrase) -> None:
        self._said = said
        self._drafts = [Draft()]
        self._shared: list[tuple[Span | Without, str]] = []
        self._tail: list[tuple[Span | Without, str]] = []
        self._before: Piece | None = None
        self._mode_is_last = False

    def feed(self, piece: Piece) -> None:
        words = self._said.said(piece.start, piece.end)
        match piece.fact:
            case Days():
                self._days(piece, piece.fact)
            case Times():
                self._times(piece, piece.fact, words)
            case Part():
                self._part(piece, piece.fact)
            case Received():
                self._received(piece, piece.fact.mode)
            case Span() | Without():
                self._limit(piece.fact, words)
        if isinstance(piece.fact, Days | Times | Part):
            self._settle()
        if not isinstance(piece.fact, Span | Without | None):
            self._draft.words.append(words)
            self._mode_is_last = isinstance(piece.fact, Received)
        self._before = piece

    def drafts(self) -> list[Draft]:
        """The drafts, each with what was said for all."""
        self._share_days()
        found = self._drafts
        for limit, words in self._shared + self._tail:
            for draft in found:
                _add(draft, limit, words)
        modes = {draft.mode for draft in found if draft.mode}
        if self._mode_is_last and len(modes) == 1:
            for draft in found:
                draft.mode = draft.mode or self._draft.mode
        return [draft for draft in found if draft.begun() or draft.mode]

    @property
    def _draft(self) -> Draft:
        return self._drafts[-1]

    def _next(self, days: Days | None = None) -> None:
        """Another draft, received as the last one when that was said first."""
        last = self._draft
        mode = last.mode if last.leading else None
        self._drafts.append(Draft(days, mode=mode, leading=last.leading, often=last.often))

    def _days(self, piece: Piece, days: Days) -> None:
        draft = self._draft
        opens = piece.apart and piece.leads and not days.named() and bool(draft.times)
        together = None if opens else _together(draft.days, days)
        if together is None:
            self._next()
            draft, together = self._draft, days
        draft.hours_first = draft.hours_first or (bool(draft.times) and not draft.days)
        if not draft.begun() and not days.named() and piece.set_off:
            draft.often = days
        elif days.named() and draft.often and draft.days is None:
            together = _together(draft.often, days) or days
        draft.days = together

    def _times(self, piece: Piece, times: Times, words: str) -> None:
        draft = self._draft
        if draft.times and draft.mode and not draft.leading:
            self._next(draft.days)
        elif draft.hours_first and draft.times and piece.apart:
            self._next()
        draft = self._draft
        for start, _ in times.pairs:
            held = [part for part in draft.parts if part.holds(start)]
            if draft.parts and not held and not draft.times:
                raise NotUnderstood((draft.parts[0].name, words), "contradictory")
            draft.parts = [part for part in draft.parts if part not in held]
        if _overlap([*draft.times, *times.pairs]):
            raise NotUnderstood((words,), "overlap")
        draft.times += times.pairs

    def _part(self, piece: Piece, part: Part) -> None:
        draft = self._draft
        if draft.mode and not draft.leading and (draft.times or draft.parts):
            self._next(draft.days)
        elif draft.times and not piece.apart:
            if not part.holds(draft.times[-1][0]):
                raise NotUnderstood((self._said.said(piece.start - 1, piece.end),), "contradictory")
            return
        self._draft.parts.append(part)

    def _received(self, piece: Piece, mode: Mode) -> None:
        draft = self._draft
        last = self._before
        leads = piece.apart and piece.leads
        if draft.mode is None and not (draft.begun() and leads):
            draft.mode, draft.leading = mode, not draft.begun()
        elif draft.mode == mode and not leads:
            return
        elif {draft.mode, mode} == {"walk_in", "appointment"} and last and _is_mode(last):
            draft.mode = "both"
        elif mode in _GATHERED or draft.mode in _GATHERED:
            draft.mode = "partners_only" if "partners_only" in (mode, draft.mode) else "collective"
        else:
            self._next()
            self._draft.mode, self._draft.leading = mode, True

    def _limit(self, limit: Span | Without, words: str) -> None:
        """A limit holds for everything when it is said first or last."""
        if self._draft.begun() or len(self._drafts) > 1:
            self._tail.append((limit, words))
        else:
            self._shared.append((limit, words))

    def _settle(self) -> None:
        """What was said after a draft and before another holds for the first only."""
        if not self._tail:
            return
        earlier = (
            self._drafts[-2]
            if len(self._drafts) > 1 and len(self._draft.words) == 0
            else (self._draft)
        )
        for limit, words in self._tail:
            _add(earlier, limit, words)
        self._tail = []

    def _share_days(self) -> None:
        """Hours said with no days of their own are those of the days before."""
        for before, draft in pairwise(self._drafts):
            if draft.days is None and (draft.times or draft.parts):
                draft.days = before.days


_GATHERED = frozenset({"collective", "partners_only"})


def _is_mode(piece: Piece) -> bool:
    return isinstance(piece.fact, Received)


def _together(before: Days | None, days: Days) -> Days | None:
    return days if before is None else before.joined(days)


def _add(draft: Draft, limit: Span | Without, words: str) -> None:
    if isinstance(limit, Span):
        if (limit.first and draft.span.first) or (limit.until and draft.span.until):
            raise NotUnderstood((words,), "contradictory")
        first, until = limit.first or draft.span.first, limit.until or draft.span.until
        if first and until and until < first:
            raise NotUnderstood((words,), "end_before_start")
        draft.span = Span(first, until, limit.vague | draft.span.vague)
        return
    draft.without = replace(
        draft.without,
        closures=draft.without.closures | limit.closures,
        zone=draft.without.zone or limit.zone,
        weekdays=draft.without.weekdays | limit.weekdays,
        months=draft.without.months | limit.months,
    )


def _overlap(times: list[tuple[str, str | None]]) -> bool:
    ordered = sorted(times, key=lambda pair: pair[0])
    return any(
        start == following or (end is not None and end > following)
        for (start, end), (following, _) in pairwise(ordered)
    )
