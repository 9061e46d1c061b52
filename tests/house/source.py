"""Every source file of the house, read once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "haicap"


@cache
def modules() -> dict[str, str]:
    """path below the root -> text, of every module of the product; migrations are history, not design"""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted(HOUSE.rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def proofs() -> dict[str, str]:
    folders = [ROOT / "tests", ROOT / "bench", ROOT / "scripts"]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
    }


@cache
def templates() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted(HOUSE.glob("*/templates/**/*"))
        if path.is_file()
    }


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(modules()[path])


def room(path: str) -> str:
    return path.split("/")[1]
