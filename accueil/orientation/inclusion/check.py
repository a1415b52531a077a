"""One entry of a data·inclusion file: what is kept of it, or why it cannot be.

The schema's package says what is right, its warnings included. It lets unknown keys and what it
had in version 0 pass without a word, and does not read hours, phones or codes of territories:
that is done here. What names a worker is never kept.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accueil.orientation.inclusion import schema
from accueil.orientation.inclusion.contacts import exported, is_personal
from accueil.orientation.inclusion.hours import from_osm
from accueil.orientation.inclusion.rules import unknown_codes
from accueil.orientation.inclusion.schema import Kind

MOST_OCTETS = 200_000
MOST_ID = 250
_SHOWN = 5
_SEEN = 80
NAME_KEY = "contact_nom_prenom"
# Keys that only version 0 has.
V0 = frozenset(
    (
        "profils", "profils_precisions", "zone_diffusion_code", "zone_diffusion_type",
        "zone_diffusion_nom", "modes_orientation_accompagnateur",
        "modes_orientation_accompagnateur_autres", "modes_orientation_beneficiaire",
        "modes_orientation_beneficiaire_autres", "recurrence", "contact_nom", "contact_prenom",
        "contact_public", "presentation_resume", "presentation_detail", "types", "prise_rdv",
        "pre_requis", "cumulable", "justificatifs", "formulaire_en_ligne", "frais_autres",
        "date_creation", "date_suspension", "page_web", "typologie", "antenne", "rna",
        "horaires_ouverture", "accessibilite", "labels_nationaux", "labels_autres",
    )
)  # fmt: skip
# Why a value cannot be, by what the package calls it, or by how that begins.
_WHY = {
    "missing": "missing", "string_type": "text", "string_unicode": "characters",
    "string_too_short": "short", "string_too_long": "long", "string_pattern": "code",
    "too_short": "few", "set_type": "list", "list_type": "list", "enum": "choice",
    "literal": "choice", "date": "date", "url": "url", "float": "number", "int": "number",
    "finite": "number", "greater": "number",
}  # fmt: skip
_WHY_OF_FIELDS = {
    "code_postal": "code", "code_insee": "code", "siret": "code", "zone_eligibilite": "code",
}  # fmt: skip
_WHY_OF_VALUES = {"courriel": "email", "date_maj": "day", "publics": "exclusive"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of an entry: `number` is its place in its list, from 1; `text` its record."""

    kind: Kind
    number: int
    source: str
    id: str
    text: str
    structure_id: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """`why` is a word: missing, text, short, long, code, few, list, choice, date, day, url, email,
    number, exclusive, characters, too-big, not-an-object, unreadable, twice, v0, twin, other.
    `value` is the beginning of what was read."""

    field: str
    why: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that cannot be taken. `source` and `id` are "" when they could not be read."""

    kind: Kind
    number: int
    source: str
    id: str
    faults: tuple[Fault, ...]

    @property
    def is_nameless(self) -> bool:
        """Whether it may be any entry that was imported before."""
        return not (self.source and self.id) and self.faults[0].why != "not-an-object"


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to know of `count` entries, the first of which are named. `what`: unknown-key,
    schema (its own warning, in `key`), contact-name, mailbox, phone, hours, zone, no-theme,
    no-public, no-zone, no-structure, alone."""

    what: str
    kind: Kind
    key: str
    count: int
    first: tuple[str, ...]


@dataclass(slots=True)
class Notes:
    """Gathers what is noted of entries."""

    _found: dict[tuple[str, Kind, str], list[Any]] = field(default_factory=dict)

    def add(self, what: str, kind: Kind, name: str, key: str = "") -> None:
        known = self._found.setdefault((what, kind, key[:_SEEN]), [0, []])
        known[0] += 1
        if len(known[1]) < _SHOWN:
            known[1].append(name[:_SEEN])

    def told(self) -> tuple[Noted, ...]:
        return tuple(
            Noted(what, kind, key, count, tuple(first))
            for (what, kind, key), (count, first) in sorted(self._found.items())
        )


class _Twice(ValueError):
    """A key that an object has twice."""


def check(kind: Kind, number: int, raw: bytes, notes: Notes) -> Entry | Broken:
    """One entry as it stands in the file. What is worth knowing of it goes to `notes`."""
    said = _read(raw)
    if isinstance(said, Fault):
        return Broken(kind, number, "", "", (said,))
    source, name = _plain(said.get("source")), _plain(said.get("id"))
    old = sorted(V0 & said.keys())
    if old:
        return Broken(kind, number, source, name, tuple(Fault(key, "v0") for key in old))
    title = name or f"n° {number}"
    for key in said.keys() - schema.fields(kind):
        notes.add("unknown-key", kind, title, visible(key))
    record = {key: value for key, value in said.items() if key in schema.fields(kind)}
    faults, warnings = _validated(kind, record)
    if faults:
        return Broken(kind, number, source, name, faults)
    for field_, message in warnings:
        notes.add("schema", kind, title, f"{field_} : {message}")
    kept = _withheld(kind, record, title, notes)
    _note(kind, kept, title, notes)
    return Entry(kind, number, source, name, schema.written(kept), record.get("structure_id", ""))


