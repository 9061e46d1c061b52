"""Saving cells: each judged alone, nothing given is lost."""

from decimal import Decimal

import pytest

from haicap.audit import queries as audit
from haicap.reporting import queries
from haicap.reporting.actions import CellChange, CellStatus
from haicap.reporting.models import Report, Value, ValueChange
from haicap.reporting.states import State

from .office import NOW, Office, refused


class TestSaving:
    def test_what_is_typed_is_read_in_the_readers_language(self, office: Office) -> None:
        report = office.open()
        result = office.save(report, {"HS_NHAN": "1.234", "KP": "1.234,5"})
        assert [cell.status for cell in result.cells] == [CellStatus.SAVED] * 2
        assert result.cells[0].content.number == 1234
        assert office.save(report, {"KP": "1,234.25"}, lang="en").cells[0].content.number == Decimal(
            "1234.25"
        )
        assert Value.objects.get(element__code="KP").number == Decimal("1234.25")

    def test_nothing_entered_is_nothing_and_zero_is_zero(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"HS_NHAN": "0", "HS_PHI": ""})
        assert Value.objects.get(element__code="HS_NHAN").number == 0
        assert not Value.objects.filter(element__code="HS_PHI").exists()

    @pytest.mark.parametrize(
        ("element", "text", "code"),
        [
            ("HS_NHAN", "4x2", "number.text"),
            ("HS_NHAN", "-3", "number.negative"),
            ("HS_NHAN", "3,5", "number.integer"),
            ("KP", "0,12345", "number.too_precise"),
            ("KP", "9999999999999999", "number.too_big"),
            ("KP", "12345678901234,123", "number.too_big"),
        ],
    )
    def test_refused_text_is_kept_beside_the_last_good_number(
        self, office: Office, element: str, text: str, code: str
    ) -> None:
        report = office.open()
        office.save(report, {element: "7"})
        cell = office.save(report, {element: text, "HS_PHI": "5"}).cells[0]
        value = Value.objects.get(element__code=element)
        assert cell.status is CellStatus.REFUSED
        assert cell.message
        assert (value.raw, value.refusal, value.number) == (text, code, 7)
        assert Value.objects.get(element__code="HS_PHI").number == 5
        office.save(report, {element: "8"})
        value.refresh_from_db()
        assert (value.raw, value.number) == ("", 8)

    def test_largest_number_comes_back_as_typed(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"KP": "-99999999999,9999"})
        assert Value.objects.get(element__code="KP").number == Decimal("-99999999999.9999")

    def test_no_figure_has_a_reason_and_is_no_zero(self, office: Office) -> None:
        report = office.open()
        cell = office.change(report, CellChange("HS_PHI", 0, no_figure_reason="Hệ thống chưa kết nối")).cells[
            0
        ]
        assert (cell.status, cell.content.number, cell.content.reason) == (
            CellStatus.SAVED,
            None,
            "Hệ thống chưa kết nối",
        )

    def test_the_same_content_is_a_no_op_whatever_version(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"HS_NHAN": "412"})
        before = Report.objects.get(pk=report).version
        result = office.change(report, CellChange("HS_NHAN", 0, "412"))
        assert result.cells[0].status is CellStatus.UNCHANGED
        assert result.cells[0].version == 1
        assert Report.objects.get(pk=report).version == before
        assert ValueChange.objects.count() == 1

    def test_a_conflict_shows_the_other_value_and_overwrites_nothing(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"HS_NHAN": "412"})
        result = office.change(report, CellChange("HS_NHAN", 0, "421"), CellChange("HS_PHI", 0, "9"))
        conflict, other = result.cells
        assert conflict.status is CellStatus.CONFLICT
        assert (conflict.content.number, conflict.version) == (412, 1)
        assert conflict.by == office.cast.commune_officer.ref
        assert conflict.at == NOW
        assert other.status is CellStatus.SAVED
        assert Value.objects.get(element__code="HS_NHAN").number == 412
        mine = office.change(report, CellChange("HS_NHAN", conflict.version, "421"))
        assert mine.cells[0].status is CellStatus.SAVED

    def test_offline_edits_that_arrive_out_of_order_do_not_win_silently(self, office: Office) -> None:
        report = office.open()
        office.change(report, CellChange("HS_NHAN", 0, "1"))
        office.change(report, CellChange("HS_NHAN", 1, "3"))
        late = office.change(report, CellChange("HS_NHAN", 1, "2"))
        assert late.cells[0].status is CellStatus.CONFLICT
        assert Value.objects.get(element__code="HS_NHAN").number == 3

    def test_an_emptied_cell_is_a_row_of_its_history(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"HS_NHAN": "412"})
        office.save(report, {"HS_NHAN": ""}, door="web")
        rows = queries.value_history(report, Value.objects.get().element_id)
        assert [(row.before, row.after) for row in rows] == [(412, None), (None, 412)]
        assert {row.by for row in rows} == {office.cast.commune_officer.ref}

    def test_a_cell_of_another_form_costs_the_others_nothing(self, office: Office) -> None:
        result = office.save(office.open(), {"MAY": "1", "HS_NHAN": "2"})
        assert [cell.status for cell in result.cells] == [CellStatus.REFUSED, CellStatus.SAVED]

    def test_first_save_makes_a_draft_and_one_slice(self, office: Office) -> None:
        report = office.open()
        before = len(audit.pending())
        assert office.save(report, {"HS_NHAN": "1"}).state is State.DRAFT
        office.save(report, {"HS_NHAN": "2"})
        assert len(audit.pending()) == before + 1

    @pytest.mark.parametrize("who", ["commune_leader", "commune_deputy", "office", "leader", "viewer"])
    def test_only_the_officer_types(self, office: Office, who: str) -> None:
        report = office.open()
        user = getattr(office.cast, who)
        with refused("report.not_yours"):
            office.save(report, {"HS_NHAN": "1"}, user=user)

    @pytest.mark.parametrize("who", ["other_officer", "stranger", "stranger_office", "nobody"])
    def test_strangers_meet_a_report_that_does_not_exist(self, office: Office, who: str) -> None:
        report = office.open()
        with refused("report.unknown"):
            office.save(report, {"HS_NHAN": "1"}, user=getattr(office.cast, who))
        with refused("report.unknown"):
            office.save(987654, {"HS_NHAN": "1"}, user=getattr(office.cast, who))

    def test_nothing_can_be_typed_after_submission(self, office: Office) -> None:
        report = office.submitted()
        with refused("report.step"):
            office.save(report, {"HS_NHAN": "999"})
        assert Value.objects.get(element__code="HS_NHAN").number == 412
