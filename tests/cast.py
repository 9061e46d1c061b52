"""The people of the tests, and the small country they live in.

Two provinces: Đắk Lắk (66) with Ea Knuếc (24505), Tuy Hoà (22015) and Buôn Ma Thuột (24133), and Hà Nội (01)
with Phúc Thịnh (00466). Everybody is named by what they do; `stranger` is the one who must be refused.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import pytest
from django.contrib.auth.hashers import make_password

from haicap.accounts import actions
from haicap.accounts.models import User
from haicap.accounts.states import Role
from haicap.core.folding import fold
from haicap.units import queries as units
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit
from haicap.units.names import uid
from haicap.units.places import Place
from tests.mould import poured

PASSWORD = "mot-mat-khau-dai-2026"
SINCE = date(2025, 7, 1)
BY = "system:test"


@dataclass(frozen=True)
class World:
    """Ids of the units of the tests, by code ("00", "66", "24505", …)."""

    ids: dict[str, int]

    def __getitem__(self, code: str) -> int:
        return self.ids[code]

    def place(self, code: str) -> Place:
        return units.by_id(self.ids[code])


@dataclass(frozen=True)
class Cast:
    """One of each. The commune people belong to 24505, `other_…` to 22015, `stranger` to 00466."""

    leader: User
    office: User
    analyst: User
    viewer: User
    commune_leader: User
    commune_deputy: User
    commune_officer: User
    other_leader: User
    other_deputy: User
    other_officer: User
    stranger_office: User
    stranger: User
    nobody: User


PEOPLE: dict[str, tuple[Role, str] | None] = {
    "leader": (Role.PROVINCE_LEADER, "66"),
    "office": (Role.PROVINCE_OFFICE, "66"),
    "analyst": (Role.ANALYST, "66"),
    "viewer": (Role.VIEWER, "66"),
    "commune_leader": (Role.COMMUNE_LEADER, "24505"),
    "commune_deputy": (Role.COMMUNE_DEPUTY, "24505"),
    "commune_officer": (Role.COMMUNE_OFFICER, "24505"),
    "other_leader": (Role.COMMUNE_LEADER, "22015"),
    "other_deputy": (Role.COMMUNE_DEPUTY, "22015"),
    "other_officer": (Role.COMMUNE_OFFICER, "22015"),
    "stranger_office": (Role.PROVINCE_OFFICE, "01"),
    "stranger": (Role.COMMUNE_OFFICER, "00466"),
    "nobody": None,
}


def make_world() -> World:
    """Writes the units and nothing else; for tests that build their own people."""
    ids: dict[str, int] = {}

    def add(code: str, level: int, kind: str, full_name: str, name: str, parent: str | None) -> None:
        unit = Unit.objects.create(
            uid=uid(level, code, SINCE),
            code=code,
            level=level,
            kind=kind,
            parent_id=None if parent is None else ids[parent],
            path="",
            name=name,
            full_name=full_name,
            name_en=name,
            folded=fold(full_name),
            valid_from=SINCE,
            population=10_000,
        )
        above = "/" if parent is None else Unit.objects.get(pk=ids[parent]).path
        Unit.objects.filter(pk=unit.pk).update(path=f"{above}{unit.pk}/")
        ids[code] = unit.pk

    add("00", 0, "country", "Việt Nam", "Việt Nam", None)
    add("66", 1, "tinh", "Tỉnh Đắk Lắk", "Đắk Lắk", "00")
    add("01", 1, "thanh_pho", "Thành phố Hà Nội", "Hà Nội", "00")
    add("24505", 2, "xa", "Xã Ea Knuếc", "Ea Knuếc", "66")
    add("22015", 2, "phuong", "Phường Tuy Hoà", "Tuy Hoà", "66")
    add("24133", 2, "phuong", "Phường Buôn Ma Thuột", "Buôn Ma Thuột", "66")
    add("00466", 2, "xa", "Xã Phúc Thịnh", "Phúc Thịnh", "01")
    touch()
    return World(ids)


def make_cast(world: World) -> Cast:
    made: dict[str, User] = {}
    for username, position in PEOPLE.items():
        user = actions.create_user(
            by=BY, username=username, name=f"Người {username}", password_hash=_password_hash()
        )
        if position is not None:
            role, code = position
            actions.appoint(by=BY, user=user, role=role, unit_id=world[code], starts=SINCE)
        made[username] = user
    return Cast(**made)


def position_of(user: User) -> int:
    """The id of the one position a member of the cast was given."""
    return user.holdings.order_by("id").values_list("position_id", flat=True)[0]


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def world(db: None) -> World:
    return poured("world", make_world)


@pytest.fixture
def cast(world: World) -> Cast:
    # people are objects that a test may change: everybody gets copies
    return deepcopy(poured("cast", partial(make_cast, world)))
