"""What can be told: each code with its topic and its words. A room that has news adds a row here.

Words are filled by wording.py from the params of the notice: %(unit)s %(form)s %(period)s %(deadline)s
%(who)s
%(position)s %(day)s %(moment)s %(n)s %(device)s %(late)s %(soon)s, whichever of them the notice carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from .states import Topic


@dataclass(frozen=True, slots=True)
class Kind:
    """`private`: its mail carries a link that is as good as a key; it is made when the mail goes out, is
    stored nowhere and the notice is shown in no inbox."""

    topic: Topic
    subject: Any
    text: Any
    private: bool = False


KINDS: dict[str, Kind] = {
    "report.ready": Kind(
        Topic.STEPS,
        gettext_lazy("Chờ bạn gửi: %(form)s, %(period)s"),
        gettext_lazy("%(who)s đã chuyển báo cáo của %(unit)s. Hãy xem rồi gửi lên tỉnh. %(deadline)s."),
    ),
    "report.handed_back": Kind(
        Topic.STEPS,
        gettext_lazy("Cần sửa: %(form)s, %(period)s"),
        gettext_lazy("%(who)s đã đưa báo cáo của %(unit)s về bước nhập. %(deadline)s."),
    ),
    "report.submitted": Kind(
        Topic.ARRIVALS,
        gettext_lazy("%(unit)s đã gửi: %(form)s, %(period)s"),
        gettext_lazy("%(who)s đã gửi báo cáo của %(unit)s. Báo cáo đang chờ duyệt."),
    ),
    "report.returned": Kind(
        Topic.STEPS,
        gettext_lazy("Bị trả lại: %(form)s, %(period)s"),
        gettext_lazy("Tỉnh đã trả lại báo cáo của %(unit)s. Hãy sửa theo lý do dưới đây rồi gửi lại."),
    ),
    "report.accepted": Kind(
        Topic.STEPS,
        gettext_lazy("Đã duyệt: %(form)s, %(period)s"),
        gettext_lazy("Tỉnh đã duyệt báo cáo của %(unit)s."),
    ),
    "report.reopened": Kind(
        Topic.STEPS,
        gettext_lazy("Mở lại: %(form)s, %(period)s"),
        gettext_lazy("%(who)s (%(position)s) đã mở lại báo cáo của %(unit)s. Hãy sửa rồi gửi lại."),
    ),
    "derived.disputed": Kind(
        Topic.ARRIVALS,
        gettext_lazy("%(unit)s không đồng ý với một số hệ thống, %(period)s"),
        gettext_lazy("%(who)s nêu lý do dưới đây. Hãy xem và quyết định."),
    ),
    "derived.upheld": Kind(
        Topic.STEPS,
        gettext_lazy("Số hệ thống được sửa theo ý kiến của %(unit)s, %(period)s"),
        gettext_lazy("Tỉnh chấp nhận ý kiến; số sửa hiện thay cho số hệ thống và được đánh dấu."),
    ),
    "derived.refused": Kind(
        Topic.STEPS,
        gettext_lazy("Số hệ thống giữ nguyên: %(unit)s, %(period)s"),
        gettext_lazy("Tỉnh không chấp nhận ý kiến, với lý do dưới đây."),
    ),
    "derived.lifted": Kind(
        Topic.STEPS,
        gettext_lazy("Bỏ số sửa, dùng lại số hệ thống: %(unit)s, %(period)s"),
        gettext_lazy("Tỉnh đã bỏ số sửa, với lý do dưới đây."),
    ),
    "report.reminder": Kind(
        Topic.REMINDERS,
        gettext_lazy("Còn %(n)s ngày làm việc: %(form)s, %(period)s"),
        gettext_lazy("Báo cáo của %(unit)s chưa gửi. %(deadline)s."),
    ),
    "report.due_today": Kind(
        Topic.REMINDERS,
        gettext_lazy("Hạn hôm nay: %(form)s, %(period)s"),
        gettext_lazy("Báo cáo của %(unit)s chưa gửi. %(deadline)s."),
    ),
    "report.late": Kind(
        Topic.REMINDERS,
        gettext_lazy("Quá hạn: %(form)s, %(period)s"),
        gettext_lazy("Báo cáo của %(unit)s chưa gửi và đã quá hạn. %(deadline)s."),
    ),
    "reports.digest": Kind(
        Topic.DIGEST,
        gettext_lazy("Nộp báo cáo ngày %(day)s: %(late)s quá hạn, %(soon)s sắp đến hạn"),
        gettext_lazy(
            "Trong %(unit)s, %(late)s báo cáo đã quá hạn chưa gửi, %(soon)s báo cáo đến hạn trong %(n)s ngày "
            "làm việc tới."
        ),
    ),
    "dossiers.silent": Kind(
        Topic.REMINDERS,
        gettext_lazy("%(n)s hồ sơ đã tiếp nhận mà chưa ai xử lý: %(unit)s"),
        gettext_lazy(
            "Đã qua mức báo động của thời hạn mà chưa có bước xử lý nào. Mở danh sách để phân công."
        ),
    ),
    "dispute.raised": Kind(
        Topic.ARRIVALS,
        gettext_lazy("%(unit)s đề nghị xem lại %(n)s hồ sơ trễ"),
        gettext_lazy("Xã cho rằng thời gian trễ không thuộc về xã. Hãy xem lý do rồi trả lời."),
    ),
    "dispute.confirming": Kind(
        Topic.ARRIVALS,
        gettext_lazy("Chờ lãnh đạo đồng ý: %(n)s hồ sơ của %(unit)s"),
        gettext_lazy("Văn phòng đã chấp nhận đề nghị; số hồ sơ lớn nên cần người thứ hai đồng ý."),
    ),
    "dispute.decided": Kind(
        Topic.STEPS,
        gettext_lazy("Tỉnh đã trả lời đề nghị về %(n)s hồ sơ của %(unit)s"),
        gettext_lazy("Mở đề nghị để xem kết quả và lý do. Số chính thức không đổi."),
    ),
    "signal.asked": Kind(
        Topic.STEPS,
        gettext_lazy("Có một câu hỏi về hồ sơ của %(unit)s"),
        gettext_lazy(
            "Hệ thống thấy một điều chưa rõ và hỏi đơn vị trước. Đây không phải kết luận. "
            "Trả lời đến hết ngày %(day)s."
        ),
    ),
    "signal.answered": Kind(
        Topic.ARRIVALS,
        gettext_lazy("Chờ ý kiến: câu trả lời của %(unit)s"),
        gettext_lazy("Đơn vị đã trả lời câu hỏi về hồ sơ, hoặc người thứ hai chưa đồng ý với ý kiến trước."),
    ),
    "signal.weighed": Kind(
        Topic.ARRIVALS,
        gettext_lazy("Chờ người thứ hai: câu hỏi về hồ sơ của %(unit)s"),
        gettext_lazy("Một người đã cho ý kiến. Cần một người khác đồng ý hoặc không."),
    ),
    "signal.closed": Kind(
        Topic.STEPS,
        gettext_lazy("Đã khép câu hỏi về hồ sơ của %(unit)s"),
        gettext_lazy("Hai người của tỉnh đã xem câu trả lời. Mở câu hỏi để xem kết luận."),
    ),
    "act.signed": Kind(
        Topic.STEPS,
        gettext_lazy("%(unit)s: sắp xếp đơn vị từ ngày %(day)s"),
        gettext_lazy(
            "%(who)s đã ký thực hiện văn bản sắp xếp đơn vị. Mở trang đơn vị để xem đơn vị kế thừa; báo cáo "
            "chưa xong được làm tiếp ở đó."
        ),
    ),
    "act.undone": Kind(
        Topic.STEPS,
        gettext_lazy("%(unit)s: đã hủy việc sắp xếp đơn vị ngày %(day)s"),
        gettext_lazy("%(who)s đã hủy việc thực hiện; đơn vị và báo cáo trở lại như trước."),
    ),
    "account.sign_in": Kind(
        Topic.SAFETY,
        gettext_lazy("Đăng nhập từ một thiết bị mới"),
        gettext_lazy(
            "Tài khoản của bạn được đăng nhập lúc %(moment)s bằng %(device)s. Nếu không phải bạn, hãy đổi "
            "mật khẩu ngay và báo văn phòng điều phối của tỉnh."
        ),
    ),
    "account.password": Kind(
        Topic.SAFETY,
        gettext_lazy("Mật khẩu đã được đổi"),
        gettext_lazy(
            "Mật khẩu của bạn được đổi lúc %(moment)s. Nếu không phải bạn, hãy báo ngay văn phòng điều phối "
            "của tỉnh."
        ),
    ),
    "account.second_step": Kind(
        Topic.SAFETY,
        gettext_lazy("Xác nhận hai bước đã thay đổi"),
        gettext_lazy(
            "Cách xác nhận hai bước của bạn được đổi lúc %(moment)s. Nếu không phải bạn, hãy báo ngay văn "
            "phòng điều phối của tỉnh."
        ),
    ),
    "account.address": Kind(
        Topic.SAFETY,
        gettext_lazy("Địa chỉ thư của tài khoản đã thay đổi"),
        gettext_lazy(
            "Địa chỉ thư của tài khoản được đổi lúc %(moment)s; từ nay thư đến địa chỉ mới. Nếu không phải "
            "bạn, hãy báo ngay văn phòng điều phối của tỉnh."
        ),
    ),
    "account.reset": Kind(
        Topic.SAFETY,
        gettext_lazy("Đặt lại mật khẩu"),
        gettext_lazy(
            "Có người xin đặt lại mật khẩu của tài khoản %(username)s. Nếu là bạn, hãy mở địa chỉ dưới đây; "
            "địa chỉ dùng được một lần, trong 3 ngày. Nếu không phải bạn, không cần làm gì."
        ),
        private=True,
    ),
    "account.confirm": Kind(
        Topic.SAFETY,
        gettext_lazy("Xác nhận địa chỉ thư"),
        gettext_lazy(
            "Tài khoản %(username)s xin nhận thư ở địa chỉ này. Nếu là bạn, hãy mở địa chỉ dưới đây trong 24 "
            "giờ. Nếu không phải bạn, không cần làm gì."
        ),
        private=True,
    ),
    "test": Kind(
        Topic.SAFETY,
        gettext_lazy("Thư thử của Haicap"),
        gettext_lazy("Thư này được gửi để thử đường thư. Đọc được dòng này là đường thư đã thông."),
    ),
}


def kind(code: str) -> Kind:
    """Refusal notice.kind for a code that nobody has words for."""
    found = KINDS.get(code)
    if found is None:
        raise Refusal("notice.kind", gettext_lazy("Không có loại tin này."), place="subject_code", code=code)
    return found
