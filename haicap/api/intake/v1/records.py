"""A body of figures as a stream of records: JSON, JSON lines or CSV. Nothing is looked up here.

A number is a JSON number or text as programs write it ("1234.5"): a text with marks that people use
("1.234,5") could mean two things between machines, and is refused at its place.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
KINDS = (JSON, LINES, CSV)
# A whole JSON document is read at once; more than this comes as JSON lines or CSV.
JSON_LIMIT = 32 * 1024 * 1024
LONGEST_LINE = 64 * 1024
# No figure has so many digits before or behind its point; a longer one would be written out somewhere.
LARGEST_EXPONENT = 30
# A body in which so many records are not even records is another kind of file.
MOST_WRONG = 10_000
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
TEXTS = ("form", "period", "unit", "element", "split", "attribution", "note", "no_figure")
FIELDS = frozenset({*TEXTS, "value", "remove"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was sent; `place` is where it stands: /values/3, or the line of the file."""

    index: int
    place: str
    form: str
    period: str
    unit: str
    element: str
    number: Decimal | None
    split: str
    attribution: str
    note: str
    no_figure: str
    remove: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A record that cannot be understood; the others can."""

    index: int
    place: str
    code: str
    message: str


def read(body: IO[bytes], kind: str, size: int) -> Iterator[Record | Wrong]:
    """Records in the order of the body.

    Refusals, for the body as a whole: body.kind, body.empty, body.too_big (JSON), body.broken (place: where),
    body.header (CSV).
    """
    if not size:
        raise Refusal("body.empty", _("Không có dữ liệu nào được gửi."))
    readers = {JSON: _document, LINES: _lines, CSV: _rows}
    if kind not in readers:
        text = _("Hãy gửi JSON, JSON lines hoặc CSV (Content-Type: %(kinds)s).")
        raise Refusal("body.kind", text % {"kinds": ", ".join(KINDS)}, place="Content-Type")
    return readers[kind](body, size)


def _document(body: IO[bytes], size: int) -> Iterator[Record | Wrong]:
    for index, place, found in json_list(body, size, "values"):
        yield _record(index, place, found)


def json_list(body: IO[bytes], size: int, name: str) -> Iterator[tuple[int, str, Any]]:
    """(index, place, what stands there) of a JSON list, bare or under this name. Refusals as `read`."""
    if size > JSON_LIMIT:
        text = _("Tài liệu JSON lớn hơn %(most)s MB; hãy gửi JSON lines hoặc CSV.")
        raise Refusal("body.too_big", text % {"most": JSON_LIMIT // 1024 // 1024})
    try:
        found = json.loads(body.read(), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _broken(f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise _broken(f"{error.lineno}:{error.colno}") from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise _broken("") from error
    values = found.get(name) if isinstance(found, dict) else found
    if not isinstance(values, list):
        raise Refusal("body.shape", _("Cần một danh sách “%(name)s”.") % {"name": name}, place=f"/{name}")
    if isinstance(found, dict) and (strange := sorted(set(found) - {name})):
        raise Refusal("body.shape", _("Không có trường này."), place=f"/{strange[0]}")
    for index, one in enumerate(values):
        yield index, f"/{name}/{index}", one


def _lines(body: IO[bytes], size: int) -> Iterator[Record | Wrong]:
    for index, place, found in json_lines(body):
        yield found if isinstance(found, Wrong) else _record(index, place, found)


def json_lines(body: IO[bytes]) -> Iterator[tuple[int, str, Any]]:
    """(index, place, what stands there, or a Wrong) of each line that is not empty."""
    index = 0
    for number, line in enumerate(_bounded(body), start=1):
        if not line.strip():
            continue
        place = _("dòng %(n)s") % {"n": number}
        try:
            found = json.loads(line, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
        except (ValueError, ArithmeticError, RecursionError):
            yield index, place, Wrong(index, place, "record.broken", _("Dòng này không phải JSON."))
        else:
            yield index, place, found
        index += 1


def _bounded(body: IO[bytes]) -> Iterator[bytes]:
    """Lines of at most LONGEST_LINE: a file without line ends must not come into memory whole."""
    number = 0
    while line := body.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise _broken(_("dòng %(n)s") % {"n": number})
        yield line


def _rows(body: IO[bytes], size: int) -> Iterator[Record | Wrong]:
    text = io.TextIOWrapper(body, encoding="utf-8-sig", newline="")
    reader = csv.reader(_short_lines(text), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error, UnicodeDecodeError) as error:
        raise _broken("1") from error
    strange = [name for name in header if name not in FIELDS]
    if strange or len(set(header)) != len(header):
        wrong = strange[0] if strange else next(name for name in header if header.count(name) > 1)
        raise Refusal("body.header", _("Cột này không có, hoặc có hai lần."), place=wrong[:60])
    index = 0
    try:
        for row in reader:
            if not row:
                continue
            place = _("dòng %(n)s") % {"n": reader.line_num}
            if len(row) > len(header):
                yield Wrong(index, place, "record.broken", _("Dòng này có nhiều ô hơn tiêu đề."))
            else:
                # an empty cell of a table is a field that was not sent
                cells = {name: cell for name, cell in zip(header, row, strict=False) if cell != ""}
                yield _record(index, place, cells)
            index += 1
    except (csv.Error, UnicodeDecodeError) as error:
        raise _broken(_("dòng %(n)s") % {"n": reader.line_num}) from error
    finally:
        text.detach()


def _short_lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise _broken(_("dòng %(n)s") % {"n": number})
        yield line


def _record(index: int, place: str, given: Any) -> Record | Wrong:
    if not isinstance(given, Mapping):
        return Wrong(index, place, "record.broken", _("Cần một bản ghi với các trường có tên."))
    strange = sorted(map(str, set(given) - FIELDS))
    if strange:
        shown = strange[0][:60].encode("utf-8", "replace").decode()
        text = _("Không có trường “%(name)s”.") % {"name": shown}
        return Wrong(index, place, "record.field", text)
    texts = {}
    for name in TEXTS:
        value = given.get(name, "")
        if value is None:
            value = ""
        if not isinstance(value, str) or not _is_writable(value):
            text = _("Trường “%(name)s” phải là chữ, mã viết trong dấu nháy.") % {"name": name}
            return Wrong(index, place, "record.text", text)
        texts[name] = value.strip()
    remove = given.get("remove", False)
    if remove in ("true", "false"):
        remove = remove == "true"
    if not isinstance(remove, bool):
        return Wrong(index, place, "record.text", _("Trường “remove” phải là true hoặc false."))
    number, problem = _number(given.get("value"))
    if problem:
        return Wrong(index, place, *problem)
    if sum((number is not None, bool(texts["no_figure"]), remove)) != 1:
        text = _("Cần đúng một trong ba: value, no_figure (lý do không có số), remove.")
        return Wrong(index, place, "record.content", text)
    return Record(index, place, number=number, remove=remove, **texts)


def _number(value: object) -> tuple[Decimal | None, tuple[str, str] | None]:
    """The number, or the code and the words of what is wrong with it."""
    if value is None or value == "":
        return None, None
    if isinstance(value, Decimal):
        if abs(value.adjusted()) > LARGEST_EXPONENT:
            return None, ("number.too_big", _("Số này quá dài."))
        return value, None
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip()), None
    return None, ("number.text", _("“value” phải là số, viết như 1234.5."))


def _is_writable(text: str) -> bool:
    """No database takes a zero byte, and half of a pair is no letter in any of them."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _broken(place: str) -> Refusal:
    return Refusal("body.broken", _("Dữ liệu gửi đến không đọc được."), place=place)


def _no_constant(name: str) -> object:
    raise ValueError(name)
