"""The queue: by commune for the province, by procedure and due day for one commune, dossier by dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext

from haicap.catalogue.calendar import Workdays
from haicap.core import numbers
from haicap.units.queries import Place

from ..policies.timing import day_of
from ..queries.freshness import Freshness
from ..queries.late import Group
from ..queries.queue import Heap, Open, Queued
from ..states import HOLDER_LABELS, STATUS_LABELS, SUBMITTER_LABELS, Holder, Status, Submitter
from . import sources
from .tables import NOTHING, Cell, Column, count, day, lang, moment, text

SOON_WORKING_DAYS = 3
BUCKETS = ("overdue", "today", "soon", "later", "none")


def communes(
    rows: Sequence[Queued],
    places: Sequence[Place],
    known: Mapping[int, Freshness],
    having: frozenset[int],
    sort: str,
    link: str,
) -> tuple[list[Column], list[list[Cell]], list[Cell]]:
    """(columns, rows, foot). `having`: units that any source has told us about; the others have no figure."""
    columns = [
        Column(gettext("Xã, phường"), sort="ten"),
        Column(gettext("Đang giải quyết"), True, "dang"),
        Column(gettext("Đang quá hạn"), True, "qua"),
        Column(gettext("Đến hạn trong %(n)s ngày làm việc") % {"n": numbers.format(3, lang())}, True, "sap"),
        Column(gettext("Không có hạn"), True),
        Column(gettext("Hạn cũ nhất"), sort="han"),
        Column(gettext("Tuổi dữ liệu")),
    ]
    by_unit: dict[int, list[Queued]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_id].append(row)
    lines = [_commune(place, by_unit.get(place.id, []), known, place.id in having, link) for place in places]
    order = {"dang": 1, "qua": 2, "sap": 3}
    if sort in order:
        lines.sort(key=lambda line: -(line[order[sort]].value or -1))  # type: ignore[operator]
    elif sort == "han":
        lines.sort(key=lambda line: (line[5].value is None, line[5].value or date.max))
    elif sort == "ten":
        lines.sort(key=lambda line: line[0].text)
    foot = [
        Cell(gettext("Cộng")),
        count(sum(row.open for row in rows)),
        count(sum(row.overdue for row in rows)),
        count(sum(row.soon for row in rows)),
        count(sum(row.no_due for row in rows)),
        Cell(""),
        Cell(""),
    ]
    return columns, lines, foot


def _commune(
    place: Place, rows: Sequence[Queued], known: Mapping[int, Freshness], has: bool, link: str
) -> list[Cell]:
    overdue, used = sum(row.overdue for row in rows), {row.source_id for row in rows} or set(known)
    # what an old source calls overdue may have been finished long ago: nothing shouts
    sure = bool(overdue) and not any(known[one].stale for one in used if one in known)
    due = min((row.oldest_due for row in rows if row.oldest_due), default=None)
    if not rows and not has:
        gaps = [Cell(NOTHING) for _ in range(5)]
        return [_named(place, link), *gaps, Cell(gettext("chưa có hồ sơ"))]
    return [
        _named(place, link),
        count(sum(row.open for row in rows)),
        count(overdue, strong=sure, sign="warn" if sure else ""),
        count(sum(row.soon for row in rows)),
        count(sum(row.no_due for row in rows)),
        day(day_of(due) if due else None),
        sources.cell(used, known),
    ]


def _named(place: Place, link: str) -> Cell:
    return Cell(place.full_name, place.full_name, f"{link}?xa={place.code}", foreign=True)


def procedures(
    heaps: Iterable[Heap], names: Mapping[str, str], today: date, near: date, link: str
) -> tuple[list[Column], list[list[Cell]], list[Cell]]:
    """One commune: procedures down, due days in five heaps across."""
    columns = [
        Column(gettext("Thủ tục")),
        Column(gettext("Quá hạn"), True),
        Column(gettext("Hôm nay"), True),
        Column(gettext("%(n)s ngày làm việc tới") % {"n": numbers.format(3, lang())}, True),
        Column(gettext("Sau đó"), True),
        Column(gettext("Không có hạn"), True),
        Column(gettext("Cộng"), True),
    ]
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(BUCKETS, 0))
    for heap in heaps:
        found[heap.procedure][_bucket(heap.due, today, near)] += heap.n
    ordered = sorted(found.items(), key=lambda item: (-item[1]["overdue"], -sum(item[1].values()), item[0]))
    rows = [
        [
            Cell(names.get(code, code), names.get(code, code), f"{link}&thu-tuc={code}", note=code),
            count(parts["overdue"], strong=bool(parts["overdue"]), sign="warn" if parts["overdue"] else ""),
            *(count(parts[name]) for name in BUCKETS[1:]),
            count(sum(parts.values()), strong=True),
        ]
        for code, parts in ordered
    ]
    sums = [sum(parts[name] for parts in found.values()) for name in BUCKETS]
    return columns, rows, [Cell(gettext("Cộng")), *map(count, sums), count(sum(sums))]


def _bucket(due: date | None, today: date, near: date) -> str:
    if due is None:
        return "none"
    if due < today:
        return "overdue"
    if due == today:
        return "today"
    return "soon" if due <= near else "later"


def open_columns(with_unit: bool) -> list[Column]:
    unit = [Column(gettext("Xã, phường"))] if with_unit else []
    return [
        Column(gettext("Thủ tục")),
        *unit,
        Column(gettext("Tham chiếu")),
        Column(gettext("Tiếp nhận")),
        Column(gettext("Hạn trả")),
        Column(gettext("So với hạn")),
        Column(gettext("Bước")),
        Column(gettext("Thời gian trễ thuộc về")),
        Column(gettext("Ai nộp")),
        Column(gettext("Nguồn")),
    ]


def open_row(
    one: Open,
    names: Mapping[str, str],
    places: Mapping[int, Place],
    known: Mapping[int, Freshness],
    now: datetime,
    days: Workdays,
    with_unit: bool,
) -> list[Cell]:
    name = names.get(one.procedure, one.procedure)
    source = known.get(one.source_id)
    unit = [Cell(places[one.unit_id].full_name, places[one.unit_id].full_name, foreign=True)]
    late = one.due is not None and now > one.due
    sure = late and not (source is not None and source.stale)
    return [
        Cell(name, name, note=one.procedure, id=one.id),
        *(unit if with_unit else []),
        text(one.key),
        moment(one.received),
        moment(one.due),
        Cell(*against(one.due, now, days), strong=sure, sign="warn" if sure else ""),
        text(STATUS_LABELS[Status(one.status)]),
        text(holder(one.blame, one.excused) if late else ""),
        text(SUBMITTER_LABELS[Submitter(one.submitter)] if one.submitter else gettext("không rõ")),
        text(source.name if source else "", foreign=True),
    ]


def late_columns(with_unit: bool) -> list[Column]:
    unit = [Column(gettext("Xã, phường"))] if with_unit else []
    return [
        Column(gettext("Thủ tục")),
        *unit,
        Column(gettext("Tham chiếu")),
        Column(gettext("Tiếp nhận")),
        Column(gettext("Hạn trả")),
        Column(gettext("Xong lúc")),
        Column(gettext("Trễ (ngày làm việc)"), True),
        Column(gettext("Thời gian trễ thuộc về")),
        Column(gettext("Nguồn")),
    ]


def late_row(
    one: Open,
    names: Mapping[str, str],
    places: Mapping[int, Place],
    known: Mapping[int, Freshness],
    days: Workdays,
    with_unit: bool,
) -> list[Cell]:
    name, source = names.get(one.procedure, one.procedure), known.get(one.source_id)
    unit = [Cell(places[one.unit_id].full_name, places[one.unit_id].full_name, foreign=True)]
    late = days.between(day_of(one.due), day_of(one.finished)) if one.due and one.finished else None
    return [
        Cell(name, name, note=one.procedure, id=one.id),
        *(unit if with_unit else []),
        text(one.key),
        moment(one.received),
        moment(one.due),
        moment(one.finished),
        count(late),
        text(holder(one.blame, one.excused)),
        text(source.name if source else "", foreign=True),
    ]


def groups(found: Iterable[Group], known: Mapping[int, Freshness]) -> list[tuple[str, str]]:
    """("3:sync", "Hệ thống một cửa, Đồng bộ dữ liệu: 12 hồ sơ") for each group that may be disputed."""
    words = gettext("%(source)s, %(holder)s: %(n)s hồ sơ")
    return [
        (
            f"{one.source_id}:{one.blame}",
            words
            % {
                "source": known[one.source_id].name,
                "holder": holder(one.blame, ""),
                "n": numbers.format(one.n, lang()),
            },
        )
        for one in found
        if one.source_id in known
    ]


def holder(blame: str, excused: str) -> str:
    """Whose the lateness is; an accepted dispute says so."""
    if excused:
        return gettext("%(holder)s (đề nghị được chấp nhận)") % {"holder": HOLDER_LABELS[Holder(excused)]}
    return str(HOLDER_LABELS[Holder(blame)]) if blame else gettext("chưa rõ")


def against(due: datetime | None, now: datetime, days: Workdays) -> tuple[str, int | None]:
    """("Quá 3 ngày làm việc", −3), ("Còn 2 ngày làm việc", 2), ("Hôm nay", 0)."""
    if due is None:
        return gettext("Không có hạn"), None
    left = days.between(day_of(now), day_of(due))
    if now > due:
        n = max(0, -left)
        if not n:
            return gettext("Vừa quá hạn"), 0
        return gettext("Quá %(n)s ngày làm việc") % {"n": numbers.format(n, lang())}, -n
    if not left:
        return gettext("Hôm nay"), 0
    return gettext("Còn %(n)s ngày làm việc") % {"n": numbers.format(left, lang())}, left
