"""The pages of one date, of a period, and of one more date."""

from collections.abc import Callable, Iterable

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.services import services_by_id
from accueil.house.sites import Unknown, every_site, rooms, site, sites
from accueil.planning import agenda, appointments, plans, series
from accueil.planning.agenda import Entry
from accueil.planning.changes import Planned
from accueil.planning.exceptions import BadDate
from accueil.planning.rooms import RoomTaken, free_rooms
from accueil.planning.series import Permanence
from blueprints import date_form, web
from blueprints.date_form import Period
from blueprints.impact import carried_out, frame, place
from blueprints.typed import Fields, Typed

Answer = str | Response | tuple[str, int]
MOST_DATES_SHOWN = 30


def occurrence_page(
    entry: Entry,
    typed: Typed | None = None,
    action: str = "",
    reason: str = "",
    taken: RoomTaken | None = None,
) -> str:
    """One date. After a refusal: the `action`, with what was typed and why not."""
    occurrence = entry.occurrence
    where = next(each for each in every_site(web.db()) if each.id == occurrence.site_id)
    return render_template(
        "permanence/date.html",
        entry=entry,
        occurrence=occurrence,
        where=where,
        service=services_by_id(web.db())[occurrence.service_id],
        booked=appointments.of_occurrence(web.db(), occurrence.id),
        open=occurrence.starts_at > web.now(),
        rooms=date_form.room_choices(web.db(), occurrence),
        hosts=date_form.hosts(web.db(), occurrence.service_id),
        fields=typed.fields if typed else {},
        troubles=typed.troubles if typed else {},
        action=action,
        reason=reason,
        taken=taken,
        proposed=_proposed(entry, typed) if taken else [],
        names=services_by_id(web.db()),
        **frame(),
    )


def change_date(entry: Entry, action: str) -> Answer:
    """Do to one date what its form says; the page again when it cannot be."""
    occurrence = entry.occurrence
    done = url_for("permanences.occurrence", occurrence_id=occurrence.id)
    if _is_done(entry, action):  # the same button twice: the first touch did it
        return web.see_other("permanences.occurrence", occurrence_id=occurrence.id)
    typed = Typed(request.form)
    planned = date_form.change(web.db(), action, occurrence, typed, web.now())
    if planned is None:
        return occurrence_page(entry, typed, action), 422
    return _or_again(
        lambda: carried_out(planned, done, title=_name(occurrence.service_id)),
        lambda reason, taken: occurrence_page(entry, typed, action, reason, taken),
    )


def absence_page(
    mine: list[Permanence],
    fields: Fields,
    typed: Typed | None = None,
    dates: list[Entry] | None = None,
    reason: str = "",
    taken: RoomTaken | None = None,
) -> str:
    """What happens during a period; `dates` are those that it touches, once asked for."""
    services = {each.service_id for each in mine}
    hosts = {each for one in services for each in date_form.hosts(web.db(), one)}
    return render_template(
        "permanence/absence.html",
        permanences=mine,
        fields=fields,
        troubles=typed.troubles if typed else {},
        dates=dates,
        reason=reason,
        taken=taken,
        names=services_by_id(web.db()),
        hosts=sorted(hosts, key=lambda each: each.name),
        places={each.id: each for each in sites(web.db())},
        rooms=[room for each in sites(web.db()) for room in rooms(web.db(), each.id)],
        **frame(),
    )


def change_period(mine: list[Permanence], done: str) -> Answer:
    """Do to the dates of a period what the form says, or show which they are."""
    typed = Typed(request.form)
    known = {each.id: each for each in mine}
    chosen = [each for each in typed.fields.getlist("permanence") if each in known]
    if not chosen:
        typed.trouble("permanence", "missing")
    span = date_form.period(typed, place())
    if span is None or typed.troubles:
        return absence_page(mine, typed.fields, typed), 422
    ids = date_form.in_period(web.db(), chosen, span, web.now())
    dates = [agenda.entry(web.db(), each) for each in ids]
    if not ids:
        typed.trouble("last", "no-date")
        return absence_page(mine, typed.fields, typed), 422
    if typed.text("step") == "check":
        return absence_page(mine, typed.fields, typed, dates[:MOST_DATES_SHOWN])
    planned = _for_period(dates, span, typed)
    if planned is None:
        return absence_page(mine, typed.fields, typed, dates[:MOST_DATES_SHOWN]), 422
    names = sorted({_name(known[each].service_id) for each in chosen})
    return _or_again(
        lambda: carried_out(planned, done, title=", ".join(names)),
        lambda reason, taken: absence_page(mine, typed.fields, typed, dates, reason, taken),
    )


