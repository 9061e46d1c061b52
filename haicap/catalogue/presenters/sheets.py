"""The tables of the pages of regimes as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from haicap.catalogue.definitions import Form
from haicap.catalogue.presenters import words
from haicap.catalogue.presenters.regimes import CellLine, Difference, DraftLine, Part, line
from haicap.tables.sheets import Sheet, listing
from haicap.tables.values import Value


def regimes(forms: Iterable[Form]) -> Sheet:
    return listing(
        "che-do-bao-cao",
        _("Chế độ báo cáo"),
        ((form, line(form)) for form in forms),
        {
            _("Mẫu"): lambda one: one[1].code,
            _("Tên báo cáo"): lambda one: one[1].name,
            _("Loại báo cáo"): lambda one: one[1].nature,
            _("Tần suất"): lambda one: one[1].frequency,
            _("Nơi yêu cầu số liệu"): lambda one: one[1].asker,
            _("Số ô"): lambda one: len(one[0].cells),
            _("Bản"): lambda one: one[0].number,
            _("Công bố"): lambda one: one[0].published_on,
        },
    )


def drafts(lines: Iterable[DraftLine]) -> Sheet:
    return listing(
        "ban-thao",
        _("Bản thảo chưa công bố"),
        lines,
        {
            _("Mẫu"): lambda one: one.name,
            _("Sửa mẫu"): lambda one: one.form,
            _("Lưu lúc"): lambda one: one.changed,
        },
    )


def cells(form: Form, parts: Iterable[Part]) -> Sheet:
    columns: dict[str, Callable[[tuple[Part, CellLine]], Value]] = {
        _("Phần"): lambda one: one[0].label,
        _("Mã"): lambda one: one[1].number,
        _("Phần tử"): lambda one: one[1].element,
        _("Nội dung"): lambda one: one[1].label,
        _("Đơn vị tính"): lambda one: one[1].unit,
        _("Bắt buộc"): lambda one: _("có") if one[1].required else _("không"),
        _("Lý do hỏi lại"): lambda one: one[1].why,
    }
    pairs = ((part, cell) for part in parts for cell in part.cells)
    return listing(f"mau-{form.code}-ban-{form.number}", _version(form), pairs, columns)


def checks(form: Form, rules: Iterable[tuple[str, str, str]]) -> Sheet:
    columns: dict[str, Callable[[tuple[str, str, str]], Value]] = {
        _("Công thức"): lambda one: one[0],
        _("Mức"): lambda one: one[1],
        _("Lời báo"): lambda one: one[2],
    }
    return listing(f"kiem-tra-{form.code}-ban-{form.number}", _version(form), rules, columns)


def differences(rows: Sequence[Difference], old: Form | None, new: Form) -> Sheet:
    columns: dict[str, Callable[[Difference], Value]] = {
        _("Mục"): lambda one: one.what,
        _("Thay đổi"): lambda one: one.change,
        _("Trước"): lambda one: one.before,
        _("Sau"): lambda one: one.after,
    }
    between = " → ".join(_version(form) for form in (old, new) if form is not None)
    return listing(f"thay-doi-{new.code}", between, rows, columns)


def _version(form: Form) -> str:
    told = _("Mẫu %(code)s, bản %(number)s") % {"code": form.code, "number": words.number(form.number)}
    return f"{words.name(form)} · {told}"
