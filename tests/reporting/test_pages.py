"""The pages without JavaScript: what was typed comes back, every refusal has words at its place."""

import re

import pytest
from django.test import Client

from haicap.accounts.models import User
from haicap.reporting import actions
from haicap.reporting.models import Note, Report, Submission, Value
from haicap.reporting.states import State

from .office import FORM, FULL, PERIOD, Office, state_of

pytestmark = pytest.mark.once

SHEET = f"/bao-cao/{FORM}/{PERIOD}/24505/"


@pytest.fixture
def site(office: Office) -> "Site":
    return Site(office)


class Site:
    def __init__(self, office: Office) -> None:
        self.office = office

    def client(self, who: str) -> Client:
        user: User = getattr(self.office.cast, who)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def get(self, who: str, path: str = SHEET) -> str:
        answer = self.client(who).get(path)
        assert answer.status_code == 200, answer
        return answer.content.decode()

    def fields(self, page: str) -> dict[str, str]:
        """What a browser would send: every input of the grid as it stands."""
        found = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page)
        return {name: value for name, value in found if name != "csrfmiddlewaretoken"}

    def post(self, who: str, typed: dict[str, str], do: str = "save", base: dict[str, str] | None = None):
        data = {**(base or self.fields(self.get(who))), **typed, "do": do}
        return self.client(who).post(SHEET, data)


def cells(**texts: str) -> dict[str, str]:
    return {f"v-{code}": text for code, text in texts.items()}


