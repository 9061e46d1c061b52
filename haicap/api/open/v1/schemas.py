"""The shapes of answers. Descriptions are msgids: the reference speaks the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from haicap.api.open.v1.figures import Number
from haicap.core.bands import Band, Direction
from haicap.core.periods import Kind, Rule


def about(text: str, **more: Any) -> Any:
    return Field(description=text, **more)


class Problem(Schema):
    code: str = about(_("Mã lỗi, không đổi giữa các phiên bản."))
    message: str = about(_("Lời giải thích bằng ngôn ngữ của Accept-Language."))
    place: str = about(_("Tham số hoặc tiêu đề có lỗi; để trống khi không có chỗ riêng."))


class Names(Schema):
    vi: str
    en: str
    bn: str


class UnitOut(Schema):
    code: str = about(_("Mã đơn vị hành chính."))
    uid: str = about(_("Định danh 11 ký tự, không bao giờ dùng lại."))
    name: str = about(_("Tên gọi, không có loại đơn vị."))
    full_name: str = about(_("Tên đầy đủ với loại đơn vị."))
    name_en: str
    kind: str = about(_("Loại đơn vị: country, tinh, thanh_pho, xa, phuong, dac_khu."))
    level: int = about(_("Cấp: 0 cả nước, 1 tỉnh, 2 xã."))
    parent: str | None = about(_("Mã đơn vị cấp trên."))
    valid_from: date = about(_("Ngày bắt đầu."))
    valid_to: date | None = about(_("Ngày không còn nữa; null khi đang tồn tại."))
    lon: float | None = about(_("Kinh độ của tâm (WGS84)."))
    lat: float | None = about(_("Vĩ độ của tâm (WGS84)."))
    area_km2: float | None
    population: int | None


class UnitsOut(Schema):
    count: int = about(_("Số đơn vị thỏa điều kiện, kể cả ngoài trang này."))
    offset: int
    version: str = about(_("Phiên bản danh mục đơn vị."))
    units: list[UnitOut]


class ThresholdOut(Schema):
    unit_kind: str | None = about(_("Chỉ áp dụng cho loại đơn vị này; null là mọi loại."))
    unit: str | None = about(_("Chỉ áp dụng cho đơn vị này; null là mọi đơn vị."))
    valid_from: date | None
    valid_to: date | None
    direction: Direction
    green: Number | None = about(_("Giá trị kém nhất còn xanh."))
    yellow: Number | None = about(_("Giá trị kém nhất còn vàng."))
    green_to: Number | None = about(_("Đầu kia của khoảng xanh, khi direction là range."))
    yellow_to: Number | None = about(_("Đầu kia của khoảng vàng, khi direction là range."))
    basis: str = about(_("Căn cứ của ngưỡng."))
    decision: str = about(_("Số quyết định, nếu có."))
    proposal: bool = about(_("true: ngưỡng do gói chỉ tiêu đề xuất, chưa có quyết định."))
    version: int


class ElementOut(Schema):
    code: str
    names: Names
    unit: str


class IndicatorOut(Schema):
    code: str
    uid: str
    version: int = about(_("Phiên bản định nghĩa; bản đã công bố không thay đổi."))
    names: Names
    short_names: Names
    pillar: str
    scored: bool = about(_("true: chỉ tiêu thuộc điểm tổng hợp."))
    unit: str
    unit_names: Names
    numerator: str = about(_("Công thức tử số trên mã phần tử dữ liệu."))
    denominator: str | None = about(_("Công thức mẫu số; null khi chỉ tiêu là một số đếm."))
    factor: Number = about(_("Giá trị = factor · tử số ÷ mẫu số."))
    direction: Direction
    period_kind: Kind
    period_rule: Rule = about(_("nd09: kỳ theo Nghị định 09/2019/NĐ-CP; calendar: kỳ theo lịch."))
    weight: Number = about(_("Trọng số trong trụ cột."))
    temporary: bool = about(_("true: tạm nhập tay cho đến khi hệ thống tự tính."))
    source: str
    basis: str
    thresholds: list[ThresholdOut]


class PillarOut(Schema):
    code: str
    names: Names
    weight: Number
    proposal: bool = about(_("true: trọng số do gói chỉ tiêu đề xuất."))


class ScoreOut(Schema):
    code: str = about(_("Mã dùng cho tham số indicator."))
    green: Number = about(_("Điểm xanh từ mức này."))
    yellow: Number = about(_("Điểm vàng từ mức này."))
    proposal: bool = about(_("true: các mức cắt do gói chỉ tiêu đề xuất."))
    pillars: list[PillarOut]


class IndicatorsOut(Schema):
    version: str = about(_("Phiên bản danh mục chỉ tiêu."))
    score: ScoreOut
    indicators: list[IndicatorOut]
    elements: list[ElementOut] = about(_("Các phần tử dữ liệu có trong công thức."))


class PeriodOut(Schema):
    key: str
    kind: Kind
    rule: Rule
    first_day: date
    last_day: date
    name: str


class SnapshotOut(Schema):
    id: str = about(_("Bản dữ liệu mà mọi số trong câu trả lời lấy từ đó."))
    made_at: datetime | None
    warning: str | None = about(_("Lời báo khi bản dữ liệu không đầy đủ."))


class FigureOut(Schema):
    value: Number | None = about(_("Giá trị chưa làm tròn; null kèm reason khi không có."))
    numerator: Number | None
    denominator: Number | None
    band: Band
    reason: str = about(_("Vì sao không có giá trị hoặc không có màu; để trống khi có màu."))
    provisional: bool = about(_("true: có số chưa được duyệt."))
    grade: str = about(_("Bậc của số: system, proven, declared, inferred; để trống với điểm."))


class RowOut(FigureOut):
    unit: str = about(_("Mã đơn vị hành chính."))
    name: str
    records: int | None = about(_("Số hồ sơ đứng sau một số hệ thống; null với số khác."))
    change: Number | None = about(_("Thay đổi so với kỳ liền trước, theo đơn vị tính của chỉ tiêu."))
    band_before: Band | None
    rank: int | None = about(_("Hạng, 1 là tốt nhất; null khi không có giá trị hoặc không xếp hạng."))


class CoverageOut(Schema):
    reported: int = about(_("Số đơn vị có báo cáo."))
    expected: int = about(_("Số đơn vị phải báo cáo."))


class HeatmapOut(Schema):
    province: str
    indicator: str
    unit: str = about(_("Đơn vị tính."))
    asked: str = about(_("Kỳ được hỏi."))
    period: PeriodOut = about(_("Kỳ của số: kỳ riêng đã khép gần nhất của chỉ tiêu."))
    snapshot: SnapshotOut
    catalogue: str = about(_("Phiên bản danh mục chỉ tiêu."))
    coverage: CoverageOut
    rows: list[RowOut] = about(_("Kém nhất đứng đầu; đơn vị không có giá trị đứng cuối."))


class PartOut(Schema):
    unit: str = about(_("Mã đơn vị cũ."))
    uid: str = about(_("Định danh 11 ký tự, không bao giờ dùng lại."))
    share: Number = about(_("Phần của đơn vị cũ nhập vào đơn vị này; 1 là toàn bộ."))


class BlameOut(Schema):
    unit: str = about(_("Mã đơn vị cũ."))
    uid: str = about(_("Định danh 11 ký tự, không bao giờ dùng lại."))
    why: str = about(
        _("share_unknown: chưa rõ phần chia; no_past: không rõ nguồn gốc; not_reported; not_additive.")
    )


class PointOut(FigureOut):
    period: str
    first_day: date
    last_day: date
    reading: str = about(_("reported: đã báo cáo; recast: tính lại; unavailable: không tính lại được."))
    made_of: list[PartOut] = about(_("Các đơn vị cũ mà số tính lại được cộng từ đó."))
    to_blame: list[BlameOut] = about(_("Vì đơn vị nào mà không tính lại được."))
    low: Number | None = about(_("Cận dưới, khi số không cộng được giữa các đơn vị nhưng biết cận."))
    high: Number | None = about(_("Cận trên, như trên."))


class SeriesOut(Schema):
    indicator: str
    measure: str = about(_("Đơn vị tính."))
    unit: str = about(_("Mã đơn vị hành chính."))
    name: str
    snapshot: SnapshotOut
    catalogue: str = about(_("Phiên bản danh mục chỉ tiêu."))
    points: list[PointOut] = about(_("Mỗi kỳ một điểm; kỳ không có số là null, không phải là 0."))
