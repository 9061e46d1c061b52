"""The tables of the pages of reports as files: every row of the question, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core import periods
from haicap.core.periods import Period
from haicap.tables.excel import About
from haicap.tables.sheets import Sheet
from haicap.tables.values import Value
from haicap.units.queries import Place

from ..queries import BoardRow, ChangeRow, UnitRow
from ..queries.provenance import Count, Held, Origin
from . import counted, provenance, words
from .counted import Asked
from .history import EventLine


def period_words(period: Period) -> str:
    return f"{periods.label(period, words.lang())}: {periods.window_label(period, words.lang())}"


def board(rows: Sequence[UnitRow], form: Form, period: Period, now: datetime, covered: str) -> Sheet:
    """One form over the units of a reader: those of the chosen state, in the order of their codes."""
    names = words.names(row.submitted_by for row in rows)
    return Sheet(
        f"bao-cao-{form.code}-{period.key}",
        [
            _("Mã"), _("Xã, phường"), _("Trạng thái"), _("So với hạn"), _("Hạn nộp"), _("Gửi lúc"),
            _("Người gửi"), _("Ô đã điền"), _("Số ô"),
        ],
        (
            [
                row.place.code, row.place.full_name, words.state(row.state, row.reopened),
                words.left(row.deadline, row.submitted, now), row.deadline, row.submitted,
                names.get(row.submitted_by, ""), row.filled, len(form.cells),
            ]
            for row in rows
        ),
        About(spoken(form.labels, words.lang()), period_words(period), coverage=covered),
    )  # fmt: skip


def mine(rows: Iterable[tuple[Place, BoardRow]], now: datetime) -> Sheet:
    """What communes owe and have lately given."""
    return Sheet(
        "bao-cao-cua-xa",
        [
            _("Xã, phường"), _("Mẫu"), _("Báo cáo"), _("Kỳ"), _("Trạng thái"), _("So với hạn"), _("Hạn nộp"),
            _("Gửi lúc"), _("Ô đã điền"), _("Số ô"),
        ],
        [
            [
                place.full_name, row.form, row.title, row.period.key, words.state(row.state, row.reopened),
                words.left(row.deadline, row.submitted, now), row.deadline, row.submitted, row.filled,
                row.total,
            ]
            for place, row in rows
        ],
        About(_("Báo cáo của xã")),
    )  # fmt: skip


def _of_report(name: str, title: str, form: Form, period: Period, place: Place) -> tuple[str, About]:
    said = f"{title} · {spoken(form.labels, words.lang())} · {place.full_name}"
    return f"{name}-{form.code}-{period.key}-{place.code}", About(said, period_words(period))


def events(lines: Sequence[EventLine], form: Form, period: Period, place: Place) -> Sheet:
    name, about = _of_report("cac-buoc", _("Các bước"), form, period, place)
    header = [_("Lúc"), _("Việc"), _("Người"), _("Chức vụ"), _("Lý do")]
    return Sheet(
        name, header, [[one.at, one.what, one.who, one.position, one.reason] for one in lines], about
    )


def changes(rows: Sequence[ChangeRow], form: Form, period: Period, place: Place) -> Sheet:
    """Every change of every cell, newest first, however many the page shows."""
    name, about = _of_report("doi-so", _("Các lần đổi số"), form, period, place)
    who, codes = words.names(row.by for row in rows), _codes()
    cells = {cell.element: cell for cell in form.cells}

    def line(row: ChangeRow) -> list[Value]:
        code = codes.get(row.element_id, "")
        cell = cells.get(code)
        return [
            row.at, cell.number if cell else "", code, spoken(cell.labels, words.lang()) if cell else "",
            row.before, row.after, row.after_reason, who[row.by], words.door(row.door), row.why,
        ]  # fmt: skip

    header = [
        _("Lúc"), _("Ô"), _("Mã"), _("Nội dung"), _("Từ"), _("Thành"), _("Lý do không có số"), _("Người"),
        _("Bằng cách"), _("Lý do"),
    ]  # fmt: skip
    return Sheet(name, header, map(line, rows), about)


def life(rows: Sequence[Origin], element: str, form: Form, period: Period, place: Place) -> Sheet:
    """The life of one cell."""
    name, about = _of_report(f"o-{element}", _("Các lần đổi số"), form, period, place)
    header = [
        _("Lúc"), _("Phần chia"), _("Từ"), _("Thành"), _("Lý do không có số"), _("Người"), _("Bằng cách"),
        _("Tệp"), _("Lý do"),
    ]  # fmt: skip
    said = provenance.steps(rows)
    return Sheet(
        name,
        header,
        [
            [
                row.at, one.part, _number(row.before), _number(row.after), _lack(row.after), one.who,
                one.door, one.file, one.why,
            ]
            for row, one in zip(rows, said, strict=True)
        ],
        about,
    )  # fmt: skip


def counts(rows: Sequence[Count], element: str, form: Form, period: Period, place: Place) -> Sheet:
    """How often the system counted a figure, and what came out."""
    name, about = _of_report(f"lan-dem-{element}", _("Các lần đếm"), form, period, place)
    header = [_("Lúc"), _("Việc"), _("Số"), _("Đếm được"), _("Số hồ sơ"), _("Bản số liệu")]
    lines: list[list[Value]] = [
        [row.at, one.what, row.number, row.counted, row.records, row.snapshot]
        for row, one in zip(rows, counted.steps(rows), strict=True)
    ]
    return Sheet(name, header, lines, about)


def sides(rows: Sequence[provenance.Side], between: str, form: Form, period: Period, place: Place) -> Sheet:
    """Two versions of a report side by side; cells that say why there is no figure keep their words."""
    name, about = _of_report("so-hai-ban", _("So hai bản"), form, period, place)
    header = [_("Ô"), _("Nội dung"), _("Phần chia"), _("Bản trước"), _("Bản sau")]
    lines: list[list[Value]] = [
        [
            row.number, row.label, row.part, _value(row.held_before, row.before),
            _value(row.held_after, row.after),
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(name, header, lines, About(about.title, about.period, coverage=between))


def disputes(rows: Sequence[Asked]) -> Sheet:
    header = [
        _("Đơn vị"), _("Nội dung"), _("Kỳ"), _("Trạng thái"), _("Hệ thống"), _("Số xã cho là đúng"),
        _("Lý do"),
    ]  # fmt: skip
    lines: list[list[Value]] = [
        [
            one.place, one.label, one.period, str(one.state), one.row.number, one.row.believed,
            one.row.reason,
        ]
        for one in rows
    ]  # fmt: skip
    return Sheet("y-kien", header, lines, About(_("Ý kiến về số hệ thống")))


def _codes() -> Mapping[int, str]:
    return {one.id: one.code for one in catalogue.current().elements.values()}


def _number(held: Held | None) -> Decimal | None:
    return held.number if held else None


def _lack(held: Held | None) -> str:
    return (held.reason or held.text) if held and held.number is None else ""


def _value(held: Held | None, said: str) -> Value:
    if held is None or (held.number is None and not held.reason and not held.text):
        return None
    return held.number if held.number is not None else said
