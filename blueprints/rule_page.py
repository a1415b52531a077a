"""The page of a permanence's rule: its phrase read, its form tried, and kept when that is asked."""

from dataclasses import replace
from datetime import date

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.services import Service, organisations, services, services_by_id
from accueil.house.sites import Room, Site, rooms, site, sites
from accueil.planning import agenda, plans, series
from accueil.planning.changes import Planned
from accueil.planning.closures import WORDS
from accueil.planning.phrases import NotUnderstood, read
from accueil.planning.recurrence import WEEKDAYS
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import MODES, Permanence
from blueprints import date_form, rule_words, web
from blueprints.access import me, my_services
from blueprints.impact import carried_out, frame, place
from blueprints.permanence_fields import NOTICE_UNITS, filled, with_clause
from blueprints.permanence_form import Choices, Draft, draft
from blueprints.repetition import POSITIONS, Repetition
from blueprints.rule_words import Reading
from blueprints.trial import Trial, trial
from blueprints.typed import Fields, Typed

Answer = str | Response | tuple[str, int]


def answer(base: Permanence, held: Permanence | None) -> Answer:
    """The form as it was sent: its phrase read, its rule tried, and kept when that was asked."""
    fields, reading = _read_phrase(request.form.copy())
    if held:
        fields["service"] = held.service_id
    if request.form.get("take_room"):
        fields["room"] = request.form["take_room"]
    if reading and (reading.several() or reading.words):
        return page(fields, held=held, reading=reading), 422 if reading.words else 200
    cut, troubles = _cut(fields, held)
    if held and cut and held.last_day and held.last_day < cut:  # the first touch did it
        return web.see_other("permanences.edit", permanence_id=held.id)
    found = draft(fields, base, _choices(fields), _today(), cut)
    found.troubles.update(troubles)
    if found.permanence is None or found.troubles:
        status = 422 if request.form.get("step") == "save" else 200
        return page(fields, held=held, reading=reading, found=found), status
    planned = _planned(found.permanence, held, cut)
    tried = trial(web.db(), found.permanence, planned, web.now())
    if request.form.get("step") == "save" and reading is None and tried.stands():
        try:
            return _kept(found.permanence, planned)
        except RoomTaken as taken:  # by those who are kept at their hours, or meanwhile
            tried = replace(tried, taken=taken)
    status = 200 if tried.stands() or request.form.get("step") != "save" else 422
    return page(fields, held=held, reading=reading, found=found, tried=tried), status


def edit_page(held: Permanence, cut: str) -> str:
    """The form of a permanence as it is kept; `cut` is a date to change it from, if one is said."""
    fields = filled(held)
    fields["scope"], fields["cut"] = "following" if cut else "all", cut
    return page(fields, held=held, found=draft(fields, held, _choices(fields), _today()))


def _read_phrase(fields: Fields) -> tuple[Fields, Reading | None]:
    """The fields filled from a phrase that is new; None when there is nothing new to read."""
    phrase = fields.get("phrase", "").strip()
    chosen = request.form.get("clause", "")
    if web.htmx.target == "preview" or not phrase or (
        phrase == fields.get("read", "").strip() and not chosen
    ):  # fmt: skip
        return fields, None
    try:
        said = read(phrase)
    except NotUnderstood as error:
        fields["read"] = phrase
        return fields, Reading(words=error.words or (phrase,), reason=error.reason)
    numbered = dict(zip(map(str, range(rule_words.MOST_CLAUSES)), said.clauses, strict=False))
    clause = said.clauses[0] if len(said.clauses) == 1 else numbered.get(chosen)
    if clause is None:
        return fields, Reading(said)
    fields["read"] = phrase
    return with_clause(fields, clause), Reading(replace(said, clauses=(clause,)))


def services_of_mine() -> list[Service]:
    """The services whose permanences whoever is at work may open."""
    return my_services() if me().role == "partner" else services(web.db())


