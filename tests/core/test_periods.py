from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule

DAY = timedelta(days=1)
DAYS = st.dates(date(1901, 1, 1), date(2198, 12, 31))
YEARS = st.integers(1901, 2198)
RULES = st.sampled_from(list(Rule))
CALENDAR_KINDS = [Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR]
PARTS_OF_YEAR = [Kind.MONTH, Kind.QUARTER, Kind.HALF]


@st.composite
def any_period(draw: st.DrawFn) -> Period:
    rule, day = draw(RULES), draw(DAYS)
    kind = draw(st.sampled_from([*CALENDAR_KINDS, Kind.NINE_MONTHS, Kind.CAMPAIGN]))
    if kind is Kind.NINE_MONTHS:
        return periods.parse(f"{day.year}-9M", rule)
    if kind is Kind.CAMPAIGN:
        last = min(day + draw(st.integers(0, 400)) * DAY, date(2198, 12, 31))
        return periods.parse(f"{day}..{last}", rule)
    return periods.containing(day, kind, rule)


def window(key: str, rule: Rule = Rule.DECREE09) -> tuple[str, str]:
    p = periods.parse(key, rule)
    return p.start.isoformat(), p.last_day.isoformat()


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-10", "2026-09-15", "2026-10-14"),
        ("2026-01", "2025-12-15", "2026-01-14"),
        ("2026-03", "2026-02-15", "2026-03-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q3", "2026-06-15", "2026-09-14"),
        ("2026-Q4", "2026-09-15", "2026-12-14"),
        ("2026-H1", "2025-12-15", "2026-06-14"),
        ("2026-H2", "2026-06-15", "2026-12-14"),
        ("2026-9M", "2025-12-15", "2026-09-14"),
        ("2026", "2025-12-15", "2026-12-14"),
        ("2026-W07", "2026-02-09", "2026-02-15"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-10-15", "2026-10-15", "2026-10-15"),
        ("2026-07-01..2026-10-08", "2026-07-01", "2026-10-08"),
    ],
)
def test_windows_of_decree_09(key: str, first: str, last: str) -> None:
    assert window(key) == (first, last)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026-9M", "2026-01-01", "2026-09-30"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_windows_of_the_calendar(key: str, first: str, last: str) -> None:
    assert window(key, Rule.CALENDAR) == (first, last)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-6M",
        "26-10",
        "2026-W54",
        "2025-W53",
        "2026-W00",
        "2026-02-29",
        "2026-10-08..2026-07-01",
        "2026-7-1..2026-8-1",
        "20261",
        "2026-10 ",
        " 2026",
        "2026-10\n",
        "২০২৬-10",
        "1899",
        "2200",
        "0000",
        "tháng 10",
        "2026-q3",
    ],
)
def test_a_wrong_key_is_refused(key: str) -> None:
    with pytest.raises(Refusal) as refused:
        periods.parse(key)
    assert refused.value.code == "period.key"
    assert refused.value.params["key"] == key


@given(any_period())
def test_a_key_names_its_period(p: Period) -> None:
    assert periods.parse(p.key, p.rule) == p


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_a_refusal(text: str) -> None:
    try:
        answer = periods.parse(text).key
    except Refusal as refused:
        answer = refused.code
    assert answer in (text, "period.key")


@given(YEARS, RULES)
def test_months_tile_quarters_halves_nine_months_and_the_year(year: int, rule: Rule) -> None:
    whole = periods.parse(str(year), rule)
    for bigger in (Kind.QUARTER, Kind.HALF, Kind.YEAR, Kind.NINE_MONTHS):
        tiled = (
            [periods.parse(f"{year}-9M", rule)]
            if bigger is Kind.NINE_MONTHS
            else periods.parts(whole, bigger)
        )
        for p in tiled:
            months = periods.parts(p, Kind.MONTH)
            assert (months[0].start, months[-1].end) == (p.start, p.end)
            assert all(a.end == b.start for a, b in pairwise(months))
            assert len(months) == {"quarter": 3, "half": 6, "nine_months": 9, "year": 12}[bigger]
    halves = periods.parts(whole, Kind.HALF)
    quarters = [q for half in halves for q in periods.parts(half, Kind.QUARTER)]
    assert quarters == periods.parts(whole, Kind.QUARTER)
    assert [m for q in quarters for m in periods.parts(q, Kind.MONTH)] == periods.parts(whole, Kind.MONTH)


@given(YEARS, RULES)
def test_years_meet(year: int, rule: Rule) -> None:
    assert periods.parse(str(year), rule).end == periods.parse(str(year + 1), rule).start


@given(DAYS, st.sampled_from(CALENDAR_KINDS), RULES)
def test_every_day_lies_in_exactly_one_period_of_a_kind(day: date, kind: Kind, rule: Rule) -> None:
    p = periods.containing(day, kind, rule)
    assert p.kind is kind
    assert p.rule is rule
    assert day in p
    before, after = periods.shift(p, -1), periods.shift(p, 1)
    assert before.end == p.start
    assert p.end == after.start
    assert day not in before
    assert day not in after


