import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from haicap.core import clock


def test_now_is_aware_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_the_date_is_vietnams_not_londons() -> None:
    with clock.frozen("2026-10-14T17:00:00+00:00"):
        assert clock.today() == date(2026, 10, 15)
    with clock.frozen("2026-10-14T16:59:59+00:00"):
        assert clock.today() == date(2026, 10, 14)


def test_frozen_without_a_zone_is_wall_time() -> None:
    with clock.frozen("2026-10-15 17:00") as instant:
        assert instant == datetime(2026, 10, 15, 10, tzinfo=UTC)
        assert clock.now() == instant
        assert clock.local(clock.now()).hour == 17
    assert clock.now() != instant


def test_frozen_nests_and_thaws_after_an_error() -> None:
    with clock.frozen("2026-01-01"):
        with pytest.raises(RuntimeError), clock.frozen("2027-01-01"):
            raise RuntimeError
        assert clock.today() == date(2026, 1, 1)


def test_frozen_time_belongs_to_its_context() -> None:
    async def day_seen(at: str) -> date:
        with clock.frozen(at):
            await asyncio.sleep(0)
            return clock.today()

    async def both() -> list[date]:
        return list(await asyncio.gather(day_seen("2026-01-01"), day_seen("2027-01-01")))

    # in a thread of its own: the browser tests of the same process keep a loop running in this one
    with ThreadPoolExecutor(max_workers=1) as other:
        assert other.submit(asyncio.run, both()).result() == [date(2026, 1, 1), date(2027, 1, 1)]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.local(datetime(2026, 1, 1))  # noqa: DTZ001 – the very thing that is refused
