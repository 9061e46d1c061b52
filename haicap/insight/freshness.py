"""The version of every figure, definition and unit: what changes when an answer may change."""

from datetime import datetime

from haicap.catalogue import queries as catalogue
from haicap.units import queries as units
from haicap.warehouse import store
from haicap.warehouse.store import Snapshot


def stamp() -> str:
    """Changes when a figure, a definition or a unit changes."""
    snapshot = store.snapshot()
    return f"{snapshot.id}.{catalogue.version()}.{units.version()}.{'w' if snapshot.warning else ''}"


def made_at(snapshot: Snapshot) -> datetime | None:
    return datetime.fromisoformat(snapshot.made_at) if snapshot.made_at else None
