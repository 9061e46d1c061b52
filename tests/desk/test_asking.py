"""The answer from what is held, and the burden board."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from haicap.core import periods
from haicap.core.counts import Adds
from haicap.insight.held import held
from haicap.reporting.models import Value
from tests.desk.conftest import Browser
from tests.world import Land

pytestmark = pytest.mark.django_db
MONTHS = ("2026-08", "2026-09", "2026-10")
WINDOW = "2026-07-15..2026-10-14"


@pytest.fixture
def office(browser: Browser) -> Client:
    return browser("office")


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8-sig")  # type: ignore[no-any-return]


def stored(land: Land, code: str, element: str, period: str) -> Decimal | None:
    rows = Value.objects.filter(
        report__unit_id=land.world[code], report__period=period, element__code=element
    )
    return rows.values_list("number", flat=True).first()


def asked(land: Land, period: str, *codes: str) -> Any:
    elements = [land.catalogue.elements[code] for code in codes]
    return held(land.place("66"), elements, periods.parse(period), land.catalogue)


class TestHeld:
    def test_a_month_is_read_as_it_was_reported(self, rough: Land) -> None:
        found = asked(rough, "2026-10", "HS_NHAN", "HS_DH")
        here, there = rough.world["24505"], rough.world["22015"]
        assert found.figures[here, "HS_NHAN"].value == stored(rough, "24505", "HS_NHAN", "2026-10")
        assert (found.figures[here, "HS_NHAN"].provisional, found.figures[there, "HS_NHAN"].provisional) == (
            False,
            True,
        )
        # C4: nothing entered is nothing, with its reason
        assert found.figures[here, "HS_DH"].value is None
        assert found.figures[here, "HS_DH"].missing == "Hệ thống một cửa bị lỗi"
        assert found.figures[rough.world["24133"], "HS_NHAN"].value is None
        assert (found.columns[0].have, found.complete, len(found.places)) == (2, 1, 3)

    def test_three_months_of_a_flow_are_added(self, rough: Land) -> None:
        found = asked(rough, WINDOW, "HS_NHAN")
        parts = [stored(rough, "24505", "HS_NHAN", month) for month in MONTHS]
        assert found.figures[rough.world["24505"], "HS_NHAN"].value == sum(part or 0 for part in parts)
        assert found.columns[0].source is not None
        assert found.columns[0].source.derived

    def test_a_missing_month_leaves_a_gap_not_a_smaller_sum(self, rough: Land) -> None:
        silent = asked(rough, WINDOW, "HS_NHAN").figures[rough.world["24133"], "HS_NHAN"]
        assert (silent.value, silent.lacking) == (None, 1)

    def test_a_stock_is_that_of_the_last_month(self, rough: Land) -> None:
        assert rough.catalogue.elements["HS_DXL"].measure.over_time is Adds.LAST
        found = asked(rough, WINDOW, "HS_DXL").figures[rough.world["24505"], "HS_DXL"]
        assert found.value == stored(rough, "24505", "HS_DXL", "2026-10")

    def test_distinct_things_have_no_sum_over_months(self, rough: Land) -> None:
        found = asked(rough, WINDOW, "DVC_HS")
        assert found.columns[0].source is None
        assert found.figures[rough.world["24505"], "DVC_HS"].value is None

    def test_a_total_only_where_communes_add_up(self, rough: Land) -> None:
        found = asked(rough, "2026-10", "HS_NHAN", "D766_CK")
        values = [found.figures[place.id, "HS_NHAN"].value for place in found.places]
        assert found.columns[0].total == sum(value for value in values if value is not None)
        assert rough.catalogue.elements["D766_CK"].measure.over_units is not Adds.SUM
        assert found.columns[1].total is None


ADDRESS = "/so-dang-co/?dv=66&pt=HS_NHAN&pt=HS_DXL&loai=month&cs=nd09&ky=2026-10"


class TestHeldPage:
    def test_it_states_cut_off_and_coverage(self, office: Client, rough: Land) -> None:
        page = text_of(office.get(ADDRESS))
        assert "Trả lời từ số đang có" in page
        assert "2/3 đơn vị có đủ số" in page
        assert "bản dữ liệu" in page
        assert "mẫu CQS-T" in page
        assert "tạm tính" in page
        assert "chưa báo cáo" in page

    def test_csv_and_excel_carry_the_same_figures(self, office: Client, rough: Land) -> None:
        rows = list(csv.reader(io.StringIO(text_of(office.get(f"{ADDRESS}&tai=csv"))), delimiter=";"))
        if len(rows[0]) == 1:
            rows = list(csv.reader(io.StringIO(text_of(office.get(f"{ADDRESS}&tai=csv")))))
        assert len(rows) == 1 + 3 * 2
        book = load_workbook(io.BytesIO(b"".join(office.get(f"{ADDRESS}&tai=xlsx"))))  # type: ignore[arg-type]
        sheet = book.worksheets[0]
        lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
        here = next(line for line in lines if line[0] == "24505")
        assert Decimal(str(here[2])) == stored(rough, "24505", "HS_NHAN", "2026-10")
        silent = next(line for line in lines if line[0] == "24133")
        assert silent[2] is None

    @pytest.mark.parametrize("name", ["commune_officer", "stranger_office", "nobody"])
    def test_who_does_not_see_the_province_sees_nothing(
        self, browser: Browser, rough: Land, name: str
    ) -> None:
        assert browser(name).get(ADDRESS).status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            "dv=66", "dv=66&pt=NO", "dv=66&pt=HS_NHAN&loai=zzz", "dv=66&pt=HS_NHAN&ky=2026-99",
            "dv=66&pt=HS_NHAN&cs=moon", "dv=66&pt=HS_NHAN&loai=campaign",
        ],
    )  # fmt: skip
    def test_what_does_not_exist_is_told(self, office: Client, rough: Land, query: str) -> None:
        assert office.get(f"/so-dang-co/?{query}").status_code in (400, 404)

    def test_its_cost(self, office: Client, rough: Land) -> None:
        office.get(ADDRESS)
        with CaptureQueriesContext(
            connection,
        ) as few:
            office.get(ADDRESS)
        with CaptureQueriesContext(connection) as many:
            office.get(ADDRESS + "".join(f"&pt={code}" for code in rough.catalogue.forms["CQS-T"].elements))
        assert len(many) <= len(few) + 2 <= 14


WEEKS = "/ganh-nang/?tu=2026-W41&den=2026-W44"


class TestBurdenPage:
    def test_it_states_weeks_and_basis(self, office: Client, rough: Land) -> None:
        page = text_of(office.get(WEEKS))
        assert "5/10/2026 – 1/11/2026" in page
        assert "mỗi ô 2 phút" in page
        assert "4,0 giờ" in page
        assert "là đề xuất, chưa có quyết định" in page
        assert "Văn phòng Ủy ban nhân dân tỉnh" in page

    def test_its_cost(self, office: Client, rough: Land) -> None:
        office.get(WEEKS)
        with CaptureQueriesContext(connection) as asked:
            office.get(WEEKS)
        # inside the transaction of a test the two version stamps are read anew each time
        stamps = ("catalogue_revision", "units_stamp")
        real = [one["sql"] for one in asked if not any(stamp in one["sql"] for stamp in stamps)]
        assert len(real) <= 6

    def test_the_file_of_communes_can_be_checked_by_hand(self, office: Client, rough: Land) -> None:
        rows = _csv(text_of(office.get(f"{WEEKS}&tai=csv")))
        forms = [form for form in rough.catalogue.forms.values() if form.kind is periods.Kind.MONTH]
        cells = sum(form.typed_cells for form in forms)
        here = next(row for row in rows if row[0] == "24505")
        # The October reports of the three monthly forms are due in these weeks, and nothing else is.
        assert here[2:5] == [str(len(forms)), str(cells), str(2 * cells)]

    def test_askers_are_counted_in_their_own_file(self, office: Client, rough: Land) -> None:
        rows = _csv(text_of(office.get(f"{WEEKS}&tai=csv&bang=noi")))
        first = rows[1]
        form = rough.catalogue.forms["CQS-T"]
        assert first[0] == form.asker
        assert first[3:6] == ["3", str(3 * form.typed_cells), str(6 * form.typed_cells)]

    @pytest.mark.parametrize("name", ["commune_officer", "nobody"])
    def test_it_is_for_those_who_see_the_province(self, browser: Browser, rough: Land, name: str) -> None:
        assert browser(name).get("/ganh-nang/").status_code == 404
        assert browser(name).get("/ganh-nang/?dv=66").status_code == 404

    @pytest.mark.parametrize("query", ["tu=x", "tu=2026-10", "tu=2026-W44&den=2026-W41", "tu=2020-W01"])
    def test_weeks_that_are_none_are_told(self, office: Client, rough: Land, query: str) -> None:
        assert office.get(f"/ganh-nang/?{query}").status_code in (400, 404)


def _csv(text: str) -> list[list[str]]:
    delimiter = ";" if ";" in text.split("\n")[0] else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))
