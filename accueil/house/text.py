"""The house as text: TOML files that people edit, read strictly, as a whole or not at all.

A folder holds `house.toml` (sites, rooms, closures), `partners.toml` (organisations and their
services) and `permanences.toml`. `read` checks everything that a text can be wrong about and
raises `Mistake`, which names the file, the key, and what was expected there.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import available_timezones

import msgspec

from accueil.house.languages import Code

Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*\Z")]
Optional = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f]*\Z")]
Phone = Annotated[str, msgspec.Meta(pattern=r"^0[1-9]( [0-9]{2}){4}\Z|^[0-9]{2,4}\Z")]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}\Z")]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=240)]
Assumption = Literal[
    "hours", "end_time", "anchor", "day", "room", "address", "capacity", "booking", "audience",
    "needs", "slot",
]  # fmt: skip
Colour = Literal["pine", "plum", "brick", "ochre", "sea", "moss", "slate", "rose"]
Mode = Literal["walk_in", "appointment", "both", "collective", "partners_only"]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    assumed: tuple[Assumption, ...] = ()


class SiteText(_Strict, frozen=True):
    id: Slug
    name: Line
    address: Optional
    postcode: Optional
    commune: Optional
    timezone: str
    reception: bool
    phone: Phone | Literal[""] = ""
    announce: tuple[Language, ...] = ("fr",)


class RoomText(_Strict, frozen=True):
    id: Slug
    site: Slug
    name: Line
    seats: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1


class ClosureText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: date
    last: date
    reason: Line


class OrganisationText(_Strict, frozen=True):
    id: Slug
    name: Line
    colour: Colour


class ServiceText(_Strict, frozen=True):
    id: Slug
    organisation: Slug
    name: Line
    audience: Literal["public", "staff", "partners"]
    needs: tuple[Slug, ...]
    booking: Literal["house", "partner", "none"]
    about: dict[Language, Line]
    condition: dict[Language, Line] = {}
    phones: tuple[Phone, ...] = ()
    site: Slug | None = None
    reception: bool = False
    late: Minutes = 10
    returning: Minutes = 10


class PermanenceText(_Strict, frozen=True):
    id: Slug
    service: Slug
    site: Slug
    mode: Mode
    rrule: Line
    first: date
    times: Annotated[tuple[tuple[Clock, Clock], ...], msgspec.Meta(min_length=1)]
    said: Optional
    room: Slug | None = None
    slot: Annotated[int, msgspec.Meta(ge=5, le=480)] | None = None
    places: Annotated[int, msgspec.Meta(ge=1, le=200)] = 1


class _House(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    site: Annotated[tuple[SiteText, ...], msgspec.Meta(min_length=1)]
    room: tuple[RoomText, ...] = ()
    closure: tuple[ClosureText, ...] = ()
    languages: tuple[Code, ...] = ()


class _Partners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation: tuple[OrganisationText, ...]
    service: tuple[ServiceText, ...]


class _Permanences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    permanence: tuple[PermanenceText, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseText:
    sites: tuple[SiteText, ...]
    rooms: tuple[RoomText, ...]
    closures: tuple[ClosureText, ...]
    organisations: tuple[OrganisationText, ...]
    services: tuple[ServiceText, ...]
    permanences: tuple[PermanenceText, ...]
    languages: tuple[str, ...] = ()


class Mistake(ValueError):
    """Something in the text of the house is wrong; `str` says where, and what was expected."""

    def __init__(self, file: str, key: str, expected: str):
        super().__init__(f"{file}: {key}: {expected}" if key else f"{file}: {expected}")


def read(folder: Path) -> HouseText:
    """The house described in `folder`; `Mistake` if anything in it is wrong."""
    house = _parse(folder / "house.toml", _House)
    partners = _parse(folder / "partners.toml", _Partners)
    permanences = _parse(folder / "permanences.toml", _Permanences)
    text = HouseText(
        sites=house.site,
        rooms=house.room,
        closures=house.closure,
        organisations=partners.organisation,
        services=partners.service,
        permanences=permanences.permanence,
        languages=house.languages,
    )
    _check_house(text)
    _check_partners(text)
    _check_permanences(text)
    return text


T = TypeVar("T")


def _parse(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
    except FileNotFoundError:
        raise Mistake(path.name, "", f"expected this file in {path.parent}") from None
    except OSError as error:
        raise Mistake(path.name, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Mistake(path.name, "", "expected text encoded in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise Mistake(path.name, "", f"not TOML: {error}") from None
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at ")
        raise Mistake(
            path.name, where.strip("`").removeprefix("$.") or "top level", problem
        ) from None


def _check_house(text: HouseText) -> None:
    file = "house.toml"
    _unique(file, "site", text.sites)
    _unique(file, "room", text.rooms)
    sites = {site.id for site in text.sites}
    for site in text.sites:
        if site.timezone not in available_timezones():
            key = f"site {site.id}, timezone"
            raise Mistake(
                file, key, f"expected an IANA zone such as Europe/Paris, got {site.timezone!r}"
            )
    for room in text.rooms:
        _known(file, f"room {room.id}, site", room.site, sites)
    spans = [(closure.first, closure.last) for closure in text.closures]
    for closure in text.closures:
        if spans.count((closure.first, closure.last)) > 1:
            raise Mistake(file, f"closure {closure.reason!r}", "expected these days once")
        if closure.last < closure.first:
            raise Mistake(
                file, f"closure {closure.reason!r}, last", "expected a day on or after first"
            )
    if not any(site.reception for site in text.sites):
        raise Mistake(file, "site", "expected one site at least with reception = true")


def _check_partners(text: HouseText) -> None:
    file = "partners.toml"
    _unique(file, "organisation", text.organisations)
    _unique(file, "service", text.services)
    organisations = {organisation.id for organisation in text.organisations}
    sites = {site.id for site in text.sites}
    for service in text.services:
        _known(file, f"service {service.id}, organisation", service.organisation, organisations)
        if service.site is not None:
            _known(file, f"service {service.id}, site", service.site, sites)
        if "fr" not in service.about:
            raise Mistake(
                file, f"service {service.id}, about", "expected a sentence for fr at least"
            )
    for site in text.sites:
        desks = [s.id for s in text.services if s.reception and s.site == site.id]
        if site.reception and len(desks) != 1:
            expected = (
                f"expected exactly one service with reception = true, found {desks or 'none'}"
            )
            raise Mistake(file, f"site {site.id}", expected)


def _check_permanences(text: HouseText) -> None:
    file = "permanences.toml"
    _unique(file, "permanence", text.permanences)
    services = {service.id for service in text.services}
    sites = {site.id for site in text.sites}
    rooms = {room.id: room.site for room in text.rooms}
    for permanence in text.permanences:
        name = f"permanence {permanence.id}"
        _known(file, f"{name}, service", permanence.service, services)
        _known(file, f"{name}, site", permanence.site, sites)
        if permanence.room is not None:
            here = {room for room, site in rooms.items() if site == permanence.site}
            _known(file, f"{name}, room", permanence.room, here)
        for start, end in permanence.times:
            if start >= end:
                raise Mistake(file, f"{name}, times", f"expected an end after {start}, got {end}")


def _unique(file: str, kind: str, items: Iterable[Any]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise Mistake(file, f"{kind} {item.id}", "expected each id once")
        seen.add(item.id)


def _known(file: str, key: str, value: str, known: set[str]) -> None:
    if value not in known:
        raise Mistake(file, key, f"expected one of {', '.join(sorted(known))}, got {value!r}")
