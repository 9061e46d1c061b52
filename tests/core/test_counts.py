from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import counts
from haicap.core.counts import Adds, Count, Grade, Measure
from haicap.core.errors import Refusal

D = Decimal

DOSSIERS = Measure("hồ sơ đã giải quyết", "hồ sơ", Adds.SUM, Adds.SUM, Adds.SUM)
STOCK = Measure("điểm đang mở", "điểm", Adds.LAST, Adds.SUM, Adds.SUM)
PEOPLE = Measure("người đã cài", "người", Adds.NONE, Adds.SUM, Adds.NONE)
NUMBERS = st.decimals(0, 10**9, places=4)


def count(
    value: int | str | None, measure: Measure = DOSSIERS, grade: Grade = Grade.SYSTEM, low: int | None = None,
    high: int | None = None,
) -> Count:  # fmt: skip
    return Count(
        None if value is None else D(value), measure, grade,
        None if low is None else D(low), None if high is None else D(high),
    )  # fmt: skip


def test_flows_add_up_in_every_direction() -> None:
    for along in ("time", "units", "split"):
        assert counts.add([count(2), count(3)], along).value == 5


def test_stocks_take_the_last_over_time_and_add_over_units() -> None:
    parts = [count(4, STOCK), count(9, STOCK), count(7, STOCK)]
    assert counts.add(parts, "time") == parts[-1]
    assert counts.add(parts, "units").value == 20


def test_a_missing_last_is_not_replaced_by_the_one_before() -> None:
    assert counts.add([count(4, STOCK), count(None, STOCK)], "time").value is None


def test_distinct_people_are_never_added_but_bounded() -> None:
    with pytest.raises(Refusal) as refused:
        counts.add([count(150, PEOPLE), count(148, PEOPLE), count(147, PEOPLE), count(149, PEOPLE)], "split")
    assert refused.value.code == "counts.forbidden"
    assert (refused.value.params["low"], refused.value.params["high"]) == (150, 594)


def test_even_one_distinct_count_is_refused_a_sum() -> None:
    with pytest.raises(Refusal, match=r"counts\.forbidden"):
        counts.add([count(5, PEOPLE)], "time")


def test_last_means_nothing_over_units() -> None:
    odd = Measure("x", "x", Adds.LAST, Adds.LAST, Adds.LAST)
    with pytest.raises(Refusal, match=r"counts\.forbidden") as refused:
        counts.add([count(1, odd), count(2, odd)], "units")
    assert refused.value.params["low"] is None


def test_people_and_installs_do_not_mix() -> None:
    with pytest.raises(Refusal, match=r"counts\.mixed") as refused:
        counts.add([count(1), count(1, STOCK)], "units")
    assert refused.value.params["units"] == ["hồ sơ", "điểm"]


def test_nothing_has_no_total() -> None:
    with pytest.raises(Refusal, match=r"counts\.empty"):
        counts.add([], "time")


def test_zero_counts_and_missing_does_not() -> None:
    assert counts.add([count(0), count(0)], "units").value == 0
    total = counts.add([count(5), count(None)], "units")
    assert (total.value, total.low, total.high) == (None, 5, None)
    assert counts.add([count(None), count(None)], "units") == count(None)


def test_with_a_negative_part_a_missing_one_leaves_no_lower_bound() -> None:
    assert counts.add([count(5), count(-2), count(None)], "units").low is None


def test_ranges_add_like_values() -> None:
    total = counts.add([count(8155, grade=Grade.INFERRED, low=8151, high=8159), count(10)], "units")
    assert (total.value, total.low, total.high, total.grade) == (8165, 8161, 8169, Grade.INFERRED)


@pytest.mark.parametrize(
    ("grades", "weakest"),
    [("system proven", "proven"), ("proven declared system", "declared"), ("inferred system", "inferred")],
)
def test_a_total_is_as_good_as_its_weakest_part(grades: str, weakest: str) -> None:
    parts = [count(1, grade=Grade(name)) for name in grades.split()]
    assert counts.add(parts, "units").grade == weakest


def test_bounds() -> None:
    assert counts.bounds([count(3), count(5)]) == (5, 8)
    assert counts.bounds([count(3), count(None)]) == (3, None)
    assert counts.bounds([count(None)]) == (None, None)
    assert counts.bounds([]) == (None, None)
    assert counts.bounds([count(5, low=4, high=7), count(3)]) == (4, 10)


def test_594_installs_of_four_apps_are_149_to_594_people() -> None:
    assert counts.bounds_of_total(D(594), 4) == (149, 594)
    assert counts.bounds_of_total(D(0), 4) == (0, 0)
    for total, ways in ((D(5), 0), (D(-1), 4)):
        with pytest.raises(Refusal, match=r"counts\.bounds"):
            counts.bounds_of_total(total, ways)


@given(st.lists(st.sets(st.integers(0, 30)), min_size=1, max_size=5))
def test_the_true_number_of_people_lies_within_the_bounds(groups: list[set[int]]) -> None:
    people = len(set().union(*groups))
    low, high = counts.bounds([count(len(group), PEOPLE) for group in groups])
    assert low is not None
    assert high is not None
    assert low <= people <= high
    fewest, most = counts.bounds_of_total(D(sum(map(len, groups))), len(groups))
    assert fewest <= people <= most


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.integers(0, 20))
def test_a_sum_does_not_depend_on_grouping(values: list[D], cut: int) -> None:
    whole = counts.add([count(str(v)) for v in values], "units")
    halves = [part for part in (values[:cut], values[cut:]) if part]
    again = counts.add([counts.add([count(str(v)) for v in part], "units") for part in halves], "units")
    assert whole == again


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=10))
def test_a_total_is_known_only_when_all_parts_are(values: list[D | None]) -> None:
    total = counts.add([count(None if v is None else str(v)) for v in values], "units")
    assert (total.value is None) == (None in values)


def test_huge_sums_keep_every_digit() -> None:
    big = count("99999999999999999999999999.0001")
    assert counts.add([big, big, big], "units").value == D("299999999999999999999999997.0003")
