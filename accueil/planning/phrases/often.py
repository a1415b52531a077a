"""How often, as it is said in French: "un jeudi sur deux", "toutes les six semaines". Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from accueil.planning.phrases.words import NotUnderstood, Phrase

Unit = Literal["day", "week", "month", "year"]
WORKING_DAYS = frozenset(range(5))
_UNITS: dict[str, tuple[Unit, int]] = {
    "semaine": ("week", 1), "semaines": ("week", 1), "mois": ("month", 1),
    "quinzaine": ("week", 2), "quinzaines": ("week", 2), "trimestre": ("month", 3),
    "trimestres": ("month", 3), "semestre": ("month", 6), "semestres": ("month", 6),
    "an": ("year", 1), "ans": ("year", 1), "annee": ("year", 1), "annees": ("year", 1),
}  # fmt: skip
_ADJECTIVES: dict[str, tuple[Unit, int]] = {
    "quotidien": ("day", 1), "quotidienne": ("day", 1), "quotidiennement": ("day", 1),
    "hebdomadaire": ("week", 1), "hebdomadaires": ("week", 1), "mensuel": ("month", 1),
    "mensuelle": ("month", 1), "mensuellement": ("month", 1), "trimestriel": ("month", 3),
    "trimestrielle": ("month", 3),
}  # fmt: skip
_DAY_PARTS = frozenset({"matin", "matins", "soir", "soirs", "apres-midi", "apres-midis"})


@dataclass(frozen=True, slots=True)
class Days:
    """What was said of the days: plain weekdays, (position, weekday) pairs, days of the month,
    how often (`every` so many units), months, even or odd weeks, or one date."""

    weekdays: frozenset[int] = frozenset()
    nth: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    unit: Unit | None = None
    every: int = 1
    months: frozenset[int] = frozenset()
    weeks: Literal["even", "odd"] | None = None
    on: date | None = None

    def named(self) -> bool:
        """Whether it says which days, and not only how often."""
        return bool(self.weekdays or self.nth or self.month_days or self.on or self.unit == "day")

    def joined(self, other: "Days") -> "Days | None":
        """Both together, or None when one thing would be said twice."""
        if (self.unit and other.unit) or (self.months and other.months):
            return None
        if (self.named() and other.named()) or (self.weeks and other.weeks):
            return None
        return Days(
            self.weekdays | other.weekdays,
            self.nth + other.nth,
            self.month_days + other.month_days,
            self.unit or other.unit,
            self.every * other.every,
            self.months | other.months,
            self.weeks or other.weeks,
            self.on or other.on,
        )


Found = tuple[Days, int] | None


def often(said: Phrase, at: int) -> Found:
    """How often, said at this place, and the place after it, or None."""
    return _alternation(said, at) or _every(said, at) or _so_often(said, at)


def _every(said: Phrase, at: int) -> Found:
    """Tous les quinze jours, toutes les six semaines, chaque mois, tous les deux jeudis; tous les
    matins, whose part of the day is left to be read."""
    after = said.after(at, "tous|toutes les")
    number = said.number(after) if after is not None else None
    if after is None:
        after = said.after(at, "chaque")
    elif number is not None:
        after += 1
    if after is None:
        return None
    if said.after(after, "jour|jours") is not None:
        return _every_days(said, at, number or 1, after)
    if number is None and said.value(after) in _DAY_PARTS:
        return Days(unit="day"), after
    unit = _UNITS.get(said.value(after))
    if unit:
        _check_every(said, at, after + 1, number)
        return Days(unit=unit[0], every=unit[1] * (number or 1)), after + 1
    weekday = said.weekday(after)
    if weekday is None or number is None:
        return None
    _check_every(said, at, after + 1, number)
    return Days(frozenset({weekday}), unit="week", every=number), after + 1


def _every_days(said: Phrase, at: int, number: int, after: int) -> Found:
    _check_every(said, at, after + 1, number)
    if said.after(after + 1, "ouvres") is not None:
        return (Days(WORKING_DAYS), after + 2) if number == 1 else None
    if said.after(after + 1, "feries|ouvrables|pairs|impairs") is not None:
        return None
    # French counts both ends: huit jours is a week, quinze jours are two.
    if number in (8, 15) or (number % 7 == 0):
        return Days(unit="week", every=max(1, number // 7)), after + 1
    return Days(unit="day", every=number), after + 1


def _check_every(said: Phrase, at: int, end: int, number: int | None) -> None:
    if number is not None and not 1 <= number <= 99:
        raise NotUnderstood((said.said(at, end),), "never")


def _alternation(said: Phrase, at: int) -> Found:
    """Un jeudi sur deux, une semaine sur deux, l’autre jeudi, un samedi par mois."""
    other = said.after(at, "l' autre")
    if other is not None and (weekday := said.weekday(other)) is not None:
        return Days(frozenset({weekday}), unit="week", every=2), other + 1
    if said.number(at) != 1:
        return None
    weekday, unit = said.weekday(at + 1), _UNITS.get(said.value(at + 1))
    if weekday is not None and said.after(at + 2, "par mois") is not None:
        return Days(unit="month"), at + 4
    after = said.after(at + 2, "sur")
    number = said.number(after) if after is not None else None
    if after is None or number is None:
        return None
    _check_every(said, at, after + 1, number)
    if weekday is not None:
        return Days(frozenset({weekday}), unit="week", every=number), after + 1
    if said.value(at + 1) == "jour":
        return Days(unit="day", every=number), after + 1
    return (Days(unit=unit[0], every=unit[1] * number), after + 1) if unit else None


def _so_often(said: Phrase, at: int) -> Found:
    """Une fois par mois, mensuel."""
    if said.value(at) in _ADJECTIVES:
        unit, every = _ADJECTIVES[said.value(at)]
        return Days(unit=unit, every=every), at + 1
    once = said.after(at + 1, "fois par") if said.number(at) == 1 else None
    if once is None:
        return None
    if said.value(once) == "jour":
        return Days(unit="day"), once + 1
    found = _UNITS.get(said.value(once))
    return (Days(unit=found[0], every=found[1]), once + 1) if found else None
