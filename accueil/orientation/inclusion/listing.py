"""An imported record as a listing of the directory: what people read of it, who it is for."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from accueil.orientation.inclusion.contacts import printed
from accueil.orientation.inclusion.hours import Opening, from_osm
from accueil.orientation.inclusion.rules import departements_of, needs_of, rule_of
from accueil.orientation.inclusion.schema import Kind, labels
from accueil.orientation.listings import HOUSE, Listing

# Openings as a sentence in French.
Say = Callable[[tuple[Opening, ...]], str]
Record = Mapping[str, Any]
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}")
_MOST_ABOUT, _MOST_HOURS, _MOST_LINE = 400, 300, 200
_ENDS = re.compile(r"[.!?…](?=\s|$)")
_PARTNERS_ONLY = ["professionnels"]
AT_A_DISTANCE = ["a-distance"]


def listing_id(kind: Kind, source: str, record_id: str) -> str:
    """The listing of a record: its own id when that can stand in an address and begins with its
    source, as the schema wants; else one made from it. No two records have the same."""
    plain = _PLAIN_ID.fullmatch(record_id) and "--" not in source
    if kind == "service" and plain and record_id.startswith(f"{source}--"):
        return record_id
    print_ = sha256("\n".join((kind, source, record_id)).encode()).hexdigest()[:20]
    slug = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:40] or "source"
    return f"{slug}--~{print_}"


def listed_as(source: str) -> str:
    """The source of the listings of a source: never the house's own word."""
    return f"~{source}" if source == HOUSE else source


def of_service(record: Record, structure: Record, say: Say) -> Listing:
    """The listing of a service; `structure` is {} when nobody knows it."""
    publics, zone = record.get("publics"), record.get("zone_eligibilite")
    place = record if record.get("adresse") or _is_far(record) else structure
    insee = _line(place.get("code_insee"))
    return Listing(
        id=listing_id("service", record["source"], record["id"]),
        source=listed_as(record["source"]),
        name=_line(record["nom"]),
        organisation=_line(structure.get("nom")),
        about={"fr": summary(record["description"])},
        needs=needs_of(record.get("thematiques") or ()),
        audience="staff" if record.get("mobilisable_par") == _PARTNERS_ONLY else "public",
        departements=departements_of(zone, insee),
        rule=rule_of(publics, zone, labels() if publics else {}),
        url=_either("lien_mobilisation", record, structure) or _line(record.get("lien_source")),
        **_contact(record, structure, place, say),
    )


def of_structure(record: Record, say: Say) -> Listing:
    """The listing of a structure of which no service is known: to be found, never proposed."""
    insee = _line(record.get("code_insee"))
    return Listing(
        id=listing_id("structure", record["source"], record["id"]),
        source=listed_as(record["source"]),
        name=_line(record["nom"]),
        organisation=_line(record["nom"]),
        about={"fr": summary(record["description"])} if record.get("description") else {},
        state="reference",
        departements=departements_of(None, insee),
        url=_line(record.get("site_web") or record.get("lien_source")),
        **_contact(record, {}, record, say),
    )


def summary(text: str) -> str:
    """The first sentences of a text, on one line; what is longer than one sentence may be is cut
    after a word."""
    line = _line(text, most=10_000)
    if len(line) <= _MOST_ABOUT:
        return line
    ends = [found.end() for found in _ENDS.finditer(line[:_MOST_ABOUT])]
    if ends and ends[-1] > _MOST_ABOUT // 4:
        return line[: ends[-1]]
    return f"{line[: _MOST_ABOUT - 1].rpartition(' ')[0] or line[: _MOST_ABOUT - 1]}…"


def _contact(record: Record, structure: Record, place: Record, say: Say) -> dict[str, Any]:
    """Where and when; what a service does not say of itself, its structure says."""
    phone = _either("telephone", record, structure)
    address = [_line(place.get(key)) for key in ("adresse", "complement_adresse")]
    return {
        "address": ", ".join(filter(None, address))[:_MOST_LINE],
        "postcode": _line(place.get("code_postal")),
        "commune": _line(place.get("commune")),
        "insee": _line(place.get("code_insee")),
        "phones": (printed(phone).replace(",", " /"),) if phone else (),
        "email": _either("courriel", record, structure),
        "hours": _hours(_either("horaires_accueil", record, structure, most=2_000), say),
        "verified_on": date.fromisoformat(record["date_maj"]),
    }


def _hours(text: str, say: Say) -> str:
    """Hours in words when they have a plain form, else as they were written."""
    openings = from_osm(text) if text else None
    return say(openings) if openings else text[:_MOST_HOURS]


def _is_far(record: Record) -> bool:
    """Whether a service receives nobody: it is not where its structure is."""
    return record.get("modes_accueil") == AT_A_DISTANCE


def _either(key: str, record: Record, structure: Record, most: int = _MOST_LINE) -> str:
    return _line(record.get(key) or structure.get(key), most)


def _line(text: str | None, most: int = _MOST_LINE) -> str:
    """A text on one line, without what cannot be seen."""
    spaced = " ".join((text or "").split())
    if not spaced.isprintable():
        spaced = "".join(each for each in spaced if each.isprintable())
    return spaced[:most]
