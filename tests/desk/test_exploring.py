"""The explorer: its grammar against the packs, who sees what, its files, and questions that are kept."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from haicap.accounts.scopes import scope_of
from haicap.audit.models import Event
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.desk.exploring import actions, saved
from haicap.desk.models import SavedQuestion
from haicap.insight.exploring.answers import ALL, Key, answer
from haicap.insight.exploring.question import MOST_PERIODS, Question, item_of
from tests.desk.conftest import Browser
from tests.world import Land

pytestmark = pytest.mark.django_db
PAGE = "/kham-pha/"
ASKED = "do=CQ06&do=HS_NHAN&dv=con.66&ky=2026-08~2026-10"


@pytest.fixture
def office(browser: Browser) -> Client:
    return browser("office")


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8-sig")  # type: ignore[no-any-return]


class TestGrammar:
    """Against the packs: every illegal combination, by its code and place."""

    def objections(self, land: Land, codes: str, places: str, keys: str, *together: str) -> Any:
        found = self.asked(land, codes, places, keys, *together)
        listed = found if isinstance(found, list) else found.objections
        return [(one.code, one.place, one.item) for one in listed]

    def asked(self, land: Land, codes: str, places: str, keys: str, *together: str) -> Any:
        items = [item_of(code, land.catalogue) for code in codes.split()]
        times = [periods.parse(key) for key in keys.split()]
        named = [land.place(code) for code in places.split()]
        return answer(
            Question(
                tuple(one for one in items if one), tuple(named), tuple(times), together=frozenset(together)
            ),
            land.catalogue,
        )

    def test_all_of_them(self, rough: Land) -> None:
        two = "2026-08 2026-09"
        assert self.objections(rough, "HS_NHAN HS_DXL DVC_HS", "24505", two, "ky") == [
            ("time_last", "gop", "HS_DXL"),
            ("time_none", "gop", "DVC_HS"),
        ]
        # an indicator whose parts may not be added over time
        assert self.objections(rough, "CQ02", "24505", two, "ky") == [("time_last", "gop", "CQ02")]
        assert self.objections(rough, "D766_CK", "66", "2026-10") == [("units", "dv", "D766_CK")]
        assert self.objections(rough, "D766_CK", "24505 22015", "2026-10", "dv") == [
            ("units", "gop", "D766_CK")
        ]
        assert self.objections(rough, "CB_TT CQ06", "24505", "2026-10") == [("rules", "ky", "")]
        assert self.objections(rough, "DVC_HS", "24505", "2026-Q3") == [("kind_none", "ky", "DVC_HS")]
        assert self.objections(rough, "HS_NHAN", "24505", "2026-Q3 2026-09", "ky") == [("overlap", "ky", "")]
        assert self.objections(rough, "", "", "") == [
            ("nothing", "do", ""), ("nothing", "dv", ""), ("nothing", "ky", "")
        ]  # fmt: skip
        many = " ".join(one.key for one in _months(MOST_PERIODS + 1))
        assert self.objections(rough, "HS_NHAN", "24505", many) == [("too_many", "ky", "")]

    def test_a_quarter_of_months_and_a_ratio_over_units(self, rough: Land) -> None:
        """C4: a commune that is silent leaves the sum smaller and says so; a ratio is made of sums."""
        months = self.asked(rough, "HS_NHAN", "24505", "2026-08 2026-09 2026-10").figures
        whole = self.asked(rough, "HS_NHAN", "24505", "2026-08 2026-09 2026-10", "ky").figures
        assert whole[Key(0, 0, ALL, 0)].value == sum(one.value for one in months.values())
        above = self.asked(rough, "CQ12 HS_NHAN", "66 24505 22015 24133", "2026-10").figures
        total, here, there, silent = (above[Key(0, n, 0, 0)] for n in range(4))
        assert (total.have, total.asked, silent.value, silent.reason) == (2, 3, None, "not_reported")
        assert total.numerator == here.numerator + there.numerator
        assert total.denominator == here.denominator + there.denominator
        assert above[Key(1, 0, 0, 0)].provisional


def _months(count: int) -> list[Period]:
    last = periods.parse("2026-10")
    return [periods.shift(last, -step) for step in range(count)]


UNITS = ("66", "con.66", "24505", "22015", "00466", "00")
OF_66 = {"66", "con.66", "24505", "22015"}
TRUTH: dict[str, set[str]] = {
    "leader": OF_66,
    "office": OF_66,
    "analyst": OF_66,
    "viewer": OF_66,
    "commune_leader": {"24505"},
    "commune_deputy": {"24505"},
    "commune_officer": {"24505"},
    "other_officer": {"22015"},
    "stranger_office": {"00466"},
    "stranger": {"00466"},
    "analyst_00": set(UNITS),
}


@pytest.mark.parametrize("who", TRUTH)
def test_who_sees_which_units(browser: Browser, who: str) -> None:
    """Out of reach is as unknown as what does not exist, on the page and in its files."""
    client = browser(who)
    for unit in UNITS:
        for more in ("", "&tai=csv"):
            answered = client.get(f"{PAGE}?do=CB_NHAN&dv={unit}&ky=2026-Q3{more}")
            assert answered.status_code == (200 if unit in TRUTH[who] else 404), unit


def test_who_holds_nothing_sees_no_figures(browser: Browser) -> None:
    answered = browser("nobody").get(f"{PAGE}?{ASKED}")
    assert "HS_NHAN" not in text_of(answered).replace("do=HS_NHAN", "")
    assert browser("").get(f"{PAGE}?{ASKED}").status_code == 302
    post = browser("nobody").post(f"{PAGE}luu/", {"ten": "x", "cau": ASKED})
    assert post.status_code == 404


def test_a_unit_out_of_reach_leaves_the_others_and_is_said(browser: Browser) -> None:
    client = browser("commune_officer")
    page = client.get(f"{PAGE}?do=HS_NHAN&dv=24505&dv=22015&ky=2026-08")
    assert page.status_code == 200
    assert [line.heads for line in page.context["table"].lines] == [("Xã Ea Knuếc",)]
    assert page.context["against"]["dv"] == ["Không có đơn vị nào mang mã 22015 trong phạm vi của bạn."]
    assert 'value="22015"' in text_of(page)


class TestPage:
    def test_the_table_states_what_it_rests_on(self, office: Client) -> None:
        page = office.get(f"{PAGE}?{ASKED}")
        text = text_of(page)
        assert page.context["answer"].covered == (16, 18)
        for said in ("16/18 ô có số", "bản dữ liệu", "Số liệu chốt lúc", "tạm tính", "chưa báo cáo"):
            assert said in text
        assert "/xa/24505/?ky=2026-10&amp;vi-sao=CQ06#vi-sao" in text
        assert "/bao-cao/CQS-T/2026-10/24505/o/HS_NHAN/" in text
        assert office.get("/bao-cao/CQS-T/2026-10/24505/o/HS_NHAN/").status_code == 200

    def test_what_stands_in_the_columns_is_chosen(self, office: Client) -> None:
        table = office.get(f"{PAGE}?{ASKED}&xoay=ky&xoay=do").context["table"]
        assert [(one.words, one.wide) for one in table.heads[0]] == [
            ("Tháng 8/2026", 2), ("Tháng 9/2026", 2), ("Tháng 10/2026", 2)
        ]  # fmt: skip
        assert (len(table.lines), len(table.columns), len(table.lines[0].cells)) == (3, 6, 6)
        everything = office.get(f"{PAGE}?{ASKED}&xoay=ky&xoay=do&xoay=dv").context["table"]
        assert (len(everything.lines), len(everything.columns)) == (1, 18)

    def test_nothing_chosen_is_lost_by_a_refusal(self, office: Client) -> None:
        page = office.get(f"{PAGE}?do=HS_NHAN&do=KHONG_CO&dv=24505&dv=99999&ky=2026-Q9&gop=ky&theo=X.Y")
        text = text_of(page)
        assert page.status_code == 400
        assert page.context["address"].items == ("HS_NHAN", "KHONG_CO")
        for kept in ('value="HS_NHAN" checked', 'value="KHONG_CO"', 'value="24505" checked', 'value="99999"',
                     'value="2026-Q9" selected', 'value="ky" checked', 'value="X.Y" selected'):  # fmt: skip
            assert kept in text
        places = {place for place, said in page.context["against"].items() if said}
        assert places == {"do", "dv", "ky", "theo"}

    @pytest.mark.parametrize(
        "query",
        ["ky=2026-01~2199-12", "ky=2026-10~2026-08", "ky=a~b", "ky=2026-08~2026-Q4", "do=%00&dv=con.&ky=~",
         "dv=con.24505&do=HS_NHAN&ky=2026-10", "ve=...&dang=map&do=HS_NHAN&dv=66&ky=2026-10"],
    )  # fmt: skip
    def test_any_address_is_answered(self, office: Client, query: str) -> None:
        assert office.get(f"{PAGE}?{query}").status_code in (200, 400, 404)

    def test_charts_and_maps_say_what_they_cannot_draw(self, office: Client) -> None:
        curves = office.get(f"{PAGE}?{ASKED}&dang=chart").context["charts"]
        assert [len(one.points) for one in curves.curves] == [3] * 6
        silent = next(one for one in curves.curves if "Buôn Ma Thuột" in one.caption)
        assert (silent.points[-1].value, silent.points[-1].gap) == (None, "chưa báo cáo")
        bars = office.get(f"{PAGE}?do=HS_NHAN&dv=con.66&ky=2026-10&dang=chart").context["charts"].bars
        assert [one.drawing is None for one in bars[0].bars] == [False, True, False]
        for more in ("&gop=dv", "&dv=66"):
            assert office.get(f"{PAGE}?{ASKED}{more}&dang=map").context["picture"].refused

    def test_files_are_the_table_shown(self, office: Client) -> None:
        shown = office.get(f"{PAGE}?{ASKED}").context["table"]
        rows = list(csv.reader(io.StringIO(text_of(office.get(f"{PAGE}?{ASKED}&tai=csv"))), delimiter=";"))
        assert rows[0][:4] == ["Đơn vị", "Kỳ", *shown.columns]
        assert [row[:2] for row in rows[1:]] == [list(line.heads) for line in shown.lines]
        book = load_workbook(io.BytesIO(b"".join(office.get(f"{PAGE}?{ASKED}&tai=xlsx"))))  # type: ignore[arg-type]
        lines = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        for line, row in zip(shown.lines, rows[1:], strict=True):
            number = line.cells[1].figure.value
            in_book = next(one for one in lines if tuple(one[:2]) == line.heads)
            assert (None if in_book[3] is None else Decimal(str(in_book[3]))) == number
            assert row[3] == ("" if number is None else str(number.quantize(Decimal(1))))
        assert "chưa báo cáo" in next(row for row in rows if row[0].endswith("Thuột") and "10" in row[1])[4]

    def test_its_cost(self, office: Client) -> None:
        def cost(query: str) -> int:
            office.get(f"{PAGE}?{query}")
            with CaptureQueriesContext(connection) as asked:
                office.get(f"{PAGE}?{query}")
            # inside the transaction of a test the two version stamps are read anew each time
            stamps = ("catalogue_revision", "units_stamp")
            return sum(not any(stamp in one["sql"] for stamp in stamps) for one in asked)

        few, many = cost("do=CQ06&dv=24505&ky=2026-10"), cost(ASKED)
        assert many == few <= 7


class TestSaved:
    def keep(self, client: Client, name: str = "Hồ sơ quý", query: str = ASKED) -> Any:
        return client.post(f"{PAGE}luu/", {"ten": name, "cau": query})

    def test_kept_opened_shared_and_dropped(self, browser: Browser, rough: Land) -> None:
        office, colleague, stranger = browser("office"), browser("analyst"), browser("commune_officer")
        own = self.keep(office)["Location"]
        assert office.get(own)["Location"] == f"{PAGE}?{ASKED}"
        assert self.keep(office, " Hồ sơ  quý ", f"{ASKED}&dang=chart")["Location"] == own
        assert office.get(own)["Location"].endswith("&dang=chart")
        # of nobody else's business until the owner says so, and then of the colleagues of the unit alone
        assert (colleague.get(own).status_code, stranger.get(own).status_code) == (404, 404)
        assert office.post(f"{own}chia-se/", {"chung": "1"}).status_code == 302
        assert (colleague.get(own).status_code, stranger.get(own).status_code) == (302, 404)
        assert "Người office" in text_of(colleague.get(PAGE))
        for client in (colleague, stranger):
            assert client.post(f"{own}chia-se/", {"chung": "0"}).status_code == 404
            assert client.post(f"{own}bo/").status_code == 404
        # whoever opens the address asks with their own scope
        assert stranger.get(office.get(own)["Location"]).status_code == 404
        assert office.post(f"{own}chia-se/", {"chung": "0"}).status_code == 302
        assert colleague.get(own).status_code == 404
        assert office.post(f"{own}bo/", {"cau": ASKED})["Location"] == f"{PAGE}?{ASKED}"
        assert not SavedQuestion.objects.exists()
        told = Event.objects.filter(action__startswith="question.").order_by("id")
        assert [one.action for one in told] == [
            "question.kept", "question.kept", "question.shared", "question.shared", "question.dropped"
        ]  # fmt: skip
        assert {one.by for one in told} == {rough.cast.office.ref}

    @pytest.mark.parametrize(
        ("name", "query", "code"),
        [(" ", ASKED, "name"), ("x" * 121, ASKED, "name"), ("x", "", "empty"),
         ("x", "do=HS_NHAN&dv=00466&ky=2026-10", "units"), ("x", "do=" + "H" * 7_000, "long")],
    )  # fmt: skip
    def test_what_is_not_kept_is_said(self, rough: Land, name: str, query: str, code: str) -> None:
        with pytest.raises(Refusal) as refused:
            actions.keep(by=scope_of(rough.cast.office), name=name, query=query)
        assert refused.value.code == f"question.{code}"

    def test_a_refusal_keeps_the_question_and_the_name(self, office: Client) -> None:
        page = self.keep(office, "", ASKED)
        assert page.status_code == 400
        assert page.context["address"].query() == ASKED
        assert "Đặt tên cho câu hỏi" in text_of(page)

    def test_a_lent_signature_makes_no_colleague(self, rough: Land) -> None:
        office = scope_of(rough.cast.office)
        id = actions.keep(by=office, name="chung", query=ASKED)
        actions.share(by=office, question_id=id, shared=True)
        assert [one.name for one in saved.seen_by(scope_of(rough.cast.leader))] == ["chung"]
        assert saved.seen_by(scope_of(rough.cast.commune_leader)) == []
