"""From a notice to what its reader reads: codes, keys and references become words in the active language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import get_language, gettext, gettext_lazy

from haicap.accounts import queries as accounts
from haicap.accounts.states import ROLE_NAMES, Role
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core import clock, numbers, periods
from haicap.core.errors import Refusal
from haicap.core.languages import digits, known
from haicap.units import queries as units
from haicap.units.queries import Place

from .kinds import KINDS

WEEKDAYS = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


class Told(Protocol):
    """A notice, or what will be one."""

    @property
    def code(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...
    @property
    def unit_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Words:
    """`lines`: the reasons cell by cell, or the parts of a digest."""

    subject: str
    text: str
    lines: tuple[str, ...] = ()


def words(notices: Iterable[Told]) -> list[Words]:
    """One query for the names of all the people in them; the register and the catalogue are asked once."""
    told = list(notices)
    if not told:
        return []
    speaker = _Speaker(
        names=accounts.names({one.params["who"] for one in told if one.params.get("who")}),
        places=units.by_ids({one.unit_id for one in told if one.unit_id}),
        forms=catalogue.current().forms,
        lang=known(get_language()),
    )
    return [speaker.words(one) for one in told]


@dataclass(frozen=True)
class _Speaker:
    """What the words of many notices have in common."""

    names: Mapping[str, str]
    places: Mapping[int, Place]
    forms: Mapping[str, Form]
    lang: str

    def words(self, one: Told) -> Words:
        kind = KINDS.get(one.code)
        if kind is None:
            # a notice that outlived its words (an older or newer version wrote it) must not break the inbox
            return Words(gettext("Tin nhắn"), "")
        parts: dict[str, str] = defaultdict(str, self.parts(one))
        lines = (*self.reasons(one.params), *self.digest(one.params))
        return Words(str(kind.subject) % parts, str(kind.text) % parts, lines)

    def parts(self, one: Told) -> dict[str, str]:
        given = one.params
        place = self.places.get(one.unit_id or 0)
        parts = {
            "unit": place.full_name if place else "",
            "who": self.names.get(given.get("who", "")) or gettext("Hệ thống"),
            "username": str(given.get("username", "")),
            "device": str(given.get("device", "")) or gettext("một trình duyệt"),
        }
        if given.get("form"):
            parts["form"] = self.form(given["form"])
        if given.get("period"):
            parts["period"] = self.period(given)
        if given.get("deadline"):
            parts["deadline"] = due(datetime.fromisoformat(given["deadline"]), self.lang)
        if given.get("moment"):
            parts["moment"] = moment(datetime.fromisoformat(given["moment"]), self.lang)
        if given.get("day"):
            parts["day"] = digits(f"{date.fromisoformat(given['day']):%-d/%-m/%Y}", self.lang)
        if given.get("role") in ROLES:
            parts["position"] = str(ROLE_NAMES[Role(given["role"])])
        for name in ("n", "late", "soon"):
            if given.get(name) is not None:
                parts[name] = numbers.format(given[name], self.lang)
        return parts

    def form(self, code: str) -> str:
        form = self.forms.get(code)
        return spoken(form.labels, self.lang) if form else code

    def period(self, given: Mapping[str, Any]) -> str:
        try:
            rule = periods.Rule(given.get("rule", periods.Rule.DECREE09.value))
            return periods.label(periods.parse(given["period"], rule), self.lang)
        except (Refusal, ValueError):
            return str(given["period"])

    def reasons(self, given: Mapping[str, Any]) -> list[str]:
        """The reasons of a return, each with the cell it is about; "" is about the whole report."""
        form = self.forms.get(given.get("form", ""))
        cells = {cell.element: cell for cell in form.cells} if form else {}
        lines = []
        for code, text in given.get("reasons", ()):
            cell = cells.get(str(code))
            head = f"{cell.number} {spoken(cell.labels, self.lang)}" if cell else gettext("Toàn báo cáo")
            lines.append(f"{head}: {text}")
        return lines

    def digest(self, given: Mapping[str, Any]) -> list[str]:
        return [
            gettext("%(form)s, %(period)s: %(late)s quá hạn, %(soon)s sắp đến hạn")
            % {
                "form": self.form(one["form"]),
                "period": self.period(one),
                "late": numbers.format(one["late"], self.lang),
                "soon": numbers.format(one["soon"], self.lang),
            }
            for one in given.get("sheets", ())
        ]


ROLES = frozenset(role.value for role in Role)


def due(at: datetime, lang: str) -> str:
    """ "Hạn nộp 17:00, thứ Tư 21/10/2026"."""
    local = clock.local(at)
    return gettext("Hạn nộp %(time)s, %(weekday)s %(day)s") % {
        "time": digits(f"{local:%H:%M}", lang),
        "weekday": WEEKDAYS[local.weekday()],
        "day": digits(f"{local:%-d/%-m/%Y}", lang),
    }


def moment(at: datetime, lang: str) -> str:
    return digits(f"{clock.local(at):%H:%M, %-d/%-m/%Y}", lang)
