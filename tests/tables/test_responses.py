import io

import openpyxl
import pytest

from haicap.core.errors import Refusal
from haicap.tables.excel import LONGEST_TEXT, About
from haicap.tables.responses import csv_response, xlsx_response


def test_a_csv_download_is_streamed_under_its_vietnamese_name() -> None:
    response = csv_response(([i] for i in range(3)), ["số"], "bảng.csv", lang="vi")
    assert response.streaming
    assert b"".join(response).decode("utf-8-sig") == "số\r\n0\r\n1\r\n2\r\n"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''b%E1%BA%A3ng.csv"
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_an_excel_download_opens() -> None:
    response = xlsx_response([["x", 1]], ["a", "b"], "bảng.xlsx", about=About("Tên"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert [cell.value for cell in sheet[4]] == ["x", 1]
    assert response["Content-Disposition"].startswith("attachment;")


def test_a_refused_export_is_a_refusal_not_half_a_file() -> None:
    with pytest.raises(Refusal, match="Excel"):
        xlsx_response([["x" * (LONGEST_TEXT + 1)]], ["a"], "x.xlsx")
