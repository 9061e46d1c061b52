"""What the numbers of a sheet do not tell: which cells hold formulas, which are shown as percentages.

For .xlsx files that `opening.open_book` has taken: sizes and promises are judged there.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.parsers import expat

from haicap.tables.refusing import corrupt

PERCENT_FORMATS: Final = frozenset({9, 10})
_CHUNK = 1 << 20
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
Place = tuple[int, int]


@dataclass(frozen=True)
class Marks:
    """Places (row, column) from 0."""

    formulas: frozenset[Place] = frozenset()
    percents: frozenset[Place] = frozenset()


def marks(data: bytes, sheet: str) -> Marks:
    """The marks of the sheet with this name; Refusal "tables.corrupt" when its parts do not fit together."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            part = _part_of(package, sheet)
            percents = _percent_styles(package)
            scan = _Scan(percents)
            _walk(package, part, scan.start)
    except (KeyError, zipfile.BadZipFile, expat.ExpatError, ValueError, OSError):
        raise corrupt() from None
    return Marks(frozenset(scan.formulas), frozenset(scan.percents))


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    targets: dict[str, str] = {}
    ids: dict[str, str] = {}

    def relation(name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            targets[given["Id"]] = given["Target"]

    def named(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            ids[given["name"]] = next(value for key, value in given.items() if key.rpartition(":")[2] == "id")

    _walk(package, "xl/_rels/workbook.xml.rels", relation)
    _walk(package, "xl/workbook.xml", named)
    return posixpath.normpath(posixpath.join("xl", targets[ids[sheet]])).lstrip("/")


def _percent_styles(package: zipfile.ZipFile) -> frozenset[int]:
    """Indices of the cell formats that show a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return frozenset()
    formats: set[int] = set(PERCENT_FORMATS)
    uses: list[int] = []
    inside = False

    def started(name: str, given: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt" and "%" in _QUOTED.sub("", given.get("formatCode", "")):
            formats.add(int(given["numFmtId"]))
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            uses.append(int(given.get("numFmtId", 0)))

    _walk(package, "xl/styles.xml", started)
    return frozenset(index for index, used in enumerate(uses) if used in formats)


def _walk(package: zipfile.ZipFile, part: str, start: Any) -> None:
    parser = expat.ParserCreate()

    def started(name: str, given: dict[str, str]) -> None:
        start(name.rpartition(":")[2], given)

    def doctype(*_: object) -> None:
        raise corrupt()

    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = doctype
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


class _Scan:
    def __init__(self, percent_styles: frozenset[int]) -> None:
        self.styles = percent_styles
        self.formulas: set[Place] = set()
        self.percents: set[Place] = set()
        self.row = self.column = -1

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self._cell(given)
        elif name == "f":
            self.formulas.add((self.row, self.column))
        elif name == "row":
            place = given.get("r", "")
            self.row = int(place) - 1 if place else self.row + 1
            self.column = -1

    def _cell(self, given: dict[str, str]) -> None:
        found = _PLACE.fullmatch(given.get("r", ""))
        if found:
            self.row, self.column = int(found[2]) - 1, _column(found[1])
        else:
            self.column += 1
        if self.styles and int(given.get("s", 0)) in self.styles:
            self.percents.add((self.row, self.column))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
