"""From what a browser sends to what an action takes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from haicap.core import clock
from haicap.core.errors import Refusal

MOST_TICKED = 1_000


def number(value: str | None) -> int | None:
    """A whole number from a form field; anything else is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


def ticked(data: QueryDict, name: str) -> list[int]:
    found = (number(value) for value in data.getlist(name)[:MOST_TICKED])
    return [one for one in found if one is not None]


def group(data: QueryDict) -> tuple[int, str] | None:
    """("nhom" = "3:sync") → (source id, attribution)."""
    source, colon, blame = data.get("nhom", "").partition(":")
    id_ = number(source)
    return None if not colon or id_ is None else (id_, blame[:8])


def instant(data: QueryDict, name: str) -> datetime:
    """A field of the kind datetime-local, wall time in Vietnam, as a UTC instant. Refusal time.form."""
    try:
        return datetime.fromisoformat(data.get(name, "")).replace(tzinfo=clock.ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        words = gettext_lazy("Hãy ghi ngày và giờ, ví dụ 2026-10-12 07:30.")
        raise Refusal("time.form", words, place=name) from error
