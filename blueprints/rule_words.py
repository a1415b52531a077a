"""A rule and its phrase, in words for their page: what is asked, what was read, what it says."""

from dataclasses import dataclass
from typing import cast

from babel.dates import format_date
from flask_babel import force_locale

from accueil.house.text import Mode
from accueil.planning.phrases import Clause, NotUnderstood, Said, read
from accueil.planning.recurrence import rule
from accueil.planning.series import Permanence
from blueprints.permanence_fields import MOST_RANGES, read_back
from blueprints.permanence_form import Draft
from blueprints.sentences import sentence
from blueprints.typed import Fields
from blueprints.words import language, offered, tag

MOST_CLAUSES = 8
# Which part of the form answers a question.
PARTS = {
    "day": "days",
    "anchor": "first",
    "hours": "hours",
    "end_time": "hours",
    "until": "last",
    "mode": "mode",
    "zone": "closures",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the phrase: what was read, or the words that were not understood."""

    said: Said | None = None
    words: tuple[str, ...] = ()
    reason: str = ""

    def several(self) -> bool:
        return self.said is not None and len(self.said.clauses) > 1


def questions(found: Draft | None) -> list[tuple[str, str]]:
    """What is asked, each with the part of the form that answers; each part once."""
    parts = [(word, PARTS[word]) for word in (found.asked if found else ())]
    seen = [part for _, part in parts]
    return [(word, "" if part in seen[:n] else part) for n, (word, part) in enumerate(parts)]


def weekday(found: Draft | None) -> str:
    """The weekday of the dates to choose from, when it is one and the same."""
    days = {each.weekday() for each in found.anchors} if found else set()
    if found is None or len(days) != 1:
        return ""
    return str(format_date(found.anchors[0], "EEEE", locale=language()))


def filled_ranges(fields: Fields) -> list[int]:
    """Which ranges of hours something was said of; the first is always shown."""
    numbers = range(1, MOST_RANGES + 1)
    return [n for n in numbers if n == 1 or fields.get(f"start{n}") or fields.get(f"end{n}")]


def said_back(reading: Reading | None) -> list[str]:
    """Each clause of a phrase that says several things, as a sentence."""
    if reading is None or reading.said is None or not reading.several():
        return []
    return [said(each) for each in reading.said.clauses[:MOST_CLAUSES]]


def differs(wanted: Permanence | None, phrase: str) -> bool:
    """Whether the phrase, which is shown as it is, says other days or hours than the rule."""
    if wanted is None or not phrase.strip():
        return False
    try:
        clauses = read(phrase).clauses
    except NotUnderstood:
        return False
    return not any(_may_say(each, wanted) for each in clauses)


def _may_say(clause: Clause, wanted: Permanence) -> bool:
    """Whether nothing of a clause speaks against the rule."""
    chosen, _ = read_back(clause.rrule or "")
    starts = {start for start, _ in wanted.times}
    return (
        (chosen.lacks_day() or chosen == read_back(wanted.rrule)[0])
        and all(start in starts for start, _ in clause.times)
        and all(pair in wanted.times for pair in clause.times if pair[1])
    )


def said(clause: Clause) -> str:
    known = rule(clause.rrule) if clause.rrule else None
    return sentence(known, clause.times, clause.mode, clause.first)


def sentences(found: Draft | None) -> list[tuple[str, str]]:
    """The rule read back in each language that the house offers, with its code."""
    if found is None or found.permanence is None:
        return []
    said = found.permanence
    read_back, mode = rule(said.rrule), cast(Mode, said.mode)
    once = said.first_day if read_back.count == 1 else None
    spoken = []
    for code in dict.fromkeys(map(tag, offered())):
        with force_locale(code):
            spoken.append((code, sentence(read_back, said.times, mode, once)))
    return spoken
