"""A figure of the system that is not believed: said by the commune, decided by somebody else."""

import pytest
from django.test import Client
from django.urls import reverse

from haicap.accounts.models import User
from haicap.audit import queries as audit
from haicap.core.counts import Grade
from haicap.core.errors import Refusal
from haicap.notify.models import Notice
from haicap.reporting import actions, facts
from haicap.reporting.models import DerivedValue, Dispute
from haicap.reporting.states import DisputeState

from .counted import count_cells, counted
from .office import FORM, PERIOD, Office, refused

WHY = "Hai hồ sơ bị ghi nhầm xã"
DECIDED = "Đã đối chiếu sổ"


@pytest.fixture
def figure(office: Office) -> DerivedValue:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
    return DerivedValue.objects.get(element__code="HS_NHAN")


def said(office: Office, figure: DerivedValue, user: User | None = None, **more: str) -> int:
    who = user or office.cast.commune_officer
    return actions.dispute(by=who, scope=office.scope(who), value=figure.pk, reason=WHY, **more)


def decided(office: Office, what: str, dispute: int, user: User | None = None, **more: str) -> None:
    who = user or office.cast.office
    act = getattr(actions, what)
    act(by=who, scope=office.scope(who), dispute=dispute, reason=more.pop("reason", DECIDED), **more)


def shown() -> dict[str, tuple[object, str]]:
    rows = [row for row in facts.value_rows() if row.form == "derived" and row.number in (412, 410, 405)]
    return {row.origin: (row.number, row.grade) for row in rows}


def test_upheld_the_number_goes_before_the_figure_and_both_stand(
    office: Office, figure: DerivedValue
) -> None:
    one = said(office, figure, believed="410", evidence="Sổ tiếp nhận số 12")
    assert shown() == {"derived": (412, Grade.SYSTEM)}
    decided(office, "uphold", one)
    assert shown() == {"derived": (412, Grade.SYSTEM), "corrected": (410, Grade.PROVEN)}
    assert [two.slice.period for two in audit.pending() if two.slice.form == "derived"][-1] == PERIOD
    found = next(
        cell for part in office.detail().sections for cell in part.cells if cell.element == "HS_NHAN"
    )
    assert (found.value, found.counted) == (410, True)
    decided(office, "lift", one)
    assert shown() == {"derived": (412, Grade.SYSTEM)}
    row = Dispute.objects.get()
    assert (row.state, row.number, row.corrected) == ("lifted", 412, 410)
    assert said(office, figure) != one


def test_the_province_may_give_the_number_and_without_evidence_it_is_declared(
    office: Office, figure: DerivedValue
) -> None:
    one = said(office, figure)
    with refused("dispute.number"):
        decided(office, "uphold", one)
    decided(office, "uphold", one, number="405")
    assert shown()["corrected"] == (405, Grade.DECLARED)
    with refused("dispute.there"):
        said(office, figure)


def test_refused_the_figure_stands(office: Office, figure: DerivedValue) -> None:
    one = said(office, figure, believed="410")
    decided(office, "refuse", one)
    assert shown() == {"derived": (412, Grade.SYSTEM)}
    for act in ("uphold", "refuse", "lift"):
        with refused("dispute.step"):
            decided(office, act, one)


def test_nobody_decides_what_they_asked_and_strangers_learn_nothing(
    office: Office, figure: DerivedValue
) -> None:
    for user in (office.cast.stranger, office.cast.stranger_office, office.cast.other_officer):
        with refused("report.unknown"):
            said(office, figure, user)
    for user in (office.cast.office, office.cast.viewer, office.cast.analyst):
        with refused("report.not_yours"):
            said(office, figure, user)
    one = said(office, figure)
    for user in (office.cast.commune_officer, office.cast.commune_leader, office.cast.viewer):
        with refused("report.not_yours"):
            decided(office, "refuse", one, user)
    with refused("report.unknown"):
        decided(office, "refuse", one, office.cast.stranger_office)
    Dispute.objects.update(by=f"user:{office.cast.office.pk}")
    with refused("dispute.own"):
        decided(office, "refuse", one)
    with refused("dispute.there"):
        said(office, figure, office.cast.commune_leader)
    with refused("reason.missing"):
        actions.dispute(
            by=office.cast.commune_officer,
            scope=office.scope(office.cast.commune_officer),
            value=DerivedValue.objects.get(element__code="HS_NHAN_CTT").pk,
            reason="?",
        )


def test_bad_numbers_are_refused(office: Office, figure: DerivedValue) -> None:
    for text in ("abc", "-1", "1,5"):
        with pytest.raises(Refusal, match=r"\S"):
            said(office, figure, believed=text)
    assert not Dispute.objects.exists()


def test_both_sides_are_told(office: Office, figure: DerivedValue) -> None:
    one = said(office, figure)
    decided(office, "refuse", one)
    codes = set(Notice.objects.values_list("code", flat=True))
    assert {"derived.disputed", "derived.refused"} <= codes


def test_a_figure_counted_anew_keeps_its_correction(office: Office, figure: DerivedValue) -> None:
    decided(office, "uphold", said(office, figure, believed="410"))
    counted(office, {"HS_NHAN": 405}, snapshot="s2")
    assert shown() == {"derived": (405, Grade.SYSTEM), "corrected": (410, Grade.DECLARED)}


def test_the_whole_way_in_the_browser(client: Client, office: Office, figure: DerivedValue) -> None:
    client.force_login(office.cast.commune_officer)
    begin = reverse("reporting:dispute_begin", args=[FORM, PERIOD, "24505", "HS_NHAN"])
    assert "Hệ thống đếm 412 hồ sơ, từ 412 hồ sơ" in client.get(begin).content.decode()
    wrong = client.post(begin, {"reason": "?", "believed": "410", "lang": "vi"})
    assert wrong.status_code == 400
    assert 'value="410"' in wrong.content.decode()
    made = client.post(begin, {"reason": WHY, "believed": "410", "lang": "vi"}, follow=True)
    assert WHY in made.content.decode()
    assert "Chấp nhận" not in made.content.decode()
    row = Dispute.objects.get()
    page = reverse("reporting:dispute", args=[row.pk])
    client.force_login(office.cast.stranger)
    assert client.get(page).status_code == 404
    client.force_login(office.cast.office)
    assert WHY in client.get(reverse("reporting:disputes")).content.decode()
    assert "Chấp nhận" in client.get(page).content.decode()
    assert client.post(page, {"do": "uphold", "reason": ""}).status_code == 400
    assert client.post(page, {"do": "steal", "reason": DECIDED}).status_code == 404
    client.post(page, {"do": "uphold", "reason": DECIDED, "number": "", "lang": "vi"})
    row.refresh_from_db()
    assert (row.state, row.corrected) == (DisputeState.UPHELD, 410)
    grid = client.get(reverse("reporting:report", args=[FORM, PERIOD, "24505"])).content.decode()
    assert "Tỉnh chấp nhận 410 thay cho số hệ thống 412" in grid
