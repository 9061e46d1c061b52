"""A file that came back for one report, or for one form of many units, on its way to the import path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core.periods import Period

from ...actions.intakerows import Datum
from ...queries.sheets import UnitSheet
from . import checking, matrix, reading, texts
from .found import Findings
from .passport import passport_of
from .slots import Slot, slots_of


@dataclass(frozen=True)
class Target:
    """What a page is about. `unit` "": the form of many units."""

    form: Form
    period: Period
    unit: str
    sheets: Sequence[UnitSheet]

    @cached_property
    def by_code(self) -> Mapping[str, UnitSheet]:
        return {sheet.place.code: sheet for sheet in self.sheets}


@dataclass(frozen=True)
class Work:
    """`kind` is "xlsx" or "csv"."""

    target: Target
    kind: str
    findings: Findings
    slots: Mapping[str, Slot]


def understood(target: Target, content: bytes, name: str, lang: str) -> Work:
    """Everything the file says, or one Refusal for the file as a whole."""
    book = checking.opened(content, name)
    slots = slots_of(target.form, catalogue.current(), lang)
    units = [sheet.place.code for sheet in target.sheets]
    if book.kind == "csv":
        found = texts.read(book, lang, target.form, target.period, units, slots)
        return Work(target, book.kind, found, slots)
    passport = passport_of(book)
    if passport is None:
        raise checking.foreign()
    checking.check(passport, target.form, target.period, target.unit)
    if target.unit:
        found = reading.read(book, content, passport, slots)
    else:
        found = matrix.read(book, content, passport, slots, units)
    return Work(target, book.kind, found, slots)


def data_of(work: Work, mine: Mapping[int, int]) -> Iterator[Datum]:
    """One datum per answer, by its index. `mine`: conflicts that the person decided for the file, with the
    version of the cell that they saw beside it."""
    units = work.target.by_code
    for index, answer in enumerate(work.findings.answers):
        slot = work.slots[answer.element]
        yield Datum(
            index=index,
            place=answer.place,
            unit_id=units[answer.unit].place.id,
            form=work.target.form.code,
            period=work.target.period.key,
            element=slot.element.code,
            number=answer.number,
            text=answer.text,
            no_figure_reason=answer.reason,
            split=slot.split,
            remove=answer.remove,
            base_version=mine.get(index, answer.base_version),
        )
