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
from haicap.catalogue.queries import spoken
from haicap.core import clock, numbers, periods
from haicap.core.errors import Refusal
from haicap.core.languages import digits, known
from haicap.units import queries as units

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
    """One query for the names of all the people in them."""
    told = list(notices)
    names = accounts.names({one.params["who"] for one in told if one.params.get("who")})
    return [_words(one, names) for one in told]


def _words(one: Told, names: Mapping[str, str]) -> Words:
    kind = KINDS.get(one.code)
    if kind is None:
        # a notice that outlived its words (an older or newer version wrote it) must not break the inbox
        return Words(gettext("Tin nhắn"), "")
    parts: dict[str, str] = defaultdict(str, _parts(one, names))
    lines = (*_reasons(one.params), *_digest(one.params))
    return Words(str(kind.subject) % parts, str(kind.text) % parts, lines)


def _parts(one: Told, names: Mapping[str, str]) -> dict[str, str]:
    lang, given = known(get_language()), one.params
    parts = {
        "unit": units.by_id(one.unit_id).full_name if one.unit_id else "",
        "who": names.get(given.get("who", "")) or gettext("Hệ thống"),
        "username": str(given.get("username", "")),
        "device": str(given.get("device", "")) or gettext("một trình duyệt"),
    }
    if given.get("form"):
        parts["form"] = _form(given["form"], lang)
    if given.get("period"):
        parts["period"] = _period(given, lang)
    if given.get("deadline"):
        parts["deadline"] = due(datetime.fromisoformat(given["deadline"]), lang)
    if given.get("moment"):
        parts["moment"] = moment(datetime.fromisoformat(given["moment"]), lang)
    if given.get("day"):
        parts["day"] = digits(f"{date.fromisoformat(given['day']):%-d/%-m/%Y}", lang)
    if given.get("role") in ROLES:
        parts["position"] = str(ROLE_NAMES[Role(given["role"])])
    for name in ("n", "late", "soon"):
        if given.get(name) is not None:
            parts[name] = numbers.format(given[name], lang)
    return parts


ROLES = frozenset(role.value for role in Role)


def _form(code: str, lang: str) -> str:
    form = catalogue.current().forms.get(code)
    return spoken(form.labels, lang) if form else code


def _period(given: Mapping[str, Any], lang: str) -> str:
    try:
        return periods.label(periods.parse(given["period"], periods.Rule(given.get("rule", "nd09"))), lang)
    except (Refusal, ValueError):
        return str(given["period"])


def _reasons(given: Mapping[str, Any]) -> list[str]:
    """The reasons of a return, each with the cell it is about; "" is about the whole report."""
    said = [(str(code), str(text)) for code, text in given.get("reasons", ())]
    if not said:
        return []
    lang, book = known(get_language()), catalogue.current()
    form = book.forms.get(given.get("form", ""))
    cells = {cell.element: cell for cell in form.cells} if form else {}
    lines = []
    for code, text in said:
        cell = cells.get(code)
        head = f"{cell.number} {spoken(cell.labels, lang)}" if cell else gettext("Toàn báo cáo")
        lines.append(f"{head}: {text}")
    return lines


def _digest(given: Mapping[str, Any]) -> list[str]:
    lang = known(get_language())
    return [
        gettext("%(form)s, %(period)s: %(late)s quá hạn, %(soon)s sắp đến hạn")
        % {
            "form": _form(one["form"], lang),
            "period": _period(one, lang),
            "late": numbers.format(one["late"], lang),
            "soon": numbers.format(one["soon"], lang),
        }
        for one in given.get("sheets", ())
    ]


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
