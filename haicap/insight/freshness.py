"""The version of every figure, definition and unit: what changes when an answer may change."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from haicap.catalogue import queries as catalogue
from haicap.units import queries as units
from haicap.warehouse import store
from haicap.warehouse.store import Snapshot

P = ParamSpec("P")
T = TypeVar("T")


def stamp() -> str:
    """Changes when a figure, a definition or a unit changes."""
    snapshot = store.snapshot()
    return f"{snapshot.id}.{catalogue.version()}.{units.version()}.{'w' if snapshot.warning else ''}"


def steady(view: Callable[P, T]) -> Callable[P, T]:
    """Decorator: everything inside sees one snapshot, and its stamp is the stamp of that snapshot.

    Without it a refresh in the middle of a page would file figures of before under the stamp of after.
    """

    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> T:
        with store.pinned():
            return view(*args, **kwargs)

    return held


def made_at(snapshot: Snapshot) -> datetime | None:
    return datetime.fromisoformat(snapshot.made_at) if snapshot.made_at else None
