"""What an act does to figures: nothing to what was reported; the new unit's past is computed and labelled."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from haicap.accounts.scopes import scope_of
from haicap.audit.queries import pending_count
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.insight.recast import Reading, Why, story
from haicap.reporting import actions as reporting
from haicap.reporting import permissions
from haicap.reporting.models import Report, Value, ValueChange
from haicap.reporting.states import Act, State
from haicap.units import queries
from haicap.warehouse.refresh import refresh
from tests.desk.merging import DAY, merged, signed, split, undo
from tests.world import Land

MONTHS = periods.span(periods.parse("2026-08"), periods.parse("2026-10"))
RATIO = "CQ01"


def told(model: Any) -> list[Any]:
    return list(model.objects.order_by("pk").values())


def test_c9_no_reported_value_changes(land: Land) -> None:
    """C9: merging units deletes and rewrites nothing; what was reported stays where it was reported."""
    before = told(Value), told(ValueChange), told(Report)
    id = signed(land.cast, land.world, merged(land.world))
    assert (told(Value), told(ValueChange)) == before[:2]
    assert [row for row in told(Report) if row["unit_id"] in land.world.ids.values()] == before[2]
    undo(land.cast.leader, id)
    assert (told(Value), told(ValueChange), told(Report)) == before


def test_c9_reports_of_a_closed_unit_stay_readable_and_only_readable(land: Land) -> None:
    """C9: the heir's people and the province read them; nobody types into what was accepted."""
    signed(land.cast, land.world, merged(land.world))
    address = reverse("reporting:report", args=["CQS-T", "2026-09", "24133"])
    for person in ("office", "commune_officer", "leader"):
        client = Client()
        client.force_login(getattr(land.cast, person))
        page = client.get(address)
        assert page.status_code == 200, person
        assert "Buôn Ma Thuột" in page.text
    for person in ("other_officer", "stranger_office"):
        client = Client()
        client.force_login(getattr(land.cast, person))
        assert client.get(address).status_code == 404, person


def test_c7_the_past_of_the_new_unit_is_summed_and_its_ratio_recomputed(land: Land) -> None:
    """C7 and C9: numerators and denominators of the old units, never the mean of their percentages."""
    signed(land.cast, land.world, merged(land.world))
    refresh()
    indicator = land.catalogue.indicators[RATIO]
    new = queries.by_code("24505", DAY)
    found = story(new, indicator, MONTHS)
    august, _september, october = found.points
    olds = [rows[0] for _old, rows in found.olds]
    assert august.sums.reading is Reading.RECAST
    assert august.sums.numerator == sum(row.numerator for row in olds if row.numerator is not None)
    assert august.sums.denominator == sum(row.denominator for row in olds if row.denominator is not None)
    assert august.value is not None
    exact = august.sums.numerator * indicator.factor / august.sums.denominator
    assert abs(august.value - exact) < Decimal("1e-9")
    assert (october.sums.reading, october.value) == (Reading.UNAVAILABLE, None)
    assert [(one.unit_id, one.why) for one in october.sums.blame] == [(land.world["24133"], Why.SILENT)]


