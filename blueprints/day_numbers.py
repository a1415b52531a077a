"""The numbers of a day at the desk: how many came, how long they waited, what they left with."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from accueil.reception.tally import tally
from accueil.store import journal
from blueprints import web
from blueprints.access import allow
from blueprints.desk_frame import here

bp = Blueprint("day_numbers", __name__, url_prefix="/accueil")
EARLIEST, DAY = date(2000, 1, 1), timedelta(days=1)


@bp.get("/chiffres")
@allow("agent", "admin")
def page() -> tuple[str, int]:
    place, at = here(), web.now()
    today = place.day(at)
    shown, problem = _asked(request.args.get("jour"), today)
    rendered = render_template(
        "day_numbers/page.html",
        site=place,
        now=at,
        version=journal.version(web.db(), place.id),
        shown=shown,
        before=shown - DAY,
        after=shown + DAY if shown < today else None,
        today=today,
        tally=tally(web.db(), place, shown, at),
        problem=problem,
    )
    return rendered, 422 if problem else 200


def _asked(day: str | None, today: date) -> tuple[date, bool]:
    """The day asked for; today if it cannot be shown, which is said."""
    try:
        asked = date.fromisoformat(day) if day else today
    except ValueError:
        return today, True
    return (asked, False) if EARLIEST <= asked <= today else (today, True)
