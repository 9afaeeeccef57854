"""The floor plan holds: who may import whom, how large things may grow, what they may be called."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.homes import ROOT

ROOMS = ("intake", "read", "parse", "match", "check", "review")
FLOORS = {
    "model": 0, "errors": 0,
    "settings": 1, "store": 1, "ledger": 1, "codes": 1, "records": 1,
    **dict.fromkeys(ROOMS, 2),
    "amend": 3, "site": 3, "results": 3, "worker": 3, "pool": 3, "reading": 3, "letters": 3, "answered": 3, "judgement": 3, "arrival": 3, "publication": 3, "process": 3, "faces": 3, "standing": 3, "whatif": 3, "rejudging": 3, "recalled": 3, "sendback": 3,
    "desk": 4, "evaluate": 4, "commands": 4, "__main__": 4,
}  # fmt: skip
MODULES = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "assets").rglob("*.py")])
LONGEST_FUNCTION = 60
LONGEST_MODULE = 330
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def part_of(module: Path) -> str:
    """'pipeline/parse/dates.py' -> 'parse'; 'assets' for all of assets; '' for pipeline itself."""
    inside = module.relative_to(ROOT).with_suffix("").parts
    if inside[0] == "assets":
        return "assets"
    return "" if inside[1] == "__init__" else inside[1]


def imports_of(module: Path) -> set[str]:
    """Dotted names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            found.add(node.module or "")
            if node.module == "pipeline":
                found.update(f"pipeline.{alias.name}" for alias in node.names)
    return found


def offence(module: Path) -> list[str]:
    """What a module imports and may not."""
    part = part_of(module)
    own = FLOORS.get(part, 3 if part == "assets" else 0)
    found = []
    for name in sorted(imports_of(module)):
        steps = name.split(".")
        if steps[0] == "dagster" and part != "assets":
            found.append(f"{name}: only assets knows Dagster")
        if steps[0] == "assets" and part not in ("assets", "commands"):
            found.append(f"{name}: only the command line starts the assets")
        if steps[0] != "pipeline" or len(steps) == 1 or steps[1] == part:
            continue
        floor = FLOORS[steps[1]]
        if floor > own or (floor == own == 2):
            found.append(f"{name}: floor {floor} from floor {own}")
    return found


def test_every_part_has_its_floor() -> None:
    assert {part_of(m) for m in MODULES} - {"", "assets"} == set(FLOORS)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_a_module_imports_from_below_only(module: Path) -> None:
    assert offence(module) == []


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("pipeline/parse/dates.py", "import dagster"),
        ("pipeline/parse/dates.py", "from pipeline.check import check"),
        ("pipeline/parse/dates.py", "from pipeline import check"),
        ("pipeline/model/text.py", "from pipeline.store import Store"),
        ("pipeline/ledger/ledger.py", "from pipeline.site import Site"),
        ("pipeline/process.py", "import assets.launch"),
        ("pipeline/site.py", "from pipeline.commands.run import main"),
    ],
)
def test_the_guard_bites(place: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / place
    module.parent.mkdir(parents=True)
    module.write_text(line)
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert offence(module) != []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_fits_the_screen(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module opens with its duty"
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_no_module_is_a_drawer() -> None:
    assert not {part for m in MODULES for part in m.relative_to(ROOT).with_suffix("").parts} & DRAWERS


def test_the_median_function_is_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 10


def test_assets_keep_their_annotations() -> None:
    """Dagster reads them, so postponed evaluation would hide the context from it."""
    for module in (ROOT / "assets").rglob("*.py"):
        assert "__future__" not in imports_of(module)


CALLED_FROM_OUTSIDE = {"defs", "MODULES", "get_from_hint_text", "Recorded", "available"}
"""Dagster's entry, imports that register facts, SQLAlchemy's hook, the engine and the question that tests use."""


def names_of(module: Path) -> set[str]:
    """Functions, classes and constants that a module makes; what a decorator hands on is called by others."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    made = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not n.decorator_list}
    targets = [t for n in tree.body for t in (n.targets if isinstance(n, ast.Assign) else [n.target] if isinstance(n, ast.AnnAssign) else [])]
    return {name for name in made | {t.id for t in targets if isinstance(t, ast.Name)} if not name.startswith("__")}


def test_nothing_is_made_that_nobody_uses() -> None:
    users = [p for folder in ("pipeline", "assets", "scripts", "benchmarks") for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".html")]
    used = Counter(word for path in users for word in re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8")))
    idle = {f"{module.relative_to(ROOT)}: {name}" for module in MODULES for name in names_of(module) - CALLED_FROM_OUTSIDE if used[name] == 1}
    assert idle == set()
