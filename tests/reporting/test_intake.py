"""The one import path: every datum answered, the rules of the grid, one transaction, one history."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.accounts.models import User
from haicap.accounts.scopes import Grant, Scope, scope_of
from haicap.accounts.states import Role
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.reporting import actions, facts
from haicap.reporting.actions import Datum, IntakeResult, Strategy, intakespool, take_in
from haicap.reporting.models import Intake, Report, Submission, Value, ValueChange
from haicap.reporting.states import State

from .office import FORM, FULL, MACHINE, NOW, PERIOD, Office, refused, state_of

pytestmark = pytest.mark.django_db


def datum(office: Office, index: int = 0, element: str = "HS_NHAN", number: Any = 412, **more: Any) -> Datum:
    given: dict[str, Any] = {"unit_id": office.world["24505"], "form": FORM, "period": PERIOD} | more
    value = None if number is None else Decimal(number)
    return Datum(index=index, place=f"B{index + 1}", element=element, number=value, **given)


def full(office: Office, **more: Any) -> list[Datum]:
    return [datum(office, n, code, text, **more) for n, (code, text) in enumerate(FULL.items())]


def take(office: Office, data: Iterable[Datum], user: User | None = None, **more: Any) -> IntakeResult:
    who = user or office.cast.commune_officer
    found = take_in(by=who, scope=scope_of(who), data=data, door=more.pop("door", "excel"), **more)
    assert found.imported + found.updated + found.removed + found.unchanged + found.rejected == found.read, (
        "C11: every datum is counted once"
    )
    return found


def source(office: Office, unit: str = "66") -> Scope:
    place = office.world.place(unit)
    return Scope(0, "key:abcd2345", (Grant(Role.SOURCE, place.id, place.path),))


def codes(found: IntakeResult) -> list[tuple[int, str]]:
    return [(one.index, one.code) for one in found.rejections]


def test_new_figures_land_in_a_draft_with_history_file_and_event(office: Office) -> None:
    found = take(office, full(office), file="f" * 64, file_name="bieu.xlsx", source="Sở")
    assert (found.read, found.imported, found.reports) == (4, 4, 1)
    report = Report.objects.get()
    assert (State(report.state), report.version, report.content_version) == (State.DRAFT, 1, 1)
    assert {v.element.code: str(int(v.number)) for v in Value.objects.all()} == FULL
    assert {v.door for v in Value.objects.all()} == {"excel"}
    changes = list(ValueChange.objects.all())
    assert {(c.by, c.door, c.from_number, c.intake_id) for c in changes} == {
        (office.cast.commune_officer.ref, "excel", None, found.intake_id)
    }
    row = Intake.objects.get()
    assert (row.file, row.file_name, row.source) == ("f" * 64, "bieu.xlsx", "Sở")
    event = audit.history(f"report:{report.pk}")[0]
    assert (event.action, event.detail["cells"], event.detail["intake"]) == ("report.taken_in", 4, row.pk)
    assert list(facts.value_rows()) == [], "a draft is no fact"


def test_the_same_again_changes_nothing(office: Office) -> None:
    take(office, full(office))
    before = Report.objects.values().get()
    found = take(office, full(office))
    assert (found.unchanged, found.reports) == (4, 0)
    assert Report.objects.values().get() == before
    assert ValueChange.objects.count() == 4


def test_one_figure_is_corrected_one_removed(office: Office) -> None:
    take(office, full(office))
    found = take(
        office,
        [
            datum(office, 0, "HS_NHAN", 413, why="đếm lại"),
            datum(office, 1, "HS_PHI", None, remove=True),
            datum(office, 2, "HD", None, remove=True),
            datum(office, 3, "HS_TTTT", None, no_figure_reason="chưa tổng hợp"),
        ],
    )
    assert (found.updated, found.removed, found.unchanged) == (2, 1, 1)
    by_code = {v.element.code: v for v in Value.objects.all()}
    assert by_code["HS_NHAN"].number == 413
    assert (by_code["HS_PHI"].number, by_code["HS_PHI"].version) == (None, 2)
    assert by_code["HS_TTTT"].no_figure_reason == "chưa tổng hợp"
    assert [c.why for c in ValueChange.objects.filter(value=by_code["HS_NHAN"]).order_by("id")] == [
        "",
        "đếm lại",
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"element": "KHONG"}, "cell.unknown"),
        ({"form": "KHONG"}, "form.unknown"),
        ({"period": "2026-13"}, "period.key"),
        ({"period": "2026-Q3"}, "period.kind"),
        ({"period": "2025-05"}, "period.before_regime"),
        ({"period": "2026-12"}, "period.not_open"),
        ({"unit_id": 10**9}, "unit.unknown"),
        ({"split": "NAM"}, "split.unknown"),
        ({"attribution": "A"}, "attribution.unknown"),
        ({"scenario": "dream"}, "scenario.unknown"),
        ({"number": -1}, "number.negative"),
        ({"number": "1.5"}, "number.integer"),
        ({"number": "1e20"}, "number.too_big"),
        ({"number": None}, "intake.empty"),
        ({"number": None, "text": "1.23.4"}, "number.text"),
        ({"number": None, "no_figure_reason": "x" * 301}, "reason.long"),
    ],
)
def test_a_bad_datum_is_named_and_the_good_one_is_kept(
    office: Office, change: dict[str, Any], code: str
) -> None:
    found = take(office, [datum(office, 0, **change), datum(office, 1, "HS_PHI", 128)])
    assert codes(found) == [(0, code)]
    assert found.rejections[0].place == "B1"
    assert found.rejections[0].message
    assert found.imported == 1


def test_all_or_nothing_keeps_nothing(office: Office) -> None:
    found = take(office, [*full(office), datum(office, 4, "HD", -1)], all_or_nothing=True)
    assert (found.read, found.rejected, found.imported) == (5, 5, 0)
    assert codes(found) == [(4, "number.negative")]
    assert not Value.objects.exists()
    assert not Intake.objects.exists()


def test_a_dry_run_is_the_same_road_and_leaves_nothing(office: Office) -> None:
    """C11: a dry run imported for real."""
    dry = take(office, [*full(office), datum(office, 4, "HD", -1)], dry_run=True)
    assert not Value.objects.exists()
    assert not Report.objects.exists()
    wet = take(office, [*full(office), datum(office, 4, "HD", -1)])
    assert (dry.imported, dry.rejections) == (wet.imported, wet.rejections)
    assert (dry.dry_run, dry.intake_id) == (True, None)


def test_two_data_for_one_cell_name_each_other(office: Office) -> None:
    found = take(office, [datum(office, 0), datum(office, 1, "HS_PHI", 1), datum(office, 2, number=9)])
    assert [(one.index, one.code, one.other) for one in found.rejections] == [
        (0, "cell.twice", 2),
        (2, "cell.twice", 0),
    ]
    assert found.imported == 1


def test_twins_are_found_across_chunks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intakespool, "HELD", 2)
    monkeypatch.setattr(intakespool, "PIECE", 1)
    found = take(office, [*full(office), datum(office, 4, number=9)])
    assert [(one.index, one.other) for one in found.rejections] == [(0, 4), (4, 0)]
    assert (found.imported, found.reports) == (3, 1)
    assert Report.objects.get().version == 1, "a report is carried on once, however many chunks it came in"


def test_a_replay_returns_the_first_answer(office: Office) -> None:
    """C15: the same submission twice."""
    data = [*full(office), datum(office, 4, "HD", -1)]
    first = take(office, data, key="lan-1")
    again = take(office, data, key="lan-1")
    assert again.repeated
    assert (again.imported, again.rejections, again.intake_id) == (4, first.rejections, first.intake_id)
    assert ValueChange.objects.count() == 4
    with refused("intake.key_taken"):
        take(office, full(office), key="lan-1")
    assert not take(office, full(office), user=office.cast.office, key="lan-1").repeated, "another sender"


def test_a_version_that_has_moved_on_is_a_conflict(office: Office) -> None:
    """C16: base version on every save."""
    take(office, [datum(office)])
    found = take(
        office, [datum(office, 0, number=9, base_version=0), datum(office, 1, "HS_PHI", 1, base_version=0)]
    )
    assert codes(found) == [(0, "cell.conflict")]
    assert found.imported == 1
    assert take(office, [datum(office, 0, number=9, base_version=1)]).updated == 1
    assert take(office, [datum(office, 0, number=9, base_version=0)]).unchanged == 1, "same content: no-op"


def test_strategies(office: Office) -> None:
    take(office, [datum(office)])
    data = [datum(office, 0, number=9), datum(office, 1, "HS_PHI", 1)]
    create = take(office, data, strategy=Strategy.CREATE, dry_run=True)
    assert (create.imported, codes(create)) == (1, [(0, "intake.exists")])
    update = take(office, data, strategy=Strategy.UPDATE, dry_run=True)
    assert (update.updated, codes(update)) == (1, [(1, "intake.absent")])
    delete = take(office, data, strategy=Strategy.DELETE)
    assert (delete.removed, delete.unchanged) == (1, 1)


def test_who_may(office: Office) -> None:
    data = [datum(office), datum(office, 1, unit_id=office.world["22015"])]
    cast = office.cast

    def answer(who: User) -> list[tuple[int, str]]:
        return codes(take(office, data, who, dry_run=True))

    assert answer(cast.commune_officer) == [(1, "report.unknown")]
    assert answer(cast.other_officer) == [(0, "report.unknown")]
    assert answer(cast.office) == []
    for who in (cast.commune_leader, cast.commune_deputy):
        assert answer(who) == [(0, "report.not_yours"), (1, "report.unknown")]
    for who in (cast.leader, cast.analyst, cast.viewer):
        assert answer(who) == [(0, "report.not_yours"), (1, "report.not_yours")]
    for who in (cast.stranger, cast.stranger_office, cast.nobody):
        assert answer(who) == [(0, "report.unknown"), (1, "report.unknown")]
    found = take_in(by="key:abcd2345", scope=source(office, "24505"), data=data, door="api", dry_run=True)
    assert codes(found) == [(1, "report.unknown")]


def test_the_office_that_brought_figures_may_not_accept_them(office: Office) -> None:
    take(office, full(office), user=office.cast.office)
    report = Report.objects.get().pk
    office.say_ready(report)
    office.submit(report)
    with refused("report.own_work"):
        actions.accept(by=office.cast.office, scope=scope_of(office.cast.office), report=report)


def test_a_report_that_is_on_its_way_takes_nothing(office: Office) -> None:
    report = office.submitted()
    found = take(office, [datum(office, 0, number=9)])
    assert codes(found) == [(0, "report.step")]
    assert state_of(report) is State.SUBMITTED


def test_a_returned_report_stays_returned(office: Office) -> None:
    report = office.submitted()
    office.give_back(report, {"HS_NHAN": "xem lại số này"})
    take(office, [datum(office, 0, number=413)])
    assert state_of(report) is State.RETURNED


def machine(office: Office, number: int, **more: Any) -> IntakeResult:
    data = [datum(office, 0, "MAY", number, form=MACHINE)]
    return take_in(by="key:abcd2345", scope=source(office), data=data, door="api", **more)


def test_without_approval_figures_are_facts_at_once_and_may_be_corrected(office: Office) -> None:
    machine(office, 7)
    report = Report.objects.get()
    assert (State(report.state), report.cycle, report.accepted_by) == (State.ACCEPTED, 1, f"form:{MACHINE}")
    first = report.first_submitted_at
    assert [row.number for row in facts.value_rows()] == [7]
    with clock.frozen(NOW + timedelta(days=3)):
        machine(office, 8)
        machine(office, 8)
    report.refresh_from_db()
    assert (report.cycle, report.first_submitted_at) == (2, first), "a correction does not make it late"
    assert [row.number for row in facts.value_rows()] == [8]
    assert Submission.objects.count() == 2


def test_no_approval_and_a_broken_hard_check_stays_a_draft(office: Office) -> None:
    broken = {"HS_NHAN": 5, "HS_NHAN_CTT": 9}
    data = [datum(office, n, code, number) for n, (code, number) in enumerate((FULL | broken).items())]
    without_approval(office)
    found = take(office, data)
    assert [(one.unit_id, one.form) for one in found.held] == [(office.world["24505"], FORM)]
    assert "không được lớn hơn" in found.held[0].message
    assert (found.imported, State(Report.objects.get().state)) == (4, State.DRAFT)
    assert list(facts.value_rows()) == []
    assert take(office, [datum(office, 0, "HS_NHAN_CTT", 4)]).held == ()
    assert State(Report.objects.get().state) is State.ACCEPTED
    assert take(office, data, all_or_nothing=True).rejected == 4, "held counts as not kept"
    assert State(Report.objects.get().state) is State.ACCEPTED


def without_approval(office: Office) -> None:
    from haicap.catalogue import models, queries

    head = models.Form.objects.get(code=FORM)
    spec = {**head.versions.get().spec, "approval": False}
    models.FormVersion.objects.create(form=head, number=2, spec=spec, digest="2", published_at=NOW)
    pack = models.Pack.objects.get()
    contents = {**pack.contents, "forms": {FORM: 2, MACHINE: 1}}
    models.Pack.objects.create(
        code="test", number=2, owner_id=pack.owner_id, contents=contents, digest="2", published_at=NOW,
        published_by="system:test",
    )  # fmt: skip
    models.Revision.objects.update(token="second")
    queries.forget()


def test_text_is_read_as_the_grid_reads_it(office: Office) -> None:
    """C12: Vietnamese numbers."""
    data = [
        datum(office, 0, "KP", None, text="1.234.567,5"),
        datum(office, 1, "HS_NHAN", None, text="1.234"),
    ]
    take(office, data)
    assert {v.element.code: v.number for v in Value.objects.all()} == {
        "KP": Decimal("1234567.5"),
        "HS_NHAN": 1234,
    }


def test_zero_is_a_figure_and_nothing_is_nothing(office: Office) -> None:
    """C4, C5: nothing entered is nothing; 0 is a value."""
    found = take(office, [datum(office, 0, "HS_NHAN", 0), datum(office, 1, "HD", None)])
    assert (found.imported, codes(found)) == (1, [(1, "intake.empty")])
    assert Value.objects.get().number == 0


# --- the slow twin: the same batch typed into the grid, one report after the other

CELLS = st.sampled_from(["HS_NHAN", "HS_NHAN_CTT", "HS_PHI", "HD", "KP", "KHONG"])
NUMBERS = st.sampled_from([None, 0, 7, 412, -3, Decimal("1.5")])
UNITS = st.sampled_from(["24505", "22015"])
BATCH = st.lists(st.tuples(CELLS, NUMBERS, UNITS, st.sampled_from(["2026-09", "2026-10"])), max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BATCH, BATCH)
def test_it_does_what_the_grid_does(office: Office, first: list[Any], second: list[Any]) -> None:
    with_batch = _in_a_transaction(lambda: [_by_intake(office, rows) for rows in (first, second)])
    by_hand = _in_a_transaction(lambda: [_by_hand(office, rows) for rows in (first, second)])
    assert with_batch == by_hand


def _in_a_transaction(work: Any) -> Any:
    from django.db import transaction

    with transaction.atomic():
        work()
        found = _stored()
        transaction.set_rollback(True)
    return found


def _stored() -> list[Any]:
    fields = (
        "report__unit__code", "report__period", "report__state", "element__code", "number", "version",
    )  # fmt: skip
    values = Value.objects.exclude(number=None, raw="").values_list(*fields).order_by(*fields)
    steps = ("value__report__unit__code", "value__report__period", "value__element__code")
    changes = ValueChange.objects.values_list(*steps, "from_number", "to_number").order_by(*steps, "id")
    return [list(values), list(changes)]


def _by_intake(office: Office, rows: list[Any]) -> None:
    data = [
        datum(office, n, code, number, unit_id=office.world[unit], period=period)
        for n, (code, number, unit, period) in enumerate(rows)
    ]
    take(office, data, user=office.cast.office)


def _by_hand(office: Office, rows: list[Any]) -> None:
    cells = [(unit, period, code) for code, _number, unit, period in rows]
    for code, number, unit, period in rows:
        # The grid keeps refused text beside the figure; a batch leaves it out, and leaves twins out.
        bad = number is None or number < 0 or (number == Decimal("1.5") and code != "KP")
        bad = bad and not (code == "KP" and number == -3)
        if bad or code == "KHONG" or cells.count((unit, period, code)) > 1:
            continue
        user = office.cast.commune_officer if unit == "24505" else office.cast.other_officer
        report = office.open(period=period, code=unit)
        versions = {v.element.code: v.version for v in Value.objects.filter(report=report)}
        change = actions.CellChange(code, versions.get(code, 0), number=Decimal(number))
        actions.save_cells(by=user, scope=scope_of(user), report=report, changes=[change], door="excel")
