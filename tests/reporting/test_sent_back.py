"""What comes back is seen first, with its reason, and what was opened again is not called returned."""

import re
from datetime import timedelta

from haicap.accounts.scopes import scope_of
from haicap.core import clock
from haicap.reporting import actions
from tests.reporting.office import NOW, Office
from tests.reporting.workbook_desk import client, text_of

MINE = "/bao-cao/"


def test_a_returned_report_comes_first_with_its_reason(office: Office) -> None:
    """An older deadline does not push it down."""
    office.open(period="2026-08")
    report = office.submitted()
    office.give_back(report, {"HS_PHI": "Không khớp biên lai"})
    answer = client(office, "commune_officer").get(MINE)
    assert "Bị trả lại Không khớp biên lai" in text_of(answer)
    first, *_others = re.findall(r'<th scope="row"><a href="([^"]+)"', answer.content.decode())
    assert first == "/bao-cao/CQS-T/2026-10/24505/"


def test_a_reopened_report_is_called_reopened(office: Office) -> None:
    report, boss = office.accepted(), office.cast.leader
    actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận")
    officer, desk = client(office, "commune_officer"), client(office, "office")
    for page in (
        officer.get(MINE),
        officer.get("/bao-cao/CQS-T/2026-10/24505/"),
        desk.get("/bao-cao/tong-hop/?mau=CQS-T&ky=2026-10"),
        desk.get("/bao-cao/dung-han/"),
    ):
        assert "Được mở lại" in text_of(page)
    assert "Sửa theo kết luận" in text_of(officer.get(MINE))


def test_all_that_wait_are_ticked_at_once(office: Office) -> None:
    office.submitted()
    desk, board = client(office, "office"), "/bao-cao/tong-hop/?mau=CQS-T&ky=2026-10"
    plain, ticked = (desk.get(address).content.decode() for address in (board, f"{board}&chon=1"))
    assert "Chọn tất cả 1 báo cáo chờ duyệt" in plain
    assert ('type="checkbox"' in plain, " checked " in plain, " checked " in ticked) == (True, False, True)
    assert "Chọn tất cả" not in client(office, "commune_officer").get(board).content.decode()


def test_two_submissions_are_compared_when_nothing_has_changed_since(office: Office) -> None:
    report = office.submitted()
    office.give_back(report, {"HS_PHI": "Không khớp biên lai"})
    with clock.frozen(NOW + timedelta(hours=1)):
        office.save(report, {"HS_PHI": "309"})
        office.say_ready(report)
        office.submit(report)
    page = client(office, "office").get("/bao-cao/CQS-T/2026-10/24505/lich-su/so-sanh/")
    assert "309" in text_of(page)
    assert (page.context["first"], page.context["second"], page.context["changed"]) == ("1", "2", 1)
