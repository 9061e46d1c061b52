"""Figures that the system counts itself: written once, frozen with a report, following again after it."""

from decimal import Decimal

from haicap.audit import queries as audit
from haicap.audit.slices import Slice
from haicap.core.counts import Grade
from haicap.reporting import facts
from haicap.reporting.models import DerivedHistory, DerivedValue, Value

from .counted import count_cells, counted
from .office import PERIOD, Office


def derived_facts() -> dict[str, Decimal | None]:
    rows = [row for row in facts.value_rows() if row.form == "derived"]
    assert {row.status for row in rows} <= {"accepted"}
    return {row.origin: row.number for row in rows}


def slices() -> list[Slice]:
    return [one.slice for one in audit.pending() if one.slice.form == "derived"]


def test_a_count_is_a_fact_at_once_and_says_what_it_is(office: Office) -> None:
    count_cells(office)
    done = counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": None})
    assert (done.written, done.moved, done.unchanged) == (1, 1, 1)
    (row,) = [row for row in facts.value_rows() if row.form == "derived"]
    assert (row.number, row.origin, row.grade, row.status) == (412, "derived", Grade.SYSTEM, "accepted")
    assert (row.unit_id, row.period, row.kind, row.rule) == (office.world["24505"], PERIOD, "month", "nd09")
    assert slices() == [Slice("reporting", "derived", PERIOD, office.world["24505"])]
    assert list(facts.value_rows(slices())) == [row]
    assert list(facts.obligation_rows(slices())) == []


def test_the_same_again_writes_nothing(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412})
    events, steps = len(audit.history("derived")), DerivedHistory.objects.count()
    done = counted(office, {"HS_NHAN": 412}, snapshot="s2")
    assert (done.written, done.moved, done.unchanged) == (0, 0, 1)
    assert (len(audit.history("derived")), DerivedHistory.objects.count()) == (events, steps)
    assert DerivedValue.objects.get().snapshot == "s1"


def test_a_correction_of_the_records_replaces_the_figure_and_is_kept(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412})
    counted(office, {"HS_NHAN": 415}, snapshot="s2")
    assert derived_facts() == {"derived": 415}
    steps = DerivedHistory.objects.order_by("id").values_list("act", "from_number", "to_number", "snapshot")
    assert list(steps) == [("count", None, 412, "s1"), ("count", 412, 415, "s2")]
    counted(office, {"HS_NHAN": None}, snapshot="s3")
    assert derived_facts() == {}


def test_a_zero_is_a_figure(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 0})
    assert derived_facts() == {"derived": 0}


def test_what_was_sent_stands_and_what_came_later_is_kept_beside_it(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
    report = office.submitted()
    done = counted(office, {"HS_NHAN": 430, "HS_NHAN_CTT": 300}, snapshot="s2")
    assert (done.written, done.moved) == (1, 0)
    value = DerivedValue.objects.get(element__code="HS_NHAN")
    assert (value.number, value.latest, value.frozen_by_id) == (412, 430, report)
    assert (value.records, value.latest_records, value.snapshot) == (412, 430, "s1")
    office.give_back(report, {"": "Xem lại số hồ sơ"})
    value.refresh_from_db()
    assert (value.number, value.frozen_by_id, value.snapshot) == (430, None, "s2")
    acts = value.history.order_by("id").values_list("act", "to_number")
    assert list(acts) == [("count", 412), ("freeze", 412), ("later", 412), ("thaw", 430)]
    assert all(value.history.values_list("event_id", flat=True))


def test_a_count_that_comes_after_a_typed_figure_was_sent_changes_nothing(office: Office) -> None:
    """The report stands as it was signed, whatever is imported later; the count is kept beside it."""
    count_cells(office)
    report = office.submitted()
    before = slices()
    for number in (430, 431):
        done = counted(office, {"HS_NHAN": number})
        assert (done.written, done.moved) == (1, 0)
    value = DerivedValue.objects.get()
    assert (value.number, value.latest, value.frozen_by_id) == (None, 431, report)
    assert derived_facts() == {}
    assert slices() == before
    assert list(value.history.order_by("id").values_list("act", "to_number", "counted")) == [
        ("later", None, 430),
        ("later", None, 431),
    ]
    office.give_back(report, {"": "Xem lại số hồ sơ"})
    assert derived_facts() == {"derived": 431}


def test_a_count_fills_what_a_sent_report_left_open(office: Office) -> None:
    count_cells(office)
    office.submitted()
    Value.objects.filter(element__code="HS_NHAN").update(number=None, no_figure_reason="Chưa có")
    counted(office, {"HS_NHAN": 430})
    counted(office, {"HS_NHAN": 431})
    assert derived_facts() == {"derived": 431}


def test_records_that_reach_later_change_nothing_in_what_was_sent(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 400})
    counted(office, {"HS_NHAN": None})
    office.submitted()
    counted(office, {"HS_NHAN": 410})
    value = DerivedValue.objects.get()
    assert (value.number, value.latest) == (None, 410)


def test_other_units_and_periods_are_left_alone(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 1}, unit="22015")
    counted(office, {"HS_NHAN": 2}, period="2026-09")
    office.submitted()
    assert not DerivedValue.objects.exclude(frozen_by=None).exists()
