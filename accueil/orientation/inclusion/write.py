"""What the house says of its own services, as records of data·inclusion schema v1.

One record for each public permanence, or for a service that has none, and one for each open
listing outside that was written here. Projects, meetings of professionals and what is for the
staff are nobody else's business. A record says what is known, and leaves out what is not; who may
come and from where is always said, for a reader would guess otherwise.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accueil.house.services import Organisation, Service, reception_service_id, service, services
from accueil.house.sites import Site, Unknown, front_desk, sites
from accueil.orientation.criteria import OPEN, Rule
from accueil.orientation.inclusion.contacts import is_personal
from accueil.orientation.inclusion.hours import to_osm
from accueil.orientation.inclusion.rules import publics_of, themes_of, zone_of
from accueil.orientation.inclusion.texts import (
    description,
    first_phone,
    mailbox,
    place,
    sentence,
    short_name,
    slug,
    url,
)
from accueil.orientation.listings import HOUSE, Listing, listings, of_source
from accueil.planning.series import Permanence, permanences
from accueil.store.db import Db
from accueil.store.instants import from_text

Record = dict[str, Any]
# What the services of a structure have in common is said of it too.
_SHARED = ("commune", "code_postal", "code_insee", "adresse", "telephone", "courriel")
_COMES = ("walk_in", "both", "collective")
_BOOKS = ("appointment", "both", "")


@dataclass(frozen=True, slots=True)
class Words:
    """How the house says things in French: when a permanence is, who a rule is for."""

    when: Callable[[Permanence], str]
    who: Callable[[Rule], str]


@dataclass(frozen=True, slots=True)
class Own:
    """The house's records, in order; `withheld` are the ids of those whose mailbox looks like
    somebody's own, and is not there."""

    structures: tuple[Record, ...]
    services: tuple[Record, ...]
    withheld: tuple[str, ...]


@dataclass(slots=True)
class _Writing:
    """What is known as records are written, and what was written. `town` is that of the desk:
    a partner whose address is not known is there."""

    source: str
    town: Site
    today: date
    words: Words
    changed: dict[str, date]
    sites: dict[str, Site]
    structure_ids: dict[str, str]
    services: dict[str, Record] = field(default_factory=dict)
    structures: dict[str, str] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)


def own_source(db: Db) -> str:
    """The name under which this house exports: who holds its desk, and its town; "" when nothing
    of a house is known."""
    try:
        desk = front_desk(db)
        holder = service(db, reception_service_id(db, desk.id)).organisation.id
    except Unknown:
        return ""
    return "-".join(filter(None, (holder, slug(desk.commune))))


def own_records(db: Db, words: Words, at: datetime) -> Own:
    """Everything that the house exports of its own."""
    source = own_source(db)
    if not source:
        return Own((), (), ())
    known = {each.id: each for each in sites(db)}
    town = front_desk(db)
    offered = services(db)
    ids = {each.organisation.name: each.organisation.id for each in offered}
    writing = _Writing(source, town, town.day(at), words, _changed(db, town), known, ids)
    _write_inside(db, writing, offered)
    for each in of_source(db, HOUSE):
        if each.service_id is None and _is_public(each):
            _write_outside(writing, each)
    written = sorted(writing.services.values(), key=lambda record: str(record["id"]))
    return Own(tuple(_structures(writing)), tuple(written), tuple(sorted(writing.withheld)))


def _write_inside(db: Db, writing: _Writing, offered: list[Service]) -> None:
    known = {each.id: each for each in listings(db, [each.id for each in offered])}
    public = [
        each
        for each in offered
        if each.audience == "public" and each.id in known and _is_public(known[each.id])
    ]
    held = _held(db, [each.id for each in public], writing.today)
    for each in public:
        mine = held.get(each.id, {})
        if not mine:
            _add(writing, each.id, _of_service(writing, each, known[each.id], None))
        for root, permanence in mine.items():
            if permanence.mode != "partners_only":
                name = root if root not in known or root == each.id else f"{root}-permanence"
                _add(writing, name, _of_service(writing, each, known[each.id], permanence))


def _is_public(each: Listing) -> bool:
    return each.state == "open" and each.audience == "public"


def _held(db: Db, ids: list[str], today: date) -> dict[str, dict[str, Permanence]]:
    """The permanences of each service that have not ended, by the first rule of each: one that
    took over from another is the same permanence. The one in force now comes first."""
    before = {row["id"]: row["follows"] for row in db.all("SELECT id, follows FROM permanence")}
    found: dict[str, dict[str, Permanence]] = {}
    for each in sorted(permanences(db, ids, today), key=lambda each: (each.first_day, each.id)):
        root = each.id
        while before.get(root):
            root = before[root]
        found.setdefault(each.service_id, {}).setdefault(root, each)
    return found


def _of_service(
    writing: _Writing, each: Service, known: Listing, permanence: Permanence | None
) -> Record:
    site = writing.sites.get((permanence.site_id if permanence else each.site_id) or "")
    phones = [*each.phones]
    if site and (each.booking == "house" or not phones):
        phones.append(site.phone)
    if site and permanence and each.site_id and permanence.site_id != each.site_id:
        phones = [site.phone, *each.phones]
    day = known.verified_on or _last_change(writing, known, permanence)
    record = _common(writing, known, each.organisation, day) | {
        "description": description(
            known.name,
            each.organisation.name,
            (known.about.get("fr", ""), each.condition.get("fr", "")),
        ),
        "telephone": first_phone(phones),
        **(place(site.address, site.postcode, site.commune) if site else {}),
    }
    town = site or writing.town
    insee = place("", town.postcode, town.commune)["code_insee"]
    record["zone_eligibilite"] = zone_of(known.rule, known.departements, insee, town.postcode)
    record["publics_precisions"] = _who(writing, known.rule) or each.condition.get("fr")
    record |= _when(writing, permanence) if permanence else {}
    return record | _ways(record, permanence.mode if permanence else "")


