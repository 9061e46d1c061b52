"""Reads one workbook in a process of its own, so that no file can take more memory or time than it gets.

Run by path (see `opening`), never imported: workbook on standard input, on standard output a marshalled
dict, either {"sheets": [(name, visible, merges, rows)], "faults": {name: {(row, column): text}}} or
{"refused": code, "kind": text}. Dates are tuples.
Nothing of Haicap and nothing of Django is imported: the process has to start in a moment.
"""

import datetime
import io
import marshal
import resource
import runpy
import sys
from pathlib import Path

import python_calamine

# By path as well: the folder must not be searched for modules, it has a csv.py.
_PACKAGES = Path(__file__).with_name("packages.py")
Plain = str | float | int | bool | tuple[int, ...] | None
Sheet = tuple[str, bool, list[tuple[int, ...]], list[list[Plain]]]


def main() -> None:
    memory, seconds, most_cells, most_text = (int(text) for text in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    packages = runpy.run_path(str(_PACKAGES))
    answer: dict[str, object]
    try:
        data = sys.stdin.buffer.read()
        faults = packages["inspect"](data, most_cells) if data.startswith(b"PK") else {}
        answer = {"sheets": read(data, most_cells, most_text), "faults": faults}
    except packages["Unfit"] as unfit:
        answer = {"refused": unfit.code, "kind": unfit.kind}
    except python_calamine.PasswordError:
        answer = {"refused": "encrypted"}
    except TooManyCells:
        answer = {"refused": "too_many_cells"}
    except (TooMuchText, MemoryError):
        answer = {"refused": "too_heavy"}
    except BaseException:  # a panic of the reader is no Exception
        answer = {"refused": "corrupt"}
    sys.stdout.buffer.write(marshal.dumps(answer))


class TooManyCells(Exception):  # noqa: N818
    pass


class TooMuchText(Exception):  # noqa: N818
    pass


def read(data: bytes, most_cells: int, most_text: int) -> list[Sheet]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets: list[Sheet] = []
    cells = text = 0
    for about in book.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        cells += sheet.total_height * sheet.total_width
        if cells > most_cells:
            raise TooManyCells
        merges: list[tuple[int, ...]] = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
        rows = []
        for row in sheet.to_python(skip_empty_area=False):
            # A long text that a million cells share is short in the file and long in memory.
            text += sum(len(cell) for cell in row if isinstance(cell, str))
            if text > most_text:
                raise TooMuchText
            rows.append([plain(cell) for cell in row])
        visible = about.visible == python_calamine.SheetVisibleEnum.Visible
        sheets.append((about.name, visible, merges, rows))
    return sheets


def plain(cell: object) -> Plain:
    if isinstance(cell, (str, float, int)):
        return None if cell == "" else cell
    if isinstance(cell, datetime.datetime):
        return (cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
    if isinstance(cell, datetime.date):
        return (cell.year, cell.month, cell.day)
    return None if cell is None else str(cell)


if __name__ == "__main__":
    main()
