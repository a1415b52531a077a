"""Instants: aware UTC datetimes in Python, ISO-8601 text ending in Z in the database."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """`at` (aware, any zone) as UTC text whose alphabetical order is that of time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The aware UTC datetime written by `to_text`."""
    return datetime.fromisoformat(text)
