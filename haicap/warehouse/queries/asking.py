"""From an Ibis expression to SQL with named parameters, compiled once per process.

Compiling costs milliseconds, running the kept SQL does not: parameters stand in the expression as
literals "$name" and as relations of lists, and become DuckDB parameters in the compiled tree.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from haicap.warehouse.tables import TABLES

P = ParamSpec("P")
_LISTS = "asked "
_TYPES = {
    "INTEGER": "int32",
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "DECIMAL(18,4)": "decimal(18,4)",
}


def facts(name: str) -> ir.Table:
    columns = {column: _TYPES[kind] for column, kind in TABLES[name].columns}
    return ibis.table(columns, name=name)


def asked(name: str, dtype: str) -> Any:
    """A parameter: one value, or a list for "array<…>"."""
    return ibis.literal(f"${name}").cast(dtype)


def asked_rows(**columns: str) -> ir.Table:
    """Lists of equal length as a relation; the parameter of each column has the column's name."""
    return ibis.table(columns, name=_LISTS + ",".join(columns))


def compiled_once(build: Callable[P, ir.Table]) -> Callable[P, str]:
    """Make a builder of expressions into a builder of SQL that remembers each shape it compiled."""

    kept: dict[tuple[Any, ...], str] = {}

    @wraps(build)
    def sql(*args: P.args, **kwargs: P.kwargs) -> str:
        shape = (*args, *sorted(kwargs.items()))
        if shape not in kept:
            kept[shape] = _sql(build(*args, **kwargs))
        return kept[shape]

    return sql


def _sql(expression: ir.Table) -> str:
    kinds = {
        node.name: {column: str(kind) for column, kind in node.schema.items()}
        for node in expression.op().find(ibis.expr.operations.UnboundTable)
    }

    def parameter(node: sge.Expression) -> sge.Expression:
        if isinstance(node, sge.Literal) and node.is_string and node.this.startswith("$"):
            return sge.Parameter(this=sge.Var(this=node.this[1:]))
        if isinstance(node, sge.Table) and node.name.startswith(_LISTS):
            return sge.Subquery(this=_unnested(kinds[node.name]), alias=node.args.get("alias"))
        if isinstance(node, sge.Table) and node.name in TABLES:
            # `store.ask` puts the files of the years in question here.
            return sge.Table(this=sge.to_identifier(f"{{{node.name}}}"), alias=node.args.get("alias"))
        return node

    tree = DuckDBCompiler().to_sqlglot(expression)
    return tree.transform(parameter).sql("duckdb").replace('"{', "{").replace('}"', "}")


def _unnested(columns: dict[str, str]) -> sge.Select:
    select = sge.Select()
    for name, kind in columns.items():
        whole = sge.Cast(
            this=sge.Parameter(this=sge.Var(this=name)),
            to=sge.DataType.build(f"{_SQL.get(kind, kind)}[]", dialect="duckdb"),
        )
        select = select.select(sge.alias_(sge.Unnest(expressions=[whole]), name, quoted=True))
    return select


_SQL = {"int32": "INTEGER", "string": "VARCHAR", "int8": "TINYINT"}
