"""The plan of the house, read off the imports: they go down only (CONTRIBUTING.md)."""

import ast
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

APP = Path(__file__).resolve().parent.parent / "exercises"
FILES = sorted(
    path for path in APP.rglob("*.py") if "migrations" not in path.parts and path.name != "__init__.py"
)
# The floor of each room; a room may import its own floor only where it says so below.
FLOORS = {
    "guideline": 0,
    "days": 0,
    "adherence": 0,
    "keeping_up": 0,
    "came_back": 0,
    "charts": 0,
    "catalogue": 0,
    "demo_people": 0,
    "codes": 0,
    "security": 0,
    "session_keys": 0,
    "user_agents": 0,
    "wording": 0,
    "learn": 1,
    "measures": 0,
    "limits": 1,
    "measure_words": 1,
    "passwords": 1,
    "words": 1,
    "tonight": 1,
    "cheers": 1,
    "models": 1,
    "access": 2,
    "joining": 2,
    "queries": 2,
    "services": 3,
    "forms": 3,
    "exports": 3,
    "emails": 3,
}
TOP = 4
# Inside a floor: who may look at whom.
NEIGHBOURS = {
    "came_back": {"days"},
    "adherence": {"guideline", "days"},
    "days": {"guideline"},
    "keeping_up": {"adherence", "days", "guideline"},
    "words": {"models"},
    "models": {"words"},
    "queries": {"access", "joining"},
    "joining": {"access"},
    "services": {"emails"},
}


def room(path):
    relative = path.relative_to(APP)
    return relative.parts[0].removesuffix(".py")


def imported_modules(path):
    """Every module of this app that a file imports, as its path inside the app: ``models.people``."""
    package = ("exercises", *path.relative_to(APP).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("exercises.") for name in names if name.startswith("exercises."))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_imports_go_down_only(path):
    own = room(path)
    floor = FLOORS.get(own, TOP)
    for module in imported_modules(path):
        other = module.split(".")[0]
        if other == own:
            continue
        other_floor = FLOORS.get(other, TOP)
        allowed = other_floor < floor or floor == TOP or other in NEIGHBOURS.get(own, ())
        assert allowed, f"{own} (floor {floor}) imports {module} (floor {other_floor})"


@pytest.mark.parametrize(
    "name",
    ["guideline", "days", "adherence", "keeping_up", "codes", "security", "measures", "came_back", "charts"],
)
def test_the_ground_floor_is_the_standard_library(name):
    foreign = set()
    for node in ast.walk(ast.parse((APP / f"{name}.py").read_text())):
        if isinstance(node, ast.Import):
            foreign |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            foreign.add(node.module.split(".")[0])
    assert foreign <= sys.stdlib_module_names


def names_used(path):
    return {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if room(path) in ("views", "templatetags")],
    ids=lambda path: str(path.relative_to(APP)),
)
def test_views_and_tags_never_ask_the_database_themselves(path):
    assert "objects" not in names_used(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_only_access_and_the_top_floor_see_a_request(path):
    if FLOORS.get(room(path), TOP) == TOP or room(path) == "access":
        return
    arguments = {
        arg.arg
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        for arg in (*node.args.args, *node.args.kwonlyargs)
    }
    assert "request" not in arguments


ROLE_NAMES = {"patient", "parent", "therapist", "administrator"}


def test_only_access_compares_roles():
    """Elsewhere a role is data (a column, a label), never a decision."""
    for path in FILES:
        if room(path) in ("access", "models") or "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                words = {
                    n.value
                    for n in ast.walk(node)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
                assert not words & ROLE_NAMES or path.name == "totals.py", f"{path}:{node.lineno}"


def test_files_fit_their_rooms():
    for path in FILES:
        most = {"views": 300, "models": 600}.get(room(path), 600)
        assert len(path.read_text().splitlines()) <= most, path


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


def test_every_page_of_a_patient_is_guarded():
    guarded = [(route, entry) for route, entry in patterns() if "<uuid:code>" in route]
    assert len(guarded) > 10
    for route, entry in guarded:
        assert hasattr(entry.callback, "patient_rights"), f"{route} lacks @patient_view"


def test_no_page_of_a_patient_hides_behind_another_converter():
    for route, _entry in patterns():
        assert not route.startswith("patients/") or route.startswith("patients/<uuid:code>/"), route
