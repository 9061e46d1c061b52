"""A lake for people who calculate: ``haicap.open("lake")`` in a notebook, without a server or settings.

Answers are DuckDB relations: `.arrow()`, `.df()` (needs pandas), `.pl()` (needs polars), `.fetchall()`; they
can be asked on. What the count grammar forbids is refused here as everywhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from haicap.core.counts import Adds, Along
from haicap.core.errors import Refusal

from .tables import ORIGINS

CURRENT, PACKAGE = "current", "datapackage.json"
READERS = {"parquet": "read_parquet", "csv": "read_csv"}
KINDS = {"integer": "INTEGER", "number": "DECIMAL(18,4)", "date": "DATE", "datetime": "TIMESTAMP"}
# A code passes from one unit to the next: it means the one that bears it on the day asked, else on the last
# day of the fact's own window.
BEARS = (
    'units.valid_from::DATE <= coalesce($on::DATE, {facts}."end"::DATE - 1) AND '
    '(units.valid_to IS NULL OR coalesce($on::DATE, {facts}."end"::DATE - 1) < units.valid_to::DATE)'
)
# The figure to show of each unit, period and element asked for; NULL where there is none.
SHOWN = """
    SELECT unit, asked AS period, element,
        first(f.number ORDER BY list_position($origins, f.origin)) AS number
    FROM (SELECT DISTINCT unnest($units) AS unit)
    CROSS JOIN (SELECT DISTINCT unnest($periods) AS asked)
    CROSS JOIN (SELECT DISTINCT unnest($elements) AS element)
    LEFT JOIN (
        SELECT units.code AS of_unit, elements.code AS of_element, facts.*
        FROM "values" facts
        JOIN units ON units.id = facts.unit_id AND $bears
        JOIN elements ON elements.id = facts.element_id
        WHERE scenario = 'official' AND split = '' AND attribution = '' AND rule = $rule
            AND number IS NOT NULL
    ) f ON f.of_unit = unit AND f.of_element = element AND f.period = asked
    GROUP BY unit, asked, element
""".replace("$origins", repr(list(ORIGINS))).replace("$bears", BEARS.format(facts="facts"))
RATIO = f"""
    WITH sides AS (
        SELECT unit, period,
            sum(number * weight) FILTER (side = 'above') AS above,
            sum(number * weight) FILTER (side = 'below') AS below,
            count(*) = count(number) AS whole
        FROM ({SHOWN}) JOIN (
            SELECT t.element AS of_element, t.side AS side, t.weight::DECIMAL(18,6) AS weight
            FROM (SELECT unnest($terms) AS t)
        ) ON of_element = element
        GROUP BY unit, period
    ), told AS (SELECT unit, period, CASE WHEN whole THEN above END AS above,
                       CASE WHEN whole THEN below END AS below, whole FROM sides)
    SELECT {{keys}}, sum(above) AS above, sum(below) AS below,
        $factor::DECIMAL(18,6) * {{value}} AS value,
        count(*) FILTER (whole) AS reported, count(*) AS asked
    FROM told GROUP BY {{keys}} ORDER BY {{keys}}
