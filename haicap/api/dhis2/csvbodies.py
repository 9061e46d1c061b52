"""dataValueSet as CSV, with the header that DHIS2 writes; the order of columns is free.

Without a header nobody knows which column is which: refused, in the words of dhis2-core.
"""

from __future__ import annotations

import csv
import io

from haicap.api.dhis2.records import Body, Group, Record, clean, truth, unreadable
from haicap.tables.guard import unguard

COLUMNS = {
    "dataelement": "data_element",
    "period": "period",
    "orgunit": "org_unit",
    "categoryoptioncombo": "category_option_combo",
    "attributeoptioncombo": "attribute_option_combo",
    "value": "value",
    "comment": "comment",
    "followup": "follow_up",
    "deleted": "deleted",
}
NEEDED = ("dataelement", "period", "orgunit", "value")


def rows_of(data: bytes) -> list[list[str]]:
    """Rows without those that are empty, semicolon or comma. WebMessageError 400."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("CSV must be UTF-8") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        return [row for row in read if any(cell.strip() for cell in row)]
    except csv.Error as wrong:
        raise unreadable(f"Invalid CSV: {wrong}") from None


def header_of(row: list[str]) -> list[str]:
    return [cell.strip().lower().replace("_", "").replace(" ", "") for cell in row]


def parse(data: bytes, first_row_is_header: bool) -> Body:
    if not first_row_is_header:
        raise unreadable("CSV without header row is no longer supported.", 409)
    rows = rows_of(data)
    header = header_of(rows[0]) if rows else []
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise unreadable(f"The header row of the CSV lacks {', '.join(missing)}", 409)
    group = Group()
    for index, row in enumerate(rows[1:]):
        if len(row) > len(header):
            raise unreadable(f"Invalid CSV: row {index + 2} has more cells than the header row")
        group.records.append(_record(index, dict(zip(header, row, strict=False))))
    return Body([group])


def _record(index: int, cells: dict[str, str]) -> Record:
    texts = {
        field: clean(unguard(cells.get(column, ""))).strip()
        for column, field in COLUMNS.items()
        if field not in ("follow_up", "deleted")
    }
    return Record(
        index,
        f"row {index + 2}",
        follow_up=truth(cells.get("followup", "")),
        deleted=truth(cells.get("deleted", "")),
        **texts,  # type: ignore[arg-type]
    )
