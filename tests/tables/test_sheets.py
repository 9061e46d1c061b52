"""Any table of any page as a file, in one way."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from haicap.core import clock
from haicap.tables import sheets
from haicap.tables.excel import About
from haicap.tables.sheets import Sheet

ABOUT = About("Báo cáo", "Tháng 10/2026", "abc123", "2/3 đơn vị")


def request(address: str) -> Any:
    return RequestFactory().get(address)


def sheet(about: About = ABOUT, rows: int = 3) -> Sheet:
    return Sheet("ten", ["Xã", "Số"], [[f"Xã {n}", Decimal(n)] for n in range(rows)], about)


def lines(answer: Any) -> list[str]:
    return b"".join(answer).decode("utf-8-sig").splitlines()


def test_the_page_itself_makes_no_file() -> None:
    def never() -> Sheet:
        raise AssertionError

    assert sheets.asked(request("/?mau=x"), mot=never) is None


def test_csv_says_behind_each_row_what_it_is_about() -> None:
    with translation.override("vi"):
        found = lines(sheets.asked(request("/?tai=csv"), mot=sheet))
    assert found[0].split(";") == ["Xã", "Số", "Kỳ báo cáo", "Bản dữ liệu", "Độ phủ"]
    assert found[1:] == [f"Xã {n};{n};Tháng 10/2026;abc123;2/3 đơn vị" for n in range(3)]


def test_excel_says_it_above_the_heading() -> None:
    with translation.override("vi"):
        answer = sheets.asked(request("/?tai=xlsx&bang=hai"), mot=sheet, hai=lambda: sheet(rows=2))
    page = openpyxl.load_workbook(BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert page is not None
    found = [[cell.value for cell in row][:2] for row in page.iter_rows()]
    assert ["Kỳ báo cáo", "Tháng 10/2026"] in found
    assert found[-2:] == [["Xã 0", 0], ["Xã 1", 1]]


def test_what_comes_from_no_snapshot_says_its_moment() -> None:
    with clock.frozen("2026-10-27 10:00"), translation.override("vi"):
        found = lines(sheets.asked(request("/?tai=csv"), mot=lambda: sheet(About("Báo cáo"))))
    assert found[0].endswith(";Tính đến")
    assert found[1].endswith(";2026-10-27 10:00")


@pytest.mark.parametrize("address", ["/?tai=pdf", "/?tai=csv&bang=khong"])
def test_other_files_do_not_exist(address: str) -> None:
    with pytest.raises(Http404):
        sheets.asked(request(address), mot=sheet)


def test_nothing_is_cut() -> None:
    assert len(lines(sheets.asked(request("/?tai=csv"), mot=lambda: sheet(rows=20_000)))) == 20_001
