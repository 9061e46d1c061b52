"""Is this the workbook of this report? Said in words that name both."""

from django.utils.translation import gettext, gettext_lazy

from haicap.catalogue.queries import Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.tables import refusing
from haicap.tables.books import Book
from haicap.tables.opening import open_book

from .. import words
from .passport import Passport

MOST_BYTES = 20 * 1024 * 1024
# 100,000 figures with as many cells of the hidden sheet, headings and what people add beside them
MOST_CELLS = 500_000


def opened(data: bytes, name: str) -> Book:
    """Refusals of tables.opening, and "workbook.old_format" for .xls."""
    book = open_book(data, name, max_bytes=MOST_BYTES, max_cells=MOST_CELLS)
    if book.kind == "xls":
        message = gettext_lazy("Tệp .xls cũ không giữ đủ thông tin của mẫu. Hãy lưu lại dạng .xlsx.")
        raise Refusal("workbook.old_format", message)
    return book


def too_big() -> Refusal:
    return refusing.too_big(MOST_BYTES)


def foreign() -> Refusal:
    return Refusal(
        "workbook.foreign",
        gettext_lazy("Tệp này không phải tệp tải từ trang báo cáo. Hãy tải tệp ở đây rồi chép số sang."),
    )


def check(passport: Passport, form: Form, period: Period, unit: str) -> None:
    """Refusals workbook.form, .period, .unit, .version. `unit` "": the workbook of all units."""
    if passport.form != form.code:
        raise _other(
            "form", gettext("Tệp làm cho mẫu %(theirs)s, còn đây là mẫu %(ours)s."), passport.form, form.code
        )
    if passport.period != period.key:
        theirs = _period(passport.period, period)
        ours = periods.label(period, words.lang())
        raise _other("period", gettext("Tệp làm cho %(theirs)s, còn đây là %(ours)s."), theirs, ours)
    if passport.unit != unit:
        message = gettext("Tệp làm cho đơn vị %(theirs)s, còn đây là báo cáo của đơn vị %(ours)s.")
        if not unit:
            message = gettext("Tệp làm cho riêng đơn vị %(theirs)s. Hãy tải lên ở trang của đơn vị đó.")
        elif not passport.unit:
            message = gettext("Tệp này gồm nhiều đơn vị. Hãy tải lên ở trang báo cáo của các xã.")
        raise _other("unit", message, passport.unit, unit)
    if passport.number != form.number:
        message = gettext("Tệp làm theo bản %(theirs)s của mẫu, đây là bản %(ours)s. Hãy tải tệp mới.")
        raise _other("version", message, str(passport.number), str(form.number))


def _other(what: str, message: str, theirs: str, ours: str) -> Refusal:
    return Refusal(f"workbook.{what}", message % {"theirs": theirs[:60], "ours": ours})


def _period(key: str, like: Period) -> str:
    try:
        return periods.label(periods.parse(key, like.rule), words.lang())
    except Refusal:
        return key
