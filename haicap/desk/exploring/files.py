"""The table on the screen as a file: the same rows and columns, with period, snapshot and coverage."""

from __future__ import annotations

from collections.abc import Iterator

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from haicap.catalogue.queries import Catalogue
from haicap.desk.exploring import wordings
from haicap.desk.exploring.pivot import Line, Table
from haicap.desk.presenters import words
from haicap.insight.exploring.answers import Answer
from haicap.tables.excel import About, Column
from haicap.tables.responses import csv_response, xlsx_response
from haicap.tables.values import Value

CSV, XLSX = "csv", "xlsx"
KINDS = (CSV, XLSX)


def file(answer: Answer, shown: Table, catalogue: Catalogue, kind: str) -> HttpResponseBase:
    """A cell without a figure is empty, never 0; the last column says why, and what is provisional."""
    asked = answer.question
    first, last = asked.periods[0].key, asked.periods[-1].key
    stretch = first if first == last else f"{first}-{last}"
    name = f"haicap-kham-pha-{stretch}.{kind}".replace("..", "-")
    row_heads = [axis.title for axis in shown.row_axes]
    if kind == CSV:
        stated = [*((axis.title, axis.only) for axis in shown.fixed), *_stated(answer)]
        header = [*row_heads, *shown.columns, _("Ghi chú"), *(title for title, _text in stated)]
        tail = [text for _title, text in stated]
        rows = ([*row, *tail] for row in _rows(shown))
        return csv_response(rows, header, name, lang=words.lang())
    columns = [
        *(Column(title) for title in row_heads),
        *(Column(title, _places(shown, number)) for number, title in enumerate(shown.columns)),
        Column(_("Ghi chú")),
    ]
    refused = [(_("Không cộng được"), wordings.objection(one, asked, catalogue)) for one in answer.objections]
    about = About(
        title=_("Khám phá số liệu"),
        period=wordings.span(asked.periods),
        snapshot=answer.snapshot.id,
        coverage=covered(answer),
        more=(*((axis.title, axis.only) for axis in shown.fixed), *refused),
    )
    return xlsx_response(_rows(shown), columns, name, about=about)


def covered(answer: Answer) -> str:
    have, every = answer.covered
    return _("%(have)s/%(all)s ô có số") % {"have": words.number(have), "all": words.number(every)}


def _stated(answer: Answer) -> list[tuple[str, str]]:
    return [(_("Bản dữ liệu"), answer.snapshot.id), (_("Độ phủ"), covered(answer))]


def _places(shown: Table, number: int) -> int | None:
    """The decimals of a column where all of its cells have the same."""
    found = {line.cells[number].places for line in shown.lines}
    return found.pop() if len(found) == 1 else None


def _rows(shown: Table) -> Iterator[list[Value]]:
    for line in shown.lines:
        yield [*line.heads, *(cell.figure.value for cell in line.cells), _notes(shown, line)]


def _notes(shown: Table, line: Line) -> str:
    said = []
    for title, cell in zip(shown.columns, line.cells, strict=True):
        parts = [_("tạm tính")] if cell.provisional else []
        parts += [cell.note] if cell.note else []
        if parts:
            said.append(f"{title}: {', '.join(parts)}")
    return "; ".join(said)[:2000]
