"""A table of a page as a file, in one way for every page: `?tai=csv|xlsx` on the page's own address, `bang`
where it has several tables. The links are `{% downloads %}` of `{% load ui %}`.

The rows are those of the question and not of the screen: where a page shows the first fifty, a file has all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.core import clock
from haicap.core.languages import known
from haicap.tables.excel import About, Column
from haicap.tables.responses import csv_response, xlsx_response
from haicap.tables.values import Value

CSV, XLSX = "csv", "xlsx"
Line = TypeVar("Line")
Reader = Callable[[Line], Value]


@dataclass(frozen=True)
class Sheet:
    """`name` of the file, without its ending; `rows` hold values, not words, as many as there are."""

    name: str
    header: Sequence[str | Column]
    rows: Iterable[Sequence[Value]]
    about: About = field(default_factory=About)


def asked(request: HttpRequest, **offered: Callable[[], Sheet]) -> HttpResponseBase | None:
    """The file that the address asks for, or None when it asks for the page; made only when it is asked for.

    `offered` by the word of the address; the first one is meant where there is none. Http404 for a table or
    an ending that the page does not have.
    """
    if "tai" not in request.GET:
        return None
    make = offered.get(request.GET.get("bang") or next(iter(offered)))
    if make is None or request.GET["tai"] not in (CSV, XLSX):
        raise Http404
    return answer(make(), request.GET["tai"])


def answer(sheet: Sheet, ending: str) -> HttpResponseBase:
    """Excel says above the heading what the figures are; CSV in columns of its own behind each row."""
    name = f"{sheet.name}.{ending}"
    about = _dated(sheet.about)
    if ending == XLSX:
        return xlsx_response(sheet.rows, sheet.header, name, about=about)
    told = about.lines()
    heads = [one.label if isinstance(one, Column) else one for one in sheet.header]
    return csv_response(
        _with(sheet.rows, [text for _label, text in told]),
        [*heads, *(label for label, _text in told)],
        name,
        lang=known(get_language()),
    )


def _with(rows: Iterable[Sequence[Value]], tail: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for row in rows:
        yield [*row, *tail]


def _dated(about: About) -> About:
    """What has no snapshot comes from the database of this moment: then the moment is said."""
    if about.snapshot:
        return about
    now = f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"
    return replace(about, more=(*about.more, (_("Tính đến"), now)))


def listing(
    name: str,
    title: str,
    lines: Iterable[Line],
    columns: Mapping[str, Reader[Line]] | Mapping[str | Column, Reader[Line]],
    *,
    period: str = "",
    coverage: str = "",
    snapshot: str = "",
) -> Sheet:
    """A sheet from lines and, for each heading, what stands under it; row by row."""
    readers = list(columns.values())
    rows = ([read(line) for read in readers] for line in lines)
    return Sheet(name, list(columns), rows, About(title, period, snapshot, coverage))