@given(DAYS, RULES)
def test_nine_months_hold_all_days_but_those_of_the_last_quarter(day: date, rule: Rule) -> None:
    quarter = periods.containing(day, Kind.QUARTER, rule)
    if quarter.number == 4:
        with pytest.raises(Refusal, match=r"period\.none"):
            periods.containing(day, Kind.NINE_MONTHS, rule)
    else:
        assert day in periods.containing(day, Kind.NINE_MONTHS, rule)


@pytest.mark.parametrize("rule", list(Rule))
def test_the_last_day_of_a_window_is_in_it(rule: Rule) -> None:
    for p in periods.parts(periods.parse("2026", rule), Kind.MONTH):
        assert p.last_day in p
        assert p.end not in p
        assert periods.containing(p.last_day, Kind.MONTH, rule) == p


@given(any_period(), st.integers(-20, 20))
def test_shift_and_back(p: Period, n: int) -> None:
    with suppress(Refusal):
        moved = periods.shift(p, n)
        assert moved.kind is p.kind
        assert periods.shift(moved, -n) == p
        assert (moved.start > p.start) == (n > 0)
        return
    far = abs(n) * max(p.end - p.start, (366 if p.kind is Kind.NINE_MONTHS else 0) * DAY)
    assert p.end + far > date(2198, 9, 1) if n > 0 else p.start - far < date(1901, 5, 1)


@pytest.mark.parametrize(
    ("key", "n", "expected"),
    [
        ("2026-01", -1, "2025-12"),
        ("2026-10", 15, "2028-01"),
        ("2026-Q1", -1, "2025-Q4"),
        ("2026-H2", 1, "2027-H1"),
        ("2026-9M", -1, "2025-9M"),
        ("2026-W53", 1, "2027-W01"),
        ("2026-03-01", -1, "2026-02-28"),
        ("2026-07-01..2026-07-10", 1, "2026-07-11..2026-07-20"),
    ],
)
def test_shift(key: str, n: int, expected: str) -> None:
    assert periods.shift(periods.parse(key), n).key == expected


@pytest.mark.parametrize("key", ["2199-12", "2199", "2199-W52", "2199-12-31"])
def test_beyond_the_calendar_is_refused(key: str) -> None:
    with pytest.raises(Refusal, match=r"period\.range"):
        periods.shift(periods.parse(key), 5)
    with pytest.raises(Refusal, match=r"period\.range"):
        periods.shift(periods.parse(key), 10**12)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("2026-10", "2025-10"),
        ("2026-Q3", "2025-Q3"),
        ("2026-9M", "2025-9M"),
        ("2026", "2025"),
        ("2026-W07", "2025-W07"),
        ("2026-W53", "2025-W52"),
        ("2024-02-29", "2023-02-28"),
        ("2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
    ],
)
def test_same_period_last_year(key: str, expected: str) -> None:
    assert periods.same_last_year(periods.parse(key)).key == expected


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("2026", Kind.NINE_MONTHS),
        ("2026-9M", Kind.HALF),
        ("2026-Q1", Kind.HALF),
        ("2026-10", Kind.WEEK),
        ("2026-W07", Kind.MONTH),
        ("2026-07-01..2026-10-08", Kind.MONTH),
        ("2026", Kind.CAMPAIGN),
    ],
)
def test_what_does_not_tile_is_refused(key: str, kind: Kind) -> None:
    with pytest.raises(Refusal, match=r"period\.parts"):
        periods.parts(periods.parse(key), kind)


@given(any_period())
def test_days_tile_everything(p: Period) -> None:
    assert len(periods.parts(p, Kind.DAY)) == (p.end - p.start).days
    assert periods.parts(p, p.kind) == [p]


def test_a_campaign_over_whole_windows_can_be_tiled() -> None:
    campaign = periods.parse("2026-06-15..2026-09-14")
    assert [p.key for p in periods.parts(campaign, Kind.MONTH)] == ["2026-07", "2026-08", "2026-09"]


def test_year_to_date() -> None:
    keys = [p.key for p in periods.year_to_date(periods.parse("2026-11"))]
    assert (len(keys), keys[0], keys[-1]) == (11, "2026-01", "2026-11")
    assert len(periods.year_to_date(periods.parse("2026-Q1"))) == 1
    with pytest.raises(Refusal, match=r"period\.parts"):
        periods.year_to_date(periods.parse("2026-W07"))


