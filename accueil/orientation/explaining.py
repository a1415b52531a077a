"""An orientation explained on one line: what a person needs and says in, every verdict out.

    {"needs": […], "facts": {…}, "at": "2026-11-23T10:00"}     each optional
    {"answers": [{"service", "verdict", "reasons", "when"}], "next_question": fact or null}

or `{"error": …}` alone. Nothing of the line is kept.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from accueil.house.sites import Site, front_desk
from accueil.orientation.answers import Answer, orient
from accueil.orientation.catalogue import Catalogue
from accueil.orientation.criteria import OPEN_TO_ALL, Reason
from accueil.orientation.facts import BadFact, read
from accueil.orientation.needs import UnknownNeed, need
from accueil.orientation.triage import EVERYONE, Asking
from accueil.store.db import Db

Say = Callable[[Reason], str]
OUR_TIME = range(1900, 2200)
ERROR_CHARACTERS = 600


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as it is written. `needs` are tags of services, or tiles of the screens; none for
    all. `at` is Paris time when it has no offset; the present when there is none."""

    needs: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    at: str | None = None


class BadLine(ValueError):
    """What was asked cannot be answered; `str` names the key to blame."""


def explain(
    db: Db, catalogue: Catalogue, line: str | bytes, say: Say, now: datetime
) -> dict[str, Any]:
    """What one line gives; `{"error": …}`, naming the key or the word, when it is wrong."""
    try:
        asked = msgspec.json.decode(line, type=Asked)
        return _answer(db, catalogue, asked, say, now)
    except (BadFact, BadLine) as error:
        return {"error": str(error)[:ERROR_CHARACTERS]}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return {"error": f"expected one JSON object: {error}"[:ERROR_CHARACTERS]}


def _answer(db: Db, catalogue: Catalogue, asked: Asked, say: Say, now: datetime) -> dict[str, Any]:
    place = front_desk(db)
    asking = Asking(
        needs=_tags(catalogue, asked.needs),
        facts=read(asked.facts),
        audiences=EVERYONE,
        reception=True,
        most_outside=None,
    )
    at = now if asked.at is None else _instant(place, asked.at)
    found = orient(db, catalogue, place, asking, at)
    first: dict[str, Answer] = {}
    for each in (*found.answers, *found.others):
        first.setdefault(each.listing.id, each)
    return {
        "answers": [_told(place, each, say) for each in first.values()],
        "next_question": found.next_question,
    }


def _told(place: Site, answer: Answer, say: Say) -> dict[str, Any]:
    return {
        "service": answer.listing.id,
        "verdict": answer.verdict,
        "reasons": [say(each) for each in _reasons(answer)],
        "when": _when(place, answer),
    }


def _reasons(answer: Answer) -> Iterable[Reason]:
    """Those of the answer; what has no condition is open to all."""
    if all(each.part != "criteria" for each in answer.reasons):
        yield Reason(OPEN_TO_ALL, answer.verdict)
    yield from answer.reasons


def _when(place: Site, answer: Answer) -> dict[str, Any] | None:
    """Where to go and the hours there; None when nothing of it is known."""
    listing, site, held = answer.listing, answer.site, answer.occurrence
    there = site or listing
    town = " ".join(filter(None, (there.postcode, there.commune)))
    known = {
        "site": site.id if site else None,
        "from": held and _local(site or place, held.starts_at),
        "to": held and _local(site or place, held.ends_at),
        "mode": held and held.mode,
        "next_free": answer.slot and _local(site or place, answer.slot.starts_at),
        "people_ahead": answer.people_ahead,
        "address": ", ".join(filter(None, (there.address, town))) or None,
        "phones": list(listing.phones),
        "hours": listing.hours or None,
    }
    return {"place": answer.place, **known} if any(known.values()) else None


def _tags(catalogue: Catalogue, words: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        if word in catalogue.needs:
            found.add(word)
            continue
        try:
            found |= need(word).tags
        except UnknownNeed:
            raise BadLine(f"need {word!r}: expected a tag of a service, or a tile") from None
    return frozenset(found)


def _instant(place: Site, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"at: expected such as 2026-11-23T10:00, got {text!r}") from None
    if found.year not in OUR_TIME:
        raise BadLine(f"at: expected a year of our time, got {text!r}")
    if found.tzinfo is None:
        return place.instant(found.date(), found.time())
    return found.astimezone(place.zone)


def _local(site: Site, at: datetime) -> str:
    return site.wall_clock(at).replace(tzinfo=None).isoformat(timespec="minutes")
