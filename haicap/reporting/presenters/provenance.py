"""The life of a cell, and two versions of a report side by side, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from haicap.accounts import queries as accounts
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.catalogue.uses import uses
from haicap.core import clock, numbers
from haicap.units.queries import Place

from ..queries.provenance import Cell, Held, Origin, Sent
from . import words


@dataclass(frozen=True, slots=True)
class Step:
    at: str
    who: str
    title: str
    door: str
    file: str
    part: str
    before: str
    after: str
    why: str
    cycle: str


@dataclass(frozen=True, slots=True)
class Side:
    """One cell in two versions; `same` when nothing changed. `held_…`: None where there was no cell."""

    number: str
    label: str
    part: str
    before: str
    after: str
    same: bool
    held_before: Held | None = None
    held_after: Held | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A version to compare: a submission, or what the report holds now ("")."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Feeds:
    """A figure that the cell is part of: an indicator, with the side of its formula it stands on, or another
    form."""

    code: str
    label: str
    side: str
    href: str


def feeds(element: str, form: Form, place: Place) -> list[Feeds]:
    """Where the figure of this cell goes on: indicators first, then the other forms that hold the element."""
    book, lang = catalogue.current(), words.lang()
    found = uses(book, element)
    both = {one.code for one in found.above} & {one.code for one in found.below}
    sides = [(found.above, gettext("tử số")), (found.below, gettext("mẫu số"))]
    lines = [
        Feeds(
            one.code,
            spoken(one.labels, lang),
            gettext("tử số và mẫu số") if one.code in both else side if one.has_denominator else "",
            f"{reverse('desk:commune', args=[place.code])}?vi-sao={one.code}",
        )
        for number, (indicators, side) in enumerate(sides)
        for one in indicators
        if not (number and one.code in both)
    ]
    lines.sort(key=lambda line: line.code)
    return lines + [
        Feeds(other.code, spoken(other.labels, lang), "", "")
        for other in found.forms
        if other.code != form.code
    ]


def steps(rows: Sequence[Origin]) -> list[Step]:
    names = words.names(row.by for row in rows)
    titles = accounts.titles_on({(row.by, clock.local(row.at).date()) for row in rows})
    return [
        Step(
            at=words.moment(row.at),
            who=names[row.by],
            title=titles.get((row.by, clock.local(row.at).date()), ""),
            door=words.door(row.door),
            file=" · ".join(filter(None, (row.file, row.source))),
            part=_part(row.cell),
            before=shown(row.before),
            after=shown(row.after),
            why=row.why,
            cycle=_cycle(row.cycle),
        )
        for row in rows
    ]


def _cycle(cycle: int) -> str:
    """After which submission a change was made: a correction, or the first filling."""
    if not cycle:
        return gettext("trước lần gửi đầu")
    return gettext("sau lần gửi %(n)s") % {"n": numbers.format(cycle, words.lang())}


def _part(cell: Cell) -> str:
    """The split and attribution, where the cell is not the total."""
    return " · ".join(filter(None, cell[1:]))


def shown(held: Held | None) -> str:
    if held is None or (held.number is None and not held.reason and not held.text):
        return gettext("trống")
    if held.number is not None:
        return numbers.format(held.number, words.lang())
    return held.text or gettext("không có số: %(reason)s") % {"reason": held.reason}


def sides(form: Form, before: Mapping[Cell, Held], after: Mapping[Cell, Held]) -> list[Side]:
    """Every cell of the form that held something in either version, in the order of the form."""
    book, lang = catalogue.current().elements, words.lang()
    found = []
    for cell in form.cells:
        element = book[cell.element].id
        keys = sorted({key for key in (*before, *after) if key[0] == element})
        for key in keys:
            first, second = before.get(key), after.get(key)
            found.append(
                Side(
                    number=cell.number,
                    label=spoken(cell.labels, lang),
                    part=_part(key),
                    before=shown(first),
                    after=shown(second),
                    same=(first or Held()) == (second or Held()),
                    held_before=first,
                    held_after=second,
                )
            )
    return found


def choices(sent: Sequence[Sent]) -> list[Choice]:
    told = gettext("lần gửi %(n)s, %(at)s")
    found = [
        Choice(
            str(one.cycle), told % {"n": numbers.format(one.cycle, words.lang()), "at": words.moment(one.at)}
        )
        for one in sent
    ]
    return [*found, Choice("", gettext("đang có"))]
