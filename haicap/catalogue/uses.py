"""Which figures an element feeds: the formulas of the catalogue read backwards."""

from collections.abc import Collection
from dataclasses import dataclass

from haicap.catalogue.definitions import Catalogue, Form, Indicator


@dataclass(frozen=True)
class Uses:
    """In the order of the catalogue. `forms` ask for the element or show it."""

    above: tuple[Indicator, ...]
    below: tuple[Indicator, ...]
    forms: tuple[Form, ...]


def uses(book: Catalogue, code: str) -> Uses:
    """Indicators that have the element in their numerator, in their denominator, and the forms that hold it.

    An indicator may stand on both sides. What is computed over all of them (pillars, scores) follows from the
    indicators and is not listed.
    """
    id = book.elements[code].id
    return Uses(
        tuple(one for one in book.indicators.values() if _has(one.numerator_terms, id)),
        tuple(one for one in book.indicators.values() if _has(one.denominator_terms or (), id)),
        tuple(form for form in book.forms.values() if code in form.elements),
    )


def _has(terms: Collection[tuple[int, object]], id: int) -> bool:
    return any(element == id for element, _ in terms)
