"""Who is who, who sits where. Queries take ids and days, never a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from haicap.core import clock
from haicap.core.errors import Refusal

from .models import Delegation, Holding, Position, User
from .states import DEPUTIES, ROLE_NAMES, Role


@dataclass(frozen=True, slots=True)
class Seat:
    """A position on a day with the one who holds it. `ends` is the first day no longer held."""

    position_id: int
    role: Role
    unit_id: int
    title: str
    user_id: int
    username: str
    name: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Lent:
    """A delegation: `to` may act for the position from `starts` until the day before `ends`."""

    id: int
    position_id: int
    role: Role
    unit_id: int
    to_id: int
    to_name: str
    starts: date
    ends: date


def by_username(username: str) -> User:
    """The account with this sign-in name, capitals aside. Refusal user.unknown."""
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise Refusal(
            "user.unknown", gettext_lazy("Không có tài khoản này."), place="username", username=username
        )
    return user


def by_id(user_id: int) -> User:
    """Refusal user.unknown."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Refusal("user.unknown", gettext_lazy("Không có tài khoản này."), user=user_id)
    return user


def all_users() -> list[User]:
    return list(User.objects.order_by("username"))


def names(refs: Iterable[str]) -> dict[str, str]:
    """ "user:12" → the name to show, for those refs that are people who exist."""
    ids = {int(ref.removeprefix("user:")): ref for ref in set(refs) if ref.startswith("user:")}
    return {ids[user.pk]: user.get_full_name() for user in User.objects.filter(pk__in=ids)}


def seats_of(user_id: int, on: date | None = None) -> list[Seat]:
    """The positions a person holds on a day (default today)."""
    return _seats(_held(on).filter(user_id=user_id))


def titles_on(wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """("user:12", day) → what the person was on that day: the title of the seat, else its role. One query."""
    pairs = {(ref, day) for ref, day in wanted if ref.startswith("user:")}
    ids = {int(ref.removeprefix("user:")) for ref, _day in pairs}
    seats = _seats(Holding.objects.filter(user_id__in=ids))
    found = {}
    for ref, day in pairs:
        held = (
            seat
            for seat in seats
            if f"user:{seat.user_id}" == ref and seat.starts <= day and (seat.ends is None or day < seat.ends)
        )
        seat = next(held, None)
        if seat is not None:
            found[ref, day] = seat.title or str(ROLE_NAMES[seat.role])
    return found


def seats_in(unit_ids: Iterable[int], role: Role | None = None, on: date | None = None) -> list[Seat]:
    """Who sits in these units on a day, by unit and role."""
    rows = _held(on).filter(position__unit_id__in=list(unit_ids))
    return _seats(rows if role is None else rows.filter(position__role=role))


def seat(position_id: int, on: date | None = None) -> Seat | None:
    """Who sits in this chair on a day; None while it is empty."""
    found = _seats(_held(on).filter(position_id=position_id))
    return found[0] if found else None


def deputies(position_id: int, on: date | None = None) -> list[Seat]:
    """Those who may be asked to stand in for this position: the deputies of the same unit."""
    position = Position.objects.filter(pk=position_id).first()
    if position is None:
        return []
    allowed = DEPUTIES.get(Role(position.role), frozenset())
    return [one for one in seats_in([position.unit_id], on=on) if one.role in allowed]


def lent_from(position_ids: Iterable[int], since: date | None = None) -> list[Lent]:
    """Delegations of these positions that are running or still to come."""
    return _lent(Delegation.objects.filter(position_id__in=list(position_ids)), since)


def lent_to(user_id: int, since: date | None = None) -> list[Lent]:
    """Delegations a person has received, running or still to come."""
    return _lent(Delegation.objects.filter(to_id=user_id), since)


def _held(on: date | None) -> QuerySet[Holding]:
    day = on or clock.today()
    return Holding.objects.filter(Q(ends__isnull=True) | Q(ends__gt=day), starts__lte=day)


def _seats(rows: QuerySet[Holding]) -> list[Seat]:
    ordered = rows.select_related("position", "user").order_by("position__unit_id", "position__role", "id")
    return [
        Seat(
            position_id=row.position_id,
            role=Role(row.position.role),
            unit_id=row.position.unit_id,
            title=row.position.title,
            user_id=row.user_id,
            username=row.user.username,
            name=row.user.get_full_name(),
            starts=row.starts,
            ends=row.ends,
        )
        for row in ordered
    ]


def _lent(rows: QuerySet[Delegation], since: date | None) -> list[Lent]:
    live = rows.filter(withdrawn_at__isnull=True, ends__gt=since or clock.today())
    return [
        Lent(
            id=row.pk,
            position_id=row.position_id,
            role=Role(row.position.role),
            unit_id=row.position.unit_id,
            to_id=row.to_id,
            to_name=row.to.get_full_name(),
            starts=row.starts,
            ends=row.ends,
        )
        for row in live.select_related("position", "to").order_by("starts", "id")
    ]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who can be told something: in which language, and at which confirmed address ("" for none)."""

    user_id: int
    ref: str
    language: str
    email: str


def receivers(user_ids: Iterable[int]) -> dict[int, Receiver]:
    """Those of these people whose account is open."""
    rows = User.objects.filter(pk__in=list(user_ids), is_active=True)
    return {row.pk: _receiver(row) for row in rows}


def receivers_in(
    unit_ids: Iterable[int], roles: Iterable[Role], on: date | None = None
) -> dict[tuple[int, Role], tuple[Receiver, ...]]:
    """(unit, role) → who holds it on a day, then whom it is delegated to that day. Two queries."""
    day, units_, kinds = on or clock.today(), list(unit_ids), [role.value for role in roles]
    chairs = {"position__unit_id__in": units_, "position__role__in": kinds}
    held = _held(day).filter(user__is_active=True, **chairs).select_related("position", "user").order_by("id")
    lent = (
        Delegation.objects.filter(
            to__is_active=True, starts__lte=day, ends__gt=day, withdrawn_at__isnull=True, **chairs
        )
        .select_related("position", "to")
        .order_by("id")
    )
    found: dict[tuple[int, Role], dict[int, Receiver]] = {}
    pairs = [(row.position, row.user) for row in held] + [(row.position, row.to) for row in lent]
    for position, user in pairs:
        found.setdefault((position.unit_id, Role(position.role)), {})[user.pk] = _receiver(user)
    return {key: tuple(people.values()) for key, people in found.items()}


def _receiver(user: User) -> Receiver:
    return Receiver(user.pk, user.ref, user.language, user.email)


def anybody() -> bool:
    """Whether anybody has an account here at all."""
    return User.objects.exists()
