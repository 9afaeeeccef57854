"""The floors: who may import whom. Rooms are strangers; pipeline knows nothing of Dagster."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("intake", "read", "parse", "match", "check", "review")
MODULES = sorted(p for p in (ROOT / "pipeline").rglob("*.py"))


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    return names | {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pipeline_knows_nothing_of_dagster_nor_a_room_of_another(path: Path) -> None:
    found = imports(path)
    assert not [m for m in found if m.split(".")[0] in ("dagster", "assets") and "commands" not in path.parts]
    room = path.relative_to(ROOT / "pipeline").parts[0]
    if room in ROOMS:
        others = [m for m in found if m.startswith("pipeline.") and m.split(".")[1] in ROOMS and m.split(".")[1] != room]
        assert not others