def test_span() -> None:
    found = periods.span(periods.parse("2025-11"), periods.parse("2026-02"))
    assert [p.key for p in found] == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (periods.parse("2026-02"), periods.parse("2026-01")),
        (periods.parse("2026-02"), periods.parse("2026-Q3")),
        (periods.parse("2026-01"), periods.parse("2026-02", Rule.CALENDAR)),
        (periods.parse("2026-01-01..2026-01-02"), periods.parse("2026-01-01..2026-01-02")),
    ],
)
def test_a_span_over_two_rules_kinds_or_backwards_is_refused(first: Period, last: Period) -> None:
    with pytest.raises(Refusal, match=r"period\.span"):
        periods.span(first, last)


def test_a_span_without_end_is_refused() -> None:
    with pytest.raises(Refusal, match=r"period\.span_long"):
        periods.span(periods.parse("1901-01-01"), periods.parse("2198-01-01"))


@given(DAYS, st.sampled_from([*CALENDAR_KINDS, Kind.NINE_MONTHS]), RULES)
def test_last_closed_is_over_and_the_next_is_not(day: date, kind: Kind, rule: Rule) -> None:
    p = periods.last_closed(kind, day, rule)
    assert p.end <= day < periods.shift(p, 1).end


@pytest.mark.parametrize(("day", "key"), [("2026-10-14", "2026-09"), ("2026-10-15", "2026-10")])
def test_a_month_closes_when_its_last_day_is_over(day: str, key: str) -> None:
    assert periods.last_closed(Kind.MONTH, date.fromisoformat(day)).key == key


@pytest.mark.parametrize(
    ("day", "key"), [("2026-09-14", "2025-9M"), ("2026-09-15", "2026-9M"), ("2026-12-15", "2026-9M")]
)
def test_nine_months_close_on_their_own_day(day: str, key: str) -> None:
    assert periods.last_closed(Kind.NINE_MONTHS, date.fromisoformat(day)).key == key


def test_a_campaign_is_never_the_last_closed() -> None:
    with pytest.raises(Refusal, match=r"period\.none"):
        periods.last_closed(Kind.CAMPAIGN, date(2026, 10, 15))


@given(st.lists(any_period(), min_size=2, max_size=2))
def test_keys_of_one_kind_sort_by_time(two: list[Period]) -> None:
    a, b = two
    if a.kind is b.kind and a.rule is b.rule and a.start != b.start:
        assert (a < b) == (a.start < b.start)


@pytest.mark.parametrize(
    ("key", "vi", "en", "bn"),
    [
        ("2026-10", "Tháng 10/2026", "October 2026", "অক্টোবর ২০২৬"),
        ("2026-Q3", "Quý III/2026", "Quarter 3, 2026", "তৃতীয় প্রান্তিক ২০২৬"),
        ("2026-H1", "6 tháng đầu năm 2026", "First half of 2026", "২০২৬ সালের প্রথমার্ধ"),
        ("2026-H2", "6 tháng cuối năm 2026", "Second half of 2026", "২০২৬ সালের দ্বিতীয়ার্ধ"),
        ("2026-9M", "9 tháng đầu năm 2026", "First nine months of 2026", "২০২৬ সালের প্রথম নয় মাস"),
        ("2026", "Năm 2026", "2026", "২০২৬ সাল"),
        ("2026-W07", "Tuần 7/2026", "Week 7, 2026", "সপ্তাহ ৭, ২০২৬"),
        ("2026-10-15", "15/10/2026", "15 October 2026", "১৫/১০/২০২৬"),
        (
            "2026-07-01..2026-10-08",
            "1/7/2026 – 8/10/2026",
            "1 July 2026 – 8 October 2026",
            "১/৭/২০২৬ – ৮/১০/২০২৬",
        ),
    ],
)
def test_labels(key: str, vi: str, en: str, bn: str) -> None:
    p = periods.parse(key)
    assert [periods.label(p, lang) for lang in ("vi", "en", "bn")] == [vi, en, bn]


def test_window_labels_show_inclusive_dates() -> None:
    p = periods.parse("2026-10")
    assert periods.window_label(p, "vi") == "15/9/2026 – 14/10/2026"
    assert periods.window_label(p, "en") == "15 Sep 2026 – 14 Oct 2026"
    assert periods.window_label(p, "bn") == "১৫/৯/২০২৬ – ১৪/১০/২০২৬"
    assert periods.window_label(periods.parse("2026-10-15"), "vi") == "15/10/2026"


@given(any_period(), st.sampled_from(["vi", "en", "bn", "en-gb", "fr", ""]))
def test_every_period_has_a_name_in_every_language(p: Period, lang: str) -> None:
    assert periods.label(p, lang)
    assert periods.window_label(p, lang)


@pytest.mark.parametrize("kind", [Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR])
@pytest.mark.parametrize("today", [date(2199, 12, 15), date(2199, 12, 31), date(2200, 1, 1)])
def test_the_last_days_that_can_be_counted(kind: Kind, today: date) -> None:
    found = periods.last_closed(kind, today)
    assert found.end <= today
    assert found.year == 2199
