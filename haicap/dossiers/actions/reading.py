"""The first look at a file: rows as columns of text, what the columns hold, what is dropped at the door."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from haicap.core.folding import nfc
from haicap.tables.jsonlists import begins_a_list, listed
from haicap.tables.opening import open_book
from haicap.tables.reading import header_of
from haicap.tables.refusing import empty
from haicap.tables.streams import Lines, encoding_of

from ..policies import dates, personal
from ..policies.judging import clean
from ..policies.mapping import HASHED, Plan, guess, present
from ..policies.parts import Part
from ..policies.questions import Column
from ..policies.rejecting import Rejection

ROWS = 20_000
SAMPLE, SHOWN = 1_000, 4
MOST_WORDS, MOST_DAYS = 200, 20_000
LONGEST_LINE = 1024 * 1024
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Reading:
    """A file being read. After `parts` is through: `columns`, `rows`, `encoding`, `kind`, `dropped`."""

    def __init__(self, path: Path, name: str, plan: Plan) -> None:
        self._path, self._name, self._plan = path, name, plan
        self.rows = 0
        self.share = 0.0
        self.encoding, self.kind = "", ""
        self._seen: dict[str, _Seen] = {}
        self._keep: set[str] | None = None
        self._hashed: set[str] = set()

    def parts(self) -> Iterator[Part]:
        """Refusals of haicap.tables for a file that is empty, cut, of another kind or another encoding."""
        for part in self._opened():
            self.rows += len(part.rows) + len(part.rejected)
            for heading, cells in part.columns.items():
                seen = self._seen.get(heading)
                if seen is None:
                    seen = self._seen[heading] = _Seen(heading)
                seen.look(cells)
            if self._keep is None:
                self._keep = self._kept()
            part.columns = {
                heading: cells for heading, cells in part.columns.items() if heading in self._keep
            }
            yield part
        if not self.rows:
            raise empty()

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(seen.column(hide=heading in self._hashed) for heading, seen in self._seen.items())

    @property
    def dropped(self) -> list[list[str]]:
        """[[heading, "personal" or "unused"], …]"""
        keep = self._keep or set()
        return [
            [heading, "personal" if seen.personal() else "unused"]
            for heading, seen in self._seen.items()
            if heading not in keep
        ]

    def _kept(self) -> set[str]:
        """With a plan that this file satisfies nothing else is kept; else all that names nobody, to be asked
        about."""
        headings = list(self._seen)
        found = present(self._plan, headings)
        likely = found or guess(headings)
        self._hashed = hashed = {heading for name, heading in likely.items() if name in HASHED}
        safe = {heading for heading, seen in self._seen.items() if not seen.personal()} | hashed
        if not self._plan.missing_in(found):
            return safe & (set(found.values()) | {step.column for step in self._plan.steps})
        return safe

    def _opened(self) -> Iterator[Part]:
        with self._path.open("rb") as file:
            head = file.read(64)
        if not head:
            raise empty()
        if head.startswith(_BOOKS):
            self.kind = "excel"
            return self._book()
        is_json = self._name.lower().endswith((".jsonl", ".ndjson", ".json"))
        if is_json and begins_a_list(head):
            self.kind = "json"
            return self._json_list()
        if is_json or head.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"{":
            self.kind = "jsonl"
            return self._json_lines()
        self.kind = "csv"
        return self._text()

    def _text(self) -> Iterator[Part]:
        kind = encoding_of(self._path)
        self.encoding = kind.encoding
        with Lines(self._path, kind) as lines:
            records = lines.records()
            heading = header_of([cell.strip() for cell in next(records, [])])
            first = 2 + lines.skipped
            while rows := list(islice(records, ROWS)):
                self.share = lines.share
                yield _part(heading, rows, first)
                first += len(rows)

    def _book(self) -> Iterator[Part]:
        book = open_book(self._path.read_bytes(), self._name)
        sheet = next(sheet for sheet in book.sheets if sheet.rows)
        heading = header_of([_text_of(cell) for cell in sheet.rows[0]])
        native = Counter[str]()
        rows = []
        for row in sheet.rows[1:]:
            for name, cell in zip(heading, row, strict=False):
                native[name] += isinstance(cell, Decimal)
            cells = [_text_of(cell) for cell in row]
            # a sheet is a rectangle: empty cells beyond the heading are no cells
            rows.append([*cells[: len(heading)], *filter(None, cells[len(heading) :])] if any(cells) else [])
        self._seen = {name: _Seen(name, native=native[name] > 0) for name in heading if name}
        for start in range(0, len(rows), ROWS):
            self.share = start / len(rows)
            yield _part(heading, rows[start : start + ROWS], start + 2)

    def _json_lines(self) -> Iterator[Part]:
        kind = encoding_of(self._path)
        self.encoding = kind.encoding
        with Lines(self._path, kind) as lines:
            numbered = enumerate(lines, 1)
            while some := list(islice(numbered, ROWS)):
                self.share = lines.share
                yield json_part([(number, _object(line)) for number, line in some if line.strip()])

    def _json_list(self) -> Iterator[Part]:
        kind = encoding_of(self._path)
        self.encoding = kind.encoding
        numbered = enumerate(listed(self._path, kind, LONGEST_LINE), 1)
        while some := list(islice(numbered, ROWS)):
            self.share = some[-1][1][0]
            yield json_part([(number, record) for number, (_share, record) in some])


class _Seen:
    """What one column was seen to hold."""

    def __init__(self, heading: str, *, native: bool = False) -> None:
        self._heading, self._native = heading, native
        self._sample: list[str] = []
        self._words: Counter[str] | None = Counter()
        self._days: Counter[str] | None = Counter()
        self._why: str | None = None

    def look(self, cells: Sequence[str]) -> None:
        if len(self._sample) < SAMPLE:
            self._sample += [cell for cell in cells if cell][: SAMPLE - len(self._sample)]
        if self._words is not None:
            self._words.update(cells)
            if len(self._words) > MOST_WORDS:
                self._words = None
        if self._days is not None:
            self._days.update([dates.head(cell) for cell in cells if cell])
            few = Counter(dict(self._days.most_common(SAMPLE)))
            if len(self._days) > MOST_DAYS or (few and not dates.evidence(few).is_date):
                self._days = None

    def personal(self) -> str:
        """Judged once, from the first part: later parts are dropped or kept as the first was."""
        if self._why is None:
            heading = "heading" if personal.by_heading(self._heading) else ""
            self._why = heading or personal.by_content(self._sample)
        return self._why

    def column(self, *, hide: bool) -> Column:
        """`hide`: no cell of it is repeated anywhere."""
        why = self.personal()
        shown = [] if why or hide else list(dict.fromkeys(self._sample))[:SHOWN]
        return Column(
            self._heading,
            why,
            tuple(personal.masked(cell)[:60] for cell in shown),
            {}
            if why or hide or self._words is None
            # a column of offices in which somebody once wrote a telephone number
            else {
                word: rows for word, rows in self._words.most_common() if not personal.looks_personal(word)
            },
            dates.evidence(self._days) if self._days else dates.Evidence(),
            self._native,
        )


def _part(heading: Sequence[str], rows: list[list[str]], first: int) -> Part:
    """Rows as columns. An empty line is no row; one that is too short or too long cannot be trusted."""
    width = len(heading)
    numbers: Iterable[int] = range(first, first + len(rows))
    rejected: list[Rejection] = []
    if set(map(len, rows)) != {width}:
        good, kept = [], []
        for number, row in zip(numbers, rows, strict=True):
            while len(row) > width and not row[-1].strip():
                row.pop()
            if len(row) == width:
                good.append(number)
                kept.append(row)
            elif any(cell.strip() for cell in row):
                rejected.append(Rejection(number, "row.short" if len(row) < width else "row.long"))
        numbers, rows = good, kept
    columns = zip(*rows, strict=True) if rows else ([] for _ in heading)
    found = {
        name: [cell.strip() for cell in cells] for name, cells in zip(heading, columns, strict=True) if name
    }
    return Part(list(numbers), found, rejected)


def json_part(records: Sequence[tuple[int, Any]]) -> Part:
    """Records with their numbers; anything but an object is rejected."""
    good = [(number, record) for number, record in records if isinstance(record, dict)]
    headings = dict.fromkeys(name for _number, record in good for name in record)
    return Part(
        [number for number, _record in good],
        {
            clean(str(name))[:120]: [_text_of(record.get(name)) for _number, record in good]
            for name in headings
        },
        [Rejection(number, "row.json") for number, record in records if not isinstance(record, dict)],
    )


def _object(line: str) -> object:
    try:
        return json.loads(line, parse_float=Decimal) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        return None


def _text_of(cell: object) -> str:
    """A cell as text that reads one way: dates as ISO, numbers as plain decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, (datetime, date)):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, (list, dict)):
        # numbers in it are decimals too
        return json.dumps(cell, default=str)
    return nfc(str(cell)).strip()
