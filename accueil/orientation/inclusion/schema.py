"""data·inclusion schema v1, as its own package says it.

The package costs ten megabytes of memory, and a house imports a directory once a month: it is
loaded when it is first used, and not before.
"""

import importlib.util
import json
import sys
import threading
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, Literal

Kind = Literal["structure", "service"]
KINDS: tuple[Kind, ...] = ("structure", "service")
MODELS: dict[Kind, str] = {"structure": "Structure", "service": "Service"}
# Lists in which the order says nothing: they are kept sorted.
SETS = frozenset(
    (
        "thematiques", "publics", "modes_accueil", "modes_mobilisation", "mobilisable_par",
        "reseaux_porteurs",
    )
)  # fmt: skip


def _lazily(name: str) -> ModuleType:
    """The module of this name, which loads itself when something of it is asked for."""
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return importlib.import_module(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_package = _lazily("data_inclusion.schema")
_first_use = threading.Lock()


@cache
def v1() -> Any:
    """The schema's own module. Two threads that ask first would find it half loaded."""
    with _first_use:
        return _package.v1


def model(kind: Kind) -> Any:
    """The schema's model of a kind of record."""
    return getattr(v1(), MODELS[kind])


@cache
def fields(kind: Kind) -> frozenset[str]:
    """The keys that a record of a kind may have."""
    return frozenset(model(kind).model_fields)


@cache
def required(kind: Kind) -> frozenset[str]:
    """The keys that a record of a kind must have."""
    known = model(kind).model_fields
    return frozenset(name for name, each in known.items() if each.is_required())


@cache
def labels() -> dict[str, str]:
    """What the schema calls each public, in French."""
    return {each.value: each.label for each in v1().Public}


def written(record: Mapping[str, Any]) -> str:
    """A record as it is kept and exported: one line, always the same for the same record.
    `ValueError` if JSON cannot say it."""
    ordered = {
        key: sorted(value) if key in SETS and value else value for key, value in record.items()
    }
    return json.dumps(ordered, ensure_ascii=False, allow_nan=False, sort_keys=True)
