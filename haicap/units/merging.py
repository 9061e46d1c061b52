"""The plan of an act: which units end, which begin, and what part of each goes where. Read and checked here.

    {"olds": [ids], "news": [{"key", "code", "kind", "name"}],
     "gives": {old id: {"basis", "amounts": {key: text}, "lang"}}}

Amounts are kept as they were typed, so that nothing that a person entered is lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.units import queries
from haicap.units.names import full_vi, tidy
from haicap.units.places import Place
from haicap.units.states import PREFIX_VI, Kind, Level

KINDS = (Kind.XA, Kind.PHUONG, Kind.DAC_KHU)
CODE = re.compile(r"[0-9]{5}")
LONGEST_NAME, LONGEST_ACT = 100, 200
MOST_NEW = 6
HUNDRED = Decimal(100)
_FINEST = Decimal("0.00000001")


class Basis(StrEnum):
    """What the typed amounts of a split are."""

    PERCENT = "percent"
    PEOPLE = "people"
    AREA = "area"


class MergerState(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    SIGNED = "signed"
    UNDONE = "undone"


@dataclass(frozen=True)
class NewUnit:
    key: str
    code: str
    kind: str
    name: str

    @property
    def full_name(self) -> str:
        return full_vi(Kind(self.kind), self.name) if self.kind in set(KINDS) else self.name


@dataclass(frozen=True)
class Gift:
    """What one old unit gives: key of the new unit → amount as typed; "" is "a part of unknown size"."""

    basis: str = Basis.PERCENT
    amounts: Mapping[str, str] = field(default_factory=dict)
    # the language in which the amounts were typed decides what a point and a comma mean
    lang: str = "vi"


@dataclass(frozen=True)
class Share:
    """`share` is 1 for a whole move and None where it is unknown; known shares of one unit sum to 1."""

    old: int
    new: str
    share: Decimal | None
    basis: str


@dataclass(frozen=True)
class Plan:
    olds: tuple[int, ...] = ()
    news: tuple[NewUnit, ...] = ()
    gifts: Mapping[int, Gift] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "olds": list(self.olds),
            "news": [vars(new) for new in self.news],
            "gives": {
                str(old): vars(gift) | {"amounts": dict(gift.amounts)} for old, gift in self.gifts.items()
            },
        }


@dataclass(frozen=True)
class Problem:
    """`place`: "act", "on", "olds", "news", "k1.name", "k1.code", "k1.kind", "give.<old id>" or "fed.k1"."""

    place: str
    message: str


def read(content: Mapping[str, Any]) -> Plan:
    gives = content.get("gives", {})
    return Plan(
        olds=tuple(content.get("olds", ())),
        news=tuple(NewUnit(**new) for new in content.get("news", ())),
        gifts={int(old): Gift(**one) for old, one in gives.items()},
    )


def named(name: str) -> str:
    """The bare name: "Xã Ea Knuếc" and "ea knuếc " are typed for "Ea Knuếc"."""
    clean = tidy(name)
    for prefix in PREFIX_VI.values():
        if clean.lower().startswith(prefix.lower() + " "):
            return clean[len(prefix) + 1 :]
    return clean


def shares(plan: Plan) -> tuple[Share, ...]:
    """Every step of the act. Refusal merger.share (place give.<old id>) for amounts that cannot be read."""
    return tuple(share for old in plan.olds for share in shares_of(plan, old))


def shares_of(plan: Plan, old: int) -> tuple[Share, ...]:
    gift = plan.gifts.get(old, Gift())
    keys = [new.key for new in plan.news if new.key in gift.amounts]
    if len(keys) == 1:
        return (Share(old, keys[0], Decimal(1), ""),)
    typed = [gift.amounts[key].strip() for key in keys]
    if not any(typed):
        return tuple(Share(old, key, None, "") for key in keys)
    amounts = [_amount(old, text, gift.lang) for text in typed]
    total = sum(amounts, Decimal(0))
    if gift.basis == Basis.PERCENT and total != HUNDRED:
        words = _("Các phần phải cộng thành 100 %%, hiện là %(total)s %%.")
        raise _wrong(old, words % {"total": numbers.format(total, gift.lang)})
    parts = [(amount / total).quantize(_FINEST, ROUND_DOWN) for amount in amounts]
    # what rounding left over goes to the largest part, so that the shares sum to exactly 1
    largest = parts.index(max(parts))
    parts[largest] += 1 - sum(parts, Decimal(0))
    return tuple(Share(old, key, part, gift.basis) for key, part in zip(keys, parts, strict=True))


def _amount(old: int, text: str, lang: str) -> Decimal:
    if not text:
        raise _wrong(old, _("Ghi đủ các phần, hoặc để trống tất cả nếu chưa rõ."))
    try:
        amount = numbers.parse(text, lang)
    except Refusal as refusal:
        raise _wrong(old, _("«%(text)s» không phải là số.") % {"text": text}) from refusal
    if amount <= 0:
        raise _wrong(old, _("Mỗi phần phải lớn hơn 0."))
    return amount


def _wrong(old: int, message: str) -> Refusal:
    return Refusal("merger.share", message, place=f"give.{old}")


def problems(plan: Plan, act: str, on: date | None, owner: Place) -> tuple[Problem, ...]:
    """Everything that keeps the plan from being handed to the one who signs; empty when it is whole."""
    found = [*_of_the_act(act, on), *_of_the_olds(plan, on, owner)]
    found += [problem for new in plan.news for problem in _of_a_new(new, plan, on)]
    found += _of_the_shares(plan)
    return tuple(found)


def _of_the_act(act: str, on: date | None) -> Iterator[Problem]:
    if not act.strip():
        yield Problem("act", _("Ghi số, ký hiệu của nghị quyết hoặc quyết định."))
    elif len(act) > LONGEST_ACT:
        yield Problem("act", _("Dài quá 200 ký tự."))
    if on is None:
        yield Problem("on", _("Chọn ngày có hiệu lực."))


def _of_the_olds(plan: Plan, on: date | None, owner: Place) -> Iterator[Problem]:
    if not plan.olds:
        yield Problem("olds", _("Chọn ít nhất một đơn vị cũ."))
    places = queries.by_ids(plan.olds)
    for old in plan.olds:
        place = places.get(old)
        if place is None or place.parent_id != owner.id or place.level != Level.COMMUNE:
            yield Problem("olds", _("Có đơn vị không thuộc tỉnh này."))
        elif place.valid_to is not None:
            yield Problem("olds", _("%(unit)s đã kết thúc.") % {"unit": place.full_name})
        elif on is not None and place.valid_from >= on:
            words = _("%(unit)s chưa có trước ngày hiệu lực.")
            yield Problem("on", words % {"unit": place.full_name})


def _of_a_new(new: NewUnit, plan: Plan, on: date | None) -> Iterator[Problem]:
    if not new.name:
        yield Problem(f"{new.key}.name", _("Ghi tên đơn vị mới."))
    elif len(new.name) > LONGEST_NAME:
        yield Problem(f"{new.key}.name", _("Tên dài quá 100 ký tự."))
    if new.kind not in set(KINDS):
        yield Problem(f"{new.key}.kind", _("Chọn loại đơn vị."))
    if not CODE.fullmatch(new.code):
        yield Problem(f"{new.key}.code", _("Mã gồm 5 chữ số, giữ cả số 0 ở đầu."))
    elif Counter(one.code for one in plan.news)[new.code] > 1:
        yield Problem(f"{new.key}.code", _("Hai đơn vị mới mang cùng một mã."))
    elif on is not None and (holder := _holder(new.code, on)) is not None and holder.id not in plan.olds:
        words = _("Mã này đang là của %(unit)s.")
        yield Problem(f"{new.key}.code", words % {"unit": holder.full_name})


def _holder(code: str, on: date) -> Place | None:
    """Who bears the code on that day or begins to bear it later."""
    try:
        return queries.by_code(code, on - timedelta(days=1), level=Level.COMMUNE)
    except Refusal:
        pass
    try:
        return queries.by_code(code, on, level=Level.COMMUNE)
    except Refusal:
        return None


def _of_the_shares(plan: Plan) -> Iterator[Problem]:
    if not plan.news:
        yield Problem("news", _("Ghi ít nhất một đơn vị mới."))
        return
    fed: set[str] = set()
    for old in plan.olds:
        try:
            parts = shares_of(plan, old)
        except Refusal as refusal:
            yield Problem(f"give.{old}", str(refusal.message))
            fed |= set(plan.gifts[old].amounts)
            continue
        if not parts:
            yield Problem(f"give.{old}", _("Chọn đơn vị mới nhận đơn vị cũ này."))
        fed |= {part.new for part in parts}
    for new in plan.news:
        if new.key not in fed:
            words = _("%(unit)s chưa nhận phần nào của đơn vị cũ.")
            yield Problem(f"fed.{new.key}", words % {"unit": new.full_name or new.key})
