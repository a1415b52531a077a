"""What was typed in a form, field by field, and what of it cannot be used."""

import re
from collections.abc import Container
from contextlib import suppress
from datetime import date, time

from werkzeug.datastructures import MultiDict

Fields = MultiDict[str, str]
LONGEST = 2_000
YEARS = range(1900, 3000)  # further than anybody means, and near where dates end
_CLOCK = re.compile(r"(\d{1,2}) ?(?:[:hH] ?(\d{2})?)?")


class Typed:
    """Reads fields one by one; `troubles` names those that cannot be used, with a word for the
    screens. An empty field is None, and no trouble."""

    def __init__(self, fields: Fields):
        self.fields = fields
        self.troubles: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()[:LONGEST]

    def trouble(self, name: str, word: str) -> None:
        """The first thing said of a field is kept."""
        self.troubles.setdefault(name, word)

    def day(self, name: str) -> date | None:
        """A date, as date fields send it."""
        text = self.text(name)
        with suppress(ValueError):
            found = date.fromisoformat(text) if text else None
            if found is None or found.year in YEARS:
                return found
        self.trouble(name, "day")
        return None

    def clock(self, name: str) -> time | None:
        """An hour: 9:00 as hour fields send it, or 9h, 9 h 30 as people write it."""
        text = self.text(name)
        if not text:
            return None
        read = _CLOCK.fullmatch(text)
        hour, minute = (int(read[1]), int(read[2] or 0)) if read else (24, 0)
        if hour > 23 or minute > 59:
            self.trouble(name, "clock")
            return None
        return time(hour, minute)

    def number(self, name: str, least: int, most: int) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
            self.trouble(name, "range")
            return None
        return int(text)

    def one_of(self, name: str, known: Container[str]) -> str | None:
        text = self.text(name)
        if text and text not in known:
            self.trouble(name, "one-of")
            return None
        return text or None
