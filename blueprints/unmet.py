"""What nobody could answer, month by month: counted for the house, without anybody in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request, session

from accueil.house.sites import Site
from accueil.orientation.needs import NEEDS
from accueil.reception import unmet
from accueil.reception.unmet import MISSING, Count
from accueil.store import journal
from blueprints import web
from blueprints.access import allow

bp = Blueprint("unmet", __name__, url_prefix="/admin")
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
DAY, LONGER_THAN_A_MONTH = timedelta(days=1), timedelta(days=31)
MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One need of the table: a number for each of `columns`, and their sum."""

    need: str | None
    numbers: tuple[int, ...]
    total: int


@bp.get("/besoins-sans-reponse")
@allow("agent", "admin")
def page() -> tuple[str, int]:
    site = _site()
    today = site.day(web.now())
    first, problem = _asked(request.args.get("mois"), today)
    found = _of_month(site, first)
    columns = [word for word in (*MISSING, None) if any(word == each.missing for each in found)]
    shown = render_template(
        "admin/unmet.html",
        site=site,
        now=web.now(),
        version=journal.version(web.db(), site.id),
        first=first,
        this_month=today.replace(day=1),
        before=_before(first),
        after=_after(first),
        columns=columns,
        lines=_lines(found, columns),
        total=sum(each.number for each in found),
        months=_months(site, first),
        often=unmet.often(web.db(), site.id, today),
        problem=problem,
    )
    return shown, 422 if problem else 200


def _lines(found: list[Count], columns: list[unmet.Missing | None]) -> list[Line]:
    """The needs that were unmet, in the order of the tiles, those not said last."""
    lines = []
    for need in (*(tile.id for tile in NEEDS), None):
        numbers = {each.missing: each.number for each in found if each.need == need}
        if numbers:
            line = tuple(numbers.get(word, 0) for word in columns)
            lines.append(Line(need, line, sum(line)))
    return lines


def _months(site: Site, first: date) -> list[tuple[date, int]]:
    """How many in each of the months that lead to this one, the newest first."""
    months = []
    for _ in range(MONTHS_SHOWN):
        months.append((first, sum(each.number for each in _of_month(site, first))))
        first = _before(first)
    return months


def _of_month(site: Site, first: date) -> list[Count]:
    return unmet.counts(web.db(), site.id, first, _after(first) - DAY)


def _asked(month: str | None, today: date) -> tuple[date, bool]:
    """The first day of the month asked for; of this one if it cannot be shown, which is said."""
    try:
        first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    except ValueError:
        return today.replace(day=1), True
    if not EARLIEST <= first <= LATEST:
        return today.replace(day=1), True
    return first, False


def _before(first: date) -> date:
    return (first - DAY).replace(day=1)


def _after(first: date) -> date:
    return (first + LONGER_THAN_A_MONTH).replace(day=1)


def _site() -> Site:
    """The desk that the agent stands at, or the front desk: also when the chosen one has closed."""
    try:
        return web.site_or_404(session.get("site"), reception=True)
    except web.NotHere:
        return web.site_or_404(None)
