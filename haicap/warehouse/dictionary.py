"""The data dictionary of the lake: what each table and column means, and the lists that its ids point to.

The description is a Frictionless Data Package (https://specs.frictionlessdata.io/data-package/), which other
tools read; what that has no word for stands under "haicap". See docs/adr/0025.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.utils import translation

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Catalogue, Terms
from haicap.core.languages import LANGUAGES
from haicap.dossiers.queries import naming
from haicap.units import queries as units

from .manifest import Manifest, checksum
from .meanings import COLUMNS, MEANINGS
from .tables import TABLES

NAME = "haicap"
TYPES = {
    "INTEGER": "integer",
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DECIMAL(18,4)": "number",
}


def dimensions() -> dict[str, pa.Table]:
    """Table name → rows that ids of the facts point to, as they stand today."""
    book = catalogue.current()
    rows = {
        "units": _units(),
        "elements": _elements(book),
        "indicators": _indicators(book),
        "splits": _splits(book),
        "procedures": _procedures(),
    }
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in DIMENSIONS.items()}


def _units() -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "code": one.code, "uid": one.uid, "name": one.full_name, "level": one.level,
            "kind": one.kind, "parent_id": one.parent_id, "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in units.current().ordered
    ]  # fmt: skip


def _elements(book: Catalogue) -> list[dict[str, Any]]:
    asked = _askers(book)
    return [
        {
            "id": one.id, "code": one.code, "uid": one.uid, "unit": one.measure.unit,
            "over_time": one.measure.over_time.value, "over_units": one.measure.over_units.value,
            "over_split": one.measure.over_split.value, "derived": one.derived is not None,
            "kind": one.kind, "integer": one.integer, "asked_by": json.dumps(asked.get(one.code, [])),
            **_said("label", one.labels),
        }
        for one in book.elements.values()
    ]  # fmt: skip


def _indicators(book: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "code": one.code, "uid": one.uid, "version": one.number,
            "numerator": one.numerator, "denominator": one.denominator, "factor": str(one.factor),
            "unit": one.unit, "direction": one.direction.value, "period_kind": one.period_kind.value,
            "rule": one.rule.value, "source": one.source, "basis": one.basis,
            "temporary": one.temporary, "above": _terms(one.numerator_terms, book),
            "below": _terms(one.denominator_terms, book), **_said("label", one.labels),
        }
        for one in book.indicators.values()
    ]  # fmt: skip


def _splits(book: Catalogue) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "uid": one.uid, "combination": one.combination, **_said("label", one.labels)}
        for one in book.splits.values()
    ]


def _procedures() -> list[dict[str, Any]]:
    return [
        {
            "code": one.code, "field": one.field, "legal_days": one.legal_days,
            "online_level": one.online_level, "valid_from": one.valid_from, "valid_to": one.valid_to,
            **_said("label", one.labels),
        }
        for one in naming.procedures()
    ]  # fmt: skip


def _askers(book: Catalogue) -> dict[str, list[tuple[str, int]]]:
    """Element code → the forms that ask it, each with the number of its version."""
    found: dict[str, list[tuple[str, int]]] = {}
    for form in book.forms.values():
        for cell in form.cells:
            found.setdefault(cell.element, []).append((form.code, form.number))
    return found


def _schema(words: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in words.split()] + list(others.items()))


UNITS = _schema(
    "code uid name kind",
    id=pa.int32(), level=pa.int32(), parent_id=pa.int32(), valid_from=pa.date32(), valid_to=pa.date32(),
)  # fmt: skip
ELEMENTS = _schema(
    "code uid unit kind over_time over_units over_split asked_by label_vi label_en label_bn",
    id=pa.int32(), derived=pa.bool_(), integer=pa.bool_(),
)  # fmt: skip
INDICATORS = _schema(
    "code uid numerator denominator above below factor unit direction period_kind rule source basis "
    "label_vi label_en label_bn",
    id=pa.int32(), version=pa.int32(), temporary=pa.bool_(),
)  # fmt: skip
SPLITS = _schema("code uid combination label_vi label_en label_bn")
PROCEDURES = _schema(
    "code field online_level label_vi label_en label_bn",
    legal_days=pa.int32(), valid_from=pa.date32(), valid_to=pa.date32(),
)  # fmt: skip
DIMENSIONS = {
    "units": UNITS,
    "elements": ELEMENTS,
    "indicators": INDICATORS,
    "splits": SPLITS,
    "procedures": PROCEDURES,
}


def _terms(terms: Terms | None, book: Catalogue) -> str:
    """[[element code, coefficient as text], …] as JSON; [] for nothing to divide by."""
    return json.dumps([[book.elements_by_id[id].code, str(weight)] for id, weight in terms or ()])


def _said(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{lang}": labels.get(lang, "") for lang in LANGUAGES}


def package(
    manifest: Manifest,
    tables: Sequence[str],
    format: str,
    files: Mapping[str, Sequence[Path]],
    rows: Mapping[str, int],
    below: Path,
    sources: Mapping[str, str],
) -> dict[str, Any]:
    """The content of datapackage.json; `files` are paths below `below`, by table; `sources`: path → checksum
    of the warehouse file that it was copied from."""
    return {
        "profile": "data-package",
        "name": NAME,
        "created": manifest.made_at,
        "haicap": {
            "snapshot": manifest.id,
            "catalogue": catalogue.version(),
            "years": {name: sorted(e.year for e in manifest.files if e.table == name) for name in tables},
        },
        "resources": [
            {
                "name": name,
                "path": [path.as_posix() for path in files.get(name, ())],
                "format": format,
                "description": _in_all(MEANINGS[name]),
                "haicap": {
                    "rows": rows[name],
                    "sha256": {path.as_posix(): checksum(below / path) for path in files.get(name, ())},
                    "sources": {
                        path.as_posix(): sources[path.as_posix()]
                        for path in files.get(name, ())
                        if path.as_posix() in sources
                    },
                },
                "schema": {"fields": _fields(name)},
            }
            for name in (*tables, *DIMENSIONS)
        ],
    }


def _fields(name: str) -> list[dict[str, Any]]:
    if name in TABLES:
        return [
            {"name": column, "type": TYPES[kind], "description": _in_all(COLUMNS[column])}
            for column, kind in TABLES[name].columns
        ]
    return [
        {"name": field.name, "type": _type(field.type), "description": _in_all(COLUMNS[field.name])}
        for field in DIMENSIONS[name]
    ]


def _type(type: pa.DataType) -> str:
    if pa.types.is_integer(type):
        return "integer"
    return {"date32[day]": "date", "bool": "boolean"}.get(str(type), "string")


def _in_all(words: Any) -> dict[str, str]:
    found = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            found[lang] = str(words)
    return found