"""
OVER: dict[Along, str] = {"time": "over_time", "units": "over_units", "split": "over_split"}


def open_lake(path: str | Path) -> "OpenLake":
    """The lake below `path` (a directory that `haicap warehouse export` made, or one snapshot in it).

    Refusal "lake.none" where there is none.
    """
    place = Path(path)
    place = (place / CURRENT if (place / CURRENT).exists() else place).resolve()
    if not (place / PACKAGE).is_file():
        raise Refusal("lake.none", f"{path}: no lake is here (haicap warehouse export DIR makes one)")
    return OpenLake(place)


@dataclass(frozen=True)
class OpenLake:
    """One snapshot, read in place; a newer export does not change what this one sees."""

    path: Path

    @cached_property
    def dictionary(self) -> Mapping[str, Any]:
        """The data package: tables, columns, meanings, rows, checksums."""
        found: Mapping[str, Any] = json.loads((self.path / PACKAGE).read_text("utf-8"))
        return found

    @property
    def snapshot(self) -> str:
        return str(self.dictionary["haicap"]["snapshot"])

    @property
    def tables(self) -> Mapping[str, int]:
        """Rows by table."""
        return {one["name"]: one["haicap"]["rows"] for one in self.dictionary["resources"]}

    @cached_property
    def db(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own with a view for each table."""
        made = duckdb.connect(config={"autoload_known_extensions": False})
        for one in self.dictionary["resources"]:
            made.execute(f'CREATE VIEW "{one["name"]}" AS {self._rows(one)}')
        return made

    def _rows(self, table: Mapping[str, Any]) -> str:
        fields = table["schema"]["fields"]
        if not table["path"]:
            nothing = ", ".join(
                f'NULL::{KINDS.get(one["type"], "VARCHAR")} AS "{one["name"]}"' for one in fields
            )
            return f"SELECT {nothing} WHERE false"
        columns = ", ".join(f'"{one["name"]}"' for one in fields)
        paths = ", ".join("'" + str(self.path / path).replace("'", "''") + "'" for path in table["path"])
        return f"SELECT {columns} FROM {READERS[table['format']]}([{paths}])"

    def sql(self, question: str, **parameters: Any) -> duckdb.DuckDBPyRelation:
        """Any SELECT over the tables; `$name` stands for a parameter."""
        return self.db.sql(question, params=parameters or None)

    def table(
        self,
        name: str,
        *,
        units: Sequence[str] = (),
        periods: Sequence[str] = (),
        elements: Sequence[str] = (),
        on: date | None = None,
    ) -> duckdb.DuckDBPyRelation:
        """Facts with the codes of their units (and elements) beside the ids; nothing given means all. A code
        of `units` means whoever bears it on the day `on`, without one on the last day of each fact's window.

        Refusals "lake.table", and "lake.code" for a code that does not exist.
        """
        if name not in self.tables:
            raise Refusal("lake.table", f"{name}: no such table; there are {', '.join(self.tables)}")
        self._bearers(units, on)
        self._known("elements", elements)
        columns = {one["name"] for one in self._resource(name)["schema"]["fields"]}
        parts, joins, wanted = ["f.*"], "", []
        for column, other, codes in (("unit_id", "units", units), ("element_id", "elements", elements)):
            if column in columns:
                parts.insert(0, f"{other}.code AS {other[:-1]}")
                joins += f" LEFT JOIN {other} ON {other}.id = f.{column}"
                wanted += [f"{other}.code IN (SELECT unnest(${other}))"] if codes else []
        dated = bool(units) and "end" in columns
        wanted += [BEARS.format(facts="f")] if dated else []
        wanted += ["f.period IN (SELECT unnest($periods))"] if periods else []
        asked = {"units": units, "elements": elements, "periods": periods}
        return self.sql(
            f'SELECT {", ".join(parts)} FROM "{name}" f{joins}'
            + (f" WHERE {' AND '.join(wanted)}" if wanted else ""),
            **({"on": on} if dated else {}),
            **{key: list(codes) for key, codes in asked.items() if f"${key})" in " ".join(wanted)},
        )

    def ratio(
        self,
        indicator: str,
        *,
        units: Sequence[str],
        periods: Sequence[str],
        together: bool = False,
        on: date | None = None,
    ) -> duckdb.DuckDBPyRelation:
        """Columns unit, period, above, below, value, reported, asked; value is factor · above ÷ below.

        `together`: one row per period over all units that reported, the sum of their numerators over the sum
        of their denominators, never an average. A missing part leaves a unit without a value, and it is not
        counted in `reported`. `on`: a code means whoever bears it on that day; without it, on the last day of
        each period, so that March 2025 is of the unit that was there in March 2025. Refusals "lake.code",
        "lake.formula".
        """
        columns = "above, below, factor, rule"
        ((above, below, factor, rule, _code),) = self._known("indicators", [indicator], columns)
        sides = {"above": json.loads(above), "below": json.loads(below)}
        if not sides["above"]:
            raise Refusal("lake.formula", f"{indicator}: its formula is no weighted sum")
        self._bearers(units, on)
        terms = [
            {"element": code, "weight": weight, "side": side}
            for side, parts in sides.items()
            for code, weight in parts
        ]
        return self.sql(
            RATIO.format(
                keys="period" if together else "unit, period",
                value="sum(above) / nullif(sum(below), 0)" if sides["below"] else "sum(above)",
            ),
            terms=terms,
            elements=sorted({one["element"] for one in terms}),
            units=list(units),
            periods=list(periods),
            rule=rule,
            factor=factor,
            on=on,
        )

    def total(
        self,
        element: str,
        *,
        over: Along,
        units: Sequence[str],
        periods: Sequence[str],
        rule: str = "nd09",
        on: date | None = None,
    ) -> duckdb.DuckDBPyRelation:
        """The element added over "time" (a row per unit) or "units" (a row per period): columns number,
        reported and asked. Refusal "counts.forbidden" where it does not add up that way.
        """
        self._known("units", units)
        ((adds, _code),) = self._known("elements", [element], OVER[over])
        if adds != Adds.SUM:
            raise Refusal("counts.forbidden", f"{element}: may not be added over {over} ({adds})", along=over)
        key = "unit" if over == "time" else "period"
        return self.sql(
            f"SELECT {key}, sum(number) AS number, count(number) AS reported, count(*) AS asked "
            f"FROM ({SHOWN}) GROUP BY {key} ORDER BY {key}",
            units=list(units),
            periods=list(periods),
            elements=[element],
            rule=rule,
            on=on,
        )

    def _resource(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(one for one in self.dictionary["resources"] if one["name"] == name)
        return found

    def _bearers(self, codes: Sequence[str], on: date | None) -> None:
        self._known("units", codes)
        if on is None:
            return
        rows = self.sql(
            "SELECT code FROM units WHERE valid_from::DATE <= $on "
            "AND (valid_to IS NULL OR $on < valid_to::DATE)",
            on=on,
        ).fetchall()
        if missing := sorted(set(codes) - {code for (code,) in rows}):
            raise Refusal("lake.code", f"{missing[0]}: no unit bears it on {on}", place=missing[0])

    def _known(self, table: str, codes: Sequence[str], columns: str = "code") -> list[tuple[Any, ...]]:
        rows = self.sql(
            f"SELECT {columns}, code FROM {table} WHERE code IN (SELECT unnest($codes))", codes=list(codes)
        ).fetchall()
        if missing := sorted(set(codes) - {row[-1] for row in rows}):
            raise Refusal("lake.code", f"{missing[0]}: not among the {table} of this lake", place=missing[0])
        return rows
