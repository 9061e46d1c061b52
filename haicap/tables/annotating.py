"""What is wrong, written back into a copy of the workbook: a comment and a fill at each cell, and a list.

For .xlsx files that `opening.open_book` has taken; nothing but the marks is changed. The copy is made in a
process of its own (`marking`) with bounded memory and time.
"""

import logging
import marshal
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from haicap.tables.books import address
from haicap.tables.fillable import sheet_name
from haicap.tables.guard import guard
from haicap.tables.refusing import cannot_mark
from haicap.ui.palette import colour

log = logging.getLogger("haicap.tables")

AUTHOR: Final = "Haicap"
WASH = {"error": "error-wash", "doubt": "warning-wash"}
EDGE = {"error": "red", "doubt": "control"}
# A workbook of 500,000 cells needs a third of both.
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 40
_MARKING = Path(__file__).with_name("marking.py")


@dataclass(frozen=True, slots=True)
class Remark:
    """`kind`: "error" or "doubt"; row and column from 0; `subject` names the cell in the list of all."""

    sheet: str
    row: int
    column: int
    text: str
    kind: str = "error"
    subject: str = ""


def annotate(data: bytes, remarks: Sequence[Remark], wash: str = "action-wash") -> bytes:
    """The copy. Marks of an earlier round are taken off first: their cells get the fill `wash` back.

    Refusal "tables.cannot_mark" when that takes too much memory or time.
    """
    order = {
        "data": data,
        "author": AUTHOR,
        "wash": _hex(wash),
        "fills": {kind: _hex(name) for kind, name in WASH.items()},
        "edges": {kind: _hex(name) for kind, name in EDGE.items()},
        "remarks": [(one.sheet, one.row, one.column, one.kind, one.text) for one in remarks],
        "list": sheet_name(_("Cần xem lại")),
        "heads": heads(),
        "lines": [list(map(guard, line)) for line in lines(remarks)],
    }
    command = [sys.executable, "-I", str(_MARKING), str(MEMORY), str(SECONDS)]
    # a library that openpyxl looks for takes memory for each core of the machine
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=marshal.dumps(order), capture_output=True, timeout=SECONDS, check=False, env=env
        )
    except subprocess.TimeoutExpired:
        raise cannot_mark() from None
    if done.returncode:
        log.warning("a copy could not be marked: %s", done.returncode)
        raise cannot_mark()
    return done.stdout


def heads() -> list[str]:
    """Of the list of all remarks, in the active language."""
    return [_("Ô"), _("Nội dung"), _("Cần xem lại")]


def lines(remarks: Sequence[Remark]) -> list[tuple[str, str, str]]:
    """The list of all remarks: cell, what it is, what is wrong."""
    ordered = sorted(remarks, key=lambda one: (one.row, one.column))
    return [(address(one.row, one.column), one.subject, one.text) for one in ordered]


def _hex(name: str) -> str:
    """openpyxl wants the opacity first and no sign."""
    return "FF" + colour(name).removeprefix("#").upper()