class TestGrid:
    def test_the_page_writes_nothing(self, site: Site) -> None:
        page = site.get("commune_officer")
        assert "Tổng số hồ sơ tiếp nhận" in page
        assert "Còn 31 giờ" in page
        assert "Hạn nộp 17:00, thứ Tư 21/10/2026" in page
        assert not Report.objects.exists()

    def test_saving_keeps_everything_and_echoes_grouped(self, site: Site) -> None:
        answer = site.post("commune_officer", cells(HS_NHAN="1234", KP="-5,25"))
        assert answer.status_code == 302
        page = site.get("commune_officer")
        assert 'value="1.234"' in page
        assert 'value="−5,25"' in page
        assert Value.objects.count() == 2

    def test_pressing_save_again_changes_nothing(self, site: Site) -> None:
        site.post("commune_officer", cells(**FULL))
        before = Report.objects.get().version
        site.post("commune_officer", {})
        assert Report.objects.get().version == before

    def test_the_language_of_the_page_decides_not_that_of_the_moment(self, site: Site) -> None:
        fields = {**site.fields(site.get("commune_officer")), **cells(HS_NHAN="1.234"), "do": "save"}
        assert fields["lang"] == "vi"
        client = site.client("commune_officer")
        client.cookies["django_language"] = "en"
        client.post(SHEET, fields)
        assert Value.objects.get().number == 1234

    def test_a_refused_cell_keeps_its_text_with_words_beside_it(self, site: Site) -> None:
        site.post("commune_officer", cells(HS_NHAN="4x2", HS_PHI="5"))
        page = site.get("commune_officer")
        assert 'value="4x2"' in page
        assert "Ô này cần một số" in page
        assert 'aria-invalid="true"' in page
        assert Value.objects.get(element__code="HS_PHI").number == 5

    def test_a_conflict_shows_both_and_the_next_save_decides(self, site: Site) -> None:
        old = site.fields(site.get("commune_officer"))
        site.post("commune_officer", cells(HS_NHAN="412"))
        answer = site.post("commune_officer", cells(HS_NHAN="421", HS_PHI="9"), base=old)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="421"' in page
        assert "đã lưu “412”" in page
        assert Value.objects.get(element__code="HS_NHAN").number == 412
        assert Value.objects.get(element__code="HS_PHI").number == 9
        site.post("commune_officer", {}, base=site.fields(page))
        assert Value.objects.get(element__code="HS_NHAN").number == 421

    def test_no_figure_with_a_reason(self, site: Site) -> None:
        site.post("commune_officer", {**cells(HS_NHAN=""), "r-HS_NHAN": "Chưa nối hệ thống"})
        assert Value.objects.get().no_figure_reason == "Chưa nối hệ thống"
        assert "Không có số: Chưa nối hệ thống" in site.get("commune_officer")

    def test_what_is_missing_is_said(self, site: Site) -> None:
        site.post("commune_officer", cells(HS_NHAN="412", HS_NHAN_CTT="431"))
        page = site.get("commune_officer")
        assert "Chưa gửi được: còn 1 lỗi, 2 ô trống" in page
        assert "Hồ sơ trực tuyến không được lớn hơn tổng số" in page
        answer = site.post("commune_officer", {}, do="ready")
        assert answer.status_code == 400
        assert state_of(Report.objects.get().pk) is State.DRAFT

    def test_a_doubt_is_settled_by_a_reason(self, site: Site) -> None:
        typed = cells(**{**FULL, "HS_NHAN": "100", "HS_NHAN_CTT": "90"})
        site.post("commune_officer", typed)
        answer = site.post("commune_officer", {"note-HS_PHI-FEES": ""}, do="explain:HS_PHI:FEES")
        assert answer.status_code == 400
        assert "Hãy ghi lý do" in answer.content.decode()
        site.post("commune_officer", {"note-HS_PHI-FEES": "Thu hộ xã khác"}, do="explain:HS_PHI:FEES")
        assert Note.objects.get().text == "Thu hộ xã khác"
        assert "Đã ghi lý do: Thu hộ xã khác" in site.get("commune_officer")

    def test_typed_into_a_closed_report_is_shown_not_swallowed(self, site: Site) -> None:
        old = site.fields(site.get("commune_officer"))
        site.office.submitted()
        answer = site.post("commune_officer", cells(HS_NHAN="999"), base=old)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Bạn đã nhập “999” nhưng chưa lưu được" in page
        assert Value.objects.get(element__code="HS_NHAN").number == 412

    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            (f"/bao-cao/LA/{PERIOD}/24505/", 404, ""),
            (f"/bao-cao/{FORM}/2026-13/24505/", 400, "Không có kỳ"),
            (f"/bao-cao/{FORM}/2026-Q3/24505/", 400, "không có kỳ như vậy"),
            (f"/bao-cao/{FORM}/2027-05/24505/", 400, "chưa mở"),
            (f"/bao-cao/{FORM}/2025-01/24505/", 400, "trước khi chế độ báo cáo bắt đầu"),
            (f"/bao-cao/{FORM}/{PERIOD}/99999/", 404, "Không có đơn vị"),
            (f"/bao-cao/{FORM}/{PERIOD}/00466/", 404, ""),
            (f"/bao-cao/{FORM}/{PERIOD}/22015/", 404, ""),
        ],
    )
    def test_wrong_addresses(self, site: Site, path: str, status: int, words: str) -> None:
        answer = site.client("commune_officer").get(path)
        assert answer.status_code == status
        assert words in answer.content.decode()

    @pytest.mark.parametrize("who", ["other_officer", "stranger", "stranger_office", "nobody"])
    @pytest.mark.parametrize("tail", ["", "lich-su/", "ban-in/"])
    def test_strangers_get_404(self, site: Site, who: str, tail: str) -> None:
        site.office.submitted()
        assert site.client(who).get(SHEET + tail).status_code == 404

    def test_without_signing_in_the_way_leads_to_the_door(self, site: Site) -> None:
        answer = Client().get(SHEET)
        assert answer.status_code == 302
        assert "/dang-nhap/" in answer["Location"]

    def test_nothing_is_inline(self, site: Site) -> None:
        page = site.get("commune_officer")
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page)


