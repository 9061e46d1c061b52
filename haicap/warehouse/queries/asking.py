"""From an Ibis expression to a question that is compiled once per process and engine.

Compiling costs milliseconds, running the kept SQL does not: parameters stand in the expression as literals
"$name" and as relations of lists (engines/dialects.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, ParamSpec

import ibis
import ibis.expr.types as ir

from haicap.warehouse.engines import dialects
from haicap.warehouse.engines.dialects import LISTS, SparkQuestion
from haicap.warehouse.tables import TABLES

P = ParamSpec("P")
_TYPES = {
    "INTEGER": "int32",
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "DECIMAL(18,4)": "decimal(18,4)",
}


@dataclass(frozen=True, eq=False)
class Question:
    """An expression whose SQL is made when an engine first asks for it."""

    expression: ir.Table

    @cached_property
    def duckdb(self) -> str:
        return dialects.duckdb(self.expression)

    @cached_property
    def spark(self) -> SparkQuestion:
        return dialects.spark(self.expression)


def facts(name: str) -> ir.Table:
    columns = {column: _TYPES[kind] for column, kind in TABLES[name].columns}
    return ibis.table(columns, name=name)


def asked(name: str, dtype: str) -> Any:
    """A parameter: one value, or a list for "array<…>"."""
    return ibis.literal(f"${name}").cast(dtype)


def asked_rows(**columns: str) -> ir.Table:
    """Lists of equal length as a relation; the parameter of each column has the column's name."""
    return ibis.table(columns, name=LISTS + ",".join(columns))


def compiled_once(build: Callable[P, ir.Table]) -> Callable[P, Question]:
    """Make a builder of expressions into a builder of questions that remembers each shape it built."""

    kept: dict[tuple[Any, ...], Question] = {}

    @wraps(build)
    def question(*args: P.args, **kwargs: P.kwargs) -> Question:
        shape = (*args, *sorted(kwargs.items()))
        if shape not in kept:
            kept[shape] = Question(build(*args, **kwargs))
        return kept[shape]

    return question
