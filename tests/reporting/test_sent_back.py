"""What comes back is seen first, with its reason, and what was opened again is not called returned."""

import re

from haicap.accounts.scopes import scope_of
from haicap.reporting import actions
from tests.reporting.office import Office
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
