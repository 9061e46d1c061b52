"""Dates of other systems: read in one style, never guessed; the same instants as Python's own parser."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.core import clock
from haicap.dossiers.policies import dates
from haicap.dossiers.policies.dates import BAD, Evidence, Reader, Stamps, Style

FORMATS = {
    Style.DMY: ("%d/%m/%Y %H:%M:%S", "%d-%m-%Y %I:%M:%S %p", "%H:%M:%S %d/%m/%Y"),
    Style.MDY: ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
    Style.ISO: ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d %H:%M:%S"),
}
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2190, 1, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001


@settings(max_examples=25)
@given(st.lists(MOMENTS, min_size=1, max_size=4), st.sampled_from(list(Style)), st.data())
def test_every_format_reads_as_python_reads_it(
    moments: list[datetime], style: Style, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(FORMATS[style]))
    found, whole = Reader(style).column([moment.strftime(form) for moment in moments])
    wanted = [int(moment.replace(tzinfo=clock.ZONE).timestamp()) for moment in moments]
    assert (found, whole) == (wanted, set())
    told = [datetime.fromisoformat(text or "").replace(tzinfo=UTC) for text in Stamps().column(found)]
    assert [int(one.timestamp()) for one in told] == wanted
    assert [dates.local_day(one) for one in wanted] == [moment.date() for moment in moments]


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "32/01/2026", "1/1/26", "01/01/1980", "mai", "10:00", "01/01/2026 25:00", "01/01/2026 1:2",
     "01/01/2026 13:00 PM", "2026-13-01", "05.31.2026", "0/0/0000", "01/01/2026 10:00 xx"],
)  # fmt: skip
def test_what_is_no_date_is_not_bent_into_one(text: str) -> None:
    assert Reader(Style.DMY).column([text])[0] == [BAD]


def test_days_without_a_time_and_zones_of_their_own() -> None:
    reader = Reader(Style.DMY)
    assert reader.column(["", "01/09/2026", "2026-09-01T00:00:00Z", "01/09/2026 07:00 +07:00"]) == (
        [None, 1788195600, 1788220800, 1788220800], {1},
    )  # fmt: skip
    seoul = Reader(Style.ISO, "Asia/Seoul").one("2026-09-01 09:00")
    assert seoul == 1788220800 == int(datetime(2026, 9, 1, 9, tzinfo=ZoneInfo("Asia/Seoul")).timestamp())
    # the hour that does not repeat in Vietnam does elsewhere
    assert Reader(Style.ISO, "Europe/Berlin").one("2026-01-01 12:00") == 1767265200
    assert Reader(Style.ISO).one("01/09/2026") is None


DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@settings(max_examples=25)
@given(st.lists(DAYS, min_size=1, max_size=30))
def test_evidence_counts_every_row_once_and_never_guesses(days: list[date]) -> None:
    texts = [f"{day:%d/%m/%Y}" for day in days]
    seen = dates.evidence({text: texts.count(text) for text in texts})
    assert seen.both + seen.dmy + seen.mdy + seen.iso + seen.other == len(days)
    assert seen.both == sum(day.day <= 12 for day in days)
    assert seen.same == sum(day.day == day.month for day in days)
    assert seen.fits(Style.DMY)
    if any(day.day <= 12 and day.day != day.month for day in days):
        assert seen.settled() is None
    else:
        assert seen.settled() is Style.DMY


def test_a_file_of_two_styles_is_never_settled() -> None:
    assert Evidence(dmy=5, mdy=1).settled() is None
    assert Evidence(iso=5).settled() is Style.ISO
    assert Evidence(mdy=5, iso=1).settled() is Style.MDY


def test_no_day_is_older_than_the_offset_is_true() -> None:
    assert clock.ZONE.utcoffset(datetime(dates.FIRST_YEAR, 1, 1)) == timedelta(seconds=dates.OFFSET)  # noqa: DTZ001
    assert clock.ZONE.utcoffset(datetime(2099, 7, 1)) == timedelta(seconds=dates.OFFSET)  # noqa: DTZ001
