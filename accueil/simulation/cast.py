"""The cast of a simulated day, as it is written in a file."""

import tomllib
from pathlib import Path
from typing import Any

from accueil.simulation.day import Cast, Host, Service


def read(path: Path) -> Cast:
    """The services and the hosts that a `cast.toml` names."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return Cast(
        services=tuple(Service(**each) for each in text["service"]),
        hosts=tuple(_host(each) for each in text["host"]),
    )


def _host(row: dict[str, Any]) -> Host:
    return Host(
        login=row["login"],
        room=row["room"],
        services=tuple(row["services"]),
        hours=tuple((minutes(start), minutes(end)) for start, end in row["hours"]),
        late=row.get("late", False),
    )


def minutes(clock: str) -> float:
    """ "9:30" as minutes since midnight."""
    hour, minute = clock.split(":")
    return float(int(hour) * 60 + int(minute))
