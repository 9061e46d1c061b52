"""A file of another system from upload to figures, without a script, by those who may and those who not."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from haicap.accounts.models import User
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.reporting.models import ForeignFile, Intake, Mapping, Report, Value, ValueChange

from .office import FORM, Office

pytestmark = pytest.mark.once

START = "/bao-cao/tep-ngoai/"


def workbook(*rows: Any, title: str = "Tháng 10 năm 2026", merges: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append([])
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


HEADING = ["Mã xã", "Tên xã", "Tổng số hồ sơ tiếp nhận", "Trực tuyến", "Tỷ lệ (%)"]
ROWS = (
    ["24505", "Xã Ea Knuếc", 412, 377, 91.5],
    ["", "Phường Tuy Hoà", 300, 200, 66.7],
    ["", "Trạm y tế số 3", 12, 10, 83.3],
    ["", "Tổng cộng", 730, 587, 80.4],
)
FILE = workbook(HEADING, *ROWS)


class Site:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.token = ""

    def client(self, who: str) -> Client:
        user: User = getattr(self.office.cast, who)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def upload(self, data: bytes = FILE, name: str = "tinh.xlsx", who: str = "office") -> Any:
        answer = self.client(who).post(START, {"tep": SimpleUploadedFile(name, data)})
        found = re.search(r"tep-ngoai/([^/]+)/$", answer.get("Location", ""))
        self.token = found[1] if found else ""
        return answer

    def get(self, page: str = "", who: str = "office") -> str:
        answer = self.client(who).get(f"{START}{self.token}/{page}")
        assert answer.status_code == 200, answer
        return str(answer.content.decode())

    def post(self, page: str = "", who: str = "office", **fields: str) -> Any:
        return self.client(who).post(f"{START}{self.token}/{page}", fields)

    def read(self, who: str = "office", **more: str) -> Any:
        fields = self.fields(self.get("", who)) | {"mau": f"{FORM}|2026-10", "do": "next"} | more
        return self.post("", who, **fields)

    def join(self, who: str = "office", **fields: str) -> Any:
        return self.post(
            "noi/", who, **({"do": "next"} | {k.replace("_", "-"): v for k, v in fields.items()})
        )

    @staticmethod
    def fields(page: str) -> dict[str, str]:
        """What a browser would send: inputs and chosen options as they stand."""
        found = dict(re.findall(r'<input[^>]* name="([a-z0-9-]+)"[^>]* value="([^"]*)"', page))
        for name, options in re.findall(r'<select[^>]* name="([a-z0-9-]+)"[^>]*>(.*?)</select>', page, re.S):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            first = re.search(r'<option value="([^"]*)"', options)
            found[name] = chosen[1] if chosen else first[1] if first else ""
        return found


@pytest.fixture
def site(office: Office) -> Site:
    return Site(office)


JOINS = {"cot-2": "HS_NHAN", "cot-3": "HS_NHAN_CTT", "cot-4": ""}


def values() -> dict[tuple[str, str], Any]:
    rows = Value.objects.select_related("report__unit", "element")
    return {(row.report.unit.code, row.element.code): row.number for row in rows}


def test_the_whole_road_of_a_file(site: Site) -> None:
    """C17, C18, C20: from upload to figures in drafts; the total stays out, counts add up."""
    assert site.upload().status_code == 302
    page = site.get()
    assert "Có 3 dòng số liệu." in page
    assert "Tổng cộng" in page
    assert "730" in page
    assert "724" in page, "the printed total disagrees with its rows"
    assert "Tháng 10/2026" in page
    assert "tỷ lệ, không cộng được" in page
    assert site.read().url.endswith("/noi/")
    page = site.get("noi/")
    assert "theo tên, hãy kiểm tra" in page
    assert "1/3" in page, "one of three units is joined by its code"
    assert '<option value="HS_NHAN" selected>' in page
    answer = site.join(**JOINS, **{"ten-4": "on"})
    assert answer.url.endswith("/xem/")
    page = site.get("xem/")
    assert "C5" not in re.sub(r"<datalist.*?</datalist>", "", page, flags=re.S) or "Phường Tuy Hoà" in page
    assert not Value.objects.exists()
    answer = site.post("xem/", cach="part", nguon="Cổng dịch vụ công, biểu tháng")
    assert answer.url.endswith("/xong/")
    assert values() == {
        ("24505", "HS_NHAN"): 412, ("24505", "HS_NHAN_CTT"): 377,
        ("22015", "HS_NHAN"): 300, ("22015", "HS_NHAN_CTT"): 200,
    }  # fmt: skip
    assert {row.state for row in Report.objects.all()} == {"draft"}
    assert set(ValueChange.objects.values_list("door", flat=True)) == {"excel"}
    intake = Intake.objects.get()
    assert intake.file_name == "tinh.xlsx"
    assert "Đọc 4 ô: 4 mới" in site.get("xong/")


def test_the_second_file_of_a_source_is_filled_in_and_a_changed_heading_is_asked_again(site: Site) -> None:
    site.upload()
    site.read()
    site.join(**JOINS, **{"ten-4": "on", "ma-5": "24133"})
    site.post("xem/", nguon="Cổng tỉnh")
    assert Mapping.objects.get().plan["lines"] == {
        " / 24505 / ": "24505", " / phuong tuy hoa / ": "22015", " / tram y te so 3 / ": "24133",
    }  # fmt: skip
    site.upload(workbook(HEADING, *ROWS[:3]), "thang-11.xlsx")
    page = site.get()
    assert "Nhận ra nguồn “Cổng tỉnh”" in page
    site.read()
    page = site.get("noi/")
    assert "3/3" in page
    assert "theo lần trước" in page
    changed = ["Mã xã", "Tên xã", "Số hồ sơ", "Trực tuyến", "Tỷ lệ (%)"]
    site.upload(workbook(changed, *ROWS[:3]), "thang-12.xlsx")
    page = site.get()
    assert "tiêu đề đã đổi" in page
    assert "Số hồ sơ" in page.split("Cột mới:")[1].split("</li>")[0]
    assert "tong so ho so tiep nhan" in page.split("Cột không còn:")[1].split("</li>")[0]


def test_a_name_alone_is_not_joined(site: Site) -> None:
    """C20: rows that only look like a unit wait for a person."""
    site.upload()
    site.read()
    site.join(**JOINS)
    site.post("xem/", cach="part")
    assert {unit for unit, _ in values()} == {"24505"}


def test_bad_cells_are_listed_and_good_ones_kept_or_nothing_is(site: Site) -> None:
    """C12: text that means two numbers is told with its cell; partial and whole are the person's choice."""
    site.upload(workbook(HEADING, ["24505", "a", "1.234", 377, 1], ["22015", "b", 300, 200, 2]))
    site.read()
    assert site.join(**JOINS).status_code == 302
    page = site.get("xem/")
    assert "C4" in page
    assert "có thể hiểu là" in page
    for table, found, lines in (("loai", "có thể hiểu là", 2), ("ghi", "377", 4)):
        address = f"{START}{site.token}/xem/?tai=csv&bang={table}"
        file = b"".join(site.client("office").get(address)).decode("utf-8-sig")
        assert found in file
        assert len(file.splitlines()) == lines
        assert site.client("leader").get(address).status_code == 400
    answer = site.post("xem/", cach="all")
    assert answer.status_code == 400
    assert not Value.objects.exists()
    assert not Intake.objects.exists()
    assert site.post("xem/", cach="part").status_code == 302
    assert len(values()) == 3
    outcome = ForeignFile.objects.get().outcome
    assert (
        outcome["read"]
        == outcome["imported"] + outcome["updated"] + outcome["unchanged"] + outcome["rejected"]
        == 4
    )


