"""What a foreign table may be taken for: units by code, periods as told, nothing that does not add."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Element
from haicap.core import counts, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Rule
from haicap.reporting.policies import mapping, matching
from haicap.reporting.policies.mapping import Lines, Plan, Target
from haicap.reporting.policies.matching import Choice, How
from haicap.tables.columns import Nature
from haicap.tables.hints import Hint, span
from haicap.tables.layout import Layout
from tests.cast import World
from tests.tables.foreign import layout_of

from .office import FORM

OCTOBER = periods.parse("2026-10")
CHOICES = (
    Choice("24505", ("Ea Knuếc", "Xã Ea Knuếc", "Ea Knuec Commune")),
    Choice("00466", ("Phúc Thịnh", "Xã Phúc Thịnh", "Phuc Thinh Commune")),
    Choice("24133", ("Buôn Ma Thuột", "Phường Buôn Ma Thuột", "Buon Ma Thuot Ward")),
)


def matched(layout: Layout, kept: dict[str, str] | None = None) -> dict[int, tuple[str, How]]:
    native = {row.index: layout.sheet.cell(row.index, layout.labels.code) for row in layout.rows}
    found = matching.match_rows(layout.data, CHOICES, kept or {}, native)
    return {index: (match.code, match.how) for index, match in found.items()}


def test_c20_a_code_joins_and_a_name_only_proposes() -> None:
    layout = layout_of(
        ["Mã", "Tên", "Số", "Khác"],
        ["24505", "Tên khác hẳn", 1, 2], [466, "Phúc Thịnh", 3, 4], ["99999", "phường Buôn Ma Thuột", 5, 6],
        ["88888", "Nơi nào đó", 7, 8],
    )  # fmt: skip
    assert matched(layout) == {
        1: ("24505", How.CODE), 2: ("00466", How.ZEROS), 3: ("24133", How.NAME), 4: ("", How.NONE),
    }  # fmt: skip
    assert not matching.Match("24133", How.NAME).sure


def test_c20_a_code_and_a_name_that_contradict_each_other_wait_for_a_person() -> None:
    layout = layout_of(
        ["Mã", "Tên", "Số"],
        ["24505", "Xã Phúc Thịnh", 1],
        [466, "Ea Knuếc", 2],
        ["24133", "Buôn Ma Thuột", 3],
    )
    assert matched(layout) == {1: ("", How.NONE), 2: ("", How.NONE), 3: ("24133", How.CODE)}
    key = matching.key_text(layout.data[0])
    assert matched(layout, {key: "00466"})[1] == ("00466", How.KEPT), "once said, it is not asked again"


def test_c20_a_text_code_is_never_padded_and_two_of_one_name_are_none() -> None:
    layout = layout_of(["Mã", "Tên", "Số"], ["466", "Không rõ", 1], ["x1", "Ea Knuếc", 2])
    twice = (*CHOICES, Choice("24999", ("Ea Knuếc", "Phường Ea Knuếc", "")))
    native = {row.index: layout.sheet.cell(row.index, 0) for row in layout.rows}
    found = matching.match_rows(layout.data, twice, {}, native)
    assert {match.how for match in found.values()} == {How.NONE}


def test_what_was_confirmed_once_is_sure_the_next_time() -> None:
    layout = layout_of(["Tên", "Số", "Khác"], ["Trung tâm y tế", 1, 2])
    key = matching.key_text(layout.data[0])
    assert matched(layout, {key: "24505"}) == {1: ("24505", How.KEPT)}
    assert matched(layout, {key: "77777"}) == {1: ("", How.NONE)}, "a unit that is gone is not joined"


def test_columns_join_by_code_by_what_was_kept_and_by_the_whole_label() -> None:
    layout = layout_of(
        ["Tên", "HS_NHAN", "Tổng số hồ sơ tiếp nhận (3)", "Cột lạ", "Cột mới"],
        ["Xã A", 1, 2, 3, 4], ["Xã B", 5, 6, 7, 9],
    )  # fmt: skip
    choices = (Choice("HS_NHAN", ("Tổng số hồ sơ tiếp nhận",), ("A1",)), Choice("HD", ("Lượt hướng dẫn",)))
    found = matching.match_columns(layout.columns, choices, {"cot la": "HD"})
    assert [found[index].how for index in range(1, 5)] == [How.CODE, How.NAME, How.KEPT, How.NONE]


def hinted(hint: Hint | None, **more: Any) -> Layout:
    layout = layout_of(["Tên", "Số", "Lũy kế", "Tỷ lệ %"], ["Xã A", 1, 2, 3], ["Xã B", 5, 6, 7])
    return replace(layout, hints=(hint,) if hint else (), **more)


def months(first: int, last: int, cumulative: bool = False) -> Hint:
    return span(12 * 2026 + first - 1, 12 * 2026 + last - 1, "tiêu đề", "A1", cumulative)


def test_a_file_of_another_period_needs_a_word() -> None:
    with pytest.raises(Refusal) as refused:
        mapping.check_period(hinted(months(9, 9)), OCTOBER, sure=False)
    assert refused.value.code == "mapping.period"
    mapping.check_period(hinted(months(9, 9)), OCTOBER, sure=True)
    mapping.check_period(hinted(months(10, 10)), OCTOBER, sure=False)
    mapping.check_period(hinted(None), OCTOBER, sure=False)


def test_days_told_must_be_the_window_of_the_period() -> None:
    window = Hint("", False, "", "", days=(date(2026, 9, 15), date(2026, 10, 14)))
    calendar = Hint("", False, "", "", days=(date(2026, 10, 1), date(2026, 10, 31)))
    assert mapping.covers(window, OCTOBER)
    assert not mapping.covers(calendar, OCTOBER)
    assert mapping.covers(calendar, periods.parse("2026-10", Rule.CALENDAR))


def element(time: counts.Adds = counts.Adds.SUM, units: counts.Adds = counts.Adds.SUM) -> Element:
    measure = counts.Measure("x", "lượt", time, units, counts.Adds.SUM)
    return Element(1, "u", "X", measure, {})


def test_a_cumulative_file_feeds_no_month_but_what_takes_the_latest_figure() -> None:
    layout = hinted(months(1, 11))
    column = layout.columns[1]
    november = periods.parse("2026-11")
    with pytest.raises(Refusal) as refused:
        mapping.check_column(layout, column, element(), november)
    assert (refused.value.code, refused.value.place) == ("mapping.cumulative", "B")
    assert "lũy kế" in str(refused.value)
    mapping.check_column(layout, column, element(time=counts.Adds.LAST), november)
    campaign = periods.parse("2026-01-01..2026-11-30", Rule.CALENDAR)
    mapping.check_column(layout, column, element(), campaign)


def test_nine_months_cumulative_is_the_nine_month_period() -> None:
    layout = hinted(months(1, 9, cumulative=True))
    mapping.check_column(layout, layout.columns[1], element(), periods.parse("2026-9M"))
    with pytest.raises(Refusal, match="lũy kế"):
        mapping.check_column(layout, layout.columns[1], element(), periods.parse("2026-09"))


def test_a_cumulative_column_of_a_monthly_file() -> None:
    layout = hinted(months(10, 10))
    assert layout.columns[2].nature is Nature.CUMULATIVE
    with pytest.raises(Refusal, match="lũy kế"):
        mapping.check_column(layout, layout.columns[2], element(), OCTOBER)
    mapping.check_column(layout, layout.columns[1], element(), OCTOBER)


def test_ratios_never_feed_what_is_added_over_units() -> None:
    """C7: an average of averages is no average."""
    layout = hinted(None)
    with pytest.raises(Refusal) as refused:
        mapping.check_column(layout, layout.columns[3], element(), OCTOBER)
    assert refused.value.code == "mapping.not_additive"
    mapping.check_column(layout, layout.columns[3], element(units=counts.Adds.NONE), OCTOBER)


@pytest.fixture
def form(sheet: World) -> Any:
    return catalogue.form(FORM)


def read(layout: Layout, plan: Plan, form: Any) -> Any:
    return mapping.figures(layout, plan, form, catalogue.current().elements)


@pytest.mark.django_db
def test_units_in_rows(form: Any) -> None:
    """C4, C12, C14: blank is nothing, text is read strictly, a merged figure is an error at its cell."""
    layout = layout_of(
        ["Mã", "Tên", "Nhận", "Hướng dẫn"],
        ["24505", "Ea Knuếc", 10, None], ["22015", "Tuy Hoà", "1.234", 4],
        ["24133", "BMT", 0, "7"], ["x", "y", 3, 3],
        merges=((3, 3, 4, 3),),
    )  # fmt: skip
    plan = Plan(form=FORM, period="2026-10", columns={2: Target("HS_NHAN"), 3: Target("HD")},
                lines={1: "24505", 2: "22015", 3: "24133"})  # fmt: skip
    found, bad = read(layout, plan, form)
    assert [(f.place, f.unit, f.element, f.number) for f in found] == [
        ("C2", "24505", "HS_NHAN", 10), ("D3", "22015", "HD", 4), ("C4", "24133", "HS_NHAN", 0),
    ]  # fmt: skip
    assert [(b.place, b.refusal.code) for b in bad] == [
        ("C3", "number.ambiguous"), ("D4", "tables.value_merged"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_elements_in_rows_and_splits_in_rows(form: Any) -> None:
    layout = layout_of(["Chỉ tiêu", "Xã A", "Xã B"], ["Nhận", 10, 20], ["Hướng dẫn", 3, None])
    plan = Plan(form=FORM, period="2026-10", rows=Lines.ELEMENTS,
                columns={1: Target("24505"), 2: Target("22015", "NU")},
                lines={1: "HS_NHAN", 2: "HD"})  # fmt: skip
    found, _ = read(layout, plan, form)
    assert [(f.unit, f.element, f.split, f.number) for f in found] == [
        ("24505", "HS_NHAN", "", 10), ("22015", "HS_NHAN", "NU", 20), ("24505", "HD", "", 3),
    ]  # fmt: skip
    plan = Plan(form=FORM, period="2026-10", rows=Lines.SPLITS, unit="24505",
                columns={1: Target("HS_NHAN")}, lines={1: "NAM", 2: "NU"})  # fmt: skip
    found, _ = read(layout, plan, form)
    assert [(f.unit, f.split, f.number) for f in found] == [("24505", "NAM", 10), ("24505", "NU", 3)]


@pytest.mark.django_db
def test_totals_stay_out_unless_a_person_says_that_one_is_none(form: Any) -> None:
    layout = layout_of(
        ["Mã", "Tên", "Nhận", "Khác"],
        ["24505", "A", 1, 2], ["22015", "B", 2, 3], ["24133", "C", 3, 5], ["66", "Đắk Lắk", 6, 10],
    )  # fmt: skip
    plan = Plan(form=FORM, period="2026-10", columns={2: Target("HS_NHAN")},
                lines={1: "24505", 2: "22015", 3: "24133", 4: "00466"})  # fmt: skip
    assert sum(f.number for f in read(layout, plan, form)[0]) == 6
    kept = replace(plan, keep=frozenset({4}))
    assert sum(f.number for f in read(layout, kept, form)[0]) == 12


def test_a_plan_comes_back_as_it_was_stored() -> None:
    plan = Plan("Trang 1", (4, 5), 170, FORM, "2026-10", True, Lines.ELEMENTS, "24505", "en",
                {3: Target("HS_NHAN", "NU")}, {7: "24505"}, frozenset({9}))  # fmt: skip
    assert Plan.read(plan.stored()) == plan
    assert Plan.read({}) == Plan()
    assert Decimal(1) not in plan.keep
