"""The shared planning: the week of the house, by room or by partner, and a partner's month."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import cast

from babel.dates import format_date, get_day_names
from flask import Blueprint, render_template, request, session

from accueil.house.services import Organisation, Service, organisations, services_by_id
from accueil.house.sites import Site, rooms, sites
from accueil.house.text import Mode
from accueil.planning import agenda, weeks
from accueil.planning.recurrence import rule
from accueil.planning.series import Permanence, permanences
from accueil.planning.undoing import undoable
from accueil.planning.weeks import DAY, WEEK
from accueil.store import journal
from blueprints import web, words
from blueprints.access import allow, me, my_services
from blueprints.sentences import sentence

bp = Blueprint("planning", __name__, url_prefix="/planning")
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
BY_ROOM, BY_PARTNER = "bureau", "partenaire"
Services = Mapping[str, Service]


@bp.get("")
@allow("staff")
def week() -> tuple[str, int]:
    return _page("planning/week.html", _week())


@bp.get("/semaine")
@allow("staff")
def week_changed() -> tuple[str, int]:
    """The part of the week that changes while nobody touches it."""
    return _page("planning/_week.html", _week())


@bp.get("/mois")
@allow("staff")
def month() -> tuple[str, int]:
    return _page("planning/month.html", _month())


@bp.get("/mois/jours")
@allow("staff")
def month_changed() -> tuple[str, int]:
    """The part of the month that changes while nobody touches it."""
    return _page("planning/_month.html", _month())


@bp.app_template_filter()
def weekday(when: date) -> str:
    """lundi 23."""
    return f"{format_date(when, 'EEEE', locale=words.language())} {_nth(when)}"


@bp.app_template_filter()
def long_day(when: date) -> str:
    """23 novembre 2026."""
    return f"{_nth(when)} {format_date(when, 'MMMM y', locale=words.language())}"


@bp.app_template_filter()
def month_name(when: date) -> str:
    """novembre 2026."""
    return str(format_date(when, "LLLL y", locale=words.language()))


@bp.app_template_filter()
def iso_week(when: date) -> str:
    """2026-W48, as addresses say it."""
    year, number, _ = when.isocalendar()
    return f"{year}-W{number:02}"


def _nth(when: date) -> str:
    return "1er" if when.day == 1 and words.language() == words.SOURCE else str(when.day)


def _page(template: str, shown: dict[str, object]) -> tuple[str, int]:
    return render_template(template, **shown), 422 if shown["problem"] else 200


def _week() -> dict[str, object]:
    site, names = _site(), services_by_id(web.db())
    today = site.day(web.now())
    asked, problem = _asked(request.args.get("jour") or request.args.get("semaine"), today)
    monday = asked - timedelta(days=asked.weekday())
    sunday = monday + WEEK - DAY
    entries = agenda.between(web.db(), monday, sunday, site_id=site.id, cancelled=True)
    rules = [each for each in permanences(web.db(), names, monday) if each.site_id == site.id]
    days = weeks.days(web.db(), weeks.columns(monday, entries), today, [site.id], rules)
    by = BY_PARTNER if request.args.get("par") == BY_PARTNER else BY_ROOM
    here = rooms(web.db(), site.id)
    by_partner, by_room = weeks.by_partner(names, entries, days), weeks.by_room(here, entries, days)
    return _common(site, names, problem) | {
        "left": agenda.left(web.db(), monday, sunday, web.now(), site_id=site.id),
        "days": days,
        "lines": by_partner if by == BY_PARTNER else by_room,
        "count": len(entries),
        "partners": weeks.partners(names, entries),
        "present": weeks.of_day(entries, today),
        "by": by,
        "places": sites(web.db()),
        "has_rooms": bool(here),
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
    }


def _month() -> dict[str, object]:
    site, names = _own_site(), services_by_id(web.db())
    today = site.day(web.now())
    asked_for = request.args.get("mois")
    asked, problem = _asked(asked_for and f"{asked_for}-01", today)
    first = asked.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    rules = permanences(web.db(), names, today)
    partner, choice = _partner(names, rules)
    theirs = [each for each in rules if names[each.service_id].organisation == partner]
    ids = [service.id for service in names.values() if service.organisation == partner]
    entries = agenda.between(web.db(), first, after - DAY, service_ids=ids, cancelled=True)
    at = {each.site_id for each in theirs} | {each.occurrence.site_id for each in entries}
    month = [first + DAY * number for number in range((after - first).days)]
    days = weeks.days(web.db(), month, today, at, theirs)
    return _common(site, names, problem) | {
        "left": agenda.left(web.db(), first, after - DAY, web.now()),
        "weeks": weeks.weeks(days, entries),
        "runs": weeks.runs(days, entries),
        "count": len(entries),
        "partner": partner,
        "choice": choice,
        "several": len({each.service_id for each in theirs}) > 1,
        "addresses": {each.id: each.address or each.name for each in sites(web.db())},
        "far": len(at) > 1,
        "rules": [(each, _said(each, today)) for each in theirs],
        "weekdays": _weekdays(),
        "weekends": any(each.occurrence.day.weekday() > 4 for each in entries),
        "first": first,
        "before": first - DAY,
        "after": after,
    }


def _common(site: Site, names: Services, problem: bool) -> dict[str, object]:
    """What both pages need; `open_to_me` are the services whose dates may be opened."""
    partner = me().role == "partner"
    return {
        "site": site,
        "now": web.now(),
        "today": site.day(web.now()),
        "version": journal.version(web.db(), site.id),
        "names": names,
        "open_to_me": {each.id for each in my_services()} if partner else set(names),
        "undoable": undoable(web.db(), me().id, web.now()),
        "problem": problem,
    }


def _asked(text: str | None, today: date) -> tuple[date, bool]:
    """The day that an address names, today if none; whether it names one that cannot be shown."""
    if not text:
        return today, False
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today, True
    return (found, False) if EARLIEST <= found <= LATEST else (today, True)


def _site() -> Site:
    asked = request.args.get("lieu")
    return web.site_or_404(asked) if asked else _own_site()


def _own_site() -> Site:
    """Where whoever is at work receives, or the desk they stand at; else the front desk."""
    usual = session.get("site")
    if me().role == "partner":
        mine = permanences(web.db(), [each.id for each in my_services()], web.now().date())
        usual = next((each.site_id for each in mine), None)
    try:
        return web.site_or_404(usual)
    except web.NotHere:
        return web.site_or_404(None)


def _partner(
    names: Services, rules: Iterable[Permanence]
) -> tuple[Organisation, list[Organisation]]:
    """Whose month is shown, and among whom to choose: a partner sees their own alone."""
    known, mine = organisations(web.db()), me().organisation_id
    coming = {names[each.service_id].organisation.id for each in rules}
    choice = [] if mine else [each for each in known if each.id in coming]
    usual = mine or next((each.id for each in choice or known), None)
    asked = request.args.get("partenaire") or usual
    for each in known:
        if each.id == asked and mine in (None, asked):
            return each, choice
    raise web.NotHere


def _weekdays() -> list[str]:
    """lundi, mardi…"""
    names = get_day_names("wide", "stand-alone", words.language())
    return [names[number] for number in range(7)]


def _said(permanence: Permanence, today: date) -> str:
    """Its sentence, with its first day when that is to come, or the only one."""
    found, mode = rule(permanence.rrule), cast(Mode, permanence.mode)
    named = permanence.first_day > today or found.count == 1
    return sentence(found, permanence.times, mode, permanence.first_day if named else None)
