"""The file of an appointment for a calendar: where and when, and nothing of why."""

from flask import render_template

from accueil.house.sites import Site
from accueil.planning import calendars
from accueil.planning.appointments import Appointment


def invitation(held: Appointment, place: Site) -> bytes:
    """In the language that is being spoken."""
    entry = calendars.Entry(
        uid=f"{held.id}@accueil-commun",
        sequence=held.sequence,
        changed_at=held.changed_at,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        cancelled=held.state == "cancelled",
        title=render_template("appointment/_title.html", site=place),
        place=written_address(place),
        about="",
    )
    return calendars.invitation(entry, place.zone)


def written_address(place: Site) -> str:
    """The address without the name of the place, which may say why one goes there."""
    return ", ".join(filter(None, (place.address, f"{place.postcode} {place.commune}".strip())))
