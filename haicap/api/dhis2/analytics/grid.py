"""The answer as DHIS2 writes it: headers, rows of texts, metaData. A cell without a figure is no row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from haicap.api.dhis2 import periodids
from haicap.api.dhis2.analytics import asking, figures
from haicap.api.dhis2.analytics.asking import ATTRIBUTE, COMBO, DATA, PERIOD, UNIT, Question
from haicap.api.dhis2.analytics.figures import Cell
from haicap.api.dhis2.analytics.items import ElementItem, IndicatorItem, Item, RateItem
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.records import Schemes, scheme_of
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.formulas import EXACT
from haicap.catalogue.queries import Catalogue, spoken
from haicap.core import periods
from haicap.tables.csv import write_csv
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.warehouse.store import pinned

HEADINGS = {
    DATA: "Data",
    PERIOD: "Period",
    UNIT: "Organisation unit",
    COMBO: "Category option combo",
    ATTRIBUTE: "Attribute option combo",
}
NUMBERS = ("numerator", "denominator", "factor", "multiplier", "divisor")
DECIMALS, EXACT_DECIMALS = 4, 12


def answered(ask: Ask) -> HttpResponseBase | dict[str, Any]:
    """GET /api/analytics, .json, .csv or .xml."""
    catalogue = catalogue_queries.current()
    question = asking.read(ask, catalogue)
    table = _Table(ask, question, catalogue)
    with pinned():
        rows = [] if ask.flag("skipData", False) else table.rows(figures.cells(question, catalogue))
    if ask.suffix == "csv":
        header = [one["column"] for one in table.headers]
        return StreamingHttpResponse(
            write_csv(rows, header, bom=False), content_type="application/csv; charset=utf-8"
        )
    if ask.suffix == "xml":
        return HttpResponse(_xml(table.headers, rows), content_type="application/xml; charset=utf-8")
    return table.as_json(rows)


class _Table:
    def __init__(self, ask: Ask, question: Question, catalogue: Catalogue) -> None:
        self.ask, self.question, self.catalogue = ask, question, catalogue
        self.names = Names(catalogue, Schemes(scheme_of(ask.text("outputIdScheme")) or "UID"))
        self.short = asking.display_of(ask) == "SHORTNAME"
        self.exact = ask.flag("skipRounding", False)
        self.with_numbers = ask.flag("includeNumDen", False)
        self.lang = get_language() or "vi"
        self.places = {place.id: place for place in question.places}
        self._order = {id: index for index, id in enumerate(self.places)}

    @property
    def headers(self) -> list[dict[str, Any]]:
        found = [_header(name, HEADINGS[name], "TEXT", meta=True) for name in self.question.columns]
        found.append(_header("value", "Value", "NUMBER"))
        if self.with_numbers:
            found += [_header(name, name.capitalize(), "NUMBER") for name in NUMBERS]
        return found

    def rows(self, cells: Iterable[Cell]) -> list[list[str]]:
        """In the order of the address: first column first."""
        order = self.ask.text("order").upper()
        listed = sorted(cells, key=self._place_of)
        if order in ("ASC", "DESC"):
            listed.sort(key=lambda cell: cell.value, reverse=order == "DESC")
        return [self._row(cell) for cell in listed]

    def _place_of(self, cell: Cell) -> tuple[Any, ...]:
        parts: dict[str, Any] = {
            DATA: cell.item,
            PERIOD: cell.period,
            UNIT: self._order.get(cell.place, -1),
            COMBO: cell.split,
            ATTRIBUTE: cell.attribution,
        }
        return tuple(parts[name] for name in self.question.columns)

    def _row(self, cell: Cell) -> list[str]:
        row = [self._name(name, cell) for name in self.question.columns]
        item = self.question.items[cell.item]
        row.append(self._number(cell.value, exact=self.exact or isinstance(item, ElementItem)))
        if self.with_numbers:
            row += self._parts(cell, item)
        return row

    def _parts(self, cell: Cell, item: Item) -> list[str]:
        if not isinstance(item, IndicatorItem):
            return [""] * len(NUMBERS)
        top = "" if cell.numerator is None else self._number(cell.numerator, exact=True)
        bottom = "1" if cell.denominator is None else self._number(cell.denominator, exact=True)
        factor = self._number(cell.factor, exact=True)
        return [top, bottom, factor, factor, "1"]

    def _name(self, column: str, cell: Cell) -> str:
        if column == DATA:
            return self._item_id(self.question.items[cell.item])
        if column == PERIOD:
            return periodids.id_of(self.question.periods[cell.period])
        if column == UNIT:
            return self.names.of_unit(self.places[cell.place])
        return self.names.of_split(cell.split if column == COMBO else cell.attribution)

    def _item_id(self, item: Item) -> str:
        if isinstance(item, RateItem):
            return f"{self.names.of_form(item.form)}.{item.metric}"
        if isinstance(item, IndicatorItem):
            return self.names.of_thing(item.indicator)
        parts = [self.names.of_element(item.element)]
        if item.split is not None or item.attribution is not None:
            parts.append("*" if item.split is None else self.names.of_split(item.split))
        if item.attribution is not None:
            parts.append(self.names.of_split(item.attribution))
        return ".".join(parts)

    def _number(self, value: Decimal, exact: bool) -> str:
        places = Decimal(1).scaleb(-(EXACT_DECIMALS if exact else DECIMALS))
        rounded = value.quantize(places, rounding=ROUND_HALF_UP, context=EXACT)
        text = format(rounded, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text

    def as_json(self, rows: list[list[str]]) -> dict[str, Any]:
        headers = self.headers
        body: dict[str, Any] = {
            "headers": headers,
            "rows": rows,
            "width": len(headers) if rows else 0,
            "height": len(rows),
            "headerWidth": len(headers),
        }
        if not self.ask.flag("skipMeta", False):
            body["metaData"] = self._meta(rows)
        return body

    def _meta(self, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
        question = self.question
        dimensions: dict[str, list[str]] = {
            DATA: [self._item_id(item) for item in question.items],
            PERIOD: [periodids.id_of(one) for one in question.periods],
            UNIT: [self.names.of_unit(place) for place in question.places],
        }
        items: dict[str, dict[str, Any]] = {
            name: {"name": HEADINGS[name]} for name in question.asked if name in HEADINGS
        }
        for item in question.items:
            items[self._item_id(item)] = {"name": self._item_name(item)}
        for period in question.periods:
            items[periodids.id_of(period)] = {"name": periods.label(period, self.lang)}
        for name in question.relative:
            items[name] = {"name": name.replace("_", " ").capitalize()}
        for place in question.places:
            items[self.names.of_unit(place)] = {"name": place.name if self.short else place.full_name}
        for name in (COMBO, ATTRIBUTE):
            used = self._combos(name, rows)
            dimensions[name] = list(used)
            items |= used
        meta: dict[str, Any] = {
            "items": items,
            "dimensions": {n: d for n, d in dimensions.items() if n in question.asked or n == COMBO},
        }
        if self.ask.flag("hierarchyMeta", False):
            meta["ouHierarchy"] = {self.names.of_unit(one): _above(one) for one in question.places}
        return meta

    def _combos(self, name: str, rows: Sequence[Sequence[str]]) -> dict[str, dict[str, str]]:
        """The combinations that appear in the answer."""
        if name not in self.question.columns:
            return {}
        column = self.question.columns.index(name)
        shown = set(dict.fromkeys(row[column] for row in rows))
        found = {}
        for code in ("", *self.catalogue.splits):
            uid = self.names.of_split(code)
            if uid in shown:
                split = self.catalogue.splits.get(code)
                found[uid] = {"name": spoken(split.labels, self.lang) if split else "default"}
        return found

    def _item_name(self, item: Item) -> str:
        if isinstance(item, RateItem):
            metric = item.metric.replace("_", " ").lower()
            return f"{spoken(item.form.labels, self.lang)} - {metric}"
        if isinstance(item, IndicatorItem):
            labels = item.indicator.short_labels if self.short else item.indicator.labels
            return spoken(labels, self.lang) or spoken(item.indicator.labels, self.lang)
        name = spoken(item.element.labels, self.lang)
        for code in (item.split, item.attribution):
            split = self.catalogue.splits.get(code or "")
            name += f" {spoken(split.labels, self.lang)}" if split else ""
        return name


def _header(name: str, column: str, kind: str, meta: bool = False) -> dict[str, Any]:
    java = "java.lang.Double" if kind == "NUMBER" else "java.lang.String"
    return {"name": name, "column": column, "valueType": kind, "type": java, "hidden": False, "meta": meta}


def _above(place: Place) -> str:
    """uids from the root down to the unit's parent."""
    ids = [int(part) for part in place.path.strip("/").split("/")]
    known = units.by_ids(ids)
    return "/".join(known[id].uid for id in ids[:-1] if id in known)


def _xml(headers: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    size = f'width="{len(headers)}" height="{len(rows)}"'
    yield f'<grid xmlns="http://dhis2.org/schema/dxf/2.0" {size}><headers>'
    for one in headers:
        yield f"<header name={quoteattr(one['name'])} column={quoteattr(one['column'])}/>"
    yield "</headers><rows>"
    for row in rows:
        yield "<row>" + "".join(f"<field>{escape(cell)}</field>" for cell in row) + "</row>"
    yield "</rows></grid>"