def page(
    fields: Fields,
    held: Permanence | None = None,
    reading: Reading | None = None,
    found: Draft | None = None,
    tried: Trial | None = None,
) -> str:
    """The page, or its preview alone when the form asks for it while it is being filled."""
    part = "permanence/_preview.html" if web.htmx.target == "preview" else "permanence/form.html"
    mine = services_of_mine()
    service_id = held.service_id if held else fields.get("service", "")
    service = next((each for each in mine if each.id == service_id), None)
    wanted = found.permanence if found else None
    return render_template(
        part,
        fields=fields,
        held=held,
        reading=reading,
        found=found,
        tried=tried,
        questions=rule_words.questions(found),
        weekday=rule_words.weekday(found),
        troubles={**(found.troubles if found else {}), **dict(tried.troubles if tried else ())},
        wanted_site=site(web.db(), wanted.site_id) if wanted else None,
        names=services_by_id(web.db()),
        differs=rule_words.differs(wanted, fields.get("phrase", "")),
        clauses=rule_words.said_back(reading),
        sentences=rule_words.sentences(found),
        services=mine,
        service=service,
        places=_places(),
        hosts=date_form.hosts(web.db(), service_id) if service else [],
        organisations=organisations(web.db()),
        coming=agenda.next_of(web.db(), held.id, web.now()) if held else [],
        follower=_follower(held) if held else None,
        weekdays=WEEKDAYS,
        positions=POSITIONS,
        modes=MODES,
        closure_words=WORDS,
        notice_units=NOTICE_UNITS,
        filled_ranges=rule_words.filled_ranges(fields),
        **frame(),
    )


def end(held: Permanence) -> Answer:
    """Stop a series after a day, today at the soonest."""
    typed = Typed(request.form)
    last = typed.day("last_day")
    if last is None or last < _today():
        typed.trouble("last_day", "missing" if last is None else "past")
        found = Draft(None, Repetition("weekly"), (), (), typed.troubles)
        return page(filled(held), held=held, found=found), 422
    planned = plans.ending(held.id, last, web.now())
    return carried_out(planned, _address(held.id), title=_title(held))


def _kept(wanted: Permanence, planned: Planned) -> Answer:
    return carried_out(planned, _address(wanted.id), title=_title(wanted))


def _planned(wanted: Permanence, held: Permanence | None, cut: date | None) -> Planned:
    if held is None:
        return plans.opening(wanted, web.now())
    if cut is None:
        return plans.editing(wanted, web.now())
    return plans.editing_following(wanted, cut, web.now())


def _cut(fields: Fields, held: Permanence | None) -> tuple[date | None, dict[str, str]]:
    """From which day on a series changes; None for the whole of it."""
    typed = Typed(fields)
    if held is None or typed.text("scope") != "following":
        return None, {}
    cut = typed.day("cut")
    if cut is None:
        typed.trouble("cut", "missing")
    elif cut <= _today():
        typed.trouble("cut", "past")
    return cut, typed.troubles


def _choices(fields: Fields) -> Choices:
    service_id = fields.get("service", "")
    mine = frozenset(each.id for each in services_of_mine())
    known = date_form.hosts(web.db(), service_id) if service_id in mine else []
    return Choices(
        services=mine,
        sites=frozenset(each.id for each, _ in _places()),
        rooms=frozenset(room.id for _, found in _places() for room in found),
        hosts=frozenset(each.id for each in known),
        organisations=frozenset(each.id for each in organisations(web.db())),
    )


def _places() -> list[tuple[Site, list[Room]]]:
    return [(each, rooms(web.db(), each.id)) for each in sites(web.db())]


def _follower(held: Permanence) -> Permanence | None:
    """The rule that takes over from this one, if there is one."""
    if held.last_day is None:
        return None
    later = series.permanences(web.db(), [held.service_id], held.last_day)
    return next((each for each in later if each.follows == held.id), None)


def _title(wanted: Permanence) -> str:
    return services_by_id(web.db())[wanted.service_id].name


def _address(permanence_id: str) -> str:
    return url_for("permanences.edit", permanence_id=permanence_id)


def _today() -> date:
    return place().day(web.now())
