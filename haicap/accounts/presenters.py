"""What the pages of this room show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from haicap.ui.context import TEXT_SIZES
from haicap.units import queries as units

from . import queries
from .forms import DelegateForm
from .models import User
from .queries import Lent, Seat
from .states import ROLE_NAMES


@dataclass(frozen=True)
class SeatLine:
    role: Any
    title: str
    unit: str
    starts: date


@dataclass(frozen=True)
class LentLine:
    id: int
    role: Any
    unit: str
    to: str
    first: date
    last: date


def account_page(user: User, seats: list[Seat], forms: list[tuple[Seat, DelegateForm]]) -> dict[str, Any]:
    given = queries.lent_from(seat.position_id for seat in seats)
    received = queries.lent_to(user.pk)
    ids = {seat.unit_id for seat in seats} | {lent.unit_id for lent in [*given, *received]}
    names = {id_: place.full_name for id_, place in units.by_ids(ids).items()}
    return {
        "person": user,
        "home_unit": names[seats[0].unit_id] if seats else "",
        "home_title": ROLE_NAMES[seats[0].role] if seats else "",
        "seats": [SeatLine(ROLE_NAMES[s.role], s.title, names[s.unit_id], s.starts) for s in seats],
        "given": [_lent_line(one, names) for one in given],
        "received": [_lent_line(one, names) for one in received],
        "delegate_forms": [(names[seat.unit_id], form) for seat, form in forms],
        "languages": settings.LANGUAGES,
        "text_sizes": TEXT_SIZES,
    }


def _lent_line(one: Lent, names: dict[int, str]) -> LentLine:
    last = one.ends - timedelta(days=1)
    return LentLine(one.id, ROLE_NAMES[one.role], names[one.unit_id], one.to_name, one.starts, last)
