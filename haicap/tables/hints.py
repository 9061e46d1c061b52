"""Which time a foreign sheet is about: what its machine parameters, title and notes say.

A span from the first month of a year is cumulative when it is no quarter, half, nine months or year of its
own; "lũy kế" makes any span cumulative. A cumulative sheet is never the month in which it ends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from haicap.core.folding import fold
from haicap.tables.books import Cell, Sheet, address, label_text

_PARAMETER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:\s*(?:nam|/|-|,|\.)\s*|\s+)((?:19|20|21)\d\d)\b"
_SPAN_OF_MONTHS = re.compile(
    rf"\btu thang\s*(\d{{1,2}})(?:\s*[/-]\s*\d{{4}})?\s*(?:den|toi|-)\s*(?:het )?thang\s*(\d{{1,2}}){_YEAR}"
)
_SPAN_OF_DAYS = re.compile(
    r"\btu(?: ngay)?\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*(?:den|toi|-)(?: het)?(?: ngay)?\s*"
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
)
_FIRST_MONTHS = re.compile(rf"\b(\d{{1,2}}) thang(?: dau(?: nam)?| nam)?{_YEAR}")
_LAST_MONTHS = re.compile(rf"\b6 thang cuoi(?: nam)?{_YEAR}")
# "ngày 14 tháng 10 năm 2024" beside a signature is a day, not the month of the report.
_MONTH = re.compile(rf"(?<!\d )\b(?:thang\s*|t)(\d{{1,2}}){_YEAR}")
_BARE_MONTH = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-]((?:19|20|21)\d\d)\b")
_NAMED_MONTH = re.compile(r"(?<!\d)((?:19|20|21)\d\d)[_.-]?(\d{2})(?!\d)")
_QUARTER = re.compile(rf"\bquy\s*(i{{1,3}}|iv|[1-4])\b{_YEAR}")
_WEEK = re.compile(rf"\btuan\s*(\d{{1,2}}){_YEAR}")
_WHOLE_YEAR = re.compile(r"\b(?:ca )?nam\s*((?:19|20|21)\d\d)\b")
_ENGLISH_MONTH = rf"(?<!\d )(?<![a-z])({'|'.join(_ENGLISH)})[a-z]*[ ,.'-]*((?:19|20|21)\d\d)\b"
_ENGLISH_SPAN = re.compile(rf"{_ENGLISH_MONTH}\s*(?:to|-|until)\s*{_ENGLISH_MONTH}")
_ENGLISH_ONE = re.compile(_ENGLISH_MONTH)
_CUMULATIVE = re.compile(r"\b(?:luy ke|luy tien|cong don|cumulative|year to date|ytd)\b")


@dataclass(frozen=True, slots=True)
class Hint:
    """`first` and `last` are calendar months as 12 × year + month − 1, or None where days or a week are told.

    `key` is the period key in the house ("2024-10", "2024-Q3", …) or "" where the house has none:
    cumulative spans, and spans that are no period. `text` and `place` say where it was read.
    """

    key: str
    cumulative: bool
    text: str
    place: str
    first: int | None = None
    last: int | None = None
    days: tuple[date, date] | None = None


def parameters(sheet: Sheet, rows: Iterable[int]) -> tuple[dict[str, Cell], tuple[int, ...]]:
    """Machine parameters above a table: a row of names over a row of values, or name=value in one cell.

    Returns them with the rows they stand in.
    """
    found: dict[str, Cell] = {}
    used: list[int] = []
    given = list(rows)
    for row in given:
        names = {c: cell for c, cell in enumerate(sheet.rows[row]) if cell is not None}
        if _is_names(names.values()) and row + 1 in given and _under(sheet, row + 1, names):
            found |= {str(name): sheet.cell(row + 1, c) for c, name in names.items()}
            used += [row, row + 1]
        for cell in names.values():
            if isinstance(cell, str) and "=" in cell:
                pairs = re.findall(r"\b([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^,;&\s]+)", cell)
                found |= dict(pairs)
                used += [row] if pairs else []
    return found, tuple(sorted(set(used)))


def _is_names(cells: Iterable[Cell]) -> bool:
    texts = list(cells)
    named = [text for text in texts if isinstance(text, str) and _PARAMETER.fullmatch(text)]
    return len(named) >= 2 and len(named) == len(texts) and any("_" in text for text in named)


def _under(sheet: Sheet, row: int, names: Mapping[int, Cell]) -> bool:
    values = {c for c, cell in enumerate(sheet.rows[row]) if cell is not None}
    return bool(values) and values <= set(names)


def told(
    sheet: Sheet, rows: Iterable[int], found: Mapping[str, Cell], names: Iterable[str] = ()
) -> list[Hint]:
    """Every hint, the surest first: parameters, words above the table, a year named in passing, and last
    the `names` of the sheet and the file."""
    texts = [
        (cell, address(row, column))
        for row in rows
        for column, cell in enumerate(sheet.rows[row])
        if isinstance(cell, str)
    ]
    cumulative = any(_CUMULATIVE.search(fold(text)) for text, _ in texts)
    words = [hint for text, place in texts for hint in _from_words(text, place, cumulative)]
    return [
        *_from_parameters(found),
        *(hint for hint in words if len(hint.key) != 4),
        *(hint for hint in words if len(hint.key) == 4),
        *(hint for name in names for hint in _from_name(name, cumulative)),
    ]


def _from_name(name: str, cumulative: bool) -> Iterator[Hint]:
    yield from _from_words(name.replace("_", " "), "", cumulative)
    for match in _NAMED_MONTH.finditer(name):
        months = _of_month((match[2], match[1]))
        if months:
            yield span(*months, name, "", cumulative)


def _from_parameters(found: Mapping[str, Cell]) -> Iterator[Hint]:
    lowered = {name.lower(): label_text(cell) for name, cell in found.items()}
    year = _whole(lowered.get("nam", ""))
    first, last = _whole(lowered.get("tu_thang", "")), _whole(lowered.get("den_thang", ""))
    if year and first and last and 1 <= first <= last <= 12:
        text = f"tu_thang={first}, den_thang={last}, nam={year}"
        yield span(12 * year + first - 1, 12 * year + last - 1, text, "")
    elif year and (month := _whole(lowered.get("thang", ""))) and 1 <= month <= 12:
        yield span(12 * year + month - 1, 12 * year + month - 1, f"thang={month}, nam={year}", "")
    elif year and (quarter := _whole(lowered.get("quy", ""))) and 1 <= quarter <= 4:
        yield span(12 * year + 3 * quarter - 3, 12 * year + 3 * quarter - 1, f"quy={quarter}, nam={year}", "")


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 5 else None


def _from_words(text: str, place: str, cumulative: bool) -> Iterator[Hint]:
    folded = fold(text)
    days = _days(folded)
    if days:
        yield Hint(f"{days[0]}..{days[1]}", cumulative, text, place, days=days)
        return
    week = _WEEK.search(folded)
    if week:
        yield Hint(f"{week[2]}-W{int(week[1]):02}", False, text, place)
        return
    for pattern, reader in _READERS:
        match = pattern.search(folded)
        months = reader(match.groups()) if match else None
        if months:
            yield span(*months, text, place, cumulative)
            return


def _days(folded: str) -> tuple[date, date] | None:
    match = _SPAN_OF_DAYS.search(folded)
    if not match:
        return None
    numbers = [int(part) for part in match.groups()]
    try:
        first, last = date(numbers[2], numbers[1], numbers[0]), date(numbers[5], numbers[4], numbers[3])
    except ValueError:
        return None
    return (first, last) if first <= last else None


def span(first: int, last: int, text: str, place: str, cumulative: bool = False) -> Hint:
    """The hint for these calendar months."""
    key = _key(first, last)
    since_january = first % 12 == 0 and last > first
    if cumulative and last == first and first % 12:
        # "Lũy kế … tháng 10": from January to October, whatever single month is named.
        first, key = 12 * (first // 12), ""
    elif cumulative and last > first and not since_january:
        key = ""
    return Hint(key, cumulative or not key, text, place, first, last)


def _key(first: int, last: int) -> str:
    year, month, size = first // 12, first % 12 + 1, last - first + 1
    if first // 12 != last // 12:
        return ""
    if size == 1:
        return f"{year}-{month:02}"
    if size == 3 and month % 3 == 1:
        return f"{year}-Q{month // 3 + 1}"
    if size == 6 and month in (1, 7):
        return f"{year}-H{month // 6 + 1}"
    if size == 9 and month == 1:
        return f"{year}-9M"
    return str(year) if size == 12 else ""


Months = tuple[int, int] | None


def _of_span(parts: tuple[str, ...]) -> Months:
    first, last, year = int(parts[0]), int(parts[1]), int(parts[2])
    return (12 * year + first - 1, 12 * year + last - 1) if 1 <= first <= last <= 12 else None


def _of_first(parts: tuple[str, ...]) -> Months:
    count, year = int(parts[0]), int(parts[1])
    return (12 * year, 12 * year + count - 1) if 2 <= count <= 12 else None


def _of_month(parts: tuple[str, ...]) -> Months:
    month, year = int(parts[0]), int(parts[1])
    return (12 * year + month - 1, 12 * year + month - 1) if 1 <= month <= 12 else None


def _of_quarter(parts: tuple[str, ...]) -> Months:
    quarter, year = _ROMAN.get(parts[0]) or int(parts[0]), int(parts[1])
    return 12 * year + 3 * quarter - 3, 12 * year + 3 * quarter - 1


def _of_english(parts: tuple[str, ...]) -> Months:
    ends = [12 * int(parts[i + 1]) + _ENGLISH.index(parts[i]) for i in range(0, len(parts), 2)]
    return (ends[0], ends[-1]) if ends[0] <= ends[-1] else None


_READERS = (
    (_SPAN_OF_MONTHS, _of_span),
    (_LAST_MONTHS, lambda parts: (12 * int(parts[0]) + 6, 12 * int(parts[0]) + 11)),
    (_FIRST_MONTHS, _of_first),
    (_MONTH, _of_month),
    (_QUARTER, _of_quarter),
    (_ENGLISH_SPAN, _of_english),
    (_ENGLISH_ONE, _of_english),
    (_BARE_MONTH, _of_month),
    (_WHOLE_YEAR, lambda parts: (12 * int(parts[0]), 12 * int(parts[0]) + 11)),
)
