"""What is held already: figures of elements of the communes of one owner for one period, with the snapshot.

The answer to an asking department. A figure is read where a form collects it for that very window, else
worked out from shorter periods as far as the measure of the element allows; a missing part leaves a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from haicap.catalogue import gate
from haicap.catalogue.queries import Catalogue, Element, Form
from haicap.core.counts import Adds
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.warehouse import store
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.cells import Ratio

ONE = Decimal(1)


@dataclass(frozen=True)
class Source:
    """Where an element's figures come from: the collecting form and the periods they are made of."""

    form: Form
    tiles: tuple[Period, ...]

    @property
    def derived(self) -> bool:
        return len(self.tiles) > 1


@dataclass(frozen=True)
class HeldFigure:
    """`lacking`: how many of the periods needed have no figure; `missing`: the reason given, if any."""

    value: Decimal | None
    provisional: bool = False
    lacking: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Column:
    """`total` over the units that have a figure, None where the count grammar forbids the sum or none has."""

    element: Element
    source: Source | None
    have: int
    total: Decimal | None


@dataclass(frozen=True)
class Held:
    owner: Place
    period: Period
    snapshot: store.Snapshot
    columns: tuple[Column, ...]
    places: tuple[Place, ...]
    figures: dict[tuple[int, str], HeldFigure]

    @property
    def complete(self) -> int:
        """Units with every figure asked."""
        return sum(
            all(self.figures[place.id, column.element.code].value is not None for column in self.columns)
            for place in self.places
        )


def source_of(element: Element, period: Period, catalogue: Catalogue, owner: Place) -> Source | None:
    """The form in force that needs the fewest periods for that window: a figure goes before a sum."""
    found = []
    for form in catalogue.forms.values():
        if element.code not in form.elements or not _asks(form, owner):
            continue
        if form.window is not None:
            same = (form.window.start, form.window.end) == (period.start, period.end)
            tiles = [form.window] if same else []
        else:
            adds = element.measure.over_time
            exact = form.kind is period.kind and form.rule is period.rule
            tiles = [period] if exact else gate.tiles_of(period.start, period.end, form.kind, form.rule, adds)
        if tiles:
            found.append(Source(form, tuple(tiles)))
    return min(found, key=lambda one: (len(one.tiles), one.form.code), default=None)


def _asks(form: Form, owner: Place) -> bool:
    return form.owner_unit_id is None or f"/{form.owner_unit_id}/" in owner.path


def held(owner: Place, elements: Sequence[Element], period: Period, catalogue: Catalogue) -> Held:
    """One question per period needed, whatever the number of elements."""
    places = units.communes(owner.id, period.last_day)
    ids = [place.id for place in places]
    with store.pinned() as snapshot:
        sources = {one.code: source_of(one, period, catalogue, owner) for one in elements}
        asked: dict[Period, list[Element]] = {}
        for one in elements:
            source = sources[one.code]
            for tile in source.tiles if source else ():
                asked.setdefault(tile, []).append(one)
        answers = {tile: _ask(wanted, ids, tile) for tile, wanted in asked.items()}
    figures = {
        (place.id, one.code): _figure(one, sources[one.code], place.id, answers)
        for place in places
        for one in elements
    }
    columns = tuple(_column(one, sources[one.code], places, figures) for one in elements)
    return Held(owner, period, snapshot, columns, places, figures)


Answers = dict[Period, dict[str, dict[int, Ratio]]]


def _ask(elements: Sequence[Element], ids: Sequence[int], period: Period) -> dict[str, dict[int, Ratio]]:
    if not ids:
        return {one.code: {} for one in elements}
    terms = {one.code: Asked(((one.id, ONE),), None) for one in elements}
    return all_indicators(terms, ids, period.key, rule=period.rule)


def _figure(element: Element, source: Source | None, unit_id: int, answers: Answers) -> HeldFigure:
    if source is None:
        return HeldFigure(None)
    rows = [answers[tile][element.code].get(unit_id) for tile in source.tiles]
    numbers = [row.numerator for row in rows if row is not None and row.numerator is not None]
    lacking = len(rows) - len(numbers)
    if lacking:
        return HeldFigure(None, lacking=lacking, missing=next((row.missing for row in rows if row), ""))
    provisional = any(row is not None and row.status == "provisional" for row in rows)
    return HeldFigure(sum(numbers, Decimal(0)), provisional)


def _column(
    element: Element,
    source: Source | None,
    places: Sequence[Place],
    figures: dict[tuple[int, str], HeldFigure],
) -> Column:
    values = [figures[place.id, element.code].value for place in places]
    known = [value for value in values if value is not None]
    adds = element.measure.over_units is Adds.SUM
    return Column(element, source, len(known), sum(known, Decimal(0)) if adds and known else None)
