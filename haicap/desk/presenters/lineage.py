"""What a commune was made of, and whether earlier figures can be read under it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.core.languages import digits
from haicap.desk.presenters import words
from haicap.units import lineage
from haicap.units import queries as units
from haicap.units.lineage import Link
from haicap.units.places import Place


@dataclass(frozen=True)
class Origin:
    """One older unit; `share` in words: whole, a part of unknown size, or a percentage."""

    code: str
    name: str
    kind: str
    share: str
    uid: str


@dataclass(frozen=True)
class Step:
    """One act; `unit` is named where the step made an earlier form of the commune."""

    day: str
    on: date
    act: str
    unit: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Past:
    """`reading` says how figures from before the newest step stand under the unit of today."""

    steps: tuple[Step, ...]
    reading: str


def past(place: Place) -> Past | None:
    """None where the list knows of no older unit. One query."""
    found = lineage.history(place.id)
    if not found:
        return None
    steps = tuple(
        Step(
            day=day(step.on),
            on=step.on,
            act=step.act,
            unit="" if step.new.id == place.id else words.place_name(step.new),
            origins=tuple(_origin(link) for link in step.links),
        )
        for step in found
    )
    return Past(steps, _reading(place, found[-1].on))


def day(value: date) -> str:
    return digits(f"{value.day}/{value.month}/{value.year}", words.lang())


def _origin(link: Link) -> Origin:
    return Origin(link.old.code, link.old.name, _kind(link.old.kind), _share(link.share), link.old.uid)


def _kind(kind: str) -> str:
    named = {
        "xa": _("Xã"),
        "phuong": _("Phường"),
        "dac_khu": _("Đặc khu"),
        "thi_tran": _("Thị trấn"),
        "huyen": _("Huyện"),
    }
    return named.get(kind, kind)


def _share(share: Decimal | None) -> str:
    if share is None:
        return _("một phần, chưa rõ bao nhiêu")
    if share == 1:
        return _("toàn bộ")
    return f"{words.number(share * 100, 1)} %"


def _reading(place: Place, first: date) -> str:
    """As reported, older units keep their figures; as of today, they are added up where shares are known."""
    recast = lineage.as_today([place.id], first - timedelta(days=1))[place.id]
    told = {"day": day(first)}
    if recast.available:
        text = _(
            "Số liệu trước %(day)s giữ nguyên ở đơn vị cũ; đọc theo đơn vị hôm nay thì cộng các đơn vị cũ."
        )
        return text % told
    unknown = units.by_ids(recast.unknown).values()
    names = ", ".join(words.place_name(one) for one in sorted(unknown, key=lambda one: one.code))
    text = _(
        "Số liệu trước %(day)s giữ nguyên ở đơn vị cũ; không đọc được theo đơn vị hôm nay, "
        "vì chưa rõ phần chia của: %(names)s."
    )
    return text % {**told, "names": names}