def visible(text: str) -> str:
    """What a page can show of a text, whatever it was made of."""
    printable = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )
    return printable.encode("utf-8", "replace").decode()[:_SEEN]


def _read(raw: bytes) -> dict[str, Any] | Fault:
    if len(raw) > MOST_OCTETS:
        return Fault("", "too-big")
    try:
        said = json.loads(raw, object_pairs_hook=_once)
    except _Twice as error:
        return Fault(visible(str(error)), "twice")
    except (ValueError, RecursionError):
        return Fault("", "unreadable")
    return said if isinstance(said, dict) else Fault("", "not-an-object")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _validated(
    kind: Kind, record: dict[str, Any]
) -> tuple[tuple[Fault, ...], list[tuple[str, str]]]:
    """The faults of a record, one a field, and the warnings of the schema. Numbers and dates are
    written as the schema reads them."""
    faults: dict[str, Fault] = {}
    warnings = []
    read, errors = _model(kind, record, ignore_warnings=False)
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        if error["type"] == "avertissement":
            warnings.append((name, str(error["msg"])))
        else:
            faults.setdefault(name, _fault(kind, name, error))
    for key in ("source", "id", "structure_id"):
        if key in record and key not in faults and not 0 < len(record[key].strip()) <= MOST_ID:
            faults[key] = Fault(key, "long" if record[key].strip() else "missing")
    if not faults:
        _settle(read or _model(kind, record, ignore_warnings=True)[0], record)
        faults |= {each.field: each for each in _unsayable(record)}
    return tuple(faults.values()), warnings


def _model(
    kind: Kind, record: Mapping[str, Any], *, ignore_warnings: bool
) -> tuple[Any, list[Any]]:
    """The record as the schema reads it, or what it has against it."""
    try:
        context = {"ignore_warnings": ignore_warnings}
        return schema.model(kind).model_validate(record, context=context), []
    except ValueError as error:
        refused: Any = error
        return None, list(refused.errors(include_url=False, include_context=False))


def _fault(kind: Kind, name: str, error: Mapping[str, Any]) -> Fault:
    value, type_ = error["input"], str(error["type"])
    if error["type"] == "missing" or (value is None and name in schema.required(kind)):
        return Fault(visible(name), "missing")
    why = next((ours for theirs, ours in _WHY.items() if type_.startswith(theirs)), "other")
    if type_ == "value_error":
        why = _WHY_OF_VALUES.get(name, "other")
    if why in ("short", "long", "code"):
        why = _WHY_OF_FIELDS.get(name, why)
    shown = value if isinstance(value, str | int | float) else ""
    return Fault(visible(name), why, visible(str(shown)))


def _settle(read: Any, record: dict[str, Any]) -> None:
    """Numbers, days and lists as the schema reads them: "2.35" is 2.35."""
    for key in record:
        value = getattr(read, key)
        if record[key] is None:
            continue
        if key == "date_maj":
            record[key] = value.isoformat()
        elif isinstance(value, float | int):
            record[key] = value
        elif key in schema.SETS:
            record[key] = sorted(set(record[key]))


def _unsayable(record: Mapping[str, Any]) -> Iterable[Fault]:
    """What no JSON file in UTF-8 can say."""
    for key, value in record.items():
        if isinstance(value, float) and not math.isfinite(value):
            yield Fault(key, "number")
        texts = value if isinstance(value, list) else [value]
        if not all(_is_sayable(text) for text in texts if isinstance(text, str)):
            yield Fault(key, "characters")


def _is_sayable(text: str) -> bool:
    """Whether a text holds no half of a character, nor a null one."""
    try:
        text.encode()
        return "\0" not in text
    except UnicodeEncodeError:
        return False


def _withheld(kind: Kind, record: dict[str, Any], title: str, notes: Notes) -> dict[str, Any]:
    """The record without what names somebody who works there."""
    kept = {key: value for key, value in record.items() if key != NAME_KEY}
    if record.get(NAME_KEY):
        notes.add("contact-name", kind, title)
    about = [str(record.get(key) or "") for key in ("nom", "commune")]
    if record.get("courriel") and is_personal(record["courriel"], about):
        notes.add("mailbox", kind, title)
        del kept["courriel"]
    return kept


def _note(kind: Kind, record: Mapping[str, Any], title: str, notes: Notes) -> None:
    """What the schema does not look at."""
    phone, hours = record.get("telephone"), record.get("horaires_accueil")
    if phone and exported(phone) is None:
        notes.add("phone", kind, title)
    if hours and from_osm(hours) is None:
        notes.add("hours", kind, title)
    if kind == "structure":
        return
    for code in unknown_codes(record.get("zone_eligibilite")):
        notes.add("zone", kind, title, visible(code))
    for what, key in (
        ("no-theme", "thematiques"), ("no-public", "publics"), ("no-zone", "zone_eligibilite")
    ):  # fmt: skip
        if not record.get(key):
            notes.add(what, kind, title)


def _plain(value: object) -> str:
    return value if isinstance(value, str) and _is_sayable(value) else ""
