"""What an .xls file holds, found out before anything opens it: the compound file and its record stream."""

import io
import struct
from typing import Final

import olefile  # type: ignore[import-untyped]

from haicap.tables.packages import MOST_FAULTS, Faults
from haicap.tables.refusing import corrupt, encrypted, macros, too_many_cells, too_many_faults, wrong_type

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DIMENSIONS = 0x0809, 0x000A, 0x0085, 0x002F, 0x0200
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_WITH_VALUE = {_FORMULA, _BOOLERR, _MULRK, 0x027E, 0x0203, 0x00FD, 0x0204, 0x00D6}
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_LARGEST = 65_536 * 256


def inspect(data: bytes, most_cells: int) -> list[Faults]:
    """Faults of each sheet in the order of the file, or a Refusal."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            names = {"/".join(path).lower() for path in package.listdir(streams=True, storages=True)}
            _judge(names)
            stream = package.openstream("Workbook" if "workbook" in names else "Book").read()
    except (
        OSError,
        ValueError,
        IndexError,
        struct.error,
        TypeError,
        AttributeError,
        KeyError,
        RecursionError,
    ):
        raise corrupt() from None
    return _scan(stream, most_cells)


def _judge(names: set[str]) -> None:
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise encrypted()
    if any(name.startswith(("_vba_project", "macros")) for name in names):
        raise macros()
    if "worddocument" in names:
        raise wrong_type("Word (.doc)")
    if "powerpoint document" in names:
        raise wrong_type("PowerPoint (.ppt)")
    if not names & {"workbook", "book"}:
        raise wrong_type("OLE")


def _scan(stream: bytes, most_cells: int) -> list[Faults]:
    sheets: list[Faults] = []
    at = cells = rows = columns = 0
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _FILEPASS:
            raise encrypted()
        if kind == _BOUNDSHEET and len(body) > 5 and body[5] == 1:
            raise macros()
        if kind == _BOF:
            depth += 1
            if depth == 1 and len(body) >= 4 and body[2:4] == b"\x10\x00":
                sheets.append({})
                rows = columns = 0
        elif kind == _EOF:
            depth = max(0, depth - 1)
            cells, rows, columns = cells + rows * columns, 0, 0
        elif kind == _DIMENSIONS and len(body) >= 12:
            top, bottom, left, right = struct.unpack_from("<IIHH", body)
            if (bottom - top) * (right - left) > _LARGEST:
                raise corrupt()
        elif kind in _WITH_VALUE and len(body) >= 6 and sheets:
            row, column = struct.unpack_from("<HH", body)
            rows = max(rows, row + 1)
            columns = max(columns, (column + (size - 6) // 6 if kind == _MULRK else column + 1))
            fault = _fault(kind, body)
            if fault:
                sheets[-1][row, column] = fault
                if sum(map(len, sheets)) > MOST_FAULTS:
                    raise too_many_faults(MOST_FAULTS)
        if cells + rows * columns > most_cells:
            raise too_many_cells(most_cells)
    return sheets


def _fault(kind: int, body: bytes) -> str:
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        return _ERRORS.get(body[6], "#?")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#?")
    return ""
