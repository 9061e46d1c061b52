"""The demo accounts: leader, office and analyst of the province; leader, deputy, officer of each commune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from haicap.accounts import queries as people
from haicap.accounts.actions import appoint, create_user
from haicap.accounts.states import Role
from haicap.config.demo.lives import Hands
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place

BEGAN = date(2025, 7, 1)
# Names are functions, not people: nobody is invented.
COMMUNE = {
    Role.COMMUNE_LEADER: ("leader", "Lãnh đạo {code}", "Chủ tịch UBND {unit}"),
    Role.COMMUNE_DEPUTY: ("deputy", "Phó lãnh đạo {code}", "Phó Chủ tịch UBND {unit}"),
    Role.COMMUNE_OFFICER: ("officer", "Công chức {code}", "Công chức phụ trách chuyển đổi số {unit}"),
}
PROVINCE = {
    Role.PROVINCE_LEADER: ("leader", "Lãnh đạo tỉnh", "Phó Chủ tịch UBND tỉnh"),
    Role.PROVINCE_OFFICE: ("office", "Văn phòng tỉnh", "Chuyên viên tổng hợp báo cáo"),
}


@dataclass(frozen=True)
class Cast:
    """References for signatures, by unit id."""

    office: str
    communes: dict[int, Hands]


def settle(by: str, province: Place, communes: Sequence[Place], password: str) -> Cast:
    """Make what is not there yet; passwords of existing accounts stay. One slow hash serves all accounts."""
    hashed = make_password(password)
    for role, (name, who, title) in PROVINCE.items():
        _seat(by, name, who, title, role, province, hashed)
    _seat(
        by,
        "analyst",
        "Chuyên viên phân tích",
        "Chuyên viên phân tích số liệu",
        Role.ANALYST,
        units.country(),
        hashed,
    )
    office = people.by_username("office").ref
    hands = {}
    for place in communes:
        refs = {}
        for role, (name, who, title) in COMMUNE.items():
            username = f"{place.code}-{name}"
            # "Chủ tịch UBND xã Ea Knuếc": the kind of unit is lower case inside a title
            unit = place.full_name[0].lower() + place.full_name[1:]
            told = {"code": place.code, "unit": unit}
            refs[role] = _seat(by, username, who.format(**told), title.format(**told), role, place, hashed)
        hands[place.id] = Hands(refs[Role.COMMUNE_OFFICER], refs[Role.COMMUNE_LEADER], office)
    return Cast(office, hands)


def _seat(by: str, username: str, name: str, title: str, role: Role, place: Place, hashed: str) -> str:
    try:
        return people.by_username(username).ref
    except Refusal:
        user = create_user(by=by, username=username, password_hash=hashed, name=name)
    appoint(by=by, user=user, role=role, unit_id=place.id, title=title, starts=BEGAN)
    return user.ref


def accounts_told() -> list[tuple[str, str]]:
    """(account, what it is for) for the console."""
    return [
        ("leader", _("lãnh đạo tỉnh: bản đồ xanh, vàng, đỏ")),
        ("office", _("văn phòng tỉnh: duyệt, trả lại báo cáo")),
        ("analyst", _("phân tích: cả nước")),
        ("24505-officer", _("công chức xã Ea Knuếc: nhập báo cáo (xã khác: mã xã)")),
        ("24505-leader", _("chủ tịch xã Ea Knuếc: gửi báo cáo")),
    ]
