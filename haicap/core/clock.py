"""The only clock. Instants are aware UTC; dates are local dates of Vietnam and never pass through UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("haicap_frozen_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present date on the wall in Vietnam."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """An aware instant as wall time in ZONE. A naive one is refused: nobody knows what it means."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return instant.astimezone(ZONE)


@contextmanager
def frozen(at: datetime | str) -> Iterator[datetime]:
    """Stop the clock at `at` for this context. Without a zone, `at` is wall time in ZONE."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZONE)
    instant = instant.astimezone(UTC)
    token = _frozen.set(instant)
    try:
        yield instant
    finally:
        _frozen.reset(token)
