"""From a cell to where its figure came from: the cell of a report, "why this colour", or its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.urls import reverse

from haicap.catalogue.queries import Catalogue
from haicap.core.periods import Period, Rule
from haicap.desk.exploring.address import TABLE, TO, UNDER, Address
from haicap.insight.exploring.answers import ALL, Answer, Figure, Key
from haicap.insight.exploring.question import Item
from haicap.units.places import Place
from haicap.units.states import Kind, Level


def finder(answer: Answer, address: Address, catalogue: Catalogue) -> Callable[[Key, Figure], str]:
    """A function from a cell to the address of its origin; "" where there is nothing behind it."""
    here = reverse("desk:explorer")
    asked = answer.question
    forms = _forms(catalogue)

    def parts(at: Key, **changes: object) -> str:
        one = replace(address, items=(asked.items[at.item].code,), drawn="", across=(), view=TABLE)
        return f"{here}?{one.query(**changes)}"

    def origin(at: Key, figure: Figure) -> str:
        if figure.value is None and figure.reason in ("no_unit", "not_collected"):
            return ""
        if ALL in (at.place, at.period):
            return parts(at, together=())
        item, place, period = asked.items[at.item], asked.places[at.place], asked.periods[at.period]
        if place.level < Level.COMMUNE:
            return _of_province(item, place, period) or parts(
                at, units=(UNDER + place.code,), periods=(period.key,)
            )
        if figure.value is None and figure.reason == "forbidden":
            return ""
        run = _run(answer, item, period)
        if run is not None:
            return parts(at, units=(place.code,), periods=(run,))
        return _of_commune(item, place, period, forms)

    return origin


def _forms(catalogue: Catalogue) -> dict[tuple[str, str, str], str]:
    """(element, kind, rule) → the form that asks for it, and the codes of elements that feed an indicator."""
    found: dict[tuple[str, str, str], str] = {}
    for form in catalogue.forms.values():
        for code in form.elements:
            found.setdefault((code, form.kind.value, form.rule.value), form.code)
    return found


def _run(answer: Answer, item: Item, period: Period) -> str | None:
    """The shorter periods that the figure was put together from, as a range of the address."""
    for element in item.elements:
        ways = answer.plan.ways[element.code, period]
        if ways and ways[0] != (period,):
            first, last = ways[0][0].key, ways[0][-1].key
            return first if first == last else f"{first}{TO}{last}"
    return None


def _of_province(item: Item, place: Place, period: Period) -> str:
    """An indicator's own map; a bare element is looked at unit by unit."""
    indicator = item.indicator
    if indicator is None or indicator.period_kind is not period.kind or place.kind == Kind.FOREIGN:
        return ""
    page = (
        reverse("desk:country")
        if place.level == Level.COUNTRY
        else reverse("desk:province", args=[place.code])
    )
    return f"{page}?ky={period.key}&chi-tieu={item.code}"


def _of_commune(item: Item, place: Place, period: Period, forms: dict[tuple[str, str, str], str]) -> str:
    if place.kind == Kind.FOREIGN:
        form = forms.get((item.elements[0].code, period.kind.value, period.rule.value))
        return _cell(form, period, place, item.elements[0].code) if form and item.element else ""
    if item.indicator is not None:
        if place.valid_to is not None:
            return reverse("desk:unit_reports", args=[place.uid])
        page = reverse("desk:commune", args=[place.code])
        month = f"ky={period.key}&" if period.rule is Rule.DECREE09 else ""
        return f"{page}?{month}vi-sao={item.code}#vi-sao"
    form = forms.get((item.code, period.kind.value, period.rule.value))
    if form is not None:
        return _cell(form, period, place, item.code)
    return reverse("desk:commune", args=[place.code]) if place.valid_to is None else ""


def _cell(form: str, period: Period, place: Place, element: str) -> str:
    return reverse("reporting:cell", args=[form, period.key, place.code, element])
