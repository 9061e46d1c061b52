"""How the files of one source are read: which column is what, what its words mean, which way dates run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.core.folding import fold

from . import words
from .dates import Style, known_zone

NEEDED = ("code", "unit", "procedure", "received", "channel")
# What a row may say, in the order in which a person is asked; the words are on the pages.
FIELDS = {
    "code": gettext_lazy("Mã hồ sơ (chỉ giữ mã băm)"),
    "unit": gettext_lazy("Xã, phường (mã hoặc tên)"),
    "procedure": gettext_lazy("Mã thủ tục"),
    "received": gettext_lazy("Ngày tiếp nhận"),
    "due": gettext_lazy("Ngày hẹn trả"),
    "finished": gettext_lazy("Ngày có kết quả"),
    "status": gettext_lazy("Trạng thái"),
    "channel": gettext_lazy("Kênh nộp"),
    "level": gettext_lazy("Mức độ dịch vụ"),
    "submitter": gettext_lazy("Ai nộp"),
    "behalf_reason": gettext_lazy("Lý do nộp thay"),
    "fee": gettext_lazy("Phí, lệ phí (đồng)"),
    "paid_online": gettext_lazy("Thanh toán trực tuyến"),
    "digitised_components": gettext_lazy("Số hóa thành phần hồ sơ"),
    "digitised_result": gettext_lazy("Số hóa kết quả"),
    "satisfaction": gettext_lazy("Mức hài lòng (1–5)"),
    "account": gettext_lazy("Tài khoản nộp (chỉ giữ mã băm)"),
    "last_step": gettext_lazy("Lần chạm cuối"),
    "steps": gettext_lazy("Các bước (JSON)"),
    "procedure_name": gettext_lazy("Tên thủ tục"),
}
DATES = ("received", "due", "finished", "last_step")
HASHED = frozenset({"code", "account"})
# Fields that may be the same for a whole file, instead of a column.
FIXABLE = ("unit", "procedure", *words.ASKED)

_GUESSES: dict[str, tuple[str, ...]] = {
    "code": ("ma ho so", "so ho so", "so bien nhan", "ma bien nhan", "dossier code", "code", "ma hs"),
    "unit": ("ma xa", "ma don vi", "ma phuong xa", "don vi", "xa phuong", "ten xa", "co quan", "unit",
             "commune"),
    "procedure": ("ma thu tuc", "ma tthc", "procedure", "procedure code", "thu tuc"),
    "procedure_name": ("ten thu tuc", "ten tthc", "procedure name"),
    "received": ("ngay tiep nhan", "ngay nhan", "ngay nop", "thoi gian tiep nhan", "received", "received at"),
    "due": ("ngay hen tra", "han tra", "hen tra", "han giai quyet", "han xu ly", "due", "due at", "due date"),
    "finished": ("ngay co ket qua", "ngay tra", "ngay ket thuc", "ngay hoan thanh", "ngay tra ket qua",
                 "ngay giai quyet xong", "finished", "finished at"),
    "status": ("trang thai", "tinh trang", "trang thai ho so", "status"),
    "channel": ("kenh", "hinh thuc nop", "hinh thuc tiep nhan", "kenh nop", "channel"),
    "level": ("muc do", "muc do dvc", "loai dich vu", "muc do dich vu", "level"),
    "submitter": ("ai nop", "hinh thuc ho tro", "doi tuong nop", "submitter"),
    "behalf_reason": ("ly do nop thay", "behalf reason"),
    "fee": ("phi", "le phi", "phi le phi", "so tien", "fee"),
    "paid_online": ("thanh toan truc tuyen", "tt truc tuyen", "paid online"),
    "digitised_components": ("so hoa thanh phan", "so hoa thanh phan ho so", "digitised components"),
    "digitised_result": ("so hoa ket qua", "ket qua dien tu", "digitised result"),
    "satisfaction": ("hai long", "muc do hai long", "danh gia", "satisfaction"),
    "account": ("tai khoan", "tai khoan nop", "account"),
    "last_step": ("cap nhat", "ngay cap nhat", "last step", "last step at"),
    "steps": ("cac buoc", "steps"),
}  # fmt: skip


@dataclass(frozen=True)
class StepColumn:
    """A column with the instant at which a dossier came into a status; `holder` "" as the status means."""

    column: str
    status: int
    holder: str = ""


@dataclass(frozen=True)
class Plan:
    """`columns`: field → heading. `fixed`: field → the value of the whole file. `values`: field → {word of
    the file: our value, "-" to keep such rows out}; for unit and procedure the values are codes.
    `date_style`: "" while nobody was asked. `numbers`: "vi" 1.234,5 or "en" 1,234.5."""

    columns: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    date_style: str = ""
    zone: str = ""
    numbers: str = "vi"
    steps: tuple[StepColumn, ...] = ()
    # procedures that nobody has declared are taken into the list with the first file that names them
    declare_new: bool = False

    def table(self, name: str) -> dict[str, str]:
        return self.values.get(name, {})

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def missing_in(self, headings: Mapping[str, str]) -> list[str]:
        """Needed fields that have neither a column in a file (field → heading) nor a fixed value."""
        return [name for name in NEEDED if not headings.get(name) and not self.fixed.get(name)]


def read(stored: Mapping[str, Any]) -> Plan:
    """From what a source keeps. Refusal mapping.broken for anything else."""
    try:
        found = Plan(
            columns={name: str(heading) for name, heading in stored.get("columns", {}).items() if heading},
            fixed={name: str(value) for name, value in stored.get("fixed", {}).items() if value != ""},
            values={name: dict(table) for name, table in stored.get("values", {}).items()},
            date_style=str(stored.get("date_style", "")),
            zone=str(stored.get("zone", "")),
            numbers=str(stored.get("numbers", "vi")),
            steps=tuple(StepColumn(**step) for step in stored.get("steps", ())),
            declare_new=bool(stored.get("declare_new", False)),
        )
    except (TypeError, ValueError, AttributeError):
        raise _broken("mapping") from None
    check(found)
    return found


def check(found: Plan) -> None:
    """Refusal mapping.broken (place: the field)."""
    for name in (*found.columns, *found.values):
        if name not in FIELDS:
            raise _broken(name)
    for name in found.fixed:
        if name not in FIXABLE:
            raise _broken(name)
    if found.date_style not in ("", *Style) or (found.zone and not known_zone(found.zone)):
        raise _broken("date_style")
    if found.numbers not in ("vi", "en"):
        raise _broken("numbers")
    twice = [heading for heading in found.columns.values() if list(found.columns.values()).count(heading) > 1]
    if twice:
        raise Refusal(
            "mapping.column_twice",
            format_lazy(gettext_lazy("Cột «{heading}» được chọn cho hai mục."), heading=twice[0]),
            place=twice[0],
        )


def _broken(place: str) -> Refusal:
    return Refusal(
        "mapping.broken",
        format_lazy(gettext_lazy("Cách đọc tệp không hợp lệ ở «{place}»."), place=place),
        place=place,
    )


def folded(heading: str) -> str:
    """How headings are compared: files of one source differ in case, marks and spaces."""
    return re.sub(r"[\s_\-./]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))).strip()


def guess(headings: Iterable[str]) -> dict[str, str]:
    """field → heading, where a heading says plainly what it is."""
    known = {folded(heading): heading for heading in headings}
    found: dict[str, str] = {}
    for name, names in _GUESSES.items():
        heading = next((known[one] for one in names if one in known), None)
        if heading is not None and heading not in found.values():
            found[name] = heading
    return found


def present(mapping: Plan, headings: Sequence[str]) -> dict[str, str]:
    """field → heading as this file writes it, for the columns of the mapping that the file has."""
    known = {folded(heading): heading for heading in headings}
    return {
        name: known[folded(heading)] for name, heading in mapping.columns.items() if folded(heading) in known
    }
