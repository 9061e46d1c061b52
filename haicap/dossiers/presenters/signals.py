"""A signal in words: what was seen, from what on the system asks, what may explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from haicap.core import clock, numbers, periods
from haicap.core.languages import digits
from haicap.core.periods import Rule
from haicap.units.queries import Place

from ..queries.questions import CircumstanceView, SignalView
from ..signals.rules import PROPOSAL, Rules
from ..stages import (
    CIRCUMSTANCE_LABELS,
    INNOCENT_LABELS,
    OFFERED,
    OUTCOME_LABELS,
    SIGNAL_LABELS,
    SIGNAL_NAMES,
    Innocent,
    Outcome,
    SignalKind,
)
from .tables import Cell, Column, count, day, lang, moment_words, percent, text


def columns() -> list[Column]:
    return [
        Column(gettext("Câu hỏi")),
        Column(gettext("Xã, phường")),
        Column(gettext("Tháng")),
        Column(gettext("Số hồ sơ"), True),
        Column(gettext("Bước")),
        Column(gettext("Trả lời đến")),
        Column(gettext("Kết luận")),
    ]


def rows(found: Sequence[SignalView], places: Mapping[int, Place]) -> list[list[Cell]]:
    return [
        [
            text(SIGNAL_NAMES[one.kind], reverse("dossiers:signal", args=[one.id])),
            Cell(places[one.unit_id].full_name, places[one.unit_id].full_name, foreign=True),
            text(month(one.period)),
            count(one.n),
            text(SIGNAL_LABELS[one.state]),
            day(one.answer_by),
            text(OUTCOME_LABELS[Outcome(one.outcome)] if one.closed_at and one.outcome else ""),
        ]
        for one in found
    ]


def month(key: str) -> str:
    return periods.label(periods.parse(key, Rule.CALENDAR), lang())


def seen(one: SignalView) -> str:
    """What the question is about, in one sentence of figures."""
    figures = one.seen
    told = {name: _said(value) for name, value in figures.items()}
    told |= {"n": _number(one.n), "account": one.subject, "period": month(one.period)}
    if "total" in figures:
        told["share"] = _share(one.n, figures["total"])
    if one.kind is SignalKind.LATE_EDITS:
        told["month"] = month(figures["month"])
    if one.kind is SignalKind.SHRINKING:
        told["now"] = _share(figures["good"], one.n)
        told["then"] = _share(figures["good_before"], figures["before"])
    return str(SENTENCES[one.kind]) % told


SENTENCES = {
    SignalKind.OFF_HOURS: gettext_lazy(
        "Một tài khoản (%(account)s) nộp %(total)s hồ sơ trong %(period)s, trong đó %(n)s hồ sơ "
        "(%(share)s) ngoài giờ làm việc."
    ),
    SignalKind.BURST: gettext_lazy(
        "Một tài khoản (%(account)s) nộp %(n)s hồ sơ từ %(first)s đến %(last)s; cả tháng %(total)s hồ sơ."
    ),
    SignalKind.STOPPED_CLOCK: gettext_lazy(
        "%(n)s hồ sơ bị dừng, từ chối hoặc rút khi thời hạn gần hết, rồi cùng tài khoản nộp lại cùng thủ "
        "tục ngay sau đó (trong %(total)s hồ sơ như vậy của %(period)s)."
    ),
    SignalKind.BUNCHING: gettext_lazy(
        "%(n)s trong %(total)s hồ sơ (%(share)s) xong đúng ngày hạn; nhiều nhất %(peak)s hồ sơ trong một "
        "giờ, từ %(peak_at)s."
    ),
    SignalKind.LATE_EDITS: gettext_lazy(
        "%(n)s hồ sơ từ trễ thành đúng hạn do ngày xong hoặc ngày hạn được sửa sau khi kỳ đã khép; nhiều "
        "nhất của %(month)s."
    ),
    SignalKind.SHRINKING: gettext_lazy(
        "Mẫu số của tỷ lệ đúng hạn là %(n)s hồ sơ, thường là %(usual)s (trung bình %(months)s tháng "
        "trước); tỷ lệ từ %(then)s lên %(now)s."
    ),
}


def threshold(kind: SignalKind, rules: Rules) -> str:
    """From what on the system asks, with the basis."""
    basis = rules.basis[kind]
    mark = gettext("đề xuất") if basis["kind"] == PROPOSAL else gettext("theo văn bản")
    return gettext("%(said)s Ngưỡng bản %(number)s, %(mark)s: %(basis)s.") % {
        "said": str(THRESHOLDS[kind]) % {name: _number(value) for name, value in rules.of(kind).items()},
        "number": _number(rules.number),
        "mark": mark,
        "basis": basis["text"],
    }


THRESHOLDS = {
    SignalKind.OFF_HOURS: gettext_lazy(
        "Hỏi từ %(dossiers)s hồ sơ một tháng của một tài khoản, khi từ %(share)s %% trở lên nằm ngoài "
        "%(from)s giờ đến %(to)s giờ của ngày làm việc."
    ),
    SignalKind.BURST: gettext_lazy("Hỏi từ %(dossiers)s hồ sơ của một tài khoản trong %(minutes)s phút."),
    SignalKind.STOPPED_CLOCK: gettext_lazy(
        "Hỏi từ %(dossiers)s hồ sơ dừng khi đã qua %(term_share)s %% thời hạn và nộp lại trong "
        "%(working_days)s ngày làm việc."
    ),
    SignalKind.BUNCHING: gettext_lazy(
        "Hỏi từ %(dossiers)s hồ sơ, khi từ %(share)s %% xong đúng ngày hạn và có một giờ từ "
        "%(in_an_hour)s hồ sơ."
    ),
    SignalKind.LATE_EDITS: gettext_lazy(
        "Hỏi từ %(dossiers)s hồ sơ được sửa sau khi tháng đã khép %(working_days)s ngày làm việc."
    ),
    SignalKind.SHRINKING: gettext_lazy(
        "Hỏi khi mẫu số thường từ %(dossiers)s hồ sơ giảm từ %(fall)s %% so với %(months)s tháng trước, "
        "còn tỷ lệ tăng từ %(rise)s điểm."
    ),
}


def innocents(kind: SignalKind) -> list[tuple[str, str]]:
    return [(one.value, str(INNOCENT_LABELS[one])) for one in (*OFFERED[kind], Innocent.OTHER)]


def outcomes() -> list[tuple[str, str]]:
    return [(one.value, str(OUTCOME_LABELS[one])) for one in Outcome]


def declared_columns() -> list[Column]:
    return [
        Column(gettext("Khai báo")),
        Column(gettext("Đơn vị")),
        Column(gettext("Từ lúc")),
        Column(gettext("Đến lúc")),
        Column(gettext("Nguồn")),
        Column(gettext("Nội dung")),
        Column(gettext("Khai báo lúc")),
    ]


def declared(found: Sequence[CircumstanceView], places: Mapping[int, Place]) -> list[list[Cell]]:
    return [
        [
            Cell(str(CIRCUMSTANCE_LABELS[one.kind]), str(CIRCUMSTANCE_LABELS[one.kind])),
            Cell(places[one.unit_id].full_name, places[one.unit_id].full_name, foreign=True),
            text(moment_words(one.starts)),
            text(moment_words(one.ends)),
            Cell(one.source or gettext("mọi nguồn"), one.source, foreign=bool(one.source)),
            Cell(one.reason, one.reason, foreign=True),
            text(moment_words(one.at)),
        ]
        for one in found
    ]


def _said(value: Any) -> str:
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, str) and len(value) > 10:
        local = clock.local(datetime.fromisoformat(value))
        return digits(f"{local:%H:%M} {local:%-d/%-m/%Y}", lang())
    return str(value)


def _number(n: int) -> str:
    return numbers.format(n, lang())


def _share(part: int, whole: int) -> str:
    return percent(Decimal(100 * part) / whole) if whole else "–"
