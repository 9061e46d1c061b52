"""Files that are small on the way and would be large in memory."""

import io
import tracemalloc
import zipfile

from .test_opening import SHEET, SMALL, refused


def test_a_sheet_of_faults_is_given_up_while_it_is_walked() -> None:
    """Half a megabyte of cells without a value was 400 MB in memory before it was refused."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SMALL)) as small,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as big,
    ):
        for name in small.namelist():
            body = small.read(name)
            if name == SHEET:
                # not so regular that it would pass for a bomb
                cells = "".join(f'<c t="e" s="{n * 7919 % 1009}"><v/></c>' for n in range(600_000))
                rows = b"<row>" + cells.encode() + b"</row>"
                body = body.partition(b"<sheetData")[0] + b"<sheetData>" + rows + b"</sheetData></worksheet>"
            big.writestr(name, body)
    tracemalloc.start()
    try:
        assert refused(target.getvalue(), max_cells=50_000).code == "tables.too_many_cells"
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
    finally:
        tracemalloc.stop()