def test_two_rows_for_one_cell_name_each_other(site: Site) -> None:
    site.upload(workbook(HEADING, ["24505", "a", 1, 0, 1], ["24505", "b", 2, 1, 2], ["22015", "c", 5, 4, 3]))
    assert "có ở cả dòng 4 và dòng 5" in site.get()
    site.read()
    site.join(**JOINS)
    page = site.get("xem/")
    assert "(C5)" in page
    assert "(C4)" in page


def test_a_cumulative_file_is_refused_for_a_month_in_words(site: Site) -> None:
    site.upload(workbook(HEADING, *ROWS[:2], title="Lũy kế từ tháng 1 đến tháng 10 năm 2026"))
    assert "Đây là số lũy kế" in site.get()
    site.read(chac="on")
    answer = site.join(**JOINS)
    assert answer.status_code == 400
    assert "không phải số của một kỳ" in answer.content.decode()
    assert site.client("office").get(f"{START}{site.token}/xem/").status_code == 400


def test_a_file_of_another_month_needs_a_word(site: Site) -> None:
    site.upload(workbook(HEADING, *ROWS[:2], title="Tháng 9 năm 2026"))
    answer = site.read()
    assert answer.status_code == 400
    assert "kỳ khác với kỳ đã chọn" in answer.content.decode()
    assert site.read(chac="on").status_code == 302


