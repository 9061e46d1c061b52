"""Somebody at a desk with a spreadsheet: takes a file home, changes it, brings it back."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from haicap.accounts.models import User
from haicap.reporting.models import Value

from .office import FORM, PERIOD, Office

ONE = f"/bao-cao/{FORM}/{PERIOD}/24505/tep/"
MANY = f"/bao-cao/tong-hop/tep/{FORM}/{PERIOD}/"


class Book:
    """A workbook of ours in another program's hands (openpyxl)."""

    def __init__(self, data: bytes) -> None:
        self.book = load_workbook(BytesIO(data))

    @property
    def sheet(self) -> Any:
        return self.book.worksheets[0]

    @property
    def technical(self) -> Any:
        return self.book["haicap"]

    def heading(self) -> Any:
        return next(
            row for row in self.sheet.iter_rows() if any(cell.value in ("@code", "@unit") for cell in row)
        )

    def column(self, key: str) -> int:
        return int(next(cell.column for cell in self.heading() if cell.value == key))

    def row(self, code: str) -> int:
        column = self.column("@code")
        first = self.heading()[0].row + 1
        return next(
            line
            for line in range(first, self.sheet.max_row + 1)
            if self.sheet.cell(line, column).value == code
        )

    def cell(self, code: str, key: str = "@value") -> Any:
        return self.sheet.cell(self.row(code), self.column(key))

    def at(self, unit: str, code: str) -> Any:
        """A cell of a workbook of many units."""
        line = next(row[0].row for row in self.sheet.iter_rows(max_col=1) if row[0].value == unit)
        return self.sheet.cell(line, self.column(code))

    def data(self) -> bytes:
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()


class Desk:
    def __init__(self, office: Office, who: str = "commune_officer", path: str = ONE) -> None:
        self.office, self.path = office, path
        self.client = client(office, who)

    def download(self, ext: str = "xlsx") -> bytes:
        answer = self.client.get(f"{self.path}tai/{ext}/")
        assert answer.status_code == 200, answer
        return b"".join(answer.streaming_content)

    def book(self) -> Book:
        return Book(self.download())

    def bring(self, data: bytes, name: str = "bao-cao.xlsx", path: str = "") -> Any:
        return self.client.post(path or self.path, {"file": SimpleUploadedFile(name, data)})

    def address(self, data: bytes, name: str = "bao-cao.xlsx") -> str:
        """Where the preview of a file is that was taken."""
        answer = self.bring(data, name)
        assert answer.status_code == 302, text_of(answer)
        return str(answer.headers["Location"])

    def preview(self, data: bytes, name: str = "bao-cao.xlsx") -> str:
        return text_of(self.client.get(self.address(data, name)))

    def refused(self, data: bytes, name: str = "bao-cao.xlsx") -> str:
        """The words with which a file as a whole is refused."""
        answer = self.bring(data, name)
        assert answer.status_code == 400, answer
        return text_of(answer)

    def write(self, data: bytes, name: str = "bao-cao.xlsx", **more: object) -> Any:
        address = self.address(data, name)
        return self.client.post(address, {"do": "apply", **more})

    def changed(self, change: Callable[[Book], None]) -> bytes:
        book = self.book()
        change(book)
        return book.data()


def client(office: Office, who: str) -> Client:
    user: User = getattr(office.cast, who)
    found = Client()
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def text_of(answer: Any) -> str:
    """The page without its tags, single spaces."""
    page = re.sub(r"<(script|style|template).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&quot;", '"').replace("&#x27;", "'").split())


def counts(page: str) -> dict[str, int]:
    """The tiles of a preview: how many cells are new, changed, emptied, the same, wrong."""
    names = {
        "new": "ô mới",
        "changed": "ô đổi số",
        "removed": "ô xóa trống",
        "same": "ô giữ nguyên",
        "wrong": "ô lỗi",
    }
    found = {name: re.search(rf"([0-9.]+) {words}", page) for name, words in names.items()}
    assert all(found.values()), page
    return {name: int(match[1].replace(".", "")) for name, match in found.items() if match}


def stored() -> dict[str, Any]:
    """Element → number of the one report there is."""
    return {value.element.code: value.number for value in Value.objects.select_related("element")}
