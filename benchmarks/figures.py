"""Figures: what was measured, what was hoped for, and how both are printed."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "MISSED"


def shown(name: str, value: float, unit: str, note: str = "") -> Figure:
    """A figure without a target."""
    return Figure(name, value, unit, note=note)


def at_most(name: str, value: float, unit: str, limit: float, note: str = "") -> Figure:
    return Figure(name, value, unit, f"≤ {limit:g}", value <= limit, note)


def at_least(name: str, value: float, unit: str, limit: float, note: str = "") -> Figure:
    return Figure(name, value, unit, f"≥ {limit:g}", value >= limit, note)


def table(figures: list[Figure]) -> str:
    rows = [
        (each.name, f"{_number(each.value)} {each.unit}", each.target, each.verdict, each.note)
        for each in figures
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, *others = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
    return "  ".join([name, *others]).rstrip()


def as_json(figures: list[Figure]) -> str:
    """Every figure by its name, on one line."""
    rows = [{**asdict(each), "value": round(each.value, 4)} for each in figures]
    return json.dumps({row.pop("name"): row for row in rows}, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
