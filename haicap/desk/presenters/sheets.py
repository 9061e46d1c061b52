"""The lists of the pages that cross rooms, as files."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from haicap.desk.presenters import lineage, panel, words
from haicap.insight.heatmap import HeatMap
from haicap.insight.series import Point, series
from haicap.reporting.queries.ofunit import UnitReport
from haicap.reporting.states import STATE_LABELS
from haicap.tables.excel import Column
from haicap.tables.sheets import Sheet, listing
from haicap.tables.values import Value
from haicap.ui import wording
from haicap.units.places import Place


def unit_reports(place: Place, rows: Iterable[UnitReport]) -> Sheet:
    """The reports of one unit, of whatever time."""
    columns: dict[str, Callable[[UnitReport], Value]] = {
        _("Kỳ"): lambda one: one.period.key,
        _("Mã mẫu"): lambda one: one.form,
        _("Mẫu"): lambda one: one.title,
        _("Trạng thái"): lambda one: str(STATE_LABELS[one.state]),
        _("Gửi lúc"): lambda one: one.submitted,
    }
    return listing(f"bao-cao-{place.code}", words.place_name(place), rows, columns)


def origins(place: Place, past: lineage.Past | None) -> Sheet:
    """Of which units a commune was made."""
    columns: dict[str, Callable[[tuple[lineage.Step, lineage.Origin]], Value]] = {
        _("Ngày"): lambda one: one[0].on,
        _("Nghị quyết"): lambda one: one[0].act,
        _("Đơn vị mới"): lambda one: one[0].unit or words.place_name(place),
        _("Mã"): lambda one: one[1].code,
        _("Đơn vị cũ"): lambda one: one[1].name,
        _("Loại"): lambda one: one[1].kind,
        _("Phần nhập vào"): lambda one: one[1].share,
    }
    pairs = ((step, origin) for step in (past.steps if past else ()) for origin in step.origins)
    return listing(f"lich-su-{place.code}", words.place_name(place), pairs, columns)


def trend(of: HeatMap, place: Place) -> Sheet:
    """The figure of one unit through time, as the curve shows it."""
    asked = panel.trend_window(of)
    places = words.places_of(of.indicator)
    columns: dict[str | Column, Callable[[Point], Value]] = {
        _("Kỳ"): lambda one: one.period.key,
        Column(_("Giá trị"), places): lambda one: one.value,
        _("Mức"): lambda one: str(wording.band(one.band.value)),
        _("Trạng thái"): lambda one: words.status(one.provisional, one.value is not None),
    }
    return listing(
        f"chuoi-{place.code}",
        f"{words.indicator_name(of.indicator)} · {words.place_name(place)}",
        series(of.board.owner, [place.id], of.indicator, asked)[place.id],
        columns,
        period=f"{asked[0].key} – {asked[-1].key}",
        snapshot=of.board.snapshot.id,
    )


def acts(owner: Place, lines: Iterable[tuple[str, Value, str, str, str]]) -> Sheet:
    """Of (act, day, old units, new units, state)."""
    columns: dict[str, Callable[[tuple[str, Value, str, str, str]], Value]] = {
        _("Nghị quyết"): lambda one: one[0],
        _("Hiệu lực"): lambda one: one[1],
        _("Đơn vị cũ"): lambda one: one[2],
        _("Đơn vị mới"): lambda one: one[3],
        _("Trạng thái"): lambda one: one[4],
    }
    return listing(f"sap-xep-{owner.code}", words.place_name(owner), lines, columns)


def shares(name: str, title: str, steps: Iterable[tuple[str, str, str]]) -> Sheet:
    """Of (old unit, new unit, part)."""
    columns: dict[str, Callable[[tuple[str, str, str]], Value]] = {
        _("Đơn vị cũ"): lambda one: one[0],
        _("Đơn vị mới"): lambda one: one[1],
        _("Phần chuyển"): lambda one: one[2],
    }
    return listing(f"{name}-phan-chia", title, steps, columns)


def decided(name: str, title: str, lines: Iterable[Sequence[str]]) -> Sheet:
    """Of (room, old unit, what, decision)."""
    columns: dict[str, Callable[[Sequence[str]], Value]] = {
        _("Phần"): lambda one: one[0],
        _("Đơn vị cũ"): lambda one: one[1],
        _("Việc"): lambda one: one[2],
        _("Quyết định"): lambda one: one[3],
    }
    return listing(f"{name}-da-thuc-hien", title, lines, columns)


def signatures(name: str, title: str, lines: Iterable[tuple[str, str, datetime | None]]) -> Sheet:
    """Of (what, who, when)."""
    columns: dict[str, Callable[[tuple[str, str, datetime | None]], Value]] = {
        _("Việc"): lambda one: one[0],
        _("Người"): lambda one: one[1],
        _("Lúc"): lambda one: one[2],
    }
    return listing(f"{name}-cac-buoc", title, lines, columns)
