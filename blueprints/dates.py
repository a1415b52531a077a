"""Dates, as each language writes them: 23 novembre, 23 de noviembre, 11月23日."""

from datetime import date
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_skeleton

DAY_THEN_MONTH = frozenset({"fr", "en", "ar"})  # 23 novembre: others have words of their own
# Each form of a date: its weekday; what CLDR calls the rest; the rest, where the day is first.
Form = Literal["date", "short", "day", "full"]
FORMS: dict[Form, tuple[str, str, str]] = {
    "date": ("", "MMMMd", "d MMMM"),
    "short": ("EEE", "MMMd", "d MMM"),
    "day": ("EEEE", "MMMMd", "d MMMM"),
    "full": ("EEEE", "long", "d MMMM y"),
}
# How the weekday joins the date, where it is not as in « lundi 23 novembre ».
WITH_WEEKDAY = {
    **dict.fromkeys(("pt", "uk", "ru", "ro"), "{weekday}, {date}"),
    **dict.fromkeys(("tr", "zh"), "{date} {weekday}"),
}


@lru_cache(maxsize=2_000)
def dated(when: date, form: Form, code: str) -> str:
    """A date as the language `code` writes it; "date" is 23 novembre, "full" lundi 23 novembre
    2026."""
    weekday, rest, day_first = FORMS[form]
    if code in DAY_THEN_MONTH:
        first = code == "fr" and when.day == 1 and form != "short"
        written = format_date(when, day_first.replace("d", "d'er'") if first else day_first, code)
    elif form == "full":
        written = format_date(when, rest, code)
    else:
        written = format_skeleton(rest, when, locale=code)
    if not weekday:
        return written
    joined = WITH_WEEKDAY.get(code, "{weekday} {date}")
    return joined.format(weekday=format_date(when, weekday, code), date=written)
