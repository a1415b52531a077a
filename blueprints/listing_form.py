"""The form of a listing: filled from one that is kept, and read back, strictly.

What the house's text says of a service of its own (TEXT_FIELDS) is shown and never read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from accueil.house.communes import Commune, UnknownCommune, by_insee, find, named
from accueil.orientation.inclusion.contacts import is_personal
from accueil.orientation.listings import UNITS, Listing, Places, State
from accueil.orientation.needs import NEEDS
from accueil.planning.contact import BadPhone, read_phone
from blueprints.typed import Fields, Typed

AUDIENCES = ("public", "staff", "partners")
STATES: tuple[State, ...] = get_args(State)
ABOUT = ("fr", "en", "ar")
TEXT_FIELDS = ("name", "organisation", "audience", "needs", "about", "phones")
_SENTENCES = ("hours", "bring", "about-fr", "about-en", "about-ar")
_LINES = {"name": 150, "organisation": 150, "address": 200, "email": 200, "url": 300}
LONGEST = _LINES | dict.fromkeys(_SENTENCES, 400)
MOST_PLACES, MOST_PHONES, MOST_NEAR = 99_999, 6, 6
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_SHORT = re.compile(r"[1-9]\d{1,3}|11[67]\d{3}")
_POSTCODE = re.compile(r"\d{5}")
_DEPARTEMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[678]")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed; `listing` is what it makes, None when something cannot be used. `near` are
    the communes that may have been meant."""

    typed: Typed
    listing: Listing | None
    near: tuple[Commune, ...] = ()


def tags(held: Listing) -> list[str]:
    """The needs that a listing may be given, those of the same tile together."""
    known = dict.fromkeys(tag for need in NEEDS for tag in sorted(need.tags))
    return [*known, *sorted(held.needs - known.keys())]


def fields_of(held: Listing) -> Fields:
    """The fields of a listing that is kept."""
    places = held.places
    fields: Fields = MultiDict(
        {
            **{name: getattr(held, name) for name in ("id", "name", "organisation", "audience")},
            **{name: getattr(held, name) for name in ("address", "postcode", "commune", "email")},
            **{name: getattr(held, name) for name in ("url", "hours", "bring", "state")},
            **{f"about-{code}": held.about.get(code, "") for code in ABOUT},
            "phones": ", ".join(held.phones),
            "departements": ", ".join(held.departements),
            "total": "" if places.total is None else str(places.total),
            "left": "" if places.left is None else str(places.left),
            "unit": places.unit,
            "version": str(held.version),
        }
    )
    fields.setlist("needs", sorted(held.needs))
    fields.setlist("missing", list(held.missing))
    return fields


def read(fields: Fields, held: Listing, today: date) -> Filled:
    """The listing that a form makes of `held`; what cannot be used is among the troubles."""
    typed = Typed(fields)
    place, near = _place(typed, held)
    wanted = replace(
        held if held.service_id else _own(typed, held),
        address=_line(typed, "address"),
        postcode=typed.text("postcode"),
        commune=place.name if place else "",
        insee=place.insee if place else "",
        email=_email(typed),
        url=_url(typed, held),
        hours=_line(typed, "hours"),
        bring=_line(typed, "bring"),
        state=next(each for each in STATES if each == _one(typed, "state", STATES, held.state)),
        departements=_departements(typed),
        places=_places(typed, held.places, today),
        missing=tuple(word for word in held.missing if word in fields.getlist("missing")),
        version=typed.number("version", 0, 999_999) or 0,
    )
    if place and len(place.postcodes) == 1 and not wanted.postcode:
        wanted = replace(wanted, postcode=place.postcodes[0])
    return Filled(typed, None if typed.troubles else wanted, near)


def differences(typed: Fields, kept: Fields) -> list[tuple[str, str]]:
    """The fields that are not the same as what is kept, each with what is kept."""
    return [
        (name, ", ".join(filter(None, kept.getlist(name))))
        for name in kept
        if name not in ("id", "version")
        and name in typed.keys() | {"needs", "missing"}
        and sorted(filter(None, typed.getlist(name))) != sorted(filter(None, kept.getlist(name)))
    ]


def _own(typed: Typed, held: Listing) -> Listing:
    """With what the house's text says of its own services, and this form of the others."""
    for name in ("name", "organisation"):
        if not typed.text(name):
            typed.trouble(name, "missing")
    about = {code: _line(typed, f"about-{code}") for code in ABOUT}
    known = tags(held)
    return replace(
        held,
        name=_line(typed, "name"),
        organisation=_line(typed, "organisation"),
        audience=_one(typed, "audience", AUDIENCES, held.audience),
        needs=frozenset(tag for tag in typed.fields.getlist("needs") if tag in known),
        about={code: text for code, text in about.items() if text},
        phones=_phones(typed),
    )


