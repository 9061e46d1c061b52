"""Words for what core names by code: refusals, bands, kinds of period, grades, units of measure.

core knows no Django, so its refusals arrive without a message; `refusal(error)` gives the sentence in the
reader's language. Messages that a room wrote itself pass through unchanged.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.core.languages import known

Words = str | Promise

BANDS: dict[str, Words] = {
    "green": _("Xanh"),
    "yellow": _("Vàng"),
    "red": _("Đỏ"),
    "not_reported": _("Chưa báo cáo"),
    "not_applicable": _("Không áp dụng"),
    "no_denominator": _("Không có mẫu số"),
    "no_threshold": _("Không có ngưỡng"),
}
BAND_REASONS: dict[str, Words] = {
    "green": _("Đạt ngưỡng xanh."),
    "yellow": _("Chưa đạt ngưỡng xanh, đạt ngưỡng vàng."),
    "red": _("Chưa đạt ngưỡng vàng."),
    "not_reported": _("Chưa có số liệu của kỳ này. Chưa có số không phải là số 0."),
    "not_applicable": _("Chỉ tiêu này không áp dụng cho đơn vị này."),
    "no_denominator": _("Mẫu số bằng 0 hoặc chưa có, nên không tính được tỷ lệ."),
    "no_threshold": _("Chỉ tiêu này chưa có ngưỡng, nên không xếp mức."),
}
KINDS: dict[str, Words] = {
    "day": _("ngày"),
    "week": _("tuần"),
    "month": _("tháng"),
    "quarter": _("quý"),
    "half": _("nửa năm"),
    "nine_months": _("9 tháng"),
    "year": _("năm"),
    "campaign": _("đợt"),
}
GRADES: dict[str, Words] = {
    "system": _("số hệ thống"),
    "proven": _("có minh chứng"),
    "declared": _("tự khai"),
    "inferred": _("suy ra"),
}
DIRECTIONS: dict[str, Words] = {
    "higher": _("cao hơn là tốt hơn"),
    "lower": _("thấp hơn là tốt hơn"),
    "range": _("tốt trong khoảng"),
    "neutral": _("không xếp tốt xấu"),
}
ALONG: dict[str, Words] = {"time": _("thời gian"), "units": _("đơn vị"), "split": _("nhóm")}
UNITS: dict[str, Words] = {
    "điểm": _("điểm"),
    "điểm/100": _("điểm/100"),
    "sản phẩm": _("sản phẩm"),
    "lượt/1.000 dân": _("lượt/1.000 dân"),
    "lượt": _("lượt"),
    "lượt cài": _("lượt cài"),
    "người": _("người"),
    "hồ sơ": _("hồ sơ"),
    "hộ": _("hộ"),
    "thủ tục": _("thủ tục"),
    "văn bản": _("văn bản"),
    "nhiệm vụ": _("nhiệm vụ"),
    "báo cáo": _("báo cáo"),
    "hệ thống": _("hệ thống"),
    "thôn, buôn": _("thôn, buôn"),
    "đồng": _("đồng"),
    "dịch vụ": _("dịch vụ"),
    "phản ánh": _("phản ánh"),
    "phiếu": _("phiếu"),
    "doanh nghiệp": _("doanh nghiệp"),
    "tổ": _("tổ"),
    "chiếc": _("chiếc"),
    "đại biểu": _("đại biểu"),
    "lượt đánh giá": _("lượt đánh giá"),
    "hồ sơ công việc": _("hồ sơ công việc"),
    "hộ kinh doanh": _("hộ kinh doanh"),
    "tổ chức": _("tổ chức"),
    "tài khoản": _("tài khoản"),
    "thôn, buôn, tổ dân phố": _("thôn, buôn, tổ dân phố"),
    "%": _("%"),
}
REFUSALS: dict[str, Words] = {
    "number.text": _("“%(text)s” không phải là một số. Hãy nhập như 1.234 hoặc 1.234,5."),
    "number.text.empty": _("Ô này chưa có số. Nếu không có số liệu, hãy chọn “không có số” và ghi lý do."),
    "number.text.long": _("Nội dung dán vào dài quá, không phải là một số. Chỉ dán một số vào mỗi ô."),
    "number.text.understood": _("Chưa rõ “%(text)s” là số nào. Có phải bạn muốn nhập %(understood)s?"),
    "number.ambiguous": _("“%(text)s” có thể hiểu là %(one)s hoặc %(other)s. Hãy nhập lại cho rõ."),
    "number.too_big": _("Số “%(text)s” lớn quá. Phần nguyên có nhiều nhất %(most)s chữ số."),
    "number.too_precise": _(
        "Số “%(text)s” có nhiều hơn %(most)s chữ số thập phân. Hãy làm tròn rồi nhập lại."
    ),
    "period.key": _("Không có kỳ “%(key)s”. Viết như 2026-10, 2026-Q3, 2026-H1, 2026-9M hoặc 2026."),
    "period.none": _("Ngày này không nằm trong kỳ nào của loại kỳ đã chọn."),
    "period.range": _("Kỳ này nằm ngoài khoảng năm mà hệ thống tính được."),
    "period.parts": _("Kỳ %(key)s không chia hết thành các kỳ nhỏ đã chọn."),
    "period.span": _("Hai kỳ %(first)s và %(last)s không cùng loại, hoặc kỳ cuối đứng trước kỳ đầu."),
    "period.span_long": _("Từ %(first)s đến %(last)s có quá nhiều kỳ. Hãy chọn nhiều nhất %(most)s kỳ."),
    "counts.empty": _("Không có số nào để cộng."),
    "counts.mixed": _("Các số này đếm những thứ khác nhau (%(units)s), nên không cộng được."),
    "counts.forbidden": _("Không được cộng các số này theo %(along)s."),
    "counts.forbidden.bounds": _(
        "Không được cộng các số này theo %(along)s. Chỉ biết kết quả nằm từ %(low)s đến %(high)s."
    ),
    "counts.bounds": _("Không suy ra được khoảng từ tổng %(total)s chia theo %(ways)s cách."),
    "bands.order": _("Ngưỡng vàng phải kém hơn ngưỡng xanh, và khoảng phải có đầu nhỏ hơn cuối."),
    "evidence.form": _("Số liệu làm chứng này không đọc được."),
}
UNKNOWN: Words = _("Việc này không thực hiện được. Dữ liệu của bạn vẫn được giữ nguyên.")


def band(value: str) -> Words:
    return BANDS[str(value)]


def unit(name: str) -> Words:
    """The word for a unit of measure; a unit that the pack invented is shown as it is."""
    return UNITS.get(name, name)


def _variant(error: Refusal) -> str:
    if error.code == "number.text":
        if error.params.get("why") in ("empty", "long"):
            return f"number.text.{error.params['why']}"
        return "number.text.understood" if error.params.get("understood") else error.code
    if error.code == "counts.forbidden" and None not in (error.params.get("low"), error.params.get("high")):
        return "counts.forbidden.bounds"
    return error.code


def _filling(params: dict[str, object]) -> dict[str, Any]:
    lang = known(get_language())
    filling: dict[str, Any] = {"text": "", **params}
    readings = params.get("readings")
    if isinstance(readings, tuple) and len(readings) == 2:
        filling["one"], filling["other"] = readings
    if isinstance(params.get("units"), list):
        filling["units"] = ", ".join(str(unit(name)) for name in params["units"])  # type: ignore[attr-defined]
    for name in ("low", "high", "total"):
        if params.get(name) is not None:
            filling[name] = numbers.format(params[name], lang)  # type: ignore[arg-type]
    if "along" in params:
        filling["along"] = ALONG.get(str(params["along"]), params["along"])
    return filling


def refusal(error: Refusal) -> str:
    """The sentence a person reads for a refusal, in the language of the moment."""
    if error.message:
        return str(error.message)
    words = REFUSALS.get(_variant(error))
    if words is None:
        return str(UNKNOWN)
    return str(words) % _filling(error.params)
