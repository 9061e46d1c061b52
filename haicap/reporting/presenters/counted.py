"""The card of a figure that the system counted, and the lists of differences and disputes, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.catalogue import queries as catalogue
from haicap.catalogue.presenters import derived as definitions
from haicap.catalogue.queries import Element, Form, spoken
from haicap.core import numbers, periods
from haicap.core.periods import Period
from haicap.tables.values import Value
from haicap.ui import wording
from haicap.units.queries import Place

from .. import permissions
from ..queries.derived import SystemFigure, form_with
from ..queries.differences import Difference
from ..queries.disputes import DisputeRow
from ..queries.provenance import Count
from ..states import DISPUTE_LABELS, DisputeState
from . import words
from .derived import records, shown


@dataclass(frozen=True, slots=True)
class Card:
    """ "" stands for what there is nothing to say of."""

    number: str
    unit: str
    records: str
    counts: str
    at: str
    snapshot: str
    frozen: str
    latest: str
    corrected: str
    list_url: str
    dispute_url: str
    dispute_words: str


class Page(Protocol):
    """Who looks at which cell of which report."""

    @property
    def scope(self) -> Scope: ...
    @property
    def place(self) -> Place: ...
    @property
    def form(self) -> Form: ...
    @property
    def period(self) -> Period: ...


def card(one: SystemFigure, element: Element, page: Page) -> Card:
    lang = words.lang()
    url, label = _dispute_link(one, element, page)
    return Card(
        number="" if one.number is None else shown(one.number, lang),
        unit=str(wording.unit(element.measure.unit)),
        records=records(one.records, lang),
        counts=definitions.sentence(element.derived) if element.derived else gettext("nay không đếm nữa"),
        at=words.moment(one.at),
        snapshot=one.snapshot,
        frozen=words.moment(one.frozen_at),
        latest=f"{shown(one.latest, lang)} ({words.moment(one.latest_at)})" if one.moved else "",
        corrected="" if one.corrected is None else shown(one.corrected, lang),
        list_url=records_url(page.place),
        dispute_url=url,
        dispute_words=label,
    )


def _dispute_link(one: SystemFigure, element: Element, page: Page) -> tuple[str, str]:
    if one.dispute is not None:
        return reverse("reporting:dispute", args=[one.dispute]), gettext("Xem ý kiến về số này")
    if one.number is None or permissions.disputing(page.scope, page.place) is None:
        return "", ""
    where = [page.form.code, page.period.key, page.place.code, element.code]
    return reverse("reporting:dispute_begin", args=where), gettext("Số này không đúng")


def records_url(place: Place) -> str:
    """The records of the unit, where the room that keeps them has a page of them."""
    try:
        address = reverse("dossiers:procedures")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode({'xa': place.code})}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the life of a counted figure."""

    at: str
    what: str
    number: str
    records: str
    snapshot: str


ACTS = {
    "count": gettext_lazy("đếm"),
    "later": gettext_lazy("đếm lại, số đã gửi giữ nguyên"),
    "freeze": gettext_lazy("gửi cùng báo cáo"),
    "thaw": gettext_lazy("báo cáo về lại xã, theo số đếm"),
}