def _line(typed: Typed, name: str) -> str:
    text = " ".join(typed.text(name).split())
    if len(text) > LONGEST[name] or not text.isprintable():
        typed.trouble(name, "long")
    return text


def _one(typed: Typed, name: str, known: Iterable[str], otherwise: str) -> str:
    return typed.one_of(name, tuple(known)) or otherwise


def _place(typed: Typed, held: Listing) -> tuple[Commune | None, tuple[Commune, ...]]:
    """The commune that is meant, or those that may be: one chosen among them is in `insee`."""
    chosen, commune, postcode = (typed.text(name) for name in ("insee", "commune", "postcode"))
    if chosen:
        try:
            return by_insee(chosen), ()
        except UnknownCommune:
            typed.trouble("commune", "unknown")
            return None, ()
    if postcode and not _POSTCODE.fullmatch(postcode):
        typed.trouble("postcode", "postcode")
        return None, ()
    if not commune and not postcode:
        return None, ()
    if held.insee and (commune, postcode) == (held.commune, held.postcode):
        return by_insee(held.insee), ()
    return _among(typed, commune, postcode)


def _among(typed: Typed, commune: str, postcode: str) -> tuple[Commune | None, tuple[Commune, ...]]:
    found = named(commune) if commune else named(postcode)
    there = [each for each in found if _fits(each, postcode)]
    if len(there) == 1:
        return there[0], ()
    if not found:
        typed.trouble("commune", "unknown")
        return None, _near(commune, postcode)
    typed.trouble("commune", "which" if there else "elsewhere")
    return None, tuple((there or found)[:MOST_NEAR])


def _fits(commune: Commune, postcode: str) -> bool:
    """Whether a postcode is the commune's, or at least, for a CEDEX, its département's."""
    if not postcode or postcode in commune.postcodes:
        return True
    return not named(postcode) and any(each[:2] == postcode[:2] for each in commune.postcodes)


def _near(commune: str, postcode: str) -> tuple[Commune, ...]:
    """Those of the postcode, or those whose names begin most alike."""
    found = named(postcode) if postcode else []
    for length in range(len(commune), 2, -1):
        found = found or find(commune[:length], MOST_NEAR)
    return tuple(found[:MOST_NEAR])


def _phones(typed: Typed) -> tuple[str, ...]:
    """French numbers, and the short ones (115, 39 19), each once."""
    found = [_phone(typed, text) for text in re.split(r"[,;\n/]", typed.text("phones"))]
    numbers = tuple(dict.fromkeys(filter(None, found)))
    if len(numbers) > MOST_PHONES:
        typed.trouble("phones", "phones")
    return numbers


def _phone(typed: Typed, text: str) -> str | None:
    plain = re.sub(r"[\s.\-]", "", text)
    if _SHORT.fullmatch(plain):
        return plain
    try:
        number = read_phone(text)
    except BadPhone:
        number = "+"
    if number and number.startswith("+"):
        typed.trouble("phones", "phone")
        return None
    return number


def _email(typed: Typed) -> str:
    text = _line(typed, "email")
    if text and not _EMAIL.fullmatch(text):
        typed.trouble("email", "email")
    elif text and is_personal(text, (typed.text("name"), typed.text("commune"))):
        typed.trouble("email", "personal")
    return text


def _url(typed: Typed, held: Listing) -> str:
    """An address of the web, https unless it is the one that was kept."""
    text = _line(typed, "url")
    if not text or text == held.url:
        return text
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        good = False
    if not good or " " in text:
        typed.trouble("url", "url")
    return text


def _departements(typed: Typed) -> tuple[str, ...]:
    codes = re.split(r"[\s,;]+", typed.text("departements").upper())
    found = tuple(dict.fromkeys(filter(None, codes)))
    if not all(map(_DEPARTEMENT.fullmatch, found)):
        typed.trouble("departements", "departements")
    return found


def _places(typed: Typed, held: Places, today: date) -> Places:
    total = typed.number("total", 0, MOST_PLACES)
    left = typed.number("left", 0, MOST_PLACES)
    if left is not None and left > (total or 0) and "total" not in typed.troubles:
        typed.trouble("left", "left")
    unit = _one(typed, "unit", UNITS, held.unit)
    kept = left == held.left
    return replace(
        held,
        total=total,
        left=left,
        unit=next(each for each in UNITS if each == unit),
        on=(held.on if kept else today) if left is not None else None,
    )
