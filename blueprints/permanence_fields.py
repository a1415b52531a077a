"""The form of a permanence filled: from a rule that is kept, or from a phrase that was read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from accueil.planning.phrases import Clause
from accueil.planning.recurrence import BadRule
from accueil.planning.series import Permanence
from blueprints.repetition import Repetition, repetition
from blueprints.typed import Fields

MOST_RANGES = 6
DEFAULT_SLOT = 30
NOTICE_UNITS = {"minutes": 1, "hours": 60, "days": 1440}


def filled(held: Permanence) -> Fields:
    """The fields of a permanence."""
    chosen, until = read_back(held.rrule)
    last = min(filter(None, (until, held.last_day)), default=None)
    fields: Fields = MultiDict(
        {
            "service": held.service_id,
            "site": held.site_id,
            "room": held.room_id or "",
            "host": held.host_id or "",
            "phrase": held.said,
            "read": held.said,
            "first": held.first_day.isoformat(),
            "last": last.isoformat() if last else "",
            "mode": held.mode,
            "slot_minutes": str(held.slot_minutes or ""),
            "places": str(held.places),
            "ahead_days": str(held.ahead_days),
            "kept": str(held.kept),
            "kept_for": held.kept_for or "",
            "released_days": str(held.released_days),
            **_notice(held.notice_minutes),
        }
    )
    _fill_days(fields, chosen)
    _fill_pairs(fields, "start", "end", held.times)
    _fill_pairs(fields, "break_start", "break_end", held.breaks)
    fields.setlist("closed_on", sorted(held.closed_on))
    return fields


def blank(service_id: str, site_id: str) -> Fields:
    """The fields of a permanence of which nothing is said yet."""
    nothing = Permanence("", service_id, site_id, None, "", "", date.min, ())
    fields = filled(replace(nothing, slot_minutes=DEFAULT_SLOT))
    fields["first"] = ""
    return fields


def with_clause(fields: Fields, clause: Clause) -> Fields:
    """The fields once a phrase has been read: what it says takes the place of what was there."""
    told = fields.copy()
    chosen, until = read_back(clause.rrule or "")
    told["first"] = clause.first.isoformat() if clause.first else ""
    told["last"] = until.isoformat() if until else ""
    _fill_days(told, chosen)
    _fill_pairs(told, "start", "end", clause.times)
    if clause.mode:
        told["mode"] = clause.mode
    kept = {word for word in told.getlist("closed_on") if not word.startswith("school")}
    if clause.zone:
        kept.add(f"school-{clause.zone.lower()}")
    told.setlist("closed_on", sorted(kept))
    told.setlist("ask", [word for word in clause.questions if word in ("until", "zone")])
    return told


def read_back(rrule: str) -> tuple[Repetition, date | None]:
    """The choices that make this RRULE, none yet without one, and the last day that it says."""
    try:
        return repetition(rrule) if rrule else (Repetition("weekly"), None)
    except BadRule:
        return Repetition("other", rrule=rrule), None


def _notice(minutes: int) -> dict[str, str]:
    unit = next(name for name in ("days", "hours", "minutes") if minutes % NOTICE_UNITS[name] == 0)
    unit = unit if minutes else "hours"
    return {"notice": str(minutes // NOTICE_UNITS[unit]), "notice_unit": unit}


def _fill_days(fields: Fields, chosen: Repetition) -> None:
    fields["repeat"] = chosen.kind
    fields["every"] = str(chosen.every)
    fields["month_day"] = str(chosen.month_day or "")
    fields["rrule"] = chosen.rrule
    fields.setlist("weekday", list(chosen.weekdays))
    fields.setlist("position", [str(n) for n in chosen.positions])


def _fill_pairs(
    fields: Fields, start: str, end: str, pairs: Iterable[tuple[str, str | None]]
) -> None:
    given = [*pairs]
    for n in range(1, MOST_RANGES + 1):
        first, last = given[n - 1] if n <= len(given) else ("", "")
        fields[f"{start}{n}"], fields[f"{end}{n}"] = first, last or ""
