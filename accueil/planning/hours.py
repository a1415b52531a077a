"""Hours on the wall: pairs of a start and an end, as permanences and breaks are kept."""

from datetime import UTC, date, datetime, time, timedelta

from accueil.house.sites import Site

Hours = list[tuple[time, time]]


def to_text(hours: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    """Pairs of "09:00" as they are kept: "09:00-10:30 13:30-17:30"."""
    return " ".join(f"{start}-{end}" for start, end in hours)


def from_text(text: str) -> Hours:
    """The pairs of `to_text`."""
    pairs = (pair.split("-") for pair in text.split())
    return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs]


def on_day(text: str, place: Site, day: date) -> list[tuple[datetime, datetime]]:
    """The pairs of `text` on one day of a site, as instants."""
    return [(place.instant(day, start), place.instant(day, end)) for start, end in from_text(text)]


def shifted(text: str, place: Site, day: date, by: timedelta) -> str:
    """The pairs of `text` on one day of a site, moved on as much as a session that held them."""
    pairs = [
        (place.wall_clock(start + by), place.wall_clock(end + by))
        for start, end in on_day(text, place, day)
    ]
    return to_text([(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in pairs])


def skipped(place: Site, day: date, clock: time) -> bool:
    """Whether a clock change skips this hour of the site's wall on that day."""
    at = place.instant(day, clock).astimezone(UTC)
    return place.wall_clock(at).replace(tzinfo=None) != datetime.combine(day, clock)
