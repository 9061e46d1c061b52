"""What may be asked. A parameter that is not listed here is refused, so that a typing error is noticed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from haicap.core.errors import Refusal
from haicap.insight.boards import SCORE

CODE = r"^[0-9A-Za-z._-]{1,20}$"
INDICATOR = r"^[0-9A-Za-z_]{1,20}$"
PERIOD = (
    r"^(19[0-9]{2}|20[0-9]{2}|21[0-9]{2})(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12]|-9M|-W[0-9]{2}"
    r"|-[0-9]{2}-[0-9]{2}(\.\.[0-9]{4}-[0-9]{2}-[0-9]{2})?)?$"
)
MOST_UNITS = 5000

Province = Annotated[str, Field(pattern=CODE, examples=["66"])]
IndicatorCode = Annotated[str, Field(pattern=INDICATOR, examples=[SCORE])]
PeriodKey = Annotated[str, Field(pattern=PERIOD, examples=["2026-10"])]


class Parameters(Schema):
    @classmethod
    def check(cls, request: HttpRequest) -> None:
        """Refusals query.unknown and query.repeated."""
        known = {field.alias or name for name, field in cls.model_fields.items()}
        for name in request.GET:
            if name not in known:
                words = gettext("Không có tham số này. Các tham số là: %(known)s.")
                refused = ", ".join(sorted(known)) or "–"
                raise Refusal("query.unsupported", words % {"known": refused}, place=name[:60])
            if len(request.GET.getlist(name)) > 1:
                raise Refusal("query.repeated", gettext("Tham số này chỉ được nêu một lần."), place=name)


class UnitsQuery(Parameters):
    province: Province | None = Field(
        None, description=_("Chỉ tỉnh, thành phố này và các xã, phường, đặc khu của nó.")
    )
    level: int | None = Field(None, ge=0, le=2, description=_("Cấp: 0 cả nước, 1 tỉnh, 2 xã."))
    on: date | None = Field(None, description=_("Đơn vị tồn tại vào ngày này; bỏ trống là hôm nay."))
    limit: int | None = Field(
        None, ge=1, le=MOST_UNITS, description=_("Số đơn vị nhiều nhất; bỏ trống là tất cả.")
    )
    offset: int = Field(0, ge=0, le=1_000_000, description=_("Bỏ qua bấy nhiêu đơn vị đầu."))


class IndicatorsQuery(Parameters):
    pass


class HeatmapQuery(Parameters):
    province: Province = Field(description=_("Mã tỉnh, thành phố; 00 là cả nước theo tỉnh."))
    period: PeriodKey | None = Field(
        None,
        description=_("Kỳ, như 2026-10, 2026-Q3, 2026-H1, 2026; bỏ trống là kỳ đã khép gần nhất."),
    )
    indicator: IndicatorCode = Field(SCORE, description=_("Mã chỉ tiêu, hoặc SCORE là điểm tổng hợp."))


class SeriesQuery(Parameters):
    unit: Annotated[str, Field(pattern=CODE, examples=["24505"])] = Field(
        description=_("Mã xã, phường, đặc khu, hoặc tỉnh, thành phố.")
    )
    indicator: IndicatorCode = Field(SCORE, description=_("Mã chỉ tiêu, hoặc SCORE là điểm tổng hợp."))
    first: PeriodKey | None = Field(
        None, alias="from", description=_("Kỳ đầu; bỏ trống là 12 kỳ trước kỳ cuối.")
    )
    last: PeriodKey | None = Field(
        None, alias="to", description=_("Kỳ cuối; bỏ trống là kỳ đã khép gần nhất.")
    )
    reading: Literal["reported", "today"] = Field(
        "reported",
        description=_(
            "reported: như đã báo cáo; today: kỳ trước khi có đơn vị được tính lại từ các đơn vị cũ."
        ),
    )
