"""Imports run one way, from the page to the row, and the domain knows nothing of the web."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each may import what stands after it, and itself.
ORDER = (
    "app",
    "blueprints",
    "accueil.simulation",
    "accueil.observatory",
    "accueil.followup",
    "accueil.orientation",
    "accueil.reception",
    "accueil.messages",
    "accueil.planning",
    "accueil.house",
    "accueil.store",
)
WEB = {"app", "blueprints", "flask", "granian", "jinja2", "markupsafe", "werkzeug", "wtforms"}


@dataclass(frozen=True)
class Import:
    """One module importing another, on such a line."""

    module: str
    line: int
    target: str
    inside: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_name(path): path
    for path in [
        *ROOT.glob("app.py"),
        *(ROOT / "accueil").rglob("*.py"),
        *(ROOT / "blueprints").rglob("*.py"),
    ]
}


def imports_of(module: str) -> Iterator[Import]:
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = [
                named if (named := f"{source(module, node)}.{alias.name}") in FILES
                else source(module, node)
                for alias in node.names
            ]  # fmt: skip
        else:
            continue
        for target in targets:
            yield Import(module, node.lineno, target, id(node) in inside)


def source(module: str, node: ast.ImportFrom) -> str:
    """The module named after `from`, dots counted."""
    if not node.level:
        return node.module or ""
    package = module.split(".") if FILES[module].stem == "__init__" else module.split(".")[:-1]
    parents = package[: len(package) - node.level + 1]
    return ".".join([*parents, *filter(None, [node.module])])


IMPORTS = [each for module in sorted(FILES) for each in imports_of(module)]


def layer(module: str) -> str | None:
    """Which of ORDER a module of ours belongs to."""
    return next((name for name in ORDER if module == name or module.startswith(f"{name}.")), None)


def test_every_module_of_the_domain_has_its_place() -> None:
    lost = [module for module in FILES if module != "accueil" and layer(module) is None]
    assert lost == []


def test_imports_run_one_way() -> None:
    backwards = [
        str(each)
        for each in IMPORTS
        if (here := layer(each.module))
        and (there := layer(each.target))
        and ORDER.index(there) < ORDER.index(here)
    ]
    assert backwards == []


def test_the_domain_knows_nothing_of_the_web() -> None:
    found = [
        str(each)
        for each in IMPORTS
        if each.module.startswith("accueil")
        and ((top := each.target.partition(".")[0]) in WEB or top.startswith("flask_"))
    ]
    assert found == []


def test_only_the_store_knows_which_engine_runs() -> None:
    engines = {"sqlite3", "sqlite_utils", "psycopg", "accueil.store.sqlite"}
    found = [
        str(each)
        for each in IMPORTS
        if layer(each.module) != "accueil.store"
        and (each.target in engines or each.target.partition(".")[0] in engines)
    ]
    assert found == []


def is_surface(module: str) -> bool:
    """Whether a module of `blueprints` answers addresses of its own: it makes a Blueprint."""
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    return any(
        isinstance(target, ast.Name) and target.id == "bp"
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def test_only_the_application_imports_a_surface() -> None:
    surfaces = {
        module for module in FILES if module.startswith("blueprints.") and is_surface(module)
    }
    assert len(surfaces) > 10
    found = [str(each) for each in IMPORTS if each.target in surfaces and each.module != "app"]
    assert found == []


def test_nothing_is_imported_inside_a_function() -> None:
    assert [str(each) for each in IMPORTS if each.inside] == []


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        module: {each.target for each in IMPORTS if each.module == module and each.target in FILES}
        for module in FILES
    }
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    "module",
    ["recurrence", "phrases", "expansion", "preview", "calendars", "absences", "calendar_files"],
)
def test_what_is_pure_reads_no_state(module: str) -> None:
    found = [
        each for each in IMPORTS if f"{each.module}.".startswith(f"accueil.planning.{module}.")
    ]
    assert found
    assert [str(each) for each in found if each.target.startswith("accueil.store")] == []
