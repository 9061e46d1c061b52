"""The tables of records that an element may be counted over, as this room knows them.

A contract: the catalogue may not look into the warehouse, so what a definition may name is declared here, and
tests/catalogue/test_derivations.py holds it against the tables of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What a column holds; WHOLE and NUMBER may be added up."""

    WORD = "word"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """`key`: its different values may be counted. `silent`: a source may have no such column at all; where it
    never says it, nothing follows from it. `values`: all that it can hold, empty for anything."""

    holds: Holds
    key: bool = False
    silent: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactTable:
    """Records with a life: `begins` is never empty, `ends` is while the record is open, `due` may be.

    `state` is the column of where a record stands: those in `unanswered` were withdrawn or stopped, nobody
    owes them anything; those in `over` are over also where nobody noted the day.
    """

    name: str
    begins: str
    due: str
    ends: str
    columns: Mapping[str, Column]
    state: str = ""
    unanswered: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


_YES_NO = ("0", "1")

DOSSIERS = FactTable(
    name="dossiers",
    begins="received",
    due="due",
    ends="finished",
    state="status",
    unanswered=(3, 7, 8),
    over=(9, 10),
    columns={
        "procedure": Column(Holds.WORD, key=True),
        "channel": Column(Holds.WHOLE, silent=True, values=("1", "2", "3")),
        "level": Column(Holds.WORD, silent=True, values=("full", "part", "info")),
        "submitter": Column(Holds.WORD, silent=True, values=("self", "helped", "behalf")),
        "received": Column(Holds.DAY),
        "due": Column(Holds.DAY),
        "finished": Column(Holds.DAY),
        "late": Column(Holds.WHOLE, values=_YES_NO),
        "blame": Column(Holds.WORD, silent=True, values=("unit", "other", "citizen", "sync")),
        "status": Column(Holds.WHOLE),
        "fee": Column(Holds.NUMBER, silent=True),
        "paid_online": Column(Holds.WHOLE, silent=True, values=_YES_NO),
        "digitised_components": Column(Holds.WHOLE, silent=True),
        "digitised_result": Column(Holds.WHOLE, silent=True, values=_YES_NO),
        "satisfaction": Column(Holds.WHOLE, silent=True, values=("1", "2", "3", "4", "5")),
    },
)

TABLES: Mapping[str, FactTable] = {table.name: table for table in (DOSSIERS,)}
