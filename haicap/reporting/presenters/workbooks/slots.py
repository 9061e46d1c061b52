"""The cells of a form as lines of a workbook: an element with a breakdown has one line for each part."""

from collections.abc import Mapping
from dataclasses import dataclass

from haicap.catalogue.queries import Catalogue, Cell, Element, Form, spoken


@dataclass(frozen=True, slots=True)
class Slot:
    """`code` names it in the workbook: the element, or element and split."""

    code: str
    cell: Cell
    element: Element
    split: str
    label: str
    section: str

    @property
    def whole(self) -> bool:
        """Shown without decimals."""
        return self.element.kind != "number" or self.element.integer


def slots_of(form: Form, book: Catalogue, lang: str) -> Mapping[str, Slot]:
    """By code, in the order of the form."""
    found: dict[str, Slot] = {}
    for section in form.sections:
        for cell in section.cells:
            element = book.elements[cell.element]
            for split in element.splits or ("",):
                label = spoken(cell.labels, lang)
                part = book.splits.get(split)
                if split:
                    label = f"{label} – {spoken(part.labels, lang) if part else split}"
                code = code_of(element.code, split)
                found[code] = Slot(code, cell, element, split, label, section.code)
    return found


def code_of(element: str, split: str) -> str:
    return f"{element}.{split}" if split else element