def test_averages_cannot_be_joined_to_what_is_added(site: Site) -> None:
    site.upload()
    site.read()
    answer = site.join(**(JOINS | {"cot-4": "HD"}))
    assert answer.status_code == 400
    assert "Không nhập vào chỉ tiêu được cộng" in answer.content.decode()


def test_a_code_that_is_none_comes_back_as_typed(site: Site) -> None:
    site.upload()
    site.read()
    answer = site.join(**JOINS, **{"ma-5": "99999"})
    assert answer.status_code == 400
    assert 'value="99999"' in answer.content.decode()


def test_a_commune_brings_a_table_of_indicators(site: Site) -> None:
    rows = (["Chỉ tiêu", "Số liệu"], ["Tổng số hồ sơ tiếp nhận", 412], ["Lượt người được hướng dẫn", 31])
    site.upload(workbook(*rows), who="commune_officer")
    site.read("commune_officer", dong="element")
    page = site.get("noi/", "commune_officer")
    assert "Phường Tuy Hoà" not in page
    site.join("commune_officer", **{"cot-1": "24505", "moi": "on"})
    site.post("xem/", "commune_officer", cach="part")
    assert values() == {("24505", "HS_NHAN"): 412, ("24505", "HD"): 31}


def test_a_commune_cannot_bring_figures_of_another(site: Site) -> None:
    site.upload(who="commune_officer")
    site.read("commune_officer")
    site.join("commune_officer", **JOINS, **{"ma-4": "22015"})
    site.post("xem/", "commune_officer", cach="part")
    assert {unit for unit, _ in values()} <= {"24505"}


@pytest.mark.parametrize("who", ["commune_leader", "viewer", "leader"])
def test_those_who_only_read_are_refused(site: Site, who: str) -> None:
    answer = site.client(who).get(START)
    assert answer.status_code == 400
    assert "nhập được tệp của hệ thống khác" in answer.content.decode()


@pytest.mark.parametrize("page", ["", "noi/", "xem/", "xong/"])
def test_the_file_of_one_person_does_not_exist_for_another(site: Site, page: str) -> None:
    site.upload()
    for who in ("other_officer", "stranger"):
        assert site.client(who).get(f"{START}{site.token}/{page}").status_code in (400, 404)
    assert site.client("commune_officer").get(f"{START}{site.token}/{page}").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [(b"", "a.xlsx", "trống"), (b"%PDF-1.7", "a.xlsx", "PDF"), (b"PK\x03\x04x", "a.xlsx", "hỏng")],
)
def test_a_bad_file_is_refused_at_the_door(site: Site, data: bytes, name: str, words: str) -> None:
    answer = site.upload(data, name)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ForeignFile.objects.exists()


def test_no_file_is_asked_for(site: Site) -> None:
    answer = site.client("office").post(START, {})
    assert answer.status_code == 400
    assert "Hãy chọn một tệp" in answer.content.decode()


