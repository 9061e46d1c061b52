"""Files that are small on the way and would be large in memory."""

import io
import random
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook

from haicap.tables import opening, packages

from .test_opening import SHEET, SMALL, refused

MEGABYTE = 1024 * 1024
FAULT = b'<c t="e"><v/></c>'


def with_cells(rows: list[bytes], **others: bytes) -> bytes:
    """The small workbook with these rows in its sheet."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SMALL)) as small,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as big,
    ):
        for name in small.namelist():
            body = small.read(name)
            if name == SHEET:
                cells = b"".join(b"<row>" + row + b"</row>" for row in rows)
                body = body.partition(b"<sheetData")[0] + b"<sheetData>" + cells + b"</sheetData></worksheet>"
            big.writestr(name, body)
        for name, body in others.items():
            big.writestr(name, body)
    return target.getvalue()


def faults(rows: int, columns: int = 1000) -> bytes:
    """Not so regular that it would pass for a bomb."""
    styles = [b'<c t="e" s="%d"><v/></c>' % (n * 7919 % 1009) for n in range(columns)]
    return with_cells([b"".join(styles[n % columns :] + styles[: n % columns]) for n in range(rows)])


@contextmanager
def at_most(megabytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the pieces that were unpacked of the sheet."""
    sizes: list[int] = []
    real = packages._unpacked

    def counted(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        for piece in real(data, entry):
            if entry.filename == SHEET:
                sizes.append(len(piece))
            yield piece

    monkeypatch.setattr(packages, "_unpacked", counted)
    return sizes


def unfit(data: bytes, most_cells: int = opening.MAX_CELLS) -> str:
    with pytest.raises(packages.Unfit) as found:
        packages.inspect(data, most_cells)
    return found.value.code


def test_a_sheet_of_faults_is_given_up_while_it_is_walked(walked: list[int]) -> None:
    """Half a megabyte of cells without a value was 400 MB in memory before it was refused."""
    data = faults(600)
    with at_most(20):
        assert unfit(data, 50_000) == "too_many_cells"
    assert sum(walked) < 3 * MEGABYTE, "the rest was not even unpacked"


def test_a_row_wider_than_any_sheet_is_given_up_at_its_end(walked: list[int]) -> None:
    data = with_cells([FAULT * 4_000_000], **{"xl/media/a.bin": random.Random(1).randbytes(400_000)})
    assert len(data) < MEGABYTE
    with at_most(10):
        assert unfit(data) == "corrupt"
    assert sum(walked) < MEGABYTE
    assert refused(data).code == "tables.corrupt"


def test_a_row_below_any_sheet_is_given_up() -> None:
    last = b'<c r="A1048576"><v>1</v></c>'
    assert packages.inspect(with_cells([last]), opening.MAX_CELLS)
    assert unfit(with_cells([last.replace(b"76", b"77")])) == "corrupt"


def test_more_faults_than_anybody_could_mend_are_refused_in_words(walked: list[int]) -> None:
    data = faults(600)
    with at_most(40):
        assert unfit(data) == "too_many_faults"
    assert sum(walked) < 4 * MEGABYTE
    told = refused(data)
    assert (told.code, told.params["most"]) == ("tables.too_many_faults", packages.MOST_FAULTS)


def test_faults_are_counted_over_all_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    book = Workbook()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(["#N/A"] * 6)
    target = io.BytesIO()
    book.save(target)
    assert [len(one) for one in packages.inspect(target.getvalue(), 100).values()] == [6, 6]
    monkeypatch.setattr(packages, "MOST_FAULTS", 11)
    assert unfit(target.getvalue()) == "too_many_faults"


def test_the_walk_is_made_apart() -> None:
    """In the process of the pages there is the file and the answer."""
    data = faults(600)
    with at_most(5):
        refused(data, max_cells=50_000)


def test_a_large_part_is_unpacked_by_the_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left over is copied at each step: of the whole part, that was the square of its size."""
    given: list[int] = []

    class Counting:
        def __init__(self, window: int) -> None:
            self.real = zlib.decompressobj(window)

        def decompress(self, data: bytes, most: int) -> bytes:
            given.append(len(data))
            return self.real.decompress(data, most)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

    large = {"xl/media/a.bin": random.Random(2).randbytes(3 * MEGABYTE), "xl/media/b.bin": b"ab" * 900_000}
    data = with_cells([b"<c><v>1</v></c>"], **large)
    monkeypatch.setattr(packages, "zlib", SimpleNamespace(decompressobj=Counting, error=zlib.error))
    assert packages.inspect(data, opening.MAX_CELLS)
    assert sum(given) > 3 * MEGABYTE
    assert max(given) <= 64 * 1024


def test_a_part_that_ends_too_early_is_corrupt() -> None:
    entry = zipfile.ZipInfo("a")
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed = zlib.compress(b"abc" * 1000, wbits=-15)
    for size, whole in ((len(packed), True), (len(packed) - 1, False), (0, False)):
        entry.header_offset, entry.compress_size, entry.file_size = 0, size, 3000
        data = bytes(30) + packed[:size]
        if whole:
            assert b"".join(packages._unpacked(data, entry)) == b"abc" * 1000
        else:
            with pytest.raises(packages.Unfit, match="corrupt"):
                list(packages._unpacked(data, entry))
