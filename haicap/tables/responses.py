"""Downloads of tables."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from haicap.tables.csv import write_csv
from haicap.tables.excel import XLSX, About, Column, write_xlsx
from haicap.tables.values import Value

_IN_MEMORY = 4 * 1024 * 1024


def csv_response(
    rows: Iterable[Sequence[Value]], header: Sequence[str], filename: str, *, lang: str | None = None
) -> StreamingHttpResponse:
    """A streamed CSV; `lang` as in write_csv."""
    pieces = write_csv(rows, header, lang=lang)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _attachment(filename)
    return response


def xlsx_response(
    rows: Iterable[Sequence[Value]],
    header: Sequence[str | Column],
    filename: str,
    *,
    about: About | None = None,
    sheet: str = "",
) -> FileResponse:
    """A workbook, written to a spooled file first, so that a refusal still becomes a page."""
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 – the response closes it
    try:
        write_xlsx(spool, rows, header, about=about, sheet=sheet)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return FileResponse(spool, as_attachment=True, filename=filename, content_type=XLSX)


def _attachment(filename: str) -> str:
    return content_disposition_header(True, filename) or "attachment"
