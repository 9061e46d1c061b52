"""Haicap: the operating platform of a province under two-tier local government."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`haicap.open(path)` reads a lake (warehouse/notebook.py). Named by its path, so that whoever imports a
    room does not load a database engine with it."""
    if name == "open":
        return import_module("haicap.warehouse.notebook").open_lake
    raise AttributeError(name)
