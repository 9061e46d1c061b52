"""Every room looks the same inside, and tells nobody else's business."""

import ast
import re
import sys

import pytest

from tests.house.source import HOUSE, ROOT, modules, room, tree

ROOMS = sorted(path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists())
RECORD_ROOMS = [
    name for name in ("reporting", "dossiers", "literacy", "economy", "guidance") if name in ROOMS
]
SKELETON = {"actions", "queries", "policies", "permissions", "models", "states", "apps", "migrations"}


def test_the_core_needs_python_alone() -> None:
    foreign = [
        f"{path}: {name}"
        for path in modules()
        if room(path) == "core"
        for name in imported(tree(path))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("haicap.core")
    ]
    assert not foreign


def imported(module: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("name", [each for each in ROOMS if each != "core"])
def test_apps_name_the_room_and_nothing_else(name: str) -> None:
    module = tree(f"haicap/{name}/apps.py")
    (config,) = [node for node in module.body if isinstance(node, ast.ClassDef)]
    values = {
        target.id: ast.literal_eval(node.value)
        for node in config.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert values.pop("name") == f"haicap.{name}"
    assert values.pop("label") == name
    assert set(values) <= {"default_auto_field"}
    assert not [node for node in ast.walk(config) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("name", RECORD_ROOMS)
def test_a_record_room_has_the_skeleton(name: str) -> None:
    inside = {path.stem for path in (HOUSE / name).iterdir()}
    assert inside >= SKELETON


def test_foreign_keys_across_rooms_are_strings() -> None:
    direct = [
        f"{path}:{node.lineno}"
        for path in modules()
        if "/models" in path
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("ForeignKey", "OneToOneField", "ManyToManyField"))
        and node.args
        and not isinstance(node.args[0], ast.Constant | ast.Name)
    ]
    assert not direct


def test_no_signals_and_no_flow_in_save() -> None:
    found = [
        path
        for path, text in modules().items()
        if re.search(r"post_save|pre_save|post_delete|pre_delete|m2m_changed", text)
    ]
    assert not found


def test_every_room_is_tested_beside_its_name() -> None:
    untested = [name for name in ROOMS if not list((ROOT / "tests" / name).glob("test_*.py"))]
    assert not untested
