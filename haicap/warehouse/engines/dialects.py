"""One expression in the SQL of each engine, with the same named parameters.

In the expression a parameter is the literal "$name", lists of equal length are a table named "asked a,b", and
facts are a table of `TABLES`: here they become what the engine understands. `{values}` in the SQL stands for
the facts of the years in question, which whoever asks puts there.
"""

from collections.abc import Callable
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL, STAR
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

from haicap.warehouse.tables import TABLES

LISTS = "asked "
Kinds = dict[str, dict[str, str]]
_IN_DUCKDB = {"int32": "INTEGER", "string": "VARCHAR", "int8": "TINYINT"}
_IN_SPARK = {"int32": "INT", "string": "STRING", "int8": "TINYINT"}


class SparkQuestion(NamedTuple):
    """`tables` of facts stand in `sql` as {name}. `relations`: parameter → the columns whose lists it takes
    as one JSON text; every other parameter is a text too, for the SQL says of what kind each is."""

    sql: str
    tables: tuple[str, ...]
    relations: dict[str, tuple[str, ...]]
    lists: tuple[str, ...]


class _SparkCompiler(PySparkCompiler):
    """Ibis counts `where` as a sum of conditions, which is NULL where every condition is; a count is not."""

    def visit_CountStar(self, op, *, arg, where):  # type: ignore[no-untyped-def]  # noqa: N802
        return self.f.count(STAR if where is None else self.if_(where, 1, NULL))


def duckdb(expression: ir.Table) -> str:
    kinds = _kinds(expression)

    def parameter(node: sge.Expression) -> sge.Expression:
        if name := _named(node):
            return sge.Parameter(this=sge.Var(this=name))
        return _relation(node, lambda table: _unnested(kinds[table]))

    tree = DuckDBCompiler().to_sqlglot(expression).transform(parameter)
    return _open(tree.sql("duckdb"), '"')


def spark(expression: ir.Table) -> SparkQuestion:
    kinds = _kinds(expression)
    lists: list[str] = []

    def parameter(node: sge.Expression) -> sge.Expression:
        # a whole list in one text: the parser of Spark has a number of parameters that it can bear
        if isinstance(node, sge.Cast) and node.to.this is sge.DataType.Type.ARRAY and _named(node.this):
            lists.append(_named(node.this))
            kind = node.to.sql("spark").lower()
            return _from_json(_named(node.this), kind)
        if name := _named(node):
            return sge.Placeholder(this=name)
        return _relation(node, lambda table: _inlined(table, kinds[table]))

    sql = _open(_SparkCompiler().to_sqlglot(expression).transform(parameter).sql("spark"), "`")
    relations = {_as_parameter(table): tuple(columns) for table, columns in kinds.items()}
    tables = tuple(name for name in TABLES if f"{{{name}}}" in sql)
    return SparkQuestion(sql, tables, relations, tuple(dict.fromkeys(lists)))


def _kinds(expression: ir.Table) -> Kinds:
    """Columns and types of each table "asked …"."""
    return {
        node.name: {column: str(kind) for column, kind in node.schema.items()}
        for node in expression.op().find(ibis.expr.operations.UnboundTable)
        if node.name.startswith(LISTS)
    }


def _named(node: sge.Expression) -> str:
    """The name of the parameter that this literal stands for, "" for any other node."""
    found = isinstance(node, sge.Literal) and node.is_string and node.this.startswith("$")
    return node.this[1:] if found else ""


def _open(sql: str, quote: str) -> str:
    """Tables of facts without their quotes: `ask` puts the facts themselves there."""
    for table in TABLES:
        sql = sql.replace(f"{quote}{{{table}}}{quote}", f"{{{table}}}")
    return sql


def _relation(node: sge.Expression, lists: Callable[[str], sge.Select]) -> sge.Expression:
    if isinstance(node, sge.Table) and node.name.startswith(LISTS):
        return sge.Subquery(this=lists(node.name), alias=node.args.get("alias"))
    if isinstance(node, sge.Table) and node.name in TABLES:
        return sge.Table(this=sge.to_identifier(f"{{{node.name}}}"), alias=node.args.get("alias"))
    return node


def _unnested(columns: dict[str, str]) -> sge.Select:
    select = sge.Select()
    for name, kind in columns.items():
        whole = sge.Cast(
            this=sge.Parameter(this=sge.Var(this=name)),
            to=sge.DataType.build(f"{_IN_DUCKDB.get(kind, kind)}[]", dialect="duckdb"),
        )
        select = select.select(sge.alias_(sge.Unnest(expressions=[whole]), name, quoted=True))
    return select


def _inlined(table: str, columns: dict[str, str]) -> sge.Select:
    fields = ", ".join(f"`{name}`: {_IN_SPARK.get(kind, kind)}" for name, kind in columns.items())
    rows = _from_json(_as_parameter(table), f"array<struct<{fields}>>")
    return sge.Select().select(sge.Anonymous(this="inline", expressions=[rows]))


def _from_json(parameter: str, kind: str) -> sge.Anonymous:
    """What cannot be read stops the question: a NULL in its place would be another question."""
    strict = sge.Anonymous(
        this="map", expressions=[sge.Literal.string("mode"), sge.Literal.string("FAILFAST")]
    )
    return sge.Anonymous(
        this="from_json",
        expressions=[sge.Placeholder(this=parameter), sge.Literal.string(kind), strict],
    )


def _as_parameter(table: str) -> str:
    return "rows_" + table.removeprefix(LISTS).replace(",", "_")
