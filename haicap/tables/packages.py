"""What an .xlsx file would unpack to, found out before anything opens it.

Works in the process of `apart`, which runs this file by its path: nothing of Haicap or Django is imported.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 400 * 1024 * 1024
MAX_RATIO: Final = 200
# Each costs a quarter of a kilobyte in every process that it passes through.
MOST_FAULTS: Final = 100_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_SMALL: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_ODF = "application/vnd.oasis.opendocument"

Faults = dict[tuple[int, int], str]


class Unfit(Exception):  # noqa: N818 – a file fails here, not the program
    """`code` as in the refusals "tables.…"; `kind` names what a file is that is no workbook."""

    def __init__(self, code: str, kind: str = "") -> None:
        super().__init__(code)
        self.code, self.kind = code, kind


def inspect(data: bytes, most_cells: int) -> dict[str, Faults]:
    """Sheet name → cells without a value to read (row and column from 0 → text).

    Unfit: bombs, passwords, macros, what is corrupt, what is no workbook, and more cells or faults than may
    be.

    The sizes told by the directory are judged first; then every part is unpacked piece by piece and
    must come to exactly the size it told, so that a lie cannot unpack to more behind our back.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        raise Unfit("corrupt") from None
    _judge_directory(entries, len(data))
    names = {entry.filename for entry in entries}
    _judge_kind(package, names)
    sheets = _sheets(package, names)
    found: dict[str, Faults] = {}
    cells, faults = most_cells, MOST_FAULTS
    parts = {part: name for name, part in sheets.items()}
    for entry in entries:
        if entry.filename in parts:
            scan = _SheetScan(cells, faults)
            for piece in _unpacked(data, entry):
                scan.feed(piece)
            scan.close()
            cells, faults = cells - scan.rows * scan.columns, faults - len(scan.faults)
            found[parts[entry.filename]] = scan.faults
        else:
            for _ in _unpacked(data, entry):
                pass
    return found


def _judge_directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Unfit("bomb")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * size):
        raise Unfit("bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unfit("encrypted")


def _judge_kind(package: zipfile.ZipFile, names: set[str]) -> None:
    lowered = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lowered):
        raise Unfit("macros")
    if "xl/workbook.bin" in lowered:
        raise Unfit("wrong_type", "Excel (.xlsb)")
    if "word/document.xml" in lowered:
        raise Unfit("wrong_type", "Word (.docx)")
    if "ppt/presentation.xml" in lowered:
        raise Unfit("wrong_type", "PowerPoint (.pptx)")
    if "mimetype" in names and _small(package, "mimetype").startswith(_ODF.encode()):
        raise Unfit("wrong_type", "OpenDocument (.ods)")
    if "xl/workbook.xml" not in names:
        raise Unfit("wrong_type", "ZIP")
    if b"macroEnabled" in (_small(package, "[Content_Types].xml") if "[Content_Types].xml" in names else b""):
        raise Unfit("macros")


def _small(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            return part.read(_SMALL)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        raise Unfit("corrupt") from None


def _sheets(package: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name → part of the package."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        raise Unfit("corrupt")
    targets = {
        tag["Id"]: posixpath.normpath(posixpath.join("xl", tag["Target"])).lstrip("/")
        for tag in _tags(_small(package, relations), "Relationship")
        if "Id" in tag and "Target" in tag
    }
    found = {}
    for tag in _tags(_small(package, "xl/workbook.xml"), "sheet"):
        key = next((value for name, value in tag.items() if name.rpartition(":")[2] == "id"), "")
        if key in targets:
            found[tag.get("name", "")] = targets[key]
    return found


def _tags(xml: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Unfit("corrupt") from None
    return found


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise Unfit("corrupt")

    # A workbook never declares entities; whoever does wants them multiplied.
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unfit("corrupt")
    start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little")
    start += int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) != entry.file_size:
            raise Unfit("corrupt")
        for at in range(0, len(packed), _CHUNK):
            yield bytes(packed[at : at + _CHUNK])
        return
    inflate = zlib.decompressobj(-15)
    size, at, rest = 0, 0, b""
    try:
        while not inflate.eof:
            if not rest:
                # by the piece: what is left over is copied each time
                rest, at = bytes(packed[at : at + _CHUNK]), at + _CHUNK
            piece = inflate.decompress(rest, _CHUNK)
            rest = inflate.unconsumed_tail
            size += len(piece)
            if size > entry.file_size or not (piece or rest or at < len(packed)):
                raise Unfit("corrupt")
            yield piece
    except zlib.error:
        raise Unfit("corrupt") from None
    if size != entry.file_size:
        raise Unfit("corrupt")


class _SheetScan:
    """Walks one sheet: how far its cells reach, and which have no value. Unfit at the first one too many."""

    def __init__(self, most_cells: int, most_faults: int) -> None:
        self.most_cells, self.most_faults = most_cells, most_faults
        self.rows = self.columns = 0
        self.faults: Faults = {}
        self._row = self._column = -1
        self._error = self._formula = self._seen = self._text_result = False
        self._text = ""
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError:
            raise Unfit("corrupt") from None

    def close(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise Unfit("corrupt") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            place = attributes.get("r")
            if place:
                self._row, self._column = _position(place)
            else:
                self._column += 1
            if self._column >= LAST_COLUMN or self._row >= LAST_ROW:
                raise Unfit("corrupt")
            kind = attributes.get("t")
            self._error, self._text_result = kind == "e", kind == "str"
            self._formula = self._seen = False
            self._text = ""
        elif name == "row":
            place = attributes.get("r")
            self._row = int(place) - 1 if place and place.isdecimal() else self._row + 1
            self._column = -1
        elif name in ("v", "is"):
            self._seen = True
            if self._error or self._formula:
                self._parser.CharacterDataHandler = self._characters
        elif name == "f":
            self._formula = True

    def _characters(self, text: str) -> None:
        self._text = (self._text + text)[:20]

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "v":
            self._parser.CharacterDataHandler = None
        elif name == "c" and (self._seen or self._formula):
            self.rows = max(self.rows, self._row + 1)
            self.columns = max(self.columns, self._column + 1)
            if self.rows * self.columns > self.most_cells:
                raise Unfit("too_many_cells")
            if self._error:
                self._fault(self._text or "#?")
            elif self._formula and not self._text and not self._text_result:
                self._fault("#?")

    def _fault(self, text: str) -> None:
        self.faults[self._row, self._column] = text
        if len(self.faults) > self.most_faults:
            raise Unfit("too_many_faults")


def _position(place: str) -> tuple[int, int]:
    column = 0
    for at, letter in enumerate(place):
        if letter.isdecimal():
            if not place[at:].isdecimal() or not at or len(place) > 12:
                break
            return int(place[at:]) - 1, column - 1
        column = column * 26 + ord(letter.upper()) - 64
    raise Unfit("corrupt")