class TestSteps:
    def step(self, site: Site, who: str, act: str, **data: str):
        return site.client(who).post(f"{SHEET}buoc/{act}/", data)

    def test_the_whole_story_by_forms(self, site: Site) -> None:
        site.post("commune_officer", cells(**FULL), do="ready")
        report = Report.objects.get().pk
        assert state_of(report) is State.READY
        fields = site.fields(site.get("commune_leader"))
        assert self.step(site, "commune_leader", "submit", **fields).status_code == 302
        assert self.step(site, "commune_leader", "submit", **fields).status_code == 302
        assert Submission.objects.count() == 1
        back = self.step(site, "office", "return", **{"return-HS_PHI": "Không khớp biên lai"})
        assert back.status_code == 302
        assert "Tỉnh trả lại: Không khớp biên lai" in site.get("commune_officer")
        site.post("commune_officer", cells(HS_PHI="120"), do="ready")
        self.step(site, "commune_leader", "submit", key="again")
        assert self.step(site, "office", "accept").status_code == 302
        assert state_of(report) is State.ACCEPTED
        page = site.get("office", f"{SHEET}lich-su/")
        assert "Không khớp biên lai" not in page or "Trả lại" in page
        assert "Duyệt" in page

    def test_a_refused_return_keeps_the_reasons(self, site: Site) -> None:
        site.office.submitted()
        answer = self.step(
            site,
            "office",
            "return",
            **{"return-HS_PHI": "ừ", "return-HS_NHAN": "Không khớp sổ", "reason": "Cả bảng"},
        )
        page = answer.content.decode()
        assert answer.status_code == 409
        for kept in ("Không khớp sổ", "Cả bảng", 'value="ừ"'):
            assert kept in page

    def test_an_old_page_cannot_submit(self, site: Site) -> None:
        report = site.office.ready()
        answer = self.step(site, "commune_leader", "submit", version="1")
        assert answer.status_code == 409
        assert "đã thay đổi sau khi bạn mở trang" in answer.content.decode()
        assert state_of(report) is State.READY

    @pytest.mark.parametrize(
        ("who", "status"), [("commune_officer", 403), ("stranger", 404), ("viewer", 403)]
    )
    def test_others_cannot_submit(self, site: Site, who: str, status: int) -> None:
        site.office.ready()
        assert self.step(site, who, "submit").status_code == status

    def test_unknown_step(self, site: Site) -> None:
        assert self.step(site, "office", "xoa").status_code == 404
        assert self.step(site, "office", "fill").status_code == 404


class TestLists:
    def test_what_a_commune_owes(self, site: Site) -> None:
        site.office.open(period="2026-09")
        page = site.get("commune_officer", "/bao-cao/")
        assert "Tháng 9/2026" in page
        assert "Quá hạn" in page
        assert f"/bao-cao/{FORM}/{PERIOD}/24505/" in page

    def test_the_province_goes_to_its_board(self, site: Site) -> None:
        site.office.submitted()
        answer = site.client("office").get("/bao-cao/", follow=True)
        page = answer.content.decode()
        assert "1/3" in page
        assert page.index("Xã Ea Knuếc") < page.index("Phường Tuy Hoà")

    def test_a_form_that_is_not_there(self, site: Site) -> None:
        assert site.client("office").get("/bao-cao/tong-hop/?mau=LA").status_code == 404
        assert site.client("office").get("/bao-cao/tong-hop/?mau=" + FORM + "&ky=2026-Q3").status_code == 200

    def test_accepting_many_says_which_failed(self, site: Site) -> None:
        first = site.office.submitted()
        version = Report.objects.get(pk=first).version
        ticked = [f"{first}:{version}", f"{first}:{version}", "999:1", "chữ"]
        answer = site.client("office").post(
            "/bao-cao/tong-hop/duyet/", {"report": ticked, "mau": FORM, "ky": PERIOD}, follow=True
        )
        page = answer.content.decode()
        assert "Đã duyệt 1 báo cáo" in page
        assert "nên không duyệt được" in page
        assert page.count("Không có báo cáo này") == 2
        assert state_of(first) is State.ACCEPTED

    def test_a_stranger_accepts_nothing(self, site: Site) -> None:
        report = site.office.submitted()
        site.client("stranger_office").post("/bao-cao/tong-hop/duyet/", {"report": [f"{report}:9"]})
        assert state_of(report) is State.SUBMITTED

    def test_nobody_sees_an_empty_page_that_explains(self, site: Site) -> None:
        assert "chưa giữ chức vụ nào" in site.get("nobody", "/bao-cao/")


class TestPaper:
    def test_blank_is_a_dash_and_zero_a_zero(self, site: Site) -> None:
        site.office.save(site.office.open(), {"HS_NHAN": "0"})
        page = site.get("commune_officer", f"{SHEET}ban-in/")
        assert "<b>0</b>" in page
        assert page.count("–</td>") >= 5

    def test_history_names_everybody(self, site: Site) -> None:
        report = site.office.open()
        site.office.save(report, {"HS_NHAN": "4120"})
        site.office.save(report, {"HS_NHAN": "412"})
        page = site.get("viewer", f"{SHEET}lich-su/")
        assert page.index("<b>412</b>") < page.index("<b>4.120</b>")
        assert "Người commune_officer" in page


def test_importing_is_seen_in_history(site: Site) -> None:
    assert actions.bulk_import(by="system:demo", rows=[]).reports == 0
    assert "Chưa có bước nào" in site.get("viewer", f"{SHEET}lich-su/")