def add_page(
    held: Permanence, typed: Typed | None = None, reason: str = "", taken: RoomTaken | None = None
) -> str:
    """One more date of a permanence."""
    return render_template(
        "permanence/add.html",
        held=held,
        service=services_by_id(web.db())[held.service_id],
        rooms=rooms(web.db(), held.site_id),
        fields=typed.fields if typed else _usual(held),
        troubles=typed.troubles if typed else {},
        reason=reason,
        taken=taken,
        proposed=_free_then(typed, held.site_id) if typed and taken else [],
        names=services_by_id(web.db()),
        **frame(),
    )


def add_date(held: Permanence) -> Answer:
    typed = Typed(request.form)
    day, start, end = typed.day("day"), typed.clock("start"), typed.clock("end")
    room_id = typed.one_of("room", {room.id for room in rooms(web.db(), held.site_id)})
    for name, value in (("day", day), ("start", start), ("end", end)):
        if value is None:
            typed.trouble(name, "missing")
    if day and day - web.now().date() > date_form.LONGEST_PERIOD:
        typed.trouble("day", "far")
    if day is None or start is None or end is None or typed.troubles:
        return add_page(held, typed), 422
    planned = plans.adding(held.id, day, start, end, room_id, web.now())
    done = url_for("permanences.edit", permanence_id=held.id)
    return _or_again(
        lambda: carried_out(planned, done, title=_name(held.service_id)),
        lambda reason, taken: add_page(held, typed, reason, taken),
    )


def permanences_of(service_ids: Iterable[str]) -> list[Permanence]:
    return series.permanences(web.db(), service_ids, place().day(web.now()))


def _or_again(
    do: Callable[[], Response | tuple[str, int]],
    again: Callable[[str, RoomTaken | None], str],
) -> Answer:
    """The page again, with why not, when the planning refuses."""
    try:
        return do()
    except BadDate as error:
        return again(error.reason, None), 422
    except RoomTaken as error:
        return again("", error), 422
    except Unknown:
        return again("changed", None), 409


def _for_period(dates: list[Entry], span: Period, typed: Typed) -> Planned | None:
    services = {each.occurrence.service_id for each in dates}
    where = {each.occurrence.site_id for each in dates}
    here = {room.id for one in where for room in rooms(web.db(), one)} if len(where) == 1 else set()
    if typed.text("what") == "room" and typed.text("room") not in here:
        typed.trouble("room", "here" if typed.text("room") else "missing")
        return None
    ids = [each.occurrence.id for each in dates]
    return date_form.period_change(web.db(), ids, span, typed, services, web.now())


def _proposed(entry: Entry, typed: Typed | None) -> list[tuple[str, str]]:
    """The rooms that are free at the hours that were asked for: id and name."""
    occurrence = entry.occurrence
    start, end = occurrence.starts_at, occurrence.ends_at
    if typed and typed.text("day"):
        return _free_then(typed, occurrence.site_id, occurrence.id)
    found = free_rooms(web.db(), occurrence.site_id, start, end, occurrence.id)
    return [(room.id, room.name) for room in found]


def _free_then(typed: Typed, site_id: str, but: str | None = None) -> list[tuple[str, str]]:
    day, start, end = typed.day("day"), typed.clock("start"), typed.clock("end")
    if day is None or start is None or end is None:
        return []
    where = site(web.db(), site_id)
    span = where.instant(day, start), where.instant(day, end)
    return [(room.id, room.name) for room in free_rooms(web.db(), site_id, *span, but)]


def _usual(held: Permanence) -> dict[str, str]:
    """The permanence's own hours and room, a week from now at the soonest."""
    start, end = held.times[0]
    known = {name: request.args.get(name, "") for name in ("day", "start", "end")}
    usual = {"day": "", "start": start, "end": end, "room": held.room_id or ""}
    return usual | {name: value for name, value in known.items() if value}


def _name(service_id: str) -> str:
    return services_by_id(web.db())[service_id].name


def _is_done(entry: Entry, action: str) -> bool:
    occurrence = entry.occurrence
    if action == "retablir":
        return occurrence.status == "scheduled" and occurrence.exception != "kept"
    return action == "annuler" and occurrence.status == "cancelled"