def test_a_file_is_kept_for_a_day_and_written_once(site: Site) -> None:
    site.upload()
    site.read()
    site.join(**JOINS)
    site.post("xem/", cach="part")
    site.post("xem/", cach="part")
    assert Intake.objects.count() == 1
    assert ValueChange.objects.count() == 2
    with clock.frozen(clock.now() + timezone.timedelta(hours=25)):
        site.upload()
        assert ForeignFile.objects.count() == 1


def test_sheets_headings_and_rows_can_be_chosen(site: Site) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Bìa"])
    other = book.create_sheet("Biểu 2")
    for row in (["x", "y"], ["Mã", "Nhận", "Khác"], ["24505", 1, 2], ["22015", 3, 4], ["24133", 5, 9]):
        other.append(row)
    target = io.BytesIO()
    book.save(target)
    site.upload(target.getvalue())
    page = site.get()
    assert '<option value="Biểu 2" selected>' in page
    fields = site.fields(page)
    assert (fields["dau"], fields["dau2"], fields["cuoi"]) == ("1", "2", "5")
    answer = site.post("", **(fields | {"dau": "2", "dau2": "2", "cuoi": "4", "do": "look"}))
    assert answer.status_code == 302
    assert "Có 2 dòng số liệu." in site.get()
    site.post("", **(fields | {"trang": "Sheet", "do": "look"}))
    assert "không có bảng số liệu" in site.get()


def test_an_old_workbook_and_a_csv_take_the_same_road(site: Site) -> None:
    """C19: a CSV with BOM, notes above and decomposed accents."""
    text = (
        "\ufeffTháng 10 năm 2026\n\nMã xã;Tên xã;Tổng số hồ sơ tiếp nhận;Trực tuyến\n"
        "24505;Ea Knuếc;412;377\n22015;b;5;4\n"
    )
    site.upload(text.encode(), "tinh.csv")
    site.read()
    site.join(**{"cot-2": "HS_NHAN", "cot-3": "HS_NHAN_CTT"})
    site.post("xem/", cach="part")
    assert values()["24505", "HS_NHAN"] == 412
    assert set(ValueChange.objects.values_list("door", flat=True)) == {"csv"}


def test_a_kept_source_can_be_forgotten_and_everything_is_in_the_log(site: Site) -> None:
    site.upload()
    site.read()
    site.join(**JOINS)
    site.post("xem/", cach="part", nguon="Cổng tỉnh")
    kept = Mapping.objects.get()
    assert "Cổng tỉnh" in site.client("office").get(START).content.decode()
    assert site.client("other_officer").post(f"{START}bo/{kept.pk}/").status_code == 404
    assert site.client("office").post(f"{START}bo/{kept.pk}/").status_code == 302
    assert not Mapping.objects.exists()
    file = ForeignFile.objects.get()
    actions = {event.action for event in audit.history(f"foreign:{file.pk}", 10)}
    assert actions == {"foreign.received", "foreign.applied"}


def test_each_page_asks_a_known_number_of_questions(site: Site, django_assert_max_num_queries: Any) -> None:
    site.upload()
    site.read()
    site.join(**JOINS)
    client = site.client("office")
    for page, most in (("", 14), ("noi/", 14), ("xem/", 50)):
        with django_assert_max_num_queries(most):
            client.get(f"{START}{site.token}/{page}")


@pytest.mark.parametrize("lang", ["en", "bn"])
def test_every_page_speaks_the_language_of_the_reader(site: Site, lang: str) -> None:
    site.upload(workbook(HEADING, *ROWS, title="Lũy kế 10 tháng năm 2026"))
    client = site.client("office")
    client.cookies["django_language"] = lang
    page = client.get(f"{START}{site.token}/").content.decode()
    assert "Các cột đọc được" not in page
    assert "Tỷ lệ (%)" in page, "the words of the file stay as they are"


@pytest.mark.parametrize(
    ("who", "there"), [("office", True), ("commune_officer", True), ("commune_leader", False)]
)
def test_the_lists_lead_to_it_for_those_who_may(site: Site, who: str, there: bool) -> None:
    page = site.client(who).get("/bao-cao/", follow=True).content.decode()
    assert (f'href="{START}"' in page) is there
