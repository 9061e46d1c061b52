"""The roles, and which of them belong to which level of unit."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy


class Role(StrEnum):
    PROVINCE_LEADER = "province_leader"
    PROVINCE_OFFICE = "province_office"
    ANALYST = "analyst"
    COMMUNE_LEADER = "commune_leader"
    COMMUNE_DEPUTY = "commune_deputy"
    COMMUNE_OFFICER = "commune_officer"
    VIEWER = "viewer"
    # a department's system that sends figures with a key; no person sits in this chair
    SOURCE = "source"


ROLE_NAMES: dict[Role, Any] = {
    Role.PROVINCE_LEADER: gettext_lazy("Lãnh đạo tỉnh"),
    Role.PROVINCE_OFFICE: gettext_lazy("Văn phòng điều phối tỉnh"),
    Role.ANALYST: gettext_lazy("Chuyên viên phân tích"),
    Role.COMMUNE_LEADER: gettext_lazy("Lãnh đạo xã"),
    Role.COMMUNE_DEPUTY: gettext_lazy("Phó lãnh đạo xã"),
    Role.COMMUNE_OFFICER: gettext_lazy("Công chức xã"),
    Role.VIEWER: gettext_lazy("Người xem"),
    Role.SOURCE: gettext_lazy("Hệ thống nguồn"),
}

PROVINCE, COMMUNE = 1, 2

# A role outside its level would be a power nobody thought about: a "commune leader" of a whole province.
LEVELS: dict[Role, frozenset[int]] = {
    Role.PROVINCE_LEADER: frozenset({PROVINCE}),
    Role.PROVINCE_OFFICE: frozenset({PROVINCE}),
    Role.ANALYST: frozenset({0, PROVINCE}),
    Role.COMMUNE_LEADER: frozenset({COMMUNE}),
    Role.COMMUNE_DEPUTY: frozenset({COMMUNE}),
    Role.COMMUNE_OFFICER: frozenset({COMMUNE}),
    Role.VIEWER: frozenset({0, PROVINCE, COMMUNE}),
    Role.SOURCE: frozenset(),
}

# Who may stand in for whom: the leader's signature for a day, never the hand of the one who typed.
DEPUTIES: dict[Role, frozenset[Role]] = {Role.COMMUNE_LEADER: frozenset({Role.COMMUNE_DEPUTY})}


# A stand-in for longer than this is an appointment and should be one.
LONGEST_DELEGATION_DAYS = 31