def steps(found: Sequence[Count]) -> list[Step]:
    lang = words.lang()
    return [
        Step(
            at=words.moment(one.at),
            what=str(ACTS.get(one.act, one.act)),
            number=shown(one.counted if one.act == "later" else one.number, lang),
            records=numbers.format(one.records, lang),
            snapshot=one.snapshot,
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. `kind`: typed, or later (sent against counted now)."""

    place: str
    label: str
    typed: str
    counted: str
    gap: str
    records: str
    at: str
    snapshot: str
    note: str
    url: str


def lines(found: Sequence[Difference], places: Mapping[int, Place]) -> list[Line]:
    return [_line(one, places[one.figure.unit_id]) for one in found if one.figure.unit_id in places]


def _line(one: Difference, place: Place) -> Line:
    lang, figure = words.lang(), one.figure
    element = catalogue.current().elements_by_id[figure.element_id]
    form = one.form or form_with(element.code, figure.kind, figure.rule)
    return Line(
        place=place.full_name,
        label=spoken(element.labels, lang) or element.code,
        typed=shown(one.typed, lang),
        counted=shown(one.counted, lang),
        gap=_signed(one, lang),
        records=numbers.format(one.records, lang),
        at=words.moment(figure.at),
        snapshot=figure.snapshot,
        note="; ".join(_notes(one, lang)),
        url=_cell_url(form, figure.period, place, element),
    )


def _cell_url(form: str, period: str, place: Place, element: Element) -> str:
    return reverse("reporting:cell", args=[form, period, place.code, element.code]) if form else ""


def _signed(one: Difference, lang: str) -> str:
    gap = one.gap
    if gap is None:
        return "–"
    return ("+" if gap > 0 else "") + numbers.format(gap, lang)


def _notes(one: Difference, lang: str) -> Iterator[str]:
    figure = one.figure
    if figure.corrected is not None:
        yield gettext("tỉnh chấp nhận %(n)s") % {"n": shown(figure.corrected, lang)}
    if figure.dispute_state == DisputeState.OPEN:
        yield gettext("xã không đồng ý, đang xét")
    if figure.shown is None:
        yield gettext("số nhập tay đã gửi trước khi đếm, đang được dùng")
    elif figure.moved:
        yield gettext("sau khi gửi đếm lại được %(n)s") % {"n": shown(figure.latest, lang)}


def header() -> list[str]:
    return [
        gettext("Mã đơn vị"), gettext("Đơn vị"), gettext("Phần tử"), gettext("Nội dung"), gettext("Nhập tay"),
        gettext("Hệ thống"), gettext("Chênh lệch"), gettext("Đếm lại sau khi gửi"),
        gettext("Số được chấp nhận"), gettext("Số hồ sơ"), gettext("Đếm lúc"), gettext("Bản số liệu"),
    ]  # fmt: skip


def table(found: Sequence[Difference], places: Mapping[int, Place]) -> Iterator[Sequence[Value]]:
    book, lang = catalogue.current().elements_by_id, words.lang()
    for one in found:
        figure = one.figure
        place, element = places[figure.unit_id], book[figure.element_id]
        yield (
            place.code, place.full_name, element.code, spoken(element.labels, lang), one.typed, one.counted,
            one.gap, figure.latest if figure.moved else None, figure.corrected, one.records, figure.at,
            figure.snapshot,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One dispute as a page or a line of a list shows it."""

    row: DisputeRow
    place: str
    label: str
    unit: str
    period: str
    window: str
    state: str
    number: str
    now: str
    records: str
    believed: str
    corrected: str
    at: str
    who: str
    decided: str
    lifted: str
    url: str
    cell_url: str


def asked(rows: Sequence[DisputeRow], places: Mapping[int, Place]) -> list[Asked]:
    """One query for the names of the people in them."""
    names = words.names({ref for row in rows for ref in (row.by, row.decided_by, row.lifted_by)})
    return [_asked(row, places[row.figure.unit_id], names) for row in rows if row.figure.unit_id in places]


def _asked(row: DisputeRow, place: Place, names: Mapping[str, str]) -> Asked:
    lang, figure = words.lang(), row.figure
    element = catalogue.current().elements_by_id[figure.element_id]
    period = periods.parse(figure.period, periods.Rule(figure.rule))
    form = form_with(element.code, figure.kind, figure.rule)
    return Asked(
        row=row,
        place=place.full_name,
        label=spoken(element.labels, lang) or element.code,
        unit=str(wording.unit(element.measure.unit)),
        period=periods.label(period, lang),
        window=periods.window_label(period, lang),
        state=str(DISPUTE_LABELS[row.state]),
        number=shown(row.number, lang),
        now=shown(figure.latest, lang) if figure.latest != row.number else "",
        records=records(row.records, lang),
        believed="" if row.believed is None else shown(row.believed, lang),
        corrected="" if row.corrected is None else shown(row.corrected, lang),
        at=words.moment(row.at),
        who=names.get(row.by, ""),
        decided=_signature(names.get(row.decided_by, ""), words.moment(row.decided_at)),
        lifted=_signature(names.get(row.lifted_by, ""), words.moment(row.lifted_at)),
        url=reverse("reporting:dispute", args=[row.id]),
        cell_url=reverse("reporting:cell", args=[form, figure.period, place.code, element.code])
        if form
        else "",
    )


def _signature(who: str, at: str) -> str:
    return ", ".join(part for part in (who, at) if part)


def period_choices(found: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """(value of the picker, name) of periods."""
    lang = words.lang()
    choices = []
    for key, rule in found:
        period = periods.parse(key, periods.Rule(rule))
        told = periods.label(period, lang)
        choices.append((f"{key}@{rule}", f"{told} ({periods.window_label(period, lang)})"))
    return choices