def test_index_points_are_not_added_over_units(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    refresh()
    points = next(
        one
        for one in land.catalogue.scored
        if one.period_kind is periods.Kind.MONTH
        and land.catalogue.elements_by_id[one.numerator_terms[0][0]].measure.over_units.value == "none"
    )
    found = story(queries.by_code("24505", DAY), points, MONTHS)
    assert {one.why for one in found.points[0].sums.blame} == {Why.NOT_ADDITIVE}


def test_an_unknown_share_leaves_a_gap_that_names_the_unit(land: Land) -> None:
    signed(land.cast, land.world, split(land.world, {"k1": "", "k2": ""}))
    refresh()
    found = story(queries.by_code("99001", DAY), land.catalogue.indicators[RATIO], MONTHS)
    assert all(point.value is None for point in found.points)
    assert {one.unit_id for point in found.points for one in point.sums.blame} == {land.world["24505"]}


def test_a_known_share_gives_both_parts_and_loses_nothing(land: Land) -> None:
    signed(land.cast, land.world, split(land.world, {"k1": "70", "k2": "30"}))
    refresh()
    indicator = land.catalogue.indicators[RATIO]
    parts = [story(queries.by_code(code, DAY), indicator, MONTHS[:1]) for code in ("24505", "99001")]
    (old,) = parts[0].olds
    sums = [part.points[0].sums.numerator for part in parts]
    assert sums[0] + sums[1] == old[1][0].numerator
    assert parts[0].points[0].value == parts[1].points[0].value


def test_the_heir_finishes_what_the_old_unit_still_owes(land: Land) -> None:
    """The October report of 24133 was never sent; the act says that 24505's people finish it."""
    id = signed(land.cast, land.world, merged(land.world))
    old, officer = land.place("24133"), land.cast.commune_officer
    scope = scope_of(officer)
    assert permissions.can(scope, Act.FILL, old)
    report = reporting.open_report(by=officer, scope=scope, form="CQS-T", period="2026-10", unit_id=old.id)
    assert Report.objects.get(pk=report).unit_id == old.id
    undo(land.cast.leader, id)
    assert not permissions.can(scope_of(officer), Act.FILL, land.place("24133"))


def test_the_heir_sees_what_is_left_to_do(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    client = Client()
    client.force_login(land.cast.commune_officer)
    page = client.get(reverse("reporting:list"))
    assert reverse("reporting:report", args=["CQS-T", "2026-10", "24133"]) in page.text


def test_c9_every_report_of_a_closed_unit_is_listed(land: Land) -> None:
    """C9: the page of the new unit leads to the old ones, by uid, since a code may have passed on."""
    signed(land.cast, land.world, merged(land.world))
    refresh()
    client = Client()
    client.force_login(land.cast.leader)
    old = land.place("24133")
    address = reverse("desk:unit_reports", args=[old.uid])
    with clock.frozen("2026-11-16T09:00"):
        assert address in client.get(reverse("desk:commune", args=["24505"])).text
    page = client.get(address)
    assert page.status_code == 200
    assert reverse("reporting:report", args=["CQS-T", "2026-09", "24133"]) in page.text
    assert client.get(reverse("desk:unit_reports", args=["x" * 11])).status_code == 404
    client.force_login(land.cast.stranger)
    assert client.get(address).status_code == 404


def test_without_an_heir_nobody_fills_it(land: Land) -> None:
    choice = {f"reporting.owed.{land.world['24133']}": "leave"}
    signed(land.cast, land.world, merged(land.world), **choice)
    officer = land.cast.commune_officer
    assert not permissions.can(scope_of(officer), Act.FILL, land.place("24133"))
    assert permissions.can(scope_of(officer), Act.FILL, land.place("24505"))


@pytest.fixture
def begun(land: Land) -> Land:
    """Both old units have typed into the running month; only one of them the second cell."""
    for code, officer, cells in (
        ("24505", land.cast.commune_officer, {"HS_NHAN": "100", "HS_GQ": "90", "D766_CK": "10"}),
        ("22015", land.cast.other_officer, {"HS_NHAN": "50", "D766_CK": "12"}),
    ):
        scope = scope_of(officer)
        id = reporting.open_report(
            by=officer, scope=scope, form="CQS-T", period="2026-11", unit_id=land.world[code]
        )
        changes = [
            reporting.CellChange(element=name, text=text, base_version=0) for name, text in cells.items()
        ]
        reporting.save_cells(by=officer, scope=scope, report=id, changes=changes, door="web", lang="vi")
    return land


def _both(land: Land) -> Any:
    plan = merged(land.world)
    gift = next(iter(plan.gifts.values()))
    olds = (land.world["24505"], land.world["22015"])
    return type(plan)(olds, plan.news, dict.fromkeys(olds, gift))


def test_drafts_of_the_running_month_are_added_up_where_every_unit_has_a_figure(begun: Land) -> None:
    signed(begun.cast, begun.world, _both(begun))
    new = queries.by_code("24505", DAY)
    report = Report.objects.get(unit_id=new.id, period="2026-11", form="CQS-T")
    assert report.state == State.DRAFT
    codes = {one.id: code for code, one in begun.catalogue.elements.items()}
    values = {codes[value.element_id]: value.number for value in report.values.all()}
    assert values == {"HS_NHAN": Decimal(150)}
    change = ValueChange.objects.get(value__report=report)
    assert (change.door, "Xã Ea Knuếc" in change.why) == ("merger", True)


def test_whoever_fills_the_new_report_may_correct_a_sum(begun: Land) -> None:
    """By hand and by file: it was added up for them, it is no figure of the system."""
    signed(begun.cast, begun.world, _both(begun))
    new, officer = queries.by_code("24505", DAY), begun.cast.commune_officer
    report = Report.objects.get(unit_id=new.id, period="2026-11", form="CQS-T")
    value = report.values.get()
    change = reporting.CellChange("HS_NHAN", value.version, "151")
    saved = reporting.save_cells(by=officer, scope=scope_of(officer), report=report.pk, changes=[change])
    assert saved.cells[0].status == "saved"
    Value.objects.filter(pk=value.pk).update(door="merger")
    datum = reporting.Datum(0, "B2", new.id, "CQS-T", "2026-11", "HS_NHAN", Decimal(152))
    taken = reporting.take_in(by=officer, scope=scope_of(officer), data=[datum], door="excel")
    assert (taken.updated, taken.rejections) == (1, ())
    value.refresh_from_db()
    assert (value.number, value.door) == (152, "excel")


def test_the_draft_goes_with_the_act_and_stays_once_somebody_typed(begun: Land) -> None:
    before = told(Value), told(Report)
    id = signed(begun.cast, begun.world, _both(begun))
    undo(begun.cast.leader, id)
    assert (told(Value), told(Report)) == before
    again = signed(begun.cast, begun.world, _both(begun))
    officer = begun.cast.commune_officer
    report = Report.objects.get(unit_id=queries.by_code("24505", DAY).id, period="2026-11")
    change = reporting.CellChange(element="HS_GQ", text="140", base_version=0)
    reporting.save_cells(
        by=officer, scope=scope_of(officer), report=report.pk, changes=[change], door="web", lang="vi"
    )
    with pytest.raises(Refusal) as refused:
        undo(begun.cast.leader, again)
    assert "1 báo cáo" in str(refused.value.message)


def test_obligations_of_the_running_month_pass_to_the_new_unit(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    with clock.frozen("2026-11-16T09:00"):
        reporting.open_period(by="system:test", form="CQS-T", period="2026-11")
    owing = set(Report.objects.filter(form="CQS-T", period="2026-11").values_list("unit__code", "unit_id"))
    new = queries.by_code("24505", DAY).id
    assert ("24505", new) in owing
    assert land.world["24133"] not in {id for _code, id in owing}
    assert pending_count() > 0


def test_the_page_tells_both_readings_and_labels_what_is_recast(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    refresh()
    client = Client()
    client.force_login(land.cast.leader)
    page = client.get(reverse("desk:series", args=["24505"]), {"chi-tieu": RATIO})
    assert page.status_code == 200
    assert "tính lại" in page.text
    assert "Xã Ea Knuếc (24505)" in page.text
    assert "Phường Buôn Ma Thuột (24133)" in page.text
    reported = client.get(reverse("desk:series", args=["24505"]), {"chi-tieu": RATIO, "doc": "da-bao-cao"})
    assert "như đã báo cáo" in reported.text
    assert client.get(reverse("desk:series", args=["24505"]), {"chi-tieu": "XX"}).status_code == 400
    client.force_login(land.cast.other_officer)
    assert client.get(reverse("desk:series", args=["24505"])).status_code == 404


def test_the_csv_has_every_unit_and_says_how_each_row_came_about(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    refresh()
    client = Client()
    client.force_login(land.cast.leader)
    answer = client.get(reverse("desk:series", args=["24505"]), {"chi-tieu": RATIO, "tai": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert {(row["Mã"], row["Cách đọc"]) for row in rows} == {
        ("24505", "tính lại"), ("24505", "không có"), ("24505", "đã báo cáo"), ("24133", "đã báo cáo"),
    }  # fmt: skip