def _write_outside(writing: _Writing, known: Listing) -> None:
    organisation = Organisation("", known.organisation or known.name, "")
    day = known.verified_on or _last_change(writing, known, None)
    record = _common(writing, known, organisation, day) | {
        "description": description(known.name, known.organisation, (known.about.get("fr", ""),)),
        "telephone": first_phone(known.phones),
        "mobilisation_precisions": known.hours,
        **place(known.address, known.postcode, known.commune, known.insee),
    }
    insee = record.get("code_insee", "")
    record["zone_eligibilite"] = zone_of(known.rule, known.departements, insee, known.postcode)
    record["publics_precisions"] = _who(writing, known.rule)
    _add(writing, known.id, record | _ways(record, ""))


def _common(writing: _Writing, known: Listing, held_by: Organisation, day: date) -> Record:
    """What the records of the house and of others have alike."""
    email = mailbox(known.email)
    if email and is_personal(email, (known.name, known.commune, held_by.name)):
        writing.withheld.append(known.id)
        email = ""
    return {
        "source": writing.source,
        "structure_id": _structure(writing, held_by),
        "nom": short_name(known.name, held_by.name),
        "date_maj": max(min(day, writing.today), date(2000, 1, 1)).isoformat(),
        "thematiques": themes_of(known.needs),
        "publics": publics_of(known.rule),
        "courriel": email,
        "lien_mobilisation": url(known.url),
        "mobilisable_par": ["professionnels", "usagers"],
        "conditions_acces": known.bring,
    }


def _add(writing: _Writing, name: str, record: Record) -> None:
    """Write a record down, without what is not known."""
    key = f"{writing.source}--{name}"
    writing.services[key] = {"id": key} | {name: each for name, each in record.items() if each}


def _when(writing: _Writing, permanence: Permanence) -> Record:
    osm = to_osm(
        permanence.rrule,
        permanence.first_day.weekday(),
        permanence.times,
        permanence.breaks,
        permanence.closed_on,
    )
    return {
        "horaires_accueil": osm,
        "mobilisation_precisions": sentence(writing.words.when(permanence)),
    }


def _ways(record: Record, mode: str) -> Record:
    """How one comes, and how one asks. A permanence is somewhere even when its street is not
    known."""
    ways = {
        "envoyer-un-courriel": record["courriel"],
        "se-presenter": mode in _COMES,
        "telephoner": record["telephone"] and mode in _BOOKS,
        "utiliser-lien-mobilisation": record["lien_mobilisation"],
    }
    return {
        "modes_accueil": ["en-presentiel"] if mode or record.get("adresse") else [],
        "modes_mobilisation": [way for way, is_one in ways.items() if is_one],
    }


def _structures(writing: _Writing) -> Iterator[Record]:
    """The structures that offer what was written, with what their services have in common."""
    for key, name in sorted(writing.structures.items()):
        mine = [each for each in writing.services.values() if each["structure_id"] == key]
        first = mine[0]
        yield {
            "source": writing.source,
            "id": key,
            "nom": name,
            "date_maj": max(each["date_maj"] for each in mine),
            **{
                shared: first[shared]
                for shared in _SHARED
                if shared in first and all(each.get(shared) == first[shared] for each in mine)
            },
        }


def _structure(writing: _Writing, held_by: Organisation) -> str:
    """The id of a structure; two that only look alike have each their own."""
    known = writing.structure_ids
    if held_by.name not in known:
        word, taken = slug(held_by.name) or "structure", set(known.values())
        free = (f"{word}{n}" for n in ("", *(f"-{m}" for m in range(2, len(taken) + 3))))
        known[held_by.name] = next(each for each in free if each not in taken)
    key = f"{writing.source}--{known[held_by.name]}"
    writing.structures[key] = short_name(held_by.name, writing.source)
    return key


def _changed(db: Db, town: Site) -> dict[str, date]:
    """The day of the last change of each listing changed on a screen; under "text" that of the
    house's text, under "planning" that of its permanences."""
    found: dict[str, date] = {}
    for row in db.all(
        "SELECT at, verb, data FROM journal WHERE verb IN ('house loaded', 'directory loaded',"
        " 'listing changed', 'permanence opened', 'permanence changed', 'permanence ended')"
        " ORDER BY seq"
    ):
        said = json.loads(row["data"]).get("listing", "text")
        key = "planning" if row["verb"].startswith("permanence") else str(said)
        found[key] = town.day(from_text(row["at"]))
    return found


def _last_change(writing: _Writing, known: Listing, permanence: Permanence | None) -> date:
    """The last day when somebody changed what a record says; today when nobody knows."""
    keys = ["text", known.id]
    if permanence and permanence.source == "planning":
        keys.append("planning")
    return max((writing.changed[key] for key in keys if key in writing.changed),
               default=writing.today)  # fmt: skip


def _who(writing: _Writing, rule: Rule) -> str:
    return "" if rule == OPEN else writing.words.who(rule)
