"""House numbers: what a reader can hold in the head."""

import ast

from tests.house.source import modules, proofs, tree

MODULE_LINES = 400
COMMAND_LINES = 70
FUNCTION_LINES = 60
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers"}


def test_modules_are_short() -> None:
    long = {
        path: text.count("\n")
        for path, text in (modules() | proofs()).items()
        if text.count("\n") > MODULE_LINES
    }
    assert not long


def test_commands_are_thin() -> None:
    long = {
        path: text.count("\n")
        for path, text in modules().items()
        if "/management/commands/" in path and text.count("\n") >= COMMAND_LINES
    }
    assert not long


def test_functions_fit_one_screen() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    }
    assert not long


def test_no_module_is_named_after_nothing() -> None:
    named = [path for path in modules() if BANNED & {part.removesuffix(".py") for part in path.split("/")}]
    assert not named


def test_imports_stand_at_the_top() -> None:
    lazy = [f"{path}:{node.lineno}" for path in modules() for node in imports_inside(tree(path))]
    assert not lazy


def imports_inside(module: ast.Module) -> list[ast.stmt]:
    """Imports anywhere but at the top level or under TYPE_CHECKING."""
    allowed: set[ast.AST] = set()
    for node in module.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            allowed.add(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            allowed.update(ast.walk(node))
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in allowed
    ]


def test_the_rule_about_imports_finds_one() -> None:
    hidden = "import a\nif TYPE_CHECKING:\n    import b\ndef f():\n    import c\n"
    assert [node.lineno for node in imports_inside(ast.parse(hidden))] == [5]


def test_settings_stay_short() -> None:
    assert modules()["haicap/config/settings.py"].count("\n") < 300
